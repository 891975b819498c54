"""Statements, the review of a month, its closing, and the payroll file."""
