"""Verbs and questions of indicators, readings and targets, one module for each kind."""
