"""The only clock. Everything else is told what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

from incentives.core.period import business_date

DEFAULT_ZONE = "Asia/Shanghai"

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _told.get() or datetime.now(UTC)


def today(zone: str = DEFAULT_ZONE) -> date:
    """The business day now running in a store's time zone."""
    return business_date(now(), zone)


@contextmanager
def telling(moment: datetime) -> Iterator[None]:
    """Tell a story as if it were another moment; only invented data is made so."""
    before = _told.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(before)
