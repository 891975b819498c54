"""Verbs and questions about rewards and penalties."""
