"""Verbs and questions about statements: putting them together, reviewing, closing, exporting, proving."""
