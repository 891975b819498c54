"""Indicators, readings and targets: what was measured, what should be reached, and where it is heading."""
