"""The published points rules of a group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from sqlalchemy import ColumnElement, select

from incentives.core.errors import Conflict, DomainError, say
from incentives.core.points import PointsFact, PointsRule
from incentives.db import db
from incentives.ledger.models import PublishedPointsRule
from incentives.people.models import Store

DEFAULTS: Sequence[tuple[str, PointsFact, int, int]] = (
    ("sale", PointsFact.SALE, 1, 100),
    ("attendance", PointsFact.ATTENDANCE, 5, 1),
    ("training_given", PointsFact.TRAINING_GIVEN, 20, 1),
    ("clean_inspection", PointsFact.CLEAN_INSPECTION, 10, 1),
    ("closed_finding", PointsFact.CLOSED_FINDING, 5, 1),
    ("kudos", PointsFact.KUDOS, 2, 1),
    ("met_target", PointsFact.MET_TARGET, 30, 1),
)
"""Code, fact, points, and for how much of it: a sale counts by the full 100 yuan received."""


def rules_of_store(store_id: int) -> list[PointsRule]:
    """Every rule that ever counted in the store's group, for :func:`incentives.core.points.rule_on`."""
    return _rules(PublishedPointsRule.group_id == select(Store.group_id).where(Store.id == store_id).scalar_subquery())


def rules_of_group(group_id: int) -> list[PointsRule]:
    """Every rule that ever counted in a group."""
    return _rules(PublishedPointsRule.group_id == group_id)


def publish(group_id: int, fact: PointsFact, *, points: int, per: Fraction, starts: date, today: date) -> PointsRule:
    """Publish a rule from today or a later day on; the one that counted for the fact until then ends with it.

    Raises:
        DomainError: the day is over: a rule never counts before its publication.
        Conflict: a rule for the fact begins on that day already.
    """
    if starts < today:
        raise DomainError(say("A rule counts from its publication on: choose today or a later day."))
    rule = PointsRule(f"{fact.value}-{starts}", fact, points, per, published=today, starts=starts)
    if any(known.code == rule.code for known in rules_of_group(group_id)):
        raise Conflict(say("A rule for this begins on that day already."))
    publish_rule(group_id, rule)
    return rule


def _rules(which: ColumnElement[bool]) -> list[PointsRule]:
    rows = db.session.scalars(
        select(PublishedPointsRule).where(which).order_by(PublishedPointsRule.fact, PublishedPointsRule.starts)
    )
    return [_as_rule(row) for row in rows]


def publish_rule(group_id: int, rule: PointsRule) -> PublishedPointsRule:
    """Add a rule. What was earned before it keeps the points of the rule that held then."""
    row = PublishedPointsRule(
        group_id=group_id,
        code=rule.code,
        fact=rule.fact,
        points=rule.points,
        per=int(rule.per),
        published=rule.published,
        starts=rule.starts,
        ends=rule.ends,
    )
    db.session.add(row)
    db.session.flush()
    return row


def ensure_default_rules(group_id: int, from_day: date) -> int:
    """Give a group the usual rules for kinds of facts it has none for; how many were added. Repeating adds none."""
    known = set(db.session.scalars(select(PublishedPointsRule.fact).where(PublishedPointsRule.group_id == group_id)))
    missing = [default for default in DEFAULTS if default[1] not in known]
    for rule in _defaults(missing, from_day):
        publish_rule(group_id, rule)
    return len(missing)


def _defaults(missing: Iterable[tuple[str, PointsFact, int, int]], day: date) -> Iterable[PointsRule]:
    for code, fact, points, per in missing:
        yield PointsRule(code=code, fact=fact, points=points, per=Fraction(per), published=day, starts=day)


def _as_rule(row: PublishedPointsRule) -> PointsRule:
    return PointsRule(row.code, row.fact, row.points, Fraction(row.per), row.published, row.starts, row.ends)
