"""What somebody finds on the start page: the own month at a glance, and what waits for him."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import ColumnElement, and_, exists, func, select

from incentives.commissions.models import PayLine, PayPlan, PlanVersion
from incentives.commissions.service import calculation
from incentives.core.access import Actor, Capability, Role, may
from incentives.core.approval import MonthState, PlanState
from incentives.core.errors import Sentence, say
from incentives.core.money import ZERO, Money
from incentives.core.period import Month
from incentives.db import db
from incentives.leaderboards.service.showing import Shown, show
from incentives.ledger import service as ledger
from incentives.payroll.models import Statement, StatementState
from incentives.people.models import RoleGrant, Store
from incentives.periods.models import BusinessMonth
from incentives.web.hooks import Place

SCORE = "score"
HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class MyMonth:
    """One's own month: earned so far (an estimate), the score, and the place among colleagues."""

    earned: Money
    waiting_lines: int
    score: Fraction | None
    board: Shown
    ranks: bool

    @property
    def to_go(self) -> Fraction | None:
        """Points of score that are missing to the next better place."""
        mine = self.board.mine
        return None if mine is None or mine.to_go is None else Fraction(mine.to_go, HUNDREDTHS)

    @property
    def ratio(self) -> Fraction | None:
        """The score as a part of a hundred; none without one."""
        return None if self.score is None else self.score / HUNDREDTHS


def my_month(actor: Actor, store: Place, month: Month) -> MyMonth:
    """A handful of queries, however many colleagues there are."""
    calculation.freshen(store.id, month)
    earned, waiting = db.session.execute(
        select(
            func.sum(PayLine.amount),
            func.count().filter(PayLine.explanation.is_(None)),
        ).where(PayLine.store_id == store.id, PayLine.month == month, PayLine.employee_id == actor.employee_id)
    ).one()
    head = ledger.head(SCORE, str(month), ledger.store_scope(store.id), actor.employee_id)
    board = show(head, actor.employee_id)
    score = None if board.mine is None else Fraction(board.mine.place.value, HUNDREDTHS)
    ranks = db.session.scalar(select(Store.show_ranks).where(Store.id == store.id))
    return MyMonth(earned or ZERO, waiting, score, board, bool(ranks))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for this person, and the page where it is done."""

    sentence: Sentence
    count: int
    endpoint: str
    arguments: tuple[tuple[str, str], ...] = ()


def waiting_for(actor: Actor, store: Place) -> list[Waiting]:
    """What this person has to decide in a store; two queries at most."""
    found = [*_months(actor, store), *_plans(actor, store)]
    return [each for each in found if each.count]


def _months(actor: Actor, store: Place) -> Iterator[Waiting]:
    if not may(actor, Capability.READ_STATEMENTS, store_id=store.id):
        return
    rows = db.session.execute(
        select(BusinessMonth.month, BusinessMonth.state, func.count(Statement.id))
        .outerjoin(
            Statement,
            and_(
                Statement.store_id == BusinessMonth.store_id,
                Statement.month == BusinessMonth.month,
                Statement.state == StatementState.WAITING,
                _decided_by(actor, store),
            ),
        )
        .where(
            BusinessMonth.store_id == store.id,
            BusinessMonth.state.in_([MonthState.IN_REVIEW, MonthState.APPROVED]),
        )
        .group_by(BusinessMonth.month, BusinessMonth.state)
        .order_by(BusinessMonth.month)
    )
    for month, state, count in rows:
        where = (("month", str(month)),)
        if state is MonthState.IN_REVIEW and may(actor, Capability.APPROVE_MONTH, store_id=store.id):
            yield Waiting(say("Statements of {month} to approve", month=str(month)), count, "payroll.review", where)
        elif state is MonthState.APPROVED and may(actor, Capability.CLOSE_MONTH, store_id=store.id):
            yield Waiting(say("{month} is approved and can be closed", month=str(month)), 1, "payroll.review", where)


def _decided_by(actor: Actor, store: Place) -> ColumnElement[bool]:
    """A manager decides everybody's but his own; the head office only the managers'."""
    of_a_manager = exists().where(
        RoleGrant.employee_id == Statement.employee_id,
        RoleGrant.store_id == store.id,
        RoleGrant.role == Role.MANAGER,
    )
    if actor.has_role(Role.MANAGER, store.id):
        return Statement.employee_id != actor.employee_id
    return of_a_manager


def _plans(actor: Actor, store: Place) -> Iterator[Waiting]:
    if not may(actor, Capability.APPROVE_PLANS, store_id=store.id):
        return
    count = db.session.scalar(
        select(func.count(PlanVersion.id))
        .join(PayPlan, PayPlan.id == PlanVersion.plan_id)
        .where(PayPlan.store_id == store.id, PlanVersion.state == PlanState.SUBMITTED)
    )
    yield Waiting(say("Pay plans to approve"), count or 0, "commissions.index")


def stores_of(actor: Actor) -> list[Store]:
    """Every store of the group."""
    return list(db.session.scalars(select(Store).where(Store.group_id == actor.group_id).order_by(Store.code)))
