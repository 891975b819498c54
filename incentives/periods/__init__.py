"""Months of a store: open, in review, approved, closed."""
