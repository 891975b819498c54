"""The score of a month, exact at once: gathered for a store's people in a few queries, decided by the core.

Each part of the score is an indicator. A person's own target decides; an indicator that is a rate, a level or a mean
is also held against the department's or the store's target, because 90 % is 90 % for each of them. A sum is not: the
store's revenue target is nobody's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from sqlalchemy import func as sql
from sqlalchemy import or_, select

from incentives import clock
from incentives.core.approval import MonthState
from incentives.core.attainment import Aggregation, attainment
from incentives.core.money import round_half_away
from incentives.core.period import Month
from incentives.core.score import Measured, MonthScore, Part, month_score
from incentives.db import db
from incentives.leaderboards.service.measures import ATTAINMENT, SCORE, attainment_of
from incentives.leaderboards.service.weights import weights
from incentives.ledger import service as ledger
from incentives.people.models import Posting
from incentives.periods import service as periods
from incentives.targets.models import Indicator, Target
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


Change: TypeAlias = Callable[[Indicator, Fraction | None], Fraction | None]
"""What an indicator's figure would be, and what it is; ``None``: nobody knows it yet."""


def as_it_is(_indicator: Indicator, actual: Fraction | None) -> Fraction | None:
    """No figure is changed."""
    return actual


@dataclass(frozen=True, slots=True)
class Basis:
    """All that the scores of some people's month follow from: their postings, figures, targets and weights."""

    month: Month
    postings: Mapping[int, Posting]
    indicators: Collection[Indicator]
    figures: Figures
    targets: Held
    weights: Mapping[int, Mapping[Part, int]]

    def figure(self, employee_id: int, indicator: Indicator) -> Fraction | None:
        """What one of them came to in an indicator, in its unit; nothing if nobody knows."""
        return self.figures.actual(indicator, self.month, self.month, of_person(employee_id))

    def scored(self, employee_id: int, change: Change = as_it_is) -> PersonScore:
        """One person's month, as it is or as it would be with other figures."""
        posting = self.postings[employee_id]
        reached = _attainments(posting, self, change)
        counting = self.weights[posting.position_id].items()
        measured = [Measured(part, weight, reached.get(PARTS[part])) for part, weight in counting]
        return PersonScore(employee_id, posting.position_id, month_score(measured), reached)

    def counting(self, employee_id: int) -> list[Indicator]:
        """The indicators that weigh something in a person's score and have a target to be held against."""
        posting = self.postings[employee_id]
        codes = {PARTS[part] for part, weight in self.weights[posting.position_id].items() if weight}
        return [
            each
            for each in self.indicators
            if each.code in codes and any(_targets(posting, self.month, each, self.targets))
        ]


def scores(store_id: int, month: Month, people: Collection[int] | None) -> list[PersonScore]:
    """The month of some people of a store (``None``: of all), each by the last posting there in the month."""
    found = _basis(store_id, month, _postings(store_id, month, people), indicators(store_id))
    return [] if found is None else [found.scored(person) for person in found.postings]


def basis_of(store_id: int, month: Month, employee_id: int, known: Collection[Indicator]) -> Basis | None:
    """What one person's score follows from; ``known`` are the store's indicators, at hand already."""
    codes = set(PARTS.values())
    whole = {each.id for each in known if each.code in codes}
    counted = [each for each in known if each.active and (each.id in whole or each.parent_id in whole)]
    return _basis(store_id, month, _postings(store_id, month, [employee_id]), counted)


def _basis(store_id: int, month: Month, postings: Mapping[int, Posting], known: Collection[Indicator]) -> Basis | None:
    if not postings:
        return None
    targets = held(store_id, {month.year}, scopes=_scopes(postings.values()))
    aimed_at = {indicator_id for indicator_id, _, _ in targets.by_place}
    wanted = [each for each in known if each.id in aimed_at or each.parent_id in aimed_at]
    found = figures(store_id, wanted, month, month, people=True)
    counting = weights({posting.position_id for posting in postings.values()}, month)
    return Basis(month, postings, wanted, found, targets, counting)


