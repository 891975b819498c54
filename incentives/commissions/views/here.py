"""What several of these pages ask: which month it is here, and which acts are the drafter's."""

from __future__ import annotations

from incentives import clock
from incentives.core.approval import PlanAction
from incentives.core.period import Month
from incentives.web.guards import place

DRAFTING = frozenset({PlanAction.SUBMIT, PlanAction.WITHDRAW})


def this_month() -> Month:
    """The running month of the store that the address names."""
    return Month.of(clock.today(place().zone))
