"""Signs that nobody sees and that change how the words and figures beside them are read."""

from __future__ import annotations

from typing import Final

TURNING: Final = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""What turns the direction of writing; behind such a sign ``15 %`` may stand on a page as ``% 51``.

Source: Unicode Standard Annex 9, section 2, the explicit directional formatting characters.
"""


def as_it_reads(text: str) -> str:
    """The text without such signs: what is approved and adopted is what everybody sees."""
    return text.translate(TURNING)
