"""The only clock. Everything else is told what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime

from incentives.core.period import business_date

DEFAULT_ZONE = "Asia/Shanghai"


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str = DEFAULT_ZONE) -> date:
    """The business day now running in a store's time zone."""
    return business_date(now(), zone)
