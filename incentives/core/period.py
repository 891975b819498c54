"""Business days and months: those of the store's time zone, whatever the server's."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from incentives.core.errors import DomainError, say

MONTHS_IN_YEAR = 12
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Dates outside these years are slips of the keyboard, or a spreadsheet's serial number gone wrong."""

_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month such as 2026-11. Written, stored and compared as that text."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= MONTHS_IN_YEAR and FIRST_YEAR <= self.year <= LAST_YEAR):
            raise ValueError(f"{self.year}-{self.month} is no month")

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read ``2026-11``.

        Raises:
            DomainError: it is not a month between 2000-01 and 2100-12.
        """
        if match := _MONTH.fullmatch(text.strip()):
            try:
                return cls(int(match[1]), int(match[2]))
            except ValueError:
                pass
        raise _no_month(text[:20])

    @classmethod
    def of(cls, day: date) -> Month:
        """The month a day lies in."""
        return cls(day.year, day.month)

    def plus(self, months: int) -> Month:
        """The month so many months later (or earlier, if negative).

        Raises:
            DomainError: it lies outside the years that are kept, as the month before 2000-01 does.
        """
        year, before = divmod(self.year * MONTHS_IN_YEAR + self.month - 1 + months, MONTHS_IN_YEAR)
        try:
            return Month(year, before + 1)
        except ValueError:
            raise _no_month(f"{year:04d}-{before + 1:02d}") from None

    @property
    def span(self) -> Span:
        """Its days."""
        return Span(self.first, self.last + timedelta(days=1))

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])


def _no_month(text: str) -> DomainError:
    return DomainError(say("“{text}” is not a month such as 2026-11.", text=text))


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``start`` up to but not including ``end`` (half-open, so neighbours never share a day)."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days; never negative."""
        return max(0, (self.end - self.start).days)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def overlap(self, other: Span) -> Span:
        """The days both share; an empty span if none."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, max(start, end))

    def each_day(self) -> Iterator[date]:
        """Every day in order."""
        return (self.start + timedelta(days=n) for n in range(self.days))


def business_date(moment: datetime, zone: str) -> date:
    """The store's calendar day of a moment: 2026-10-31T16:30Z is 1 November in Shanghai.

    Raises:
        ValueError: the moment has no time zone of its own.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone names no day")
    return moment.astimezone(ZoneInfo(zone)).date()


def start_of_day(day: date, zone: str) -> datetime:
    """The moment a store's business day begins."""
    return datetime.combine(day, time.min, ZoneInfo(zone))


def quarter_of(month: Month) -> tuple[Month, Month]:
    """First and last month of the calendar quarter a month lies in."""
    first = Month(month.year, (month.month - 1) // 3 * 3 + 1)
    return first, first.plus(2)


def week_of(day: date) -> Span:
    """Monday to Sunday around a day."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=7))


def prorated(span: Span, within: Span) -> Fraction:
    """The part of ``within`` that ``span`` covers, by calendar days: 10 of 30 days is 1/3."""
    return Fraction(span.overlap(within).days, within.days) if within.days else Fraction(0)
