"""Stores, departments, positions, employees with dated postings, roles per store, and signing in."""
