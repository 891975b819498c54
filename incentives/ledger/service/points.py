"""Post points to the ledger by the published rules, and let them count on the boards at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import func as sql
from sqlalchemy import select

from incentives import clock
from incentives.core.errors import Sentence, say
from incentives.core.period import Month
from incentives.core.points import PointsFact, PointsRule, earned, rule_on
from incentives.db import db
from incentives.ledger.calendar import span_of
from incentives.ledger.models import PointsLine
from incentives.ledger.service.posting import insert_new, unposted
from incentives.ledger.service.rules import rules_of_store
from incentives.ledger.service.tallying import POINTS, tally
from incentives.periods import service as periods


@dataclass(frozen=True, slots=True)
class NewPoints:
    """Points to be posted. ``key`` names the fact that earns them, so that a repeat posts nothing."""

    key: str
    store_id: int
    employee_id: int
    day: date
    points: int
    what: Sentence
    source_kind: str
    source_id: int | None = None
    rule: str = ""
    maker_id: int | None = None
    reverses_id: int | None = None


@dataclass(frozen=True, slots=True)
class EarningFact:
    """A fact that may earn points. ``quantity`` is in yuan for a sale (negative for a return), else a count."""

    key: str
    fact: PointsFact
    store_id: int
    employee_id: int
    day: date
    source_kind: str
    quantity: Fraction | int = 1
    source_id: int | None = None
    maker_id: int | None = None


def post_points(lines: Iterable[NewPoints]) -> int:
    """Post what is not posted yet and let it count on the boards; the number of lines that were new.

    A fact of a month that takes no more facts is posted in the first open one, and counts on its first day.
    """
    new = unposted(PointsLine, {line.key: line for line in lines if line.points})
    months = _posting_months({(line.store_id, Month.of(line.day)) for line in new})
    rows = [_row(line, months[line.store_id, Month.of(line.day)]) for line in new]
    posted = insert_new(PointsLine, rows)
    tally(
        POINTS,
        [
            (
                line.employee_id,
                line.store_id,
                counting_day(line.day, months[line.store_id, Month.of(line.day)]),
                line.points,
            )
            for line in new
            if line.key in posted
        ],
    )
    return len(posted)


def earn(facts: Iterable[EarningFact]) -> int:
    """Give facts the points that the rule in force on their day says; the number of lines posted.

    A fact without a rule, or too small for a point, posts nothing.
    """
    rules: dict[int, Sequence[PointsRule]] = {}
    lines = []
    for fact in facts:
        if fact.store_id not in rules:
            rules[fact.store_id] = rules_of_store(fact.store_id)
        rule = rule_on(rules[fact.store_id], fact.fact, fact.day)
        if rule is not None:
            lines.append(_earned(fact, rule))
    return post_points(lines)


def take_back(key: str, *, why: Sentence, maker_id: int | None = None) -> bool:
    """Take the points of a key back by a line that names it.

    It counts on the same day where that month still takes facts, else on the first day of the first open month.
    False if nothing was earned under that key, or it was taken back before.
    """
    line = db.session.scalar(select(PointsLine).where(PointsLine.key == key))
    if line is None:
        return False
    reversal = NewPoints(
        key=f"{key}:reversed",
        store_id=line.store_id,
        employee_id=line.employee_id,
        day=line.counts_on,
        points=-line.points,
        what=why,
        source_kind=line.source_kind,
        source_id=line.source_id,
        rule=line.rule,
        maker_id=maker_id,
        reverses_id=line.id,
    )
    return post_points([reversal]) == 1


def points_of(employee_id: int, period: str) -> int:
    """The points of a person in a period, wherever earned.

    Raises:
        DomainError: the period is none.
    """
    span = span_of(period)
    statement = select(sql.sum(PointsLine.points)).where(
        PointsLine.employee_id == employee_id, PointsLine.counts_on >= span.start, PointsLine.counts_on < span.end
    )
    return int(db.session.scalar(statement) or 0)


def points_balance(employee_id: int) -> int:
    """All points of a person, ever: what the shop may spend."""
    return int(db.session.scalar(select(sql.sum(PointsLine.points)).where(PointsLine.employee_id == employee_id)) or 0)


def points_lines(employee_id: int, period: str) -> Sequence[PointsLine]:
    """The lines behind :func:`points_of`, the latest first."""
    span = span_of(period)
    return db.session.scalars(
        select(PointsLine)
        .where(
            PointsLine.employee_id == employee_id, PointsLine.counts_on >= span.start, PointsLine.counts_on < span.end
        )
        .order_by(PointsLine.counts_on.desc(), PointsLine.id.desc())
    ).all()


def points_line(line_id: int, *, store_id: int | None = None, employee_id: int | None = None) -> PointsLine | None:
    """A line of a store, or of a person wherever earned; none of that id there."""
    found = select(PointsLine).where(PointsLine.id == line_id)
    if store_id is not None:
        found = found.where(PointsLine.store_id == store_id)
    if employee_id is not None:
        found = found.where(PointsLine.employee_id == employee_id)
    return db.session.scalars(found).one_or_none()


def counting_day(day: date, month: Month) -> date:
    """The day of a board on which a fact counts that is posted in ``month``."""
    return day if Month.of(day) == month else month.first


def _posting_months(of_facts: Iterable[tuple[int, Month]]) -> dict[tuple[int, Month], Month]:
    months = {}
    for store_id, month in sorted(of_facts):
        months[store_id, month] = periods.hold_open(store_id, month)
    return months


def _earned(fact: EarningFact, rule: PointsRule) -> NewPoints:
    return NewPoints(
        key=fact.key,
        store_id=fact.store_id,
        employee_id=fact.employee_id,
        day=fact.day,
        points=earned(rule, fact.quantity),
        what=say("{rule}; counted: {quantity}", rule=rule.sentence, quantity=str(fact.quantity)),
        source_kind=fact.source_kind,
        source_id=fact.source_id,
        rule=rule.code,
        maker_id=fact.maker_id,
    )


def _row(line: NewPoints, month: Month) -> dict[str, object]:
    return {
        "key": line.key,
        "store_id": line.store_id,
        "employee_id": line.employee_id,
        "business_date": line.day,
        "month": month,
        "counts_on": counting_day(line.day, month),
        "points": line.points,
        "rule": line.rule,
        "what": line.what.as_plain(),
        "source_kind": line.source_kind,
        "source_id": line.source_id,
        "maker_id": line.maker_id,
        "reverses_id": line.reverses_id,
        "created_at": clock.now(),
    }
