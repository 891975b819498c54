"""Adopting rules, acknowledging them, and who is concerned."""
