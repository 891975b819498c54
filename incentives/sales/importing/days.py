"""Days as files write them. Whether 03/04/2017 is in March or in April is told by the other days, else asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from incentives.core.errors import DomainError, Sentence, say
from incentives.core.period import FIRST_YEAR, LAST_YEAR
from incentives.exchange.cells import read_cell
from incentives.exchange.interface import Choice, Field, Kind, Question

ORDER = "day_order"
MONTH_FIRST, DAY_FIRST = "month_first", "day_first"
MONTHS = 12
CENTURY = 2000

_SERIAL = re.compile(r"[0-9]+(\.[0-9]+)?")
"""A spreadsheet's number for a day, or for a moment of it."""
_DAY = Field("day", say("Day"), Kind.DAY)
_TURNED = re.compile(
    r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[ t]+\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?)?", re.IGNORECASE
)


class Days:
    """Reads the days of one file; each different text is read once."""

    def __init__(self, texts: Iterable[str], answers: Mapping[str, str]) -> None:
        different = set(texts) - {""}
        turned = {text: match for text in different if (match := _TURNED.fullmatch(text.strip()))}
        self.question = _question(turned, answers)
        first = _day_comes_first(turned, answers)
        self._known: dict[str, date | Sentence] = {
            text: _turned(text, turned[text], day_first=first) if text in turned else _usual(text) for text in different
        }

    def read(self, text: str) -> date | None:
        """The day, None for an empty cell.

        Raises:
            DomainError: it is none.
        """
        found = self._known.get(text)
        if isinstance(found, Sentence):
            raise DomainError(found)
        return found


def _usual(text: str) -> date | Sentence:
    try:
        found = read_cell(_DAY, Decimal(text) if _SERIAL.fullmatch(text) else text)
    except DomainError as refusal:
        return refusal.sentence
    return found if isinstance(found, date) else say("“{text}” is not a day such as 2026-11-03.", text=text[:40])


def _day_comes_first(turned: Mapping[str, re.Match[str]], answers: Mapping[str, str]) -> bool:
    if any(int(match[1]) > MONTHS for match in turned.values()):
        return True
    return DAY_FIRST in answers.values() and not any(int(match[2]) > MONTHS for match in turned.values())


def _question(turned: Mapping[str, re.Match[str]], answers: Mapping[str, str]) -> Question | None:
    """Asked only if no day of the file tells, and nobody has said so yet."""
    parts = [(int(match[1]), int(match[2])) for match in turned.values()]
    if not parts or any(max(pair) > MONTHS for pair in parts) or answers:
        return None
    return Question(
        ORDER,
        min(turned),
        say("The days are written as {text}. What comes first?", text=min(turned)),
        (Choice(MONTH_FIRST, "MM/DD/YYYY"), Choice(DAY_FIRST, "DD/MM/YYYY")),
        rows=len(turned),
    )


def _turned(text: str, match: re.Match[str], *, day_first: bool) -> date | Sentence:
    one, other, year = int(match[1]), int(match[2]), int(match[3])
    day, month = (one, other) if day_first else (other, one)
    try:
        found = date(year if year > CENTURY // 20 else CENTURY + year, month, day)
    except ValueError:
        return say("“{text}” is not a day such as 2026-11-03.", text=text[:40])
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        return say(
            "“{text}” lies outside the years {first} to {last}.", text=text[:40], first=FIRST_YEAR, last=LAST_YEAR
        )
    return found
