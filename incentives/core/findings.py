"""What the check of a pay plan finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from incentives.core.errors import Sentence


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
