"""The five periods a day counts in, each with a text key: day, ISO week, month, quarter, year."""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum

from incentives.core.errors import DomainError, say
from incentives.core.period import FIRST_YEAR, LAST_YEAR, Month, Span, quarter_of, week_of

_KEY = re.compile(r"(\d{4})(?:-(?:W(\d{2})|Q([1-4])|(\d{2})(?:-(\d{2}))?))?")


class PeriodKind(StrEnum):
    """How long a board runs."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


def key_of(kind: PeriodKind, day: date) -> str:
    """The key of the period a day lies in: ``2026-11-23``, ``2026-W48``, ``2026-11``, ``2026-Q4``, ``2026``.

    Weeks are ISO weeks, Monday to Sunday: 1 January 2027 lies in ``2026-W53``.
    """
    if kind is PeriodKind.DAY:
        return day.isoformat()
    if kind is PeriodKind.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year:04d}-W{week:02d}"
    if kind is PeriodKind.MONTH:
        return str(Month.of(day))
    if kind is PeriodKind.QUARTER:
        return f"{day.year:04d}-Q{(day.month + 2) // 3}"
    return f"{day.year:04d}"


def keys_of(day: date) -> tuple[str, ...]:
    """All five keys of a day."""
    return tuple(key_of(kind, day) for kind in PeriodKind)


def kind_of(key: str) -> PeriodKind:
    """What kind of period a key names.

    Raises:
        DomainError: it names none.
    """
    match = _KEY.fullmatch(key)
    if match is None or not key.isascii():
        raise _refused(key)
    _, week, quarter, month, day = match.groups()
    if week:
        return PeriodKind.WEEK
    if quarter:
        return PeriodKind.QUARTER
    if month:
        return PeriodKind.DAY if day else PeriodKind.MONTH
    return PeriodKind.YEAR


def span_of(key: str) -> Span:
    """The days of the period a key names.

    Raises:
        DomainError: it names none between 2000 and 2100.
    """
    kind = kind_of(key)
    try:
        span = _span(kind, key)
    except ValueError:
        raise _refused(key) from None
    if not FIRST_YEAR <= span.start.year <= LAST_YEAR - 1:
        raise _refused(key)
    return span


def _span(kind: PeriodKind, key: str) -> Span:
    if kind is PeriodKind.DAY:
        day = date.fromisoformat(key)
        return Span(day, day + timedelta(days=1))
    if kind is PeriodKind.WEEK:
        return week_of(date.fromisocalendar(int(key[:4]), int(key[6:]), 1))
    if kind is PeriodKind.MONTH:
        return Month(int(key[:4]), int(key[5:])).span
    if kind is PeriodKind.QUARTER:
        first, last = quarter_of(Month(int(key[:4]), int(key[6:]) * 3))
        return Span(first.first, last.span.end)
    return Span(date(int(key), 1, 1), date(int(key) + 1, 1, 1))


def before(key: str) -> str:
    """The key of the period just before."""
    return key_of(kind_of(key), span_of(key).start - timedelta(days=1))


def after(key: str) -> str:
    """The key of the period just after."""
    return key_of(kind_of(key), span_of(key).end)


def _refused(key: str) -> DomainError:
    return DomainError(say("“{text}” is not a day, week, month, quarter or year.", text=key[:20]))
