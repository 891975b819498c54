"""A draft beside the plan it would replace: what both have in common, bands of service and of change, and the middle.

Source: product.md §4, Simulation. Amounts are whole fen. Bands are half-open: who completes three years on a day
belongs to "3 to 5 years" from that day on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from incentives.core.errors import Sentence, say
from incentives.core.money import FEN_PER_YUAN, ZERO, Money
from incentives.core.parameters import in_month
from incentives.core.pay import WHOLE, Known, PlanResult
from incentives.core.period import Month
from incentives.core.plan import Plan, pools_in
from incentives.core.spoken import Spoken


class Service(Spoken):
    """Length of service in whole years, from the day of hiring."""

    UNDER_1 = "under_1", say("under 1 year")
    FROM_1 = "from_1", say("1 to 3 years")
    FROM_3 = "from_3", say("3 to 5 years")
    FROM_5 = "from_5", say("5 to 10 years")
    FROM_10 = "from_10", say("10 years and more")


_YEARS = ((10, Service.FROM_10), (5, Service.FROM_5), (3, Service.FROM_3), (1, Service.FROM_1))


def service_on(hired_on: date, day: date) -> Service:
    """The band of somebody's service on a day. Hired on 29 February, a year is complete on 1 March."""
    complete = day.year - hired_on.year - ((day.month, day.day) < (hired_on.month, hired_on.day))
    return next((band for years, band in _YEARS if complete >= years), Service.UNDER_1)


EDGES = (100, 300, 1000)
"""Yuan a month, on average: where a small change becomes a middling, a large and a very large one."""


def change_band(change: Money, months: int) -> int:
    """How much somebody wins or loses on average a month: 0 nothing, 1 below the first edge … 4 from the last on.

    Losses are negative. Exact: the sum is held against the edge times the months, so nothing is rounded.

    Raises:
        ValueError: no month was compared.
    """
    if months < 1:
        raise ValueError("a change is an average of at least one month")
    reached = sum(abs(change.fen) >= edge * FEN_PER_YUAN * months for edge in EDGES)
    if not change:
        return 0
    return reached + 1 if change > ZERO else -(reached + 1)


BANDS = tuple(range(-len(EDGES) - 1, len(EDGES) + 2))
"""Every band, the largest loss first."""


def band_name(band: int) -> Sentence:
    """What a band is called."""
    if not band:
        return say("unchanged")
    low, high = (0, *EDGES, 0)[abs(band) - 1 : abs(band) + 1]
    sign = "+" if band > 0 else "−"
    if not high:
        return say("{sign}{low} and more", sign=sign, low=low)
    return say("{sign}{low} to {sign}{high}", sign=sign, low=low, high=high)


def median(ordered: Sequence[Money]) -> Money:
    """The middle of amounts in order; of an even number the mean of the two in the middle, half away from zero.

    Raises:
        ValueError: there is none.
    """
    if not ordered:
        raise ValueError("nothing has no middle")
    half = len(ordered) // 2
    low, high = ordered[(len(ordered) - 1) // 2], ordered[half]
    return Money.rounded(Fraction((low + high).fen, 2))


def in_common(draft: Plan, plan: Plan, month: Month, result: PlanResult) -> Known:
    """What a draft has word for word from another plan, as that one's result says it.

    Holds for the same members and figures only: then a part that both have comes out the same in both, and need not
    be worked out twice. A change to the sum of the lines is never in common, for other lines may have a part in it.

    Raises:
        DomainError: a parameter of either has no value in the month.
    """
    theirs = in_month(plan, month).lines
    same = [node for node in in_month(draft, month).lines if node in theirs and node.code != WHOLE]
    codes = {node.code for node in same}
    pools = {pool.code for node in same for pool in pools_in(node)}
    return Known(
        {(line.code, line.member): line for line in result.lines if line.code in codes},
        {pool.code: pool for pool in result.pools if pool.code in pools},
    )
