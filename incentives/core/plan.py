"""The typed parts of a pay plan. A plan is data: a tree of lines, each worth something, then changed step by step.

How a plan is written as a file is described in ``docs/guide/plan-format.md`` and read by
:mod:`incentives.commissions.format`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from incentives.core.measure import DAYS_PRESENT, ONE, Dated, Given, Label, Measure, Number, Range

# --- what a line is worth --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of money (``5 %``), or yuan for each unit (``2.00 per unit``)."""

    number: Number
    per_unit: bool = False


@dataclass(frozen=True, slots=True)
class Fixed:
    """A fixed amount of yuan; ``prorated`` by calendar days in the posting."""

    amount: Number
    prorated: bool = False


@dataclass(frozen=True, slots=True)
class Rated:
    """A measure times a rate."""

    measure: Measure
    rate: Rate


class Reads(StrEnum):
    """How a table of tiers is read: 分段计提 or 全额计提."""

    EACH_BAND = "each_band"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Band:
    """One tier: the values it holds for and what it pays."""

    range: Range
    pays: Rate | Fixed


@dataclass(frozen=True, slots=True)
class Tiered:
    """A measure and a table of tiers.

    Read as ``whole``, the quantity that decides is ``by`` (the measure itself unless said). ``measure`` is absent
    where every band pays a fixed amount.
    """

    reads: Reads
    bands: tuple[Band, ...]
    measure: Measure | None = None
    by: Measure | None = None

    @property
    def decides(self) -> Measure:
        """The measure that picks the band."""
        decides = self.by or self.measure
        if decides is None:
            raise TypeError("tiers need a measure that picks the band")
        return decides


@dataclass(frozen=True, slots=True)
class Listed:
    """A measure with a rate for each product, as price lists of accessories have it.

    ``other`` is the rate of all products that no row names; without it they earn nothing.
    """

    measure: Measure
    rows: tuple[tuple[str, Rate], ...]
    other: Rate | None = None

    def parts(self) -> tuple[Rated, ...]:
        """The rows as lines of their own, the others last."""
        sales = self.measure.sales
        rows = tuple(
            Rated(replace(self.measure, sales=replace(sales, products=(product,)), label=None), rate)
            for product, rate in self.rows
        )
        if self.other is None:
            return rows
        others = replace(sales, but_products=(*sales.but_products, *(product for product, _ in self.rows)))
        return (*rows, Rated(replace(self.measure, sales=others), self.other))


Worth: TypeAlias = Fixed | Rated | Tiered | Listed


# --- steps -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Factor:
    """Times a constant."""

    number: Number


@dataclass(frozen=True, slots=True)
class MeasuredFactor:
    """Times a measure ``per`` so much (score per 100), held between floor and cap where these are said."""

    measure: Measure
    per: Number = ONE
    floor: Number | None = None
    cap: Number | None = None


@dataclass(frozen=True, slots=True)
class FactorBand:
    """One row of a step table."""

    range: Range
    factor: Number


@dataclass(frozen=True, slots=True)
class StepTable:
    """Times the factor of the band in which the measure lies."""

    measure: Measure
    bands: tuple[FactorBand, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A measure lies in a range."""

    measure: Measure
    range: Range


@dataclass(frozen=True, slots=True)
class TargetMet:
    """The target of an indicator is met, by the indicator's own comparison; the measure is its attainment."""

    measure: Measure


@dataclass(frozen=True, slots=True)
class Gate:
    """All conditions (or ``any_one`` of them) must hold, else the amount is zero."""

    conditions: tuple[Condition | TargetMet, ...]
    any_one: bool = False


@dataclass(frozen=True, slots=True)
class Deduct:
    """Less an amount. Never turns it negative, unless a floor written after it allows that."""

    worth: Worth


@dataclass(frozen=True, slots=True)
class Floor:
    """At least so much (yuan); ``prorated`` by calendar days in the posting."""

    amount: Number
    prorated: bool = False


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so much (yuan); ``prorated`` by calendar days in the posting."""

    amount: Number
    prorated: bool = False


Step: TypeAlias = Factor | MeasuredFactor | StepTable | Gate | Deduct | Floor | Cap


# --- shares of a pool ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Coefficients:
    """Weights by employee number, else by position code, else the default."""

    positions: tuple[tuple[str, Given], ...] = ()
    people: tuple[tuple[str, Given], ...] = ()
    default: Given | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """Weights by calendar days in the posting."""


@dataclass(frozen=True, slots=True)
class DaysPresent:
    """Weights by the days that somebody was at work: a reading, so nobody's share is known until his is given."""

    measure: Measure = DAYS_PRESENT


@dataclass(frozen=True, slots=True)
class Equal:
    """The same weight for everybody."""


Weight: TypeAlias = Coefficients | Days | DaysPresent | Equal | MeasuredFactor | StepTable


# --- the tree --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A leaf: what it is worth, then its steps in the order written.

    ``months`` (1-12) and ``positions`` say when and for whom the line is there; empty means always, everybody.
    """

    code: str
    label: Label
    worth: Worth
    then: tuple[Step, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Lines added up, then steps on the sum."""

    code: str
    label: Label
    lines: tuple[Node, ...]
    then: tuple[Step, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pool:
    """One amount for all members: formed by its lines and steps, rounded, shared by the product of the weights.

    ``share_then`` changes a person's own share; what that takes away is forfeited, shown and not handed round.
    """

    code: str
    label: Label
    lines: tuple[Line | Group, ...]
    then: tuple[Step, ...] = ()
    share: tuple[Weight, ...] = (Equal(),)
    share_then: tuple[Step, ...] = ()
    months: tuple[int, ...] = ()


Node: TypeAlias = Line | Group | Pool


@dataclass(frozen=True, slots=True)
class Plan:
    """A version of a pay plan. ``then`` changes the sum of a person's lines and shows as a line of its own."""

    code: str
    label: Label
    lines: tuple[Node, ...]
    then: tuple[Step, ...] = ()
    parameters: tuple[tuple[str, tuple[Dated, ...]], ...] = ()
    parameter_labels: tuple[tuple[str, Label], ...] = ()
    note: Label | None = None


def pools_in(node: Node) -> list[Pool]:
    """The pools that a node is or holds."""
    match node:
        case Pool():
            return [node]
        case Group():
            return [pool for below in node.lines for pool in pools_in(below)]
        case _:
            return []
