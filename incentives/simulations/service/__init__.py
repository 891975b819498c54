"""Verbs and questions about simulations: asking for one, doing it beside the pages, adding up what came out."""
