"""The annual approval plan (年度立项安排) and its live portfolio."""
