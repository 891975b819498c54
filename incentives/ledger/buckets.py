"""Values in buckets, so that a rank is a short sum and not a count of everybody.

A bucket is named by the lowest value in it. Near zero each value has its own; further out 32 buckets share each
doubling, so they hold about the same share of people whether the measure is points or fen. Below zero the
buckets mirror those above: all arithmetic is on the size, because halves of negative numbers are cut differently
by SQL and by Python.
"""

from __future__ import annotations

EXACT_BITS = 6
"""Sizes below 2 to the power of this have a bucket each."""


def lowest_of(value: int) -> int:
    """The lowest value in the bucket of ``value``: 5 → 5, 131 → 128, -131 → -131, -128 → -131."""
    width = 1 << max(0, abs(value).bit_length() - EXACT_BITS)
    below = abs(value) // width * width
    return below if value >= 0 else -(below + width - 1)
