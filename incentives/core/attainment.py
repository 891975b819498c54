"""Indicators: how readings add up, how far a target is reached, and where the month is heading.

Source: product.md §3. All numbers are exact. Ratios are bare quotients (2 of 100 is 1/50, shown as 2.00 %),
so a target of 2 % is kept as 1/50 as well.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

CAP = Fraction(3, 2)
"""Attainment beyond 150 % is shown, but scores no more."""

FULL = Fraction(1)


class Better(StrEnum):
    """Which way an indicator gets better."""

    HIGHER = "higher"
    LOWER = "lower"


class Comparison(StrEnum):
    """When a target is met."""

    AT_LEAST = ">="
    ABOVE = ">"
    AT_MOST = "<="
    BELOW = "<"


class Aggregation(StrEnum):
    """How the readings of an indicator add up over days, months and people."""

    SUM = "sum"
    RATIO = "ratio"
    LAST = "last"
    MEAN = "mean"


_HOLDS: Mapping[Comparison, Callable[[Fraction, Fraction], bool]] = {
    Comparison.AT_LEAST: operator.ge,
    Comparison.ABOVE: operator.gt,
    Comparison.AT_MOST: operator.le,
    Comparison.BELOW: operator.lt,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured on a day. A ratio is measured by its two counts: ``value`` of ``base``."""

    day: date
    value: Fraction
    base: Fraction = FULL


def aggregate(aggregation: Aggregation, readings: Sequence[Reading]) -> Fraction | None:
    """What the readings come to.

    A sum of none is zero: nothing sold is a result. A ratio is the sum of the values over the sum of the
    bases, never a mean of ratios. The last level is that of the latest day; of two on a day the later given.
    A ratio, level or mean of nothing is ``None``: it is not known.
    """
    values = sum((reading.value for reading in readings), Fraction(0))
    if aggregation is Aggregation.SUM:
        return values
    if aggregation is Aggregation.RATIO:
        return _quotient(values, sum((reading.base for reading in readings), Fraction(0)))
    if aggregation is Aggregation.MEAN:
        return _quotient(values, Fraction(len(readings)))
    return _last(readings)


def _quotient(part: Fraction, whole: Fraction) -> Fraction | None:
    return part / whole if whole else None


def _last(readings: Sequence[Reading]) -> Fraction | None:
    if not readings:
        return None
    _, latest = max(enumerate(readings), key=lambda numbered: (numbered[1].day, numbered[0]))
    return latest.value


def attainment(actual: Fraction, target: Fraction | None, better: Better) -> Fraction | None:
    """Actual against target, uncapped; 1 at equality both ways. ``None`` means "no target".

    Higher is better: actual / target. A target of zero or less cannot be divided by, and counts as none.
    Lower is better: target / actual; an actual of zero (or below) is as good as it gets and gives the cap,
    unless zero itself was the target. A negative target counts as none.
    """
    if target is None or target < 0:
        return None
    if better is Better.HIGHER:
        return _quotient(actual, target)
    if actual == target:
        return FULL
    return target / actual if actual > 0 else CAP


def capped(reached: Fraction) -> Fraction:
    """Attainment as it scores: at most 150 %, and never below zero, however much was returned."""
    return min(CAP, max(Fraction(0), reached))


def is_met(actual: Fraction, target: Fraction, comparison: Comparison) -> bool:
    """Whether the target is met: the comparison's answer on exact numbers, never a rounded percent."""
    return _HOLDS[comparison](actual, target)


def to_go(actual: Fraction, target: Fraction, better: Better) -> Fraction:
    """What is missing to the target, in the indicator's unit; zero or negative once it is reached."""
    return target - actual if better is Better.HIGHER else actual - target


def pace(target: Fraction, *, elapsed: int, working_days: int) -> Fraction:
    """What should be there by now of a target that adds up evenly over the working days of the month."""
    return target * elapsed / working_days if working_days else target


def forecast(actual: Fraction, *, elapsed: int, working_days: int, aggregation: Aggregation) -> Fraction | None:
    """The month's end at the present pace.

    A sum grows with the working days: actual x working days of the month / working days elapsed, today
    included; before the first working day there is no forecast. Ratios, levels and means do not grow: they
    are forecast as they stand.
    """
    if aggregation is not Aggregation.SUM:
        return actual
    return actual * working_days / elapsed if elapsed else None


def uplift(before: Fraction, after: Fraction) -> Fraction | None:
    """The growth over a baseline, as a part of it: 820 to 1,066 is 3/10. No baseline, no uplift."""
    return (after - before) / before if before > 0 else None
