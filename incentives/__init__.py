"""Incentives: fair, just and open staff incentives for a dealership's after-sales department."""

__version__ = "0.1.0"
