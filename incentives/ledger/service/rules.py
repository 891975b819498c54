"""The published points rules of a group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from sqlalchemy import select

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
    statement = (
        select(PublishedPointsRule)
        .join(Store, Store.group_id == PublishedPointsRule.group_id)
        .where(Store.id == store_id)
        .order_by(PublishedPointsRule.code)
    )
    return [_as_rule(row) for row in db.session.scalars(statement)]


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
