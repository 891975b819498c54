"""Verbs and questions about training, one module each."""
