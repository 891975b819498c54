"""The facts behind a figure of a line: as they counted when the month was worked out, and what came after."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from incentives.commissions.models import Calculation, PayLine
from incentives.commissions.service.calculation import paid_by
from incentives.core.answer import Fact, Page
from incentives.core.approval import MonthState
from incentives.core.catalogue import NO_CATALOGUE
from incentives.core.errors import Sentence, say
from incentives.core.explain import Explanation
from incentives.core.keys import MeasureKey
from incentives.core.measure import SALE_KINDS, Kind, Measure, Whose
from incentives.core.reading import measured
from incentives.core.wording import text_of, unit_of
from incentives.db import db
from incentives.periods import service as periods
from incentives.sales.service.measures import NOBODY, Crew, sums
from incentives.sales.service.telling import told
from incentives.targets.models import Indicator
from incentives.targets.service.answers import scope_of
from incentives.targets.service.behind import Asked, actual_facts, target_facts
from incentives.targets.service.catalogue import of_store

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


def worked_out_at(line: PayLine) -> datetime | None:
    """When the line was worked out for good; none while its month is open and it follows the facts."""
    if periods.state_of(line.store_id, line.month) is MonthState.OPEN:
        return None
    return db.session.scalar(
        select(Calculation.worked_out_at).where(Calculation.store_id == line.store_id, Calculation.month == line.month)
    )


def crew_of(line: PayLine) -> Crew:
    """Whose sales the line's plan counts."""
    paid = paid_by(line)
    return NOBODY if paid is None else paid.crew


def behind(line: PayLine, figure: Explanation, key: MeasureKey, crew: Crew, at: datetime | None) -> Behind:
    """What stands behind one figure of a line."""
    if key.kind is Kind.SCORE:
        return Behind(figure.sentence, (), (), at, page=_score_page(line))
    found = [fact.as_of(at) for fact in _facts(line.store_id, key, crew, at)]
    return Behind(
        sentence=figure.sentence,
        facts=tuple(fact for fact in found if not fact.late),
        late=tuple(fact for fact in found if fact.late),
        at=at,
        changed=_changed(line, figure, key, crew) if at is not None else None,
        cut=len(found) >= MOST_FACTS,
    )


def _facts(store_id: int, key: MeasureKey, crew: Crew, at: datetime | None) -> list[Fact]:
    if key.kind in SALE_KINDS:
        return told(store_id, key, crew, most=MOST_FACTS)
    asked = _asked(store_id, key, crew.members, at)
    if asked is None:
        return []
    return actual_facts(asked) if key.kind is Kind.INDICATOR else target_facts(asked)


def _asked(store_id: int, key: MeasureKey, members: Collection[int], at: datetime | None) -> Asked | None:
    indicator = db.session.scalars(of_store(store_id).where(Indicator.code == key.indicator)).one_or_none()
    scope = scope_of(store_id, key)
    if indicator is None or (scope is None and key.of is not Whose.MEMBERS):
        return None
    if scope is None:
        return Asked(store_id, indicator, key.first, key.last, people=members, at=at, for_pay=True)
    return Asked(store_id, indicator, key.first, key.last, scope, at=at, for_pay=True)


def _changed(line: PayLine, figure: Explanation, key: MeasureKey, crew: Crew) -> Sentence | None:
    """What a sum of sales comes to with everything known today, where that is something else."""
    if key.kind not in SALE_KINDS:
        return None
    now = measured(key.kind, sums(line.store_id, [key], crew)[key])
    if now == figure.value:
        return None
    return say(
        "With everything known today it would be {now}. {month} stays as it was approved; the difference is posted as "
        "an adjustment in the first open month.",
        now=text_of(now, unit_of(Measure(key.kind), NO_CATALOGUE)),
        month=str(line.month),
    )


def _score_page(line: PayLine) -> Page:
    return Page("leaderboards.score_of", {"employee_id": line.employee_id, "month": str(line.month)})
