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
from incentives.targets.service.holding import Held, each_month, held
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


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A month of a trend."""

    month: Month
    actual: Fraction | None
    target: Fraction | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """Figures and targets around a month, looked up once: for the month or its year, and the twelve months before."""

    period: Period
    month: Month
    catalogue: list[Indicator]
    figures: Figures
    holding: Held
    days: Workdays

    def attainments(self) -> list[Attainment]:
        """Every active indicator of the store, in the catalogue's order."""
        return [attained(each, self.period, self.figures, self.holding, self.days) for each in self.catalogue]

    def of(self, indicator: Indicator, scope: Scope) -> Attainment:
        """One indicator for the store, a department or a person that was looked up."""
        return attained(indicator, self.period, self.figures, self.holding, self.days, scope)

    def trend(self, indicator: Indicator, scope: Scope = STORE) -> list[TrendPoint]:
        """The twelve months up to and with the month."""
        months = each_month(self.month.plus(1 - MONTHS_IN_YEAR), self.month)
        return [
            TrendPoint(
                month=month,
                actual=self.figures.actual(indicator, month, month, scope),
                target=self.holding.target(indicator, month, scope),
            )
            for month in months
        ]


def outlook(store_id: int, period: Period, month: Month, *, today: date) -> Outlook:
    """Look up every active indicator of the store, people apart, with everybody's targets of the month."""
    first, last = month.plus(1 - MONTHS_IN_YEAR), max(month, bounds(period)[1])
    holding = held(store_id, {first.year, last.year}, scopes=[STORE], also_of=month)
    return _outlook(store_id, indicators(store_id), holding, period, month, today)


def outlook_of(
    store_id: int, indicator: Indicator, period: Period, month: Month, scopes: Sequence[Scope], *, today: date
) -> Outlook:
    """Look up one indicator (and its parts) for some departments and people of the store, or the store itself."""
    family = [each for each in indicators(store_id, inactive=True) if indicator.id in {each.id, each.parent_id}]
    first, last = month.plus(1 - MONTHS_IN_YEAR), max(month, bounds(period)[1])
    holding = held(store_id, {first.year, last.year}, scopes=scopes, indicators=[indicator.id])
    return _outlook(store_id, family, holding, period, month, today)


def _outlook(
    store_id: int, catalogue: list[Indicator], holding: Held, period: Period, month: Month, today: date
) -> Outlook:
    first, last = month.plus(1 - MONTHS_IN_YEAR), max(month, bounds(period)[1])
    return Outlook(
        period=period,
        month=month,
        catalogue=catalogue,
        figures=figures(store_id, catalogue, min(first, bounds(period)[0]), last, people=True),
        holding=holding,
        days=workdays(store_id, span_of(period), today),
    )


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
