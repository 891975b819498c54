"""Who did what, when: an append-only trail with a hash chain."""
