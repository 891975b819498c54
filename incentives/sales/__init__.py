"""Sales facts: what was sold and received, taken back, and who earned it in which role."""
