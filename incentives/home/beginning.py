"""From empty to running: what a store still needs, in the order in which it is done."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from incentives.commissions.models import PayPlan, PlanAssignment, PlanVersion
from incentives.core.approval import PlanState
from incentives.core.errors import Sentence, say
from incentives.db import db
from incentives.inspections.models import Area
from incentives.people.models import Account, Posting, RoleGrant
from incentives.targets.models import Target
from incentives.training.models import Quota


@dataclass(frozen=True, slots=True)
class SetupStep:
    """A step of setting a store up: how much of it is there, and the page where it is done."""

    sentence: Sentence
    count: int
    endpoint: str


def setup_steps(store_id: int) -> list[SetupStep]:
    """Every step with what is there already; one query."""
    asked = [
        (say("People on the staff"), func.count(Posting.employee_id.distinct()), Posting.store_id, "people.staff"),
        (say("Roles given"), func.count(RoleGrant.id), RoleGrant.store_id, "people.accounts"),
        (say("Targets set"), func.count(Target.id), Target.store_id, "targets.table"),
        (say("Training quotas set"), func.count(Quota.id), Quota.store_id, "training.quotas"),
        (say("6S areas opened"), func.count(Area.id), Area.store_id, "inspections.areas"),
        (
            say("People or positions paid by a plan"),
            func.count(PlanAssignment.id),
            PlanAssignment.store_id,
            "commissions.index",
        ),
    ]
    counts = [select(count).where(column == store_id).scalar_subquery() for _s, count, column, _e in asked]
    accounts = (
        select(func.count(Account.id))
        .join(Posting, Posting.employee_id == Account.employee_id)
        .where(Posting.store_id == store_id)
        .scalar_subquery()
    )
    published = (
        select(func.count(PlanVersion.id))
        .join(PayPlan, PayPlan.id == PlanVersion.plan_id)
        .where(PayPlan.store_id == store_id, PlanVersion.state == PlanState.ADOPTED)
        .scalar_subquery()
    )
    found = db.session.execute(select(*counts, accounts, published)).one()
    steps = [SetupStep(sentence, found[place], page) for place, (sentence, _count, _column, page) in enumerate(asked)]
    return [
        *steps[:2],
        SetupStep(say("Accounts opened"), found[-2], "people.accounts"),
        *steps[2:],
        SetupStep(say("Pay plans adopted"), found[-1], "commissions.index"),
    ]
