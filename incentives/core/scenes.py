"""Round figures for everything that a part of a plan asks for, so that it can be tried out before anybody has sold a thing.

All sales are 10,000.00 or ten, every target is just met, every gate that can hold does, and nothing that is deducted
has occurred. One figure after the other is then changed, the rest stays: :mod:`incentives.core.sweep`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from incentives.core.allocation import months_of
from incentives.core.attainment import Better, Comparison
from incentives.core.catalogue import Catalogue, Unit
from incentives.core.keys import MeasureKey, key_of, keys_of
from incentives.core.measure import MONEY_KINDS, SALE_KINDS, Kind, Label, Measure, Range, exact
from incentives.core.money import FEN_PER_YUAN
from incentives.core.needs import needed
from incentives.core.parameters import walk
from incentives.core.pay import calculate
from incentives.core.period import Month
from incentives.core.plan import Condition, Deduct, Node, Plan, Step, TargetMet
from incentives.core.reading import THOUSANDTHS, Desk, Member, NotKnownError, better_of, read
from incentives.core.wording import unit_of

TRIED = Label("tried out", "试算")
WHO = 1
SOLD = Fraction(10_000)
PIECES = Fraction(10)
REVENUE = Fraction(100_000)
COUNT = Fraction(100)
UPLIFT = Fraction(1, 5)
PER_CENT = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Scene:
    """A part of a plan, one person whom it pays, and a figure for each of its keys."""

    plan: Plan
    month: Month
    member: Member
    catalogue: Catalogue
    figures: dict[MeasureKey, int | Fraction | None] = field(default_factory=dict)

    def pays(self, changed: Mapping[MeasureKey, Fraction] | None = None) -> Fraction | None:
        """What the person is paid, in yuan, with some figures changed; nothing if a line cannot be worked out."""
        sums = {**self.figures, **(changed or {})}
        result = calculate(self.plan, self.month, [self.member], sums, self.catalogue)
        if result.missing:
            return None
        return Fraction(result.total_of(WHO).fen, FEN_PER_YUAN)

    def value_of(self, measure: Measure, changed: Mapping[MeasureKey, Fraction] | None = None) -> Fraction | None:
        """What a measure comes to; nothing if it cannot be worked out."""
        desk = Desk(self.month, {**self.figures, **(changed or {})}, self.catalogue, self.member)
        try:
            return read(measure, desk).value
        except NotKnownError:
            return None

    def key_of(self, measure: Measure) -> MeasureKey:
        """The figure that moves a measure: what was sold, read or scored this month."""
        moved = Kind.INDICATOR if measure.kind in {Kind.ATTAINMENT, Kind.UPLIFT} else measure.kind
        return key_of(measure, moved, self.month, WHO)

    def figure_for(self, measure: Measure, value: Fraction) -> Fraction | None:
        """The figure with which a measure comes to a value, all else the same; nothing if there is none."""
        divisor = self._divisor(measure)
        if divisor is None:
            return None
        return self._figure(measure, value * divisor)

    def _divisor(self, measure: Measure) -> Fraction | None:
        if measure.divided_by is None:
            return Fraction(1)
        if isinstance(measure.divided_by, Measure):
            return self.value_of(measure.divided_by)
        return exact(measure.divided_by)

    def _figure(self, measure: Measure, value: Fraction) -> Fraction | None:
        match measure.kind:
            case kind if kind in MONEY_KINDS:
                return value * FEN_PER_YUAN
            case Kind.QUANTITY:
                return value * THOUSANDTHS
            case Kind.ATTAINMENT:
                return self._attaining(measure, value)
            case Kind.UPLIFT:
                return self._baseline(measure) * (1 + value)
            case _:
                return value

    def _attaining(self, measure: Measure, value: Fraction) -> Fraction | None:
        target = Fraction(self.figures[key_of(measure, Kind.TARGET, self.month, WHO)] or 0)
        if better_of(measure, self.catalogue) is Better.HIGHER:
            return target * value
        return target / value if value > 0 else None

    def _baseline(self, measure: Measure) -> Fraction:
        if measure.baseline is not None:
            return exact(measure.baseline)
        before = self.month.plus(-measure.months_back)
        return Fraction(self.figures[key_of(measure, Kind.INDICATOR, before, WHO)] or 0)


def one_more(unit: Unit) -> Fraction:
    """A yuan, a piece, or a percentage point."""
    return PER_CENT if unit is Unit.PERCENT else Fraction(1)


# --- setting a scene -------------------------------------------------------------------------------------


def scenes(nodes: tuple[Node, ...], then: tuple[Step, ...], month: Month, catalogue: Catalogue) -> Iterator[Scene]:
    """One scene for each position and each season that the parts tell apart."""
    plan = Plan("tried", TRIED, nodes, then)
    for position in _positions(nodes):
        for season in _seasons(nodes, month):
            member = Member(WHO, "1", position, season.span.days, season.span.days, coefficient=Fraction(1))
            yield _set(Scene(plan, season, member, catalogue))


def _positions(nodes: tuple[Node, ...]) -> list[str]:
    named = {code for part in walk(nodes) for code in getattr(part, "positions", ()) if isinstance(code, str)}
    return sorted(named) or [""]


def _seasons(nodes: tuple[Node, ...], month: Month) -> list[Month]:
    """The month itself, and one of the same year for each other choice of lines."""
    named = sorted({frozenset(months) for part in walk(nodes) if (months := getattr(part, "months", ()))}, key=sorted)
    found: dict[tuple[bool, ...], Month] = {}
    for each in (month, *months_of(month.year)):
        found.setdefault(tuple(each.month in months for months in named), each)
    return list(found.values())


def _set(scene: Scene) -> Scene:
    only_deducted = _deducted_only(scene)
    for key in sorted(needed(scene.plan, scene.month, [scene.member]), key=lambda key: str(key.as_plain())):
        scene.figures[key] = Fraction(0) if key in only_deducted else usual(key, scene.catalogue)
    for measure in _uplifts(scene.plan):
        scene.figures[scene.key_of(measure)] = scene.figure_for(measure, UPLIFT)
    conditions = [part for part in walk((scene.plan.lines, scene.plan.then)) if isinstance(part, Condition | TargetMet)]
    for condition in (*conditions, *conditions):  # twice: the first may have moved what the second is divided by
        _let_hold(scene, condition)
    return scene


def usual(key: MeasureKey, catalogue: Catalogue) -> Fraction:
    """The round figure that stands for a key. Readings and targets are the same, so that a target is just met."""
    match key.kind:
        case kind if kind in MONEY_KINDS:
            return SOLD * FEN_PER_YUAN
        case Kind.QUANTITY:
            return PIECES * THOUSANDTHS
        case Kind.ORDERS:
            return PIECES
        case Kind.SCORE:
            return COUNT
        case _:
            return _reading(key.indicator, catalogue)


def _reading(code: str, catalogue: Catalogue) -> Fraction:
    known = catalogue.indicators.get(code)
    unit = known.unit if known else Unit.NUMBER
    if known and known.better is Better.LOWER:
        return one_more(unit)
    return {Unit.MONEY: REVENUE, Unit.PERCENT: Fraction(1), Unit.NUMBER: COUNT}[unit]


def _deducted_only(scene: Scene) -> set[MeasureKey]:
    """What was sold or read that only deductions look at."""
    parts = list(walk((scene.plan.lines, scene.plan.then)))
    everywhere = [part for part in parts if isinstance(part, Measure)]
    deducted = [measure for part in parts if isinstance(part, Deduct) for measure in _measures(part)]
    elsewhere = {id(measure) for measure in everywhere} - {id(measure) for measure in deducted}
    used = {key for measure in everywhere if id(measure) in elsewhere for key in _keys(scene, measure)}
    kinds = SALE_KINDS | {Kind.INDICATOR}
    return {key for measure in deducted for key in _keys(scene, measure) if key.kind in kinds and key not in used}


def _measures(part: object) -> list[Measure]:
    return [each for each in walk(part) if isinstance(each, Measure)]


def _keys(scene: Scene, measure: Measure) -> list[MeasureKey]:
    return keys_of(measure, scene.month, WHO)


def _uplifts(plan: Plan) -> list[Measure]:
    return [measure for measure in _measures((plan.lines, plan.then)) if measure.kind is Kind.UPLIFT]


def _let_hold(scene: Scene, condition: Condition | TargetMet) -> None:
    if isinstance(condition, TargetMet):
        key = key_of(condition.measure, Kind.INDICATOR, scene.month, WHO)
        scene.figures[key] = meeting(scene, condition)
        return
    value = scene.value_of(condition.measure)
    if value is None or value in condition.range:
        return
    inside = scene.figure_for(condition.measure, _inside(condition.range, unit_of(condition.measure, scene.catalogue)))
    if inside is not None:
        scene.figures[scene.key_of(condition.measure)] = inside


def meeting(scene: Scene, condition: TargetMet) -> Fraction:
    """The reading that just meets the target."""
    measure = condition.measure
    target = Fraction(scene.figures[key_of(measure, Kind.TARGET, scene.month, WHO)] or 0)
    known = scene.catalogue.indicators.get(measure.indicator)
    more = one_more(known.unit if known else Unit.NUMBER)
    match known.met if known else Comparison.AT_LEAST:
        case Comparison.ABOVE:
            return target + more
        case Comparison.BELOW:
            return max(target - more, target / 2)
        case _:
            return target


def _inside(within: Range, unit: Unit) -> Fraction:
    """A value that lies in the range, near its edge; the range has one, or every value would lie in it."""
    low = Fraction(0) if within.low is None else exact(within.low)
    if within.high is None:
        return low if within.low_belongs else low + one_more(unit)
    high = exact(within.high)
    if within.low is not None:
        return (low + high) / 2
    return high if within.high_belongs else high - min(one_more(unit), abs(high) / 2)
