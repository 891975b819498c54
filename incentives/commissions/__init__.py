"""Pay plans, their calculation and the statements they make."""
