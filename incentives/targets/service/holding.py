"""Which targets hold, now or at an earlier moment. What is proposed does not hold yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import joinedload

from incentives.core.approval import ProposalState
from incentives.core.attainment import Aggregation
from incentives.core.period import Month
from incentives.db import db
from incentives.targets.models import Indicator, Target
from incentives.targets.scopes import STORE, Period, Scope, bounds


@dataclass(frozen=True, slots=True)
class Held:
    """The targets of some years, by indicator, period (``2026`` or ``2026-11``) and scope, in the indicator's unit."""

    by_place: Mapping[tuple[int, str, str], Fraction]

    def written(self, indicator: Indicator, period: Period, scope: Scope = STORE) -> Fraction | None:
        """The target set for just this period and scope; ``None``: none is."""
        return self.by_place.get((indicator.id, str(period), str(scope)))

    def target(self, indicator: Indicator, period: Period, scope: Scope = STORE) -> Fraction | None:
        """The target that holds for a period.

        A ratio's, mean's or level's target for the year holds for each of its months that has none of its own. A
        sum's target for a year is the one written for it, or else what its twelve months come to.
        """
        own = self.written(indicator, period, scope)
        if own is not None:
            return own
        if isinstance(period, Month):
            return None if indicator.aggregation is Aggregation.SUM else self.written(indicator, period.year, scope)
        return self.over(indicator, *bounds(period), scope)

    def over(self, indicator: Indicator, first: Month, last: Month, scope: Scope = STORE) -> Fraction | None:
        """The target of several months: sums add up, and one without a target leaves it unknown; else the last one's."""
        if indicator.aggregation is not Aggregation.SUM:
            return self.target(indicator, last, scope)
        months = [self.written(indicator, month, scope) for month in each_month(first, last)]
        known = [month for month in months if month is not None]
        return sum(known, Fraction(0)) if len(known) == len(months) else None


def each_month(first: Month, last: Month) -> list[Month]:
    """The months from one through another."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [first.plus(number) for number in range(count)]


def held(
    store_id: int,
    years: Collection[int],
    *,
    scopes: Collection[Scope] | None = None,
    indicators: Collection[int] | None = None,
    at: datetime | None = None,
    also_of: Month | None = None,
) -> Held:
    """The targets that hold now, or held at a moment; one query.

    Args:
        store_id: whose targets.
        years: the years they lie in.
        scopes: only those of these scopes; otherwise all.
        indicators: only those of these indicators, by id; otherwise all.
        at: as they were held at that moment.
        also_of: besides those of the scopes, everybody's for this month and its year.
    """
    found = (
        select(Target.indicator_id, Target.period, Target.scope, Target.value, Indicator.unit)
        .join(Indicator, Indicator.id == Target.indicator_id)
        .where(Target.store_id == store_id, Target.year.in_(years), Target.state == ProposalState.IN_FORCE)
        .order_by(Target.version)
    )
    if scopes is not None:
        asked = Target.scope.in_([str(scope) for scope in scopes])
        everybodys = Target.period.in_([str(also_of), str(also_of.year)]) if also_of else false()
        found = found.where(or_(asked, everybodys))
    if indicators is not None:
        found = found.where(Target.indicator_id.in_(indicators))
    if at is not None:
        found = found.where(Target.decided_at <= at)
    latest = {row[:3]: (row.value, row.unit) for row in db.session.execute(found)}
    return Held({place: Fraction(value, unit.scale) for place, (value, unit) in latest.items() if value is not None})


def proposals(store_id: int, *, year: int | None = None) -> Sequence[Target]:
    """What waits for a second person, the oldest first."""
    found = select(Target).where(Target.store_id == store_id, Target.state == ProposalState.PROPOSED)
    if year is not None:
        found = found.where(Target.year == year)
    loaded = found.options(
        joinedload(Target.indicator),
        joinedload(Target.maker),
        joinedload(Target.department),
        joinedload(Target.employee),
    )
    return db.session.scalars(loaded.order_by(Target.id)).all()


def count_proposals(store_id: int) -> int:
    """How many changes wait for a second person."""
    waiting = (Target.store_id == store_id) & (Target.state == ProposalState.PROPOSED)
    return db.session.execute(select(func.count()).select_from(Target).where(waiting)).scalar_one()


def versions(store_id: int, indicator_id: int, year: int, scope: Scope) -> Sequence[Target]:
    """Everything that was ever set or proposed for a year and its months, the latest first."""
    found = _of_year(store_id, indicator_id, year, scope).options(
        joinedload(Target.maker), joinedload(Target.decider), joinedload(Target.indicator)
    )
    return db.session.scalars(found.order_by(Target.id.desc())).all()


def newest(store_id: int, indicator_id: int, year: int, scope: Scope) -> int:
    """The newest of them, for a form to remember; 0 if there is none."""
    found = _of_year(store_id, indicator_id, year, scope).with_only_columns(func.max(Target.id))
    return db.session.scalar(found) or 0


def _of_year(store_id: int, indicator_id: int, year: int, scope: Scope) -> Select[Target]:
    return select(Target).where(
        Target.store_id == store_id,
        Target.year == year,
        Target.indicator_id == indicator_id,
        Target.scope == str(scope),
    )
