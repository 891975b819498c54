"""Periods in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _

from incentives.core.period import Month
from incentives.ledger.calendar import PeriodKind, kind_of, span_of
from incentives.web.filters import day as day_words
from incentives.web.filters import month_name


def period_name(period: str) -> str:
    """A period as people say it: a day, week 48 of 2026, November 2026, quarter 4 of 2026, 2026."""
    kind, first = kind_of(period), span_of(period).start
    if kind is PeriodKind.DAY:
        return day_words(first)
    if kind is PeriodKind.MONTH:
        return month_name(Month.of(first))
    if kind is PeriodKind.WEEK:
        return str(_("week %(week)s of %(year)s", week=int(period[6:]), year=period[:4]))
    if kind is PeriodKind.QUARTER:
        return str(_("quarter %(quarter)s of %(year)s", quarter=period[6:], year=period[:4]))
    return period
