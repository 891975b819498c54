"""A rule of the house that concerns the advisers of a store, as a room above would say it."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import literal, null, or_, select

from incentives.adoptions.concern import KEY, offer_concern
from incentives.adoptions.models import Adoption, Subject, Way
from incentives.adoptions.service import adopting
from incentives.adoptions.service.adopting import Consultation, Rule
from incentives.core.errors import say
from incentives.db import db
from incentives.people.models import Employee, Position, Posting
from tests.conftest import Cast

TODAY = date(2026, 11, 16)
RULE_ID = 7


@pytest.fixture(autouse=True)
def _advisers(app: Flask) -> None:
    """The rule concerns whoever is an adviser, and nothing else is asked."""
    app.extensions[KEY] = {}
    offer_concern(
        app,
        Subject.REWARD_REASON,
        lambda day: (
            select(
                literal(RULE_ID).label("subject_id"),
                Posting.store_id,
                Posting.employee_id,
                Posting.first_day.label("since_day"),
                null().label("since_month"),
            )
            .join(Position, Position.id == Posting.position_id)
            .join(Employee, Employee.id == Posting.employee_id)
            .where(
                Position.code == "adviser",
                Posting.first_day <= day,
                or_(Posting.last_day.is_(None), Posting.last_day >= day),
                or_(Employee.left_on.is_(None), Employee.left_on >= day),
            )
        ),
    )


def rule(*words: str, subject_id: int = RULE_ID) -> Rule:
    said = words or ("Whoever is late twice gets no bonus.",)
    return Rule(Subject.REWARD_REASON, subject_id, say("Lateness"), [say("{words}", words=each) for each in said])


def heard(
    *,
    consulted: str = "全体服务顾问；员工代表兰芳",
    consulted_on: date = date(2026, 11, 10),
    published_on: date = date(2026, 11, 12),
    published_where: str = "前台公告栏",
    counts_from: date = TODAY,
) -> Consultation:
    return Consultation(consulted, Way.MEETING, consulted_on, published_on, published_where, counts_from)


def adopted(cast: Cast, *words: str, counts_from: date = TODAY) -> Adoption:
    found = adopting.adopt(cast.east.id, rule(*words), heard(counts_from=counts_from), actor_id=cast.ma.id)
    db.session.commit()
    return found
