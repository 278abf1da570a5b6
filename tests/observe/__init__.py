"""What an operator sees of a process: health, counts, lines, traces."""
