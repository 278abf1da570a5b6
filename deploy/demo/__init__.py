"""`make demo`: the whole course, played against the running stack."""
