"""The suite as containers on one host."""
