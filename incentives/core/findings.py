"""What the check of a pay plan finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from incentives.core.errors import Sentence, say


class Severity(StrEnum):
    """An error keeps a plan from being published; a warning has to be meant; a note is good to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: where in the plan, what, and a concrete case that shows it."""

    severity: Severity
    path: str
    sentence: Sentence
    case: Sentence


FALLS = say("Pay falls as results get better.")
FACTOR_FALLS = say("The factor falls as results get better.")

LARGE_CLIFF = Fraction(2_000)
"""Yuan. One more yuan, piece or point that is worth more than this has to be meant: a warning, not a note."""


def size_of(worth: Fraction) -> Severity:
    """How serious a cliff is over which one step is worth so much."""
    return Severity.WARNING if worth > LARGE_CLIFF else Severity.NOTE
