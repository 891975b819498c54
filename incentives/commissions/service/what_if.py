"""What one's pay would come to if one still sold, attended or reached so much this month. Reads only, keeps nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from incentives.commissions.service.calculation import freshen
from incentives.commissions.service.catalogue import catalogue_with
from incentives.commissions.service.kept import Basis, bases
from incentives.core.answer import Step, arithmetic
from incentives.core.approval import MonthState
from incentives.core.attainment import Aggregation
from incentives.core.catalogue import Catalogue, Unit
from incentives.core.errors import Sentence, say
from incentives.core.measure import Measure
from incentives.core.money import Money, total
from incentives.core.pay import PlanResult, ResultLine, calculate
from incentives.core.period import Month
from incentives.core.reading import measured
from incentives.core.what_if import Lever, levers, moved
from incentives.core.wording import measure_name, unit_of
from incentives.targets.models import Indicator
from incentives.targets.service.catalogue import indicators


@dataclass(frozen=True, slots=True)
class Slider:
    """A lever as a page shows it: its name, unit, the width of a step, how far it goes, and where it stands now."""

    lever: Lever
    name: Sentence
    unit: Unit
    step: Fraction
    most: Fraction
    now: Fraction | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of pay now and then, with the arithmetic of then."""

    name: Sentence
    now: Money
    then: Money
    steps: tuple[Step, ...]
    missing: tuple[Sentence, ...]

    @property
    def change(self) -> Money:
        """What the wish is worth on this line."""
        return self.then - self.now


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The plans that pay somebody in a month, with every figure they ask for, ready to be moved."""

    person: int
    month: Month
    plans: Sequence[Basis]
    catalogue: Catalogue
    sliders: Sequence[Slider]
    indicators: Sequence[Indicator]
    """Of the store, retired ones too."""
    state: MonthState
    """Nothing of a month that is in review or closed moves any more."""

    def lines(self, wishes: Mapping[Lever, Fraction]) -> list[Line]:
        """Every line now and then."""
        found = []
        for basis in self.plans:
            now = self._result(basis)
            then = self._result(basis._replace(sums=moved(basis.sums, wishes, self.month, self.person)))
            before = {line.code: line.amount for line in now.lines}
            found += [_line(line, before.get(line.code, Money(0))) for line in then.lines]
        return found

    def _result(self, basis: Basis) -> PlanResult:
        return calculate(basis.plan, self.month, basis.members, basis.sums, self.catalogue, only=self.person)


def what_if(store_id: int, month: Month, person: int) -> WhatIf:
    """The plans that pay somebody with the figures kept of the month, worked out first if facts changed since."""
    state = freshen(store_id, month)
    everything = indicators(store_id, inactive=True)
    plans = bases(store_id, month, person)
    catalogue = catalogue_with(store_id, everything, [basis.plan for basis in plans])
    adding = {each.code for each in everything if each.active and adds_up(each)}
    found: dict[Lever, int | Fraction | None] = {}
    for basis in plans:
        found = {**levers(basis.sums, month, person, adding), **found}
    stands = {lever: None if now is None else measured(lever.kind, now) for lever, now in found.items()}
    sliders = [slider_of(lever, catalogue, now) for lever, now in stands.items()]
    return WhatIf(person, month, plans, catalogue, sliders, everything, state)


def adds_up(indicator: Indicator) -> bool:
    """Whether more of it can be wished for; a rate, a mean or a level can only be another."""
    return indicator.aggregation is Aggregation.SUM


def sums_of(lines: Sequence[Line]) -> tuple[Money, Money]:
    """What the lines come to now and then."""
    return total(line.now for line in lines), total(line.then for line in lines)


STEPS = {
    Unit.MONEY: (Fraction(100), Fraction(20_000)),
    Unit.NUMBER: (Fraction(1), Fraction(50)),
    Unit.PERCENT: (Fraction(1, 100), Fraction(3, 2)),
}
"""The width of a step and how far a slider goes, in yuan, units and as a fraction."""


def slider_of(lever: Lever, catalogue: Catalogue, now: Fraction | None) -> Slider:
    """How a page shows a lever that stands somewhere now."""
    measure = Measure(kind=lever.kind, indicator=lever.indicator, sales=lever.sales)
    unit = unit_of(measure, catalogue)
    step, most = STEPS[unit]
    own = measure_name(measure, catalogue)
    name = say("{name}, more", name=own) if lever.adds else say("{name}, if it were", name=own)
    return Slider(lever, name, unit, step, most, now)


def _line(line: ResultLine, before: Money) -> Line:
    steps = () if line.explanation is None else arithmetic(line.explanation).steps
    return Line(line.name, before, line.amount, steps, tuple(each.sentence for each in line.missing))
