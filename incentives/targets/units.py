"""What indicators are counted in, how their figures are kept exactly, typed in and shown.

A figure is kept as a whole number of the unit's smallest part: money in fen, percents in millionths (93 % is
930,000), counts in ones. The readings of a ratio keep its two sides in hundredths, whatever their unit, so that they
can be added up and the money among them stays whole fen.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from incentives.core.catalogue import Unit as PlanUnit
from incentives.core.errors import DomainError, Sentence, say
from incentives.core.figures import figure

LARGEST = 10**15
"""Of the smallest part; a larger figure is a slip of the keyboard."""
WAN = 10_000
PART_SCALE = 100
"""Of both sides of a ratio's reading."""

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,8})?", re.ASCII)


class Unit(StrEnum):
    """What an indicator is counted in."""

    CNY = "cny"
    CNY_PER_VEHICLE = "cny_per_vehicle"
    PERCENT = "percent"
    VEHICLES = "vehicles"
    CUSTOMERS = "customers"
    SESSIONS = "sessions"
    ORDERS = "orders"
    NUMBER = "number"

    @property
    def says(self) -> Sentence:
        """What stands behind a figure."""
        return _WORDS[self]

    @property
    def scale(self) -> int:
        """How many smallest parts make one."""
        return _SCALES.get(self, 1)

    @property
    def is_money(self) -> bool:
        """Whether it is counted in yuan."""
        return self in {Unit.CNY, Unit.CNY_PER_VEHICLE}

    @property
    def in_plans(self) -> PlanUnit:
        """The same for pay plans."""
        return PlanUnit.MONEY if self.is_money else PlanUnit.PERCENT if self is Unit.PERCENT else PlanUnit.NUMBER


_SCALES = {Unit.CNY: 100, Unit.CNY_PER_VEHICLE: 100, Unit.PERCENT: 1_000_000, Unit.NUMBER: 1_000}
_WORDS = {
    Unit.CNY: say("yuan"),
    Unit.CNY_PER_VEHICLE: say("yuan per vehicle"),
    Unit.PERCENT: say("%"),
    Unit.VEHICLES: say("vehicles"),
    Unit.CUSTOMERS: say("customers"),
    Unit.SESSIONS: say("sessions"),
    Unit.ORDERS: say("orders"),
    Unit.NUMBER: say("in all"),
}


def read_exact(text: str, unit: Unit) -> Fraction:
    """Read a figure as people write it: ``600万``, ``1,234.50``, ``93`` or ``93 %`` for a percent (93/100).

    Raises:
        DomainError: it is no number.
    """
    plain = text.strip().replace("，", ",").replace("％", "%").removeprefix("¥").removeprefix("￥").strip()
    wan = plain.endswith("万") and unit is not Unit.PERCENT
    plain = plain.removesuffix("万").strip()
    percent = unit is Unit.PERCENT
    plain = plain.removesuffix("%").strip() if percent else plain
    if not _NUMBER.fullmatch(plain):
        raise DomainError(say("“{text}” is not a number.", text=text.strip()[:40]))
    value = Fraction(plain.replace(",", "")) * (WAN if wan else 1)
    return value / 100 if percent else value


def kept(value: Fraction, scale: int) -> int:
    """A figure in smallest parts.

    Raises:
        DomainError: it is finer than they are, or too large.
    """
    parts = value * scale
    if parts.denominator != 1:
        raise DomainError(
            say(
                "{value} is finer than it can be kept: one part in {scale} is the smallest.",
                value=_short(value),
                scale=scale,
            )
        )
    if abs(parts) > LARGEST:
        raise DomainError(say("{value} is larger than any figure kept here.", value=_short(value)))
    return parts.numerator


def _short(value: Fraction) -> str:
    return figure(value, 8).rstrip("0").rstrip(".")


def typed(value: Fraction, unit: Unit) -> str:
    """A figure as it stands in a field to be edited: no separators, percents as ``93``."""
    shown = value * 100 if unit is Unit.PERCENT else value
    return f"{Decimal(shown.numerator) / Decimal(shown.denominator):.6f}".rstrip("0").rstrip(".")


def written(value: Fraction | None, unit: Unit) -> str:
    """A figure as it stands on a page, without its unit but for the percent sign; a dash for nothing.

    Yuan to the fen, percents to two decimals, counts as they are; rounded half away from zero, to be shown only.
    """
    if value is None:
        return "–"
    if unit is Unit.PERCENT:
        return f"{figure(value * 100, 2)} %"
    if unit.is_money:
        return figure(value, 2)
    return figure(value, 0 if value.denominator == 1 else 2)
