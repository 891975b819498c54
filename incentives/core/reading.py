"""Turning measures into figures: what was sold, read and reached, with a sentence and the key of the facts behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from incentives.core.attainment import CAP, FULL, Better
from incentives.core.catalogue import Catalogue, Unit
from incentives.core.errors import Sentence, say
from incentives.core.explain import Does, Explanation, explain
from incentives.core.keys import MeasureKey, key_of, keys_of
from incentives.core.measure import MONEY_KINDS, SALE_KINDS, Given, Kind, Measure, Number, exact
from incentives.core.money import FEN_PER_YUAN
from incentives.core.period import Month
from incentives.core.wording import kind_name, measure_name, unit_of, whose_name

THOUSANDTHS = 1000
Sums = Mapping[MeasureKey, int | Fraction | None]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody whom the plan pays in the month.

    ``posted_days`` are the calendar days of the month in the posting; ``coefficient`` overrides the plan's table.
    """

    id: int
    number: str
    position: str
    posted_days: int
    month_days: int
    coefficient: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """What must be known before a line can be paid. It is not zero: nobody knows it yet."""

    sentence: Sentence
    key: MeasureKey | None = None


class NotKnownError(Exception):
    """A figure that cannot be worked out; ends the calculation of one line."""

    def __init__(self, missing: Missing) -> None:
        super().__init__(str(missing.sentence))
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that lies on the desk when one line is worked out. ``member`` is absent while a pool is formed."""

    month: Month
    sums: Sums
    catalogue: Catalogue
    member: Member | None = None
    asked: dict[tuple[int, str], list[Measure]] = field(default_factory=dict, compare=False, repr=False)
    """The measures of a part of the plan for a position, listed once for everybody who holds it."""

    @property
    def person(self) -> int | None:
        """The member's id, if it is one member's line."""
        return self.member.id if self.member else None

    def lacks(self, measures: list[Measure]) -> tuple[Missing, ...]:
        """Readings, targets and scores that these measures need and nobody has given. No sales is a result: zero."""
        asked = [measure for measure in measures if not _is_sales_alone(measure)]
        keys = dict.fromkeys(key for measure in asked for key in keys_of(measure, self.month, self.person))
        return tuple(
            Missing(_lacking(key, self.catalogue), key)
            for key in keys
            if key.kind not in SALE_KINDS and self.sums.get(key) is None
        )


def _is_sales_alone(measure: Measure) -> bool:
    return measure.kind in SALE_KINDS and not isinstance(measure.divided_by, Measure)


def _lacking(key: MeasureKey, catalogue: Catalogue) -> Sentence:
    name, month = catalogue.indicator(key.indicator), str(key.last)
    match key.kind:
        case Kind.TARGET:
            return say("There is no target of {indicator} for {month}.", indicator=name, month=month)
        case Kind.SCORE:
            return say("There is no score for {month}.", month=month)
        case _:
            return say("There is no reading of {indicator} for {month}.", indicator=name, month=month)


def read(measure: Measure, desk: Desk, cap: Fraction | None = None) -> Explanation:
    """What a measure comes to, in yuan, units or as a fraction.

    ``cap`` is what a lower-is-better indicator reaches when nothing occurred: 150 % unless the step says another.
    """
    own = _read_itself(measure, desk, cap)
    if measure.divided_by is None:
        return own
    by = read(measure.divided_by, desk) if isinstance(measure.divided_by, Measure) else _divisor(measure.divided_by)
    if not by.value:
        raise NotKnownError(
            Missing(say("{name} cannot be divided by zero.", name=measure_name(measure, desk.catalogue)))
        )
    name = measure_name(measure, desk.catalogue)
    return explain(Does.QUOTIENT, name, parts=[own, by], unit=unit_of(measure, desk.catalogue))


def _divisor(number: Number) -> Explanation:
    parameter = number.name if isinstance(number, Given) else None
    return _given(exact(number), parameter or say("Divisor"), Unit.NUMBER)


def _given(value: Fraction, sentence: Sentence, unit: Unit, key: MeasureKey | None = None) -> Explanation:
    return explain(Does.GIVEN, sentence, figures=[value], unit=unit, key=key)


def _read_itself(measure: Measure, desk: Desk, cap: Fraction | None) -> Explanation:
    match measure.kind:
        case Kind.ATTAINMENT:
            return _attainment(measure, desk, cap)
        case Kind.UPLIFT:
            return _uplift(measure, desk)
        case _:
            return fact(measure, measure.kind, desk, desk.month)


def fact(measure: Measure, kind: Kind, desk: Desk, month: Month) -> Explanation:
    """One sum, reading or target as it was found."""
    key = key_of(measure, kind, month, desk.person)
    found = desk.sums.get(key)
    if found is None and kind not in SALE_KINDS:
        raise NotKnownError(Missing(_lacking(key, desk.catalogue), key))
    value = measured(kind, found or 0)
    asked = Measure(kind=kind, indicator=measure.indicator)
    whole = kind is measure.kind
    name = measure_name(measure, desk.catalogue) if whole else kind_name(asked, desk.catalogue)
    if whose := whose_name(measure, desk.catalogue):
        name = say("{measure} {whose}", measure=name, whose=whose)
    return _given(value, _of_months(name, key), unit_of(asked, desk.catalogue), key)


def _of_months(name: Sentence, key: MeasureKey) -> Sentence:
    if key.first == key.last:
        return say("{name}, {month}", name=name, month=str(key.last))
    return say("{name}, {first} to {last}", name=name, first=str(key.first), last=str(key.last))


def measured(kind: Kind, found: int | Fraction) -> Fraction:
    """A figure as it was looked up, in yuan, units or as a fraction."""
    if kind in MONEY_KINDS:
        return Fraction(found, FEN_PER_YUAN)
    return Fraction(found, THOUSANDTHS) if kind is Kind.QUANTITY else Fraction(found)


def _attainment(measure: Measure, desk: Desk, cap: Fraction | None) -> Explanation:
    actual, target = fact(measure, Kind.INDICATOR, desk, desk.month), fact(measure, Kind.TARGET, desk, desk.month)
    name = measure_name(measure, desk.catalogue)
    lower = better_of(measure, desk.catalogue) is Better.LOWER
    if lower and not actual.value:
        best = (CAP if cap is None else cap) if target.value else FULL
        return _given(best, say("{name}: nothing occurred", name=name), Unit.PERCENT)
    over, under = (target, actual) if lower else (actual, target)
    if not under.value:
        raise NotKnownError(Missing(say("{name}: the target is zero, so there is no attainment.", name=name)))
    return _ratio(Does.QUOTIENT, measure, desk, over, under)


def better_of(measure: Measure, catalogue: Catalogue) -> Better:
    """Which way is better: as the plan says, else the catalogue, else higher."""
    if measure.better:
        return measure.better
    known = catalogue.indicators.get(measure.indicator)
    return known.better if known else Better.HIGHER


def _uplift(measure: Measure, desk: Desk) -> Explanation:
    now = fact(measure, Kind.INDICATOR, desk, desk.month)
    if measure.baseline is None:
        before = fact(measure, Kind.INDICATOR, desk, desk.month.plus(-measure.months_back))
    else:
        written = exact(measure.baseline)
        before = _given(written, say("Baseline"), now.unit or Unit.NUMBER)
    if not before.value:
        name = measure_name(measure, desk.catalogue)
        raise NotKnownError(Missing(say("{name}: the baseline is zero, so there is no uplift.", name=name)))
    return _ratio(Does.UPLIFT, measure, desk, now, before)


def _ratio(does: Does, measure: Measure, desk: Desk, over: Explanation, under: Explanation) -> Explanation:
    return explain(does, measure_name(measure, desk.catalogue), parts=[over, under], unit=Unit.PERCENT)
