"""The planner of reads against plain execution: the same answers, key order and errors."""
