"""Benchmarks: `make bench` runs all of them, `python -m tests.load.reads` one. Figures are ratios taken in one run."""
