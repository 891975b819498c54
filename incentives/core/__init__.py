"""The rule book: pure functions over plain values. Standard library only; no clock, no database, no web."""
