"""Verbs and questions about sales, one module each."""
