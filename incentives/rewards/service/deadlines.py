"""Days of the store's own calendar by which something must be done."""

from __future__ import annotations

from datetime import date, timedelta

from incentives.core.period import Span
from incentives.targets.service.workdays import is_statutory_workday, overrides

_LONGEST_WAIT = 90
"""Days within which thirty working days fall, whatever the holidays."""
ANSWER_WORKDAYS = 5
"""Working days within which an appeal is decided, before the head office may decide it too."""


def workdays_after(store_id: int, day: date, count: int) -> date:
    """The last of so many working days of the store, counted from the day after."""
    span = Span(day + timedelta(days=1), day + timedelta(days=_LONGEST_WAIT))
    said = overrides(store_id, span)
    worked = [each for each in span.each_day() if said.get(each, is_statutory_workday(each))]
    return worked[count - 1]
