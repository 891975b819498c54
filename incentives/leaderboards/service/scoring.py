"""The score of a month, exact at once: gathered for a store's people in a few queries, decided by the core.

Each part of the score is an indicator. A person's own target decides; an indicator that is a rate, a level or a mean
is also held against the department's or the store's target, because 90 % is 90 % for each of them. A sum is not: the
store's revenue target is nobody's own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import or_, select

from incentives.core.approval import MonthState
from incentives.core.attainment import Aggregation, attainment
from incentives.core.money import round_half_away
from incentives.core.period import Month
from incentives.core.score import Measured, MonthScore, Part, month_score
from incentives.db import db
from incentives.leaderboards.service.measures import SCORE, attainment_of
from incentives.leaderboards.service.weights import weights
from incentives.ledger import service as ledger
from incentives.people.models import Posting
from incentives.periods import service as periods
from incentives.targets.models import Indicator
from incentives.targets.scopes import STORE, Scope, of_department, of_person
from incentives.targets.service.catalogue import indicators
from incentives.targets.service.figures import Figures, figures
from incentives.targets.service.holding import Held, held

PARTS: Mapping[Part, str] = {
    Part.REVENUE: "after_sales_revenue",
    Part.ACCESSORIES: "accessory_sales",
    Part.TRAINING: "training_attendance",
    Part.SIX_S: "six_s_score",
    Part.CONDUCT: "conduct",
}
"""Part → the indicator that measures it. A group without such an indicator, or without a target for it, goes without."""

HUNDREDTHS_OF_PERCENT = 10_000


@dataclass(frozen=True, slots=True)
class PersonScore:
    """A person's month: the score (``None`` without any target), and the attainment of every indicator with a target."""

    employee_id: int
    position_id: int
    score: MonthScore | None
    attainments: Mapping[str, Fraction]


def scores(store_id: int, month: Month, people: Collection[int]) -> list[PersonScore]:
    """The month of some people of a store, each by the last posting there in the month."""
    postings = _postings(store_id, month, people)
    if not postings:
        return []
    targets = held(store_id, {month.year}, scopes=_scopes(postings.values()))
    aimed_at = {indicator_id for indicator_id, _, _ in targets.by_place}
    wanted = [each for each in indicators(store_id) if each.id in aimed_at or each.parent_id in aimed_at]
    found = figures(store_id, wanted, month, month, people=True)
    counting = weights({posting.position_id for posting in postings.values()}, month)
    return [
        _scored(posting, _attainments(posting, month, wanted, found, targets), counting[posting.position_id])
        for posting in postings.values()
    ]


def score_of(store_id: int, month: Month, employee_id: int) -> PersonScore | None:
    """One person's month; ``None`` for somebody without a posting in the store then."""
    return next(iter(scores(store_id, month, [employee_id])), None)


def refresh(store_id: int, month: Month, people: Collection[int]) -> None:
    """Put the scores and attainments of some people on the month's boards, in the caller's transaction.

    The boards of a closed month are left alone.
    """
    if periods.state_of(store_id, month) is MonthState.CLOSED:
        return
    found = scores(store_id, month, people)
    period = str(month)
    ledger.put(SCORE, period, [(each.employee_id, store_id, _kept_score(each)) for each in found])
    for code in sorted({code for each in found for code in each.attainments}):
        ledger.put(
            attainment_of(code),
            period,
            [(each.employee_id, store_id, _kept(each.attainments.get(code))) for each in found],
        )


def _kept_score(each: PersonScore) -> int | None:
    return None if each.score is None else each.score.hundredths


def _kept(reached: Fraction | None) -> int | None:
    return None if reached is None else round_half_away(reached * HUNDREDTHS_OF_PERCENT)


def _scored(posting: Posting, reached: Mapping[str, Fraction], counting: Mapping[Part, int]) -> PersonScore:
    measured = [Measured(part, weight, reached.get(PARTS[part])) for part, weight in counting.items()]
    return PersonScore(posting.employee_id, posting.position_id, month_score(measured), reached)


def _attainments(
    posting: Posting, month: Month, wanted: Collection[Indicator], found: Figures, targets: Held
) -> dict[str, Fraction]:
    reached = {}
    for indicator in wanted:
        actual = found.actual(indicator, month, month, of_person(posting.employee_id))
        if actual is None:
            continue
        for target in _targets(posting, month, indicator, targets):
            done = attainment(actual, target, indicator.better)
            if done is not None:
                reached[indicator.code] = done
                break
    return reached


def _scopes(postings: Collection[Posting]) -> list[Scope]:
    departments = {posting.department_id for posting in postings}
    return [STORE, *map(of_department, departments), *(of_person(posting.employee_id) for posting in postings)]


def _targets(posting: Posting, month: Month, indicator: Indicator, targets: Held) -> Iterator[Fraction | None]:
    yield targets.target(indicator, month, of_person(posting.employee_id))
    if indicator.aggregation is not Aggregation.SUM:
        yield targets.target(indicator, month, of_department(posting.department_id))
        yield targets.target(indicator, month, STORE)


def _postings(store_id: int, month: Month, people: Collection[int]) -> dict[int, Posting]:
    rows = db.session.scalars(
        select(Posting)
        .where(
            Posting.store_id == store_id,
            Posting.employee_id.in_(people),
            Posting.first_day <= month.last,
            or_(Posting.last_day.is_(None), Posting.last_day >= month.first),
        )
        .order_by(Posting.first_day)
    )
    return {row.employee_id: row for row in rows}
