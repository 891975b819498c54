"""The typed parts of a pay plan. A plan is data: a tree of lines, each worth something, then changed step by step.

Amounts are in yuan, percents are fractions (5 % is 1/20), all exact. How a plan is written as a file is
described in ``docs/guide/plan-format.md`` and read by :mod:`incentives.commissions.format`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias, TypeVar

from incentives.core.attainment import Better
from incentives.core.errors import DomainError, Sentence, say
from incentives.core.period import Month


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
class Given:
    """A number as written. ``percent`` remembers that it was written as one; ``name`` the parameter it came from."""

    value: Fraction
    percent: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated parameter, written ``$tax_divisor`` wherever a number may stand."""

    name: str


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
    per: Number = Given(Fraction(1))
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
    """Weights by calendar days in the posting, or by days ``present``."""

    present: bool = False


@dataclass(frozen=True, slots=True)
class Equal:
    """The same weight for everybody."""


Weight: TypeAlias = Coefficients | Days | Equal | MeasuredFactor | StepTable


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


def parameters_of(plan: Plan, month: Month) -> dict[str, Given]:
    """The parameters' values that hold on the month's first day; one that starts later is left out."""
    found: dict[str, Given] = {}
    for name, history in plan.parameters:
        held = [entry for entry in history if entry.start <= month.first]
        if held:
            value = max(held, key=lambda entry: entry.start).value
            found[name] = replace(value, name=name)
    return found


def in_month(plan: Plan, month: Month) -> Plan:
    """The plan with every parameter replaced by the number that holds on the month's first day.

    Raises:
        DomainError: a parameter that is used has no value in that month.
    """
    values = parameters_of(plan, month)
    return replace(
        plan,
        lines=_filled(plan.lines, values, month),
        then=_filled(plan.then, values, month),
    )


T = TypeVar("T")


def _filled(part: T, values: dict[str, Given], month: Month) -> T:
    if isinstance(part, tuple):
        return tuple(_filled(each, values, month) for each in part)  # type: ignore[return-value]  # a tuple of the same
    if not is_dataclass(part) or isinstance(part, type):
        return part
    changed = {}
    for field in fields(part):
        before = getattr(part, field.name)
        after = _value(before, values, month) if isinstance(before, Parameter) else _filled(before, values, month)
        if after is not before:
            changed[field.name] = after
    return replace(part, **changed) if changed else part


def _value(parameter: Parameter, values: dict[str, Given], month: Month) -> Given:
    if parameter.name not in values:
        raise DomainError(
            say("The parameter ${name} has no value for {month}.", name=parameter.name, month=str(month)),
        )
    return values[parameter.name]


def walk(part: object) -> Iterator[object]:
    """A part of a plan and all parts below it, in the order written."""
    yield part
    below = part if isinstance(part, tuple) else ()
    if is_dataclass(part) and not isinstance(part, type):
        below = tuple(getattr(part, field.name) for field in fields(part))
    for each in below:
        yield from walk(each)
