"""Whole numbers that a page sent back: ids, versions, page numbers. Anybody can send anything in their place."""

from __future__ import annotations

LONGEST = 9
"""Digits. So many fit into the whole numbers of every database, and no table has more rows."""


def whole(sent: object) -> int | None:
    """The number that was sent, in plain digits and not below zero; ``None`` for anything else."""
    text = str(sent)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST else None


def whole_or(otherwise: int, sent: object) -> int:
    """The number that was sent, or ``otherwise``, e.g. an id that no row has or a version that is never current."""
    found = whole(sent)
    return otherwise if found is None else found
