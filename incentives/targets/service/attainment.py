"""Where a store, department or person stands: actual against target, what is missing, and where it is heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from incentives.core import attainment as rules
from incentives.core.attainment import Aggregation
from incentives.core.period import MONTHS_IN_YEAR, Month
from incentives.targets.models import Indicator
from incentives.targets.scopes import STORE, Period, Scope, bounds, span_of, year_of
from incentives.targets.service.catalogue import indicators
from incentives.targets.service.figures import Figures, figures
from incentives.targets.service.holding import Held, held
from incentives.targets.service.workdays import Workdays, workdays


@dataclass(frozen=True, slots=True)
class Attainment:
    """An indicator in a period. Figures are exact, in the indicator's unit; attainment is a bare quotient, uncapped.

    ``actual`` is ``None`` while there is no reading, ``target`` while there is none: both are said, never shown as 0.
    """

    indicator: Indicator
    actual: Fraction | None
    target: Fraction | None
    days: Workdays

    @property
    def attainment(self) -> Fraction | None:
        """Actual against target; ``None`` without one of them."""
        if self.actual is None:
            return None
        return rules.attainment(self.actual, self.target, self.indicator.better)

    @property
    def met(self) -> bool | None:
        """The comparison's answer on exact numbers; ``None``: nothing to compare."""
        if self.actual is None or self.target is None:
            return None
        return rules.is_met(self.actual, self.target, self.indicator.comparison)

    @property
    def to_go(self) -> Fraction | None:
        """What is missing to the target; zero or negative once it is reached."""
        if self.actual is None or self.target is None:
            return None
        return rules.to_go(self.actual, self.target, self.indicator.better)

    @property
    def forecast(self) -> Fraction | None:
        """The period's end at the present pace."""
        if self.actual is None:
            return None
        return rules.forecast(
            self.actual, elapsed=self.days.elapsed, working_days=self.days.all, aggregation=self.indicator.aggregation
        )

    @property
    def due(self) -> Fraction | None:
        """What should be there by today: a sum's target by working days; any other target is due at once."""
        if self.target is None or self.indicator.aggregation is not Aggregation.SUM:
            return self.target
        return rules.pace(self.target, elapsed=self.days.elapsed, working_days=self.days.all)

    @property
    def behind(self) -> Fraction | None:
        """How much is missing to what is due by today; negative: ahead of it."""
        if self.actual is None or self.due is None:
            return None
        return rules.to_go(self.actual, self.due, self.indicator.better)

    @property
    def on_pace(self) -> bool | None:
        """Whether what is due by today is there; ``None``: nothing to compare."""
        return None if self.behind is None else self.behind <= 0

    @property
    def will_be_met(self) -> bool | None:
        """Whether the target is met at the present pace."""
        if self.forecast is None or self.target is None:
            return None
        return rules.is_met(self.forecast, self.target, self.indicator.comparison)


def attainments(store_id: int, period: Period, *, today: date, scope: Scope = STORE) -> list[Attainment]:
    """Every active indicator of a period, in the catalogue's order; a handful of queries, however many people.

    Args:
        store_id: whose.
        period: a month, or a year (then the figures run from January through December).
        today: the store's business day, for what is due and the forecast.
        scope: the store, or a department or person of it.
    """
    wanted = indicators(store_id)
    first, last = bounds(period)
    found = figures(store_id, wanted, first, last, people=scope.employee_id is not None)
    holding = held(store_id, {year_of(period)}, scopes=[scope])
    days = workdays(store_id, span_of(period), today)
    return [attained(each, period, found, holding, days, scope) for each in wanted]


def attained(
    indicator: Indicator, period: Period, found: Figures, holding: Held, days: Workdays, scope: Scope = STORE
) -> Attainment:
    """One indicator of figures and targets that are at hand."""
    actual = found.actual(indicator, *bounds(period), scope)
    return Attainment(indicator, actual, holding.target(indicator, period, scope), days)


def attainments_of(
    store_id: int, indicator: Indicator, period: Period, scopes: Sequence[Scope], *, today: date
) -> dict[Scope, Attainment]:
    """One indicator for several departments or people at once."""
    wanted = [each for each in indicators(store_id, inactive=True) if indicator.id in {each.id, each.parent_id}]
    first, last = bounds(period)
    found = figures(store_id, wanted, first, last, people=any(scope.employee_id for scope in scopes))
    holding = held(store_id, {year_of(period)}, scopes=scopes, indicators=[indicator.id])
    days = workdays(store_id, span_of(period), today)
    return {scope: attained(indicator, period, found, holding, days, scope) for scope in scopes}


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A month of a trend."""

    month: Month
    actual: Fraction | None
    target: Fraction | None


def trend(
    store_id: int, indicator: Indicator, last: Month, *, scope: Scope = STORE, months: int = MONTHS_IN_YEAR
) -> list[TrendPoint]:
    """Some months up to and with the last one, oldest first."""
    first = last.plus(1 - months)
    wanted = [each for each in indicators(store_id, inactive=True) if indicator.id in {each.id, each.parent_id}]
    found = figures(store_id, wanted, first, last, people=scope.employee_id is not None)
    holding = held(store_id, {first.year, last.year}, scopes=[scope], indicators=[indicator.id])
    return [
        TrendPoint(month, found.actual(indicator, month, month, scope), holding.target(indicator, month, scope))
        for month in (first.plus(number) for number in range(months))
    ]


@dataclass(frozen=True, slots=True)
class Family:
    """A whole, and what its parts come to: 6,000,000 of which 2,200,000 and 3,800,000."""

    whole: Attainment
    parts: tuple[Attainment, ...]

    @property
    def targets_left(self) -> Fraction | None:
        """What the parts' targets leave of the whole's, or (negative) exceed it by; ``None`` if one has no target."""
        targets = [part.target for part in self.parts]
        known = [target for target in targets if target is not None]
        if self.whole.target is None or len(known) < len(targets):
            return None
        return self.whole.target - sum(known)


def families(found: Sequence[Attainment]) -> list[Family]:
    """The indicators without a parent among them, each with its parts."""
    ids = {each.indicator.id for each in found}
    return [
        Family(whole, tuple(part for part in found if part.indicator.parent_id == whole.indicator.id))
        for whole in found
        if whole.indicator.parent_id not in ids
    ]
