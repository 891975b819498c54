"""Verbs and questions about pay plans: writing and approving them, whom they pay, and working out a month."""
