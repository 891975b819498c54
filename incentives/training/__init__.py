"""Training: kinds, two-sided quotas, sessions, and who was there."""
