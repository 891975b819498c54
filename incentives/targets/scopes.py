"""Whose figure it is: the whole store's, a department's or a person's; and which days it is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from incentives.core.errors import DomainError, say
from incentives.core.period import FIRST_YEAR, LAST_YEAR, Month, Span
from incentives.targets.models import Level
from incentives.web.sent import whole

Period: TypeAlias = "Month | int"
"""A month, or the whole of a year."""


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """The store, or one department or person of it."""

    level: Level = Level.STORE
    id: int | None = None

    def __str__(self) -> str:
        """In one word, as tables keep it: ``s``, ``d3``, ``p17``."""
        return f"{_LETTERS[self.level]}{'' if self.id is None else self.id}"

    @property
    def department_id(self) -> int | None:
        """The department, if it is one's."""
        return self.id if self.level is Level.DEPARTMENT else None

    @property
    def employee_id(self) -> int | None:
        """The person, if it is one's."""
        return self.id if self.level is Level.PERSON else None


_LETTERS = {Level.STORE: "s", Level.DEPARTMENT: "d", Level.PERSON: "p"}
_LEVELS = {letter: level for level, letter in _LETTERS.items()}
STORE = Scope()


def of_department(department_id: int) -> Scope:
    """A department's."""
    return Scope(Level.DEPARTMENT, department_id)


def of_person(employee_id: int) -> Scope:
    """A person's."""
    return Scope(Level.PERSON, employee_id)


def scope_from(text: str) -> Scope:
    """Read what ``str`` of a scope gave.

    Raises:
        DomainError: it is no scope.
    """
    if text == "s":
        return STORE
    level, number = _LEVELS.get(text[:1]), whole(text[1:])
    if level is None or level is Level.STORE or number is None:
        raise DomainError(say("Please choose the store, a department or a person."))
    return Scope(level, number)


def period_from(text: str) -> Period:
    """Read ``2026`` or ``2026-11``.

    Raises:
        DomainError: it is neither.
    """
    if text.isascii() and text.isdecimal():
        return checked_year(int(text[:6]))
    return Month.parse(text)


def checked_year(year: int) -> int:
    """The year, if plans are made for it.

    Raises:
        DomainError: it is too far away.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DomainError(say("The year must lie between {first} and {last}.", first=FIRST_YEAR, last=LAST_YEAR))
    return year


def year_of(period: Period) -> int:
    """The year a period lies in."""
    return period.year if isinstance(period, Month) else period


def bounds(period: Period) -> tuple[Month, Month]:
    """Its first and last month."""
    return (period, period) if isinstance(period, Month) else (Month(period, 1), Month(period, 12))


def span_of(period: Period) -> Span:
    """Its days."""
    first, last = bounds(period)
    return Span(first.first, last.span.end)


def has_begun(period: Period, today: date) -> bool:
    """Whether its first day has come."""
    return span_of(period).start <= today
