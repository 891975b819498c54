"""A draft replayed over past months: what it would cost, who wins and who loses; nothing of production changes."""
