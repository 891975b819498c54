"""The facts behind a figure of a line: as they counted when the month was worked out, and what came after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, Protocol, TypeAlias

from sqlalchemy import select

from incentives.commissions.models import Calculation
from incentives.commissions.service.calculation import paid_in
from incentives.core.answer import Fact, Page
from incentives.core.approval import MonthState
from incentives.core.catalogue import NO_CATALOGUE
from incentives.core.errors import Sentence, say
from incentives.core.explain import Explanation
from incentives.core.formula import told as told_step
from incentives.core.keys import MeasureKey
from incentives.core.measure import SALE_KINDS, Kind, Measure, Whose
from incentives.core.period import Month
from incentives.core.reading import measured
from incentives.core.wording import text_of, unit_of
from incentives.db import db
from incentives.periods import service as periods
from incentives.sales.service.measures import NOBODY, Crew, sums
from incentives.sales.service.telling import told
from incentives.targets.models import Indicator
from incentives.targets.scopes import Scope
from incentives.targets.service.answers import scopes_of
from incentives.targets.service.behind import Asked, actual_facts, target_facts
from incentives.targets.service.catalogue import indicators

MOST_FACTS = 200


@dataclass(frozen=True, slots=True)
class Behind:
    """A figure of a line and what it counts. ``late`` came after the month was worked out and is no part of it.

    ``at`` is when that was; none while the month still follows its facts. ``changed`` says that the facts known today
    come to another figure.
    """

    sentence: Sentence
    facts: tuple[Fact, ...]
    late: tuple[Fact, ...]
    at: datetime | None
    changed: Sentence | None = None
    page: Page | None = None
    cut: bool = False


class OfPlan(Protocol):
    """What has figures: a line of pay, or one that corrects what a closed month paid. Whose, when, and by which plan."""

    @property
    def store_id(self) -> int:
        """The store whose books have it."""

    @property
    def month(self) -> Month:
        """The month that it pays."""

    @property
    def employee_id(self) -> int:
        """Whom it pays."""

    @property
    def version_id(self) -> int:
        """The version of the plan that pays it."""


class Figure(NamedTuple):
    """A figure of a line: the step of its arithmetic that reads a measure, and the measure."""

    line: OfPlan
    step: Explanation
    key: MeasureKey


def behind(figures: Sequence[Figure]) -> list[Behind]:
    """What stands behind each of some figures, whose lines are of one store and month.

    As many queries for thirty figures as for three, but for each derived measure in each way it is read.
    """
    if not figures:
        return []
    desk = _gather(figures)
    return [_behind(number, figure, desk) for number, figure in enumerate(figures)]


@dataclass(frozen=True, slots=True)
class _Desk:
    """When the lines were worked out for good, and by the number of a figure its facts and what it comes to today."""

    at: datetime | None
    facts: Mapping[int, Sequence[Fact]]
    today: Mapping[int, Fraction]


def _gather(figures: Sequence[Figure]) -> _Desk:
    line = figures[0].line
    at = _worked_out_at(line)
    crews = {paid.version.id: paid.crew for paid in paid_in(line.store_id, line.month)}
    of_plans = [crews.get(figure.line.version_id, NOBODY) for figure in figures]
    sales = [(number, figure.key, of_plans[number]) for number, figure in enumerate(figures) if _is_of_sales(figure)]
    others = [(number, figure.key, of_plans[number]) for number, figure in enumerate(figures) if _is_read(figure)]
    lists = told(line.store_id, [(key, crew) for _number, key, crew in sales], most=MOST_FACTS)
    facts = {number: found for (number, _key, _crew), found in zip(sales, lists, strict=True)}
    facts |= _read(line.store_id, others, at)
    return _Desk(at, facts, {} if at is None else _today(line.store_id, sales))


Numbered: TypeAlias = tuple[int, MeasureKey, Crew]
"""The number of a figure, its measure, and whose sales its plan counts."""


def _is_of_sales(figure: Figure) -> bool:
    return figure.key.kind in SALE_KINDS


def _is_read(figure: Figure) -> bool:
    return figure.key.kind in {Kind.INDICATOR, Kind.TARGET}


def _worked_out_at(line: OfPlan) -> datetime | None:
    """When the line was worked out for good; none while its month is open and it follows the facts."""
    state = periods.state_at(line.store_id, line.month).scalar_subquery()
    found = select(Calculation.worked_out_at).where(
        Calculation.store_id == line.store_id, Calculation.month == line.month, state != MonthState.OPEN
    )
    return db.session.scalar(found)


def _read(store_id: int, figures: Sequence[Numbered], at: datetime | None) -> dict[int, list[Fact]]:
    """The facts of indicators and targets."""
    if not figures:
        return {}
    catalogue = {found.code: found for found in indicators(store_id, inactive=True)}
    scopes = scopes_of(store_id, [key for _number, key, _crew in figures])
    asked = {
        number: found
        for number, key, crew in figures
        if (found := _asked(store_id, key, catalogue.get(key.indicator), scopes[key], crew, at)) is not None
    }
    actuals = [number for number, key, _crew in figures if key.kind is Kind.INDICATOR and number in asked]
    targets = [number for number, key, _crew in figures if key.kind is Kind.TARGET and number in asked]
    facts = dict(zip(actuals, actual_facts([asked[number] for number in actuals]), strict=True))
    return facts | dict(zip(targets, target_facts([asked[number] for number in targets]), strict=True))


def _asked(
    store_id: int, key: MeasureKey, indicator: Indicator | None, scope: Scope | None, crew: Crew, at: datetime | None
) -> Asked | None:
    if indicator is None or (scope is None and key.of is not Whose.MEMBERS):
        return None
    if scope is None:
        return Asked(store_id, indicator, key.first, key.last, people=crew.members, at=at, for_pay=True)
    return Asked(store_id, indicator, key.first, key.last, scope, at=at, for_pay=True)


def _today(store_id: int, figures: Sequence[Numbered]) -> dict[int, Fraction]:
    """What sums of sales come to with everything known today. One query for each plan."""
    found: dict[int, Fraction] = {}
    for crew, of_plan in groupby(figures, key=itemgetter(2)):
        own = list(of_plan)
        now = sums(store_id, [key for _number, key, _crew in own], crew)
        found |= {number: measured(key.kind, now[key]) for number, key, _crew in own}
    return found


def _behind(number: int, figure: Figure, desk: _Desk) -> Behind:
    if figure.key.kind is Kind.SCORE:
        return Behind(told_step(figure.step), (), (), desk.at, page=_score_page(figure.line))
    found = [fact.as_of(desk.at) for fact in desk.facts.get(number, ())]
    return Behind(
        sentence=told_step(figure.step),
        facts=tuple(fact for fact in found if not fact.late),
        late=tuple(fact for fact in found if fact.late),
        at=desk.at,
        changed=_changed(figure, desk.today[number]) if number in desk.today else None,
        cut=len(found) >= MOST_FACTS,
    )


def _changed(figure: Figure, now: Fraction) -> Sentence | None:
    """What a sum of sales comes to with everything known today, where that is something else."""
    if now == figure.step.value:
        return None
    return say(
        "With everything known today it would be {now}. {month} stays as it was approved; the difference is posted as "
        "an adjustment in the first open month.",
        now=text_of(now, unit_of(Measure(figure.key.kind), NO_CATALOGUE)),
        month=str(figure.line.month),
    )


def _score_page(line: OfPlan) -> Page:
    return Page("leaderboards.score_of", {"employee_id": line.employee_id, "month": str(line.month)})
