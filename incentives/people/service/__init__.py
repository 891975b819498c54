"""Verbs and questions about people and places, one module each."""
