"""My month, my team, what waits for me."""
