"""What pay depends on: numbers, ranges and the measures that a plan looks at.

Amounts are in yuan, percents are fractions (5 % is 1/20), all exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from incentives.core.attainment import Better
from incentives.core.errors import Sentence, say


@dataclass(frozen=True, slots=True)
class Label:
    """A name in both languages, as the plan's author wrote it."""

    en: str
    zh: str

    def sentence(self) -> Sentence:
        """The name in the reader's language: the catalogue says which of the two is shown (``.0`` shows nothing)."""
        return say("{in_english}{in_chinese:.0}", in_english=self.en, in_chinese=self.zh)


# --- numbers ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated parameter, written ``$tax_divisor`` wherever a number may stand. ``label`` is what people call it."""

    name: str
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A number as written. ``percent`` remembers that it was written as one; ``name`` is that of its parameter."""

    value: Fraction
    percent: bool = False
    name: Sentence | None = None


ONE = Given(Fraction(1))


Number: TypeAlias = Given | Parameter


@dataclass(frozen=True, slots=True)
class Dated:
    """A parameter's value from a day on, until the next one's day."""

    start: date
    value: Given


@dataclass(frozen=True, slots=True)
class Range:
    """Values between two edges, each of which may be open or belong to the range. No edge: no limit on that side."""

    low: Number | None = None
    low_belongs: bool = True
    high: Number | None = None
    high_belongs: bool = False

    def __contains__(self, value: Fraction) -> bool:
        return self.reaches(value) and not self.is_above(value)

    def reaches(self, value: Fraction) -> bool:
        """Whether the value is not below the range."""
        if self.low is None:
            return True
        return value >= exact(self.low) if self.low_belongs else value > exact(self.low)

    def is_above(self, value: Fraction) -> bool:
        """Whether the value lies beyond the upper edge."""
        if self.high is None:
            return False
        return value > exact(self.high) if self.high_belongs else value >= exact(self.high)


def exact(number: Number) -> Fraction:
    """The value of a number whose parameters were filled in.

    Raises:
        TypeError: it is still a parameter; see :func:`in_month`.
    """
    if isinstance(number, Parameter):
        raise TypeError(f"parameter {number.name} was not filled in")
    return number.value


# --- measures --------------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What is measured. The first five are summed from sale lines; returns count negative."""

    AMOUNT = "amount"
    PROFIT = "profit"
    LABOUR = "labour"
    QUANTITY = "quantity"
    ORDERS = "orders"
    INDICATOR = "indicator"
    TARGET = "target"
    ATTAINMENT = "attainment"
    UPLIFT = "uplift"
    SCORE = "score"


MONEY_KINDS = frozenset({Kind.AMOUNT, Kind.PROFIT, Kind.LABOUR})
SALE_KINDS = MONEY_KINDS | {Kind.QUANTITY, Kind.ORDERS}
INDICATOR_KINDS = frozenset({Kind.INDICATOR, Kind.TARGET, Kind.ATTAINMENT, Kind.UPLIFT})


class Whose(StrEnum):
    """Whose facts are measured."""

    PERSON = "person"
    MEMBERS = "members"
    DEPARTMENT = "department"
    STORE = "store"


class Over(StrEnum):
    """The months a measure looks at: this one, or from the quarter's or year's first up to this one."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Sales:
    """Which sale lines count. An empty list lets all through; ``price`` is received / list of the single line."""

    categories: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    but_products: tuple[str, ...] = ()
    price: Range | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that pay depends on.

    ``baseline`` belongs to an uplift: a number, or months back (1 = the month before, 12 = the same month last
    year). ``better`` overrides the catalogue's direction of an attainment.
    """

    kind: Kind
    indicator: str = ""
    of: Whose = Whose.PERSON
    department: str = ""
    sales: Sales = Sales()
    over: Over = Over.MONTH
    baseline: Number | None = None
    months_back: int = 0
    better: Better | None = None
    divided_by: Number | Measure | None = None
    label: Label | None = None


DAYS_PRESENT = Measure(Kind.INDICATOR, "days_present")
"""The days of the month on which somebody was at work."""