def score_of(store_id: int, month: Month, employee_id: int) -> PersonScore | None:
    """One person's month; ``None`` for somebody without a posting in the store then."""
    return next(iter(scores(store_id, month, [employee_id])), None)


def refresh(store_id: int, month: Month, people: Collection[int]) -> None:
    """Put the scores and attainments of some people on the month's boards, in the caller's transaction.

    The boards of a closed month are left alone, and those of one to come are empty. With the first figure of an
    indicator everybody in the store is scored: from then on nothing sold is a result.
    """
    if month.first > clock.today() or periods.state_of(store_id, month) is MonthState.CLOSED:
        return
    known = {code for code in ledger.measures_on(ledger.store_scope(store_id), str(month)) if _is_ours(code)}
    found = scores(store_id, month, people)
    if {code for each in found for code in _values(each)} - known:
        found = scores(store_id, month, None)
    by_measure: dict[str, list[ledger.Value]] = defaultdict(list)
    for each in found:
        for code, value in {**dict.fromkeys(known), **_values(each)}.items():
            by_measure[code].append((each.employee_id, store_id, value))
    for code in sorted(by_measure):
        ledger.put(code, str(month), by_measure[code])


def refresh_position(position_id: int, month: Month) -> None:
    """Put everybody's scores of a position on the boards, in every store that has it; after its weights changed."""
    there = select(Posting.store_id, Posting.employee_id).where(
        Posting.position_id == position_id,
        Posting.first_day <= month.last,
        or_(Posting.last_day.is_(None), Posting.last_day >= month.first),
    )
    people: dict[int, set[int]] = defaultdict(set)
    for store_id, employee_id in db.session.execute(there):
        people[store_id].add(employee_id)
    for store_id, those in sorted(people.items()):
        refresh(store_id, month, those)


def proof(prefix: str, people: Collection[int]) -> Iterator[tuple[str, str, ledger.Value]]:
    """What the boards of measures that begin so must say about some people, worked out anew."""
    for store_id, month, those in _months_worked(people):
        for each in scores(store_id, month, those):
            for code, value in _values(each).items():
                if code.startswith(prefix):
                    yield code, str(month), (each.employee_id, store_id, value)


def _is_ours(code: str) -> bool:
    return code == SCORE or code.startswith(ATTAINMENT)


def _values(each: PersonScore) -> dict[str, int]:
    """What boards keep of a person's month, by measure; nothing without a target."""
    kept = {
        attainment_of(code): round_half_away(reached * HUNDREDTHS_OF_PERCENT)
        for code, reached in each.attainments.items()
    }
    return kept if each.score is None else {SCORE: each.score.hundredths, **kept}


def _months_worked(people: Collection[int]) -> Iterator[tuple[int, Month, list[int]]]:
    """The stores and months in which some of these people may have had targets."""
    first_years = dict(
        db.session.execute(select(Target.store_id, sql.min(Target.year)).group_by(Target.store_id)).all()
    )
    running = Month.of(clock.today())
    for store_id, year in sorted(first_years.items()):
        month = Month(year, 1)
        while month <= running:
            those = list(_postings(store_id, month, people))
            if those:
                yield store_id, month, those
            month = month.plus(1)


def _attainments(posting: Posting, basis: Basis, change: Change) -> dict[str, Fraction]:
    reached = {}
    for indicator in basis.indicators:
        actual = change(indicator, basis.figure(posting.employee_id, indicator))
        if actual is None:
            continue
        for target in _targets(posting, basis.month, indicator, basis.targets):
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


def _postings(store_id: int, month: Month, people: Collection[int] | None) -> dict[int, Posting]:
    there = select(Posting).where(
        Posting.store_id == store_id,
        Posting.first_day <= month.last,
        or_(Posting.last_day.is_(None), Posting.last_day >= month.first),
    )
    if people is not None:
        there = there.where(Posting.employee_id.in_(people))
    return {row.employee_id: row for row in db.session.scalars(there.order_by(Posting.first_day))}
