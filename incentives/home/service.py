"""What somebody finds on the start page: the own month at a glance, and what waits for him."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from incentives import clock
from incentives.adoptions.service.acknowledging import count_missing, count_waiting
from incentives.commissions.models import PayLine, PayPlan, PlanVersion
from incentives.commissions.service import calculation
from incentives.core.access import Actor, Capability, may
from incentives.core.approval import MonthState, PlanState, ProposalState, RewardState
from incentives.core.errors import Sentence, say
from incentives.core.inspection import FindingState
from incentives.core.money import ZERO, Money
from incentives.core.period import Month
from incentives.db import db
from incentives.inspections.models import Finding
from incentives.leaderboards.service.showing import Shown, show
from incentives.ledger import service as ledger
from incentives.payroll.models import Statement, StatementState
from incentives.payroll.service import questioning, waiting
from incentives.people.models import Store
from incentives.periods.models import BusinessMonth
from incentives.periods.service import state_at
from incentives.rewards.models import RewardNotice, RewardRecord
from incentives.targets.models import Target
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
    return MyMonth(earned or ZERO, waiting, score, board, store.show_ranks)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for this person, and the page where it is done."""

    sentence: Sentence
    count: int
    endpoint: str
    arguments: tuple[tuple[str, str], ...] = ()


ONLY_WAITING = {"rewards.mine": (("notice", "open"),), "payroll.questions": (("state", "open"),)}
"""What a list is asked to show when it is opened for what waits in it."""


def waiting_for(actor: Actor, store: Place) -> list[Waiting]:
    """What this person has to decide, answer or look at in a store; two queries."""
    found = [*_months(actor, store), *_counted(actor, store)]
    return [each for each in found if each.count]


def _counted(actor: Actor, store: Place) -> Iterator[Waiting]:
    """Everything that is just a count, asked for in one query."""
    today = clock.today(store.zone)
    open_, answered = _finding(store, FindingState.OPEN), _finding(store, FindingState.ANSWERED)
    asked = [
        (None, open_.where(Finding.owner_id == actor.employee_id), say("6S findings to put right"), "inspections.mine"),
        (Capability.INSPECT, answered, say("6S findings to re-check"), "inspections.findings"),
        (Capability.APPROVE_REWARDS, _rewards(actor, store), say("Rewards and penalties to decide"), "rewards.waiting"),
        (Capability.APPROVE_REWARDS, _appeals(actor, store), say("Appeals to decide"), "rewards.waiting"),
        (None, _notices(actor), say("Notices of penalties whose receipt you confirm"), "rewards.mine"),
        (Capability.SET_TARGETS, _proposals(actor, store), say("Target changes to decide"), "targets.proposals"),
        (
            Capability.ANSWER_QUESTIONS,
            _questions(actor, store),
            say("Questions about pay to answer"),
            "payroll.questions",
        ),
        (None, _answers(actor, store), say("Answers to your questions about pay"), "payroll.my_questions"),
        (None, _held(actor), say("Statements of yours that are held"), "payroll.my_statement"),
        (
            Capability.APPROVE_MONTH,
            waiting.supplements_to_decide(actor, store.id),
            say("Supplements to approve"),
            "payroll.supplements",
        ),
        (
            Capability.REOPEN_MONTH,
            waiting.reopenings_to_decide(actor, store.id),
            say("Reopenings to decide"),
            "payroll.months",
        ),
        (
            Capability.APPROVE_PLANS,
            _plans(store, PlanState.SUBMITTED),
            say("Pay plans to approve"),
            "commissions.index",
        ),
        (Capability.DRAFT_PLANS, _plans(store, PlanState.APPROVED), say("Pay plans to adopt"), "commissions.index"),
        (
            None,
            count_waiting(actor.employee_id, today),
            say("Plans and rules to read and acknowledge"),
            "adoptions.mine",
        ),
    ]
    mine = [(count, sentence, page) for need, count, sentence, page in asked if _may(actor, need, store)]
    counts = db.session.execute(select(*(count.scalar_subquery() for count, _sentence, _page in mine))).one()
    for (_count, sentence, page), count in zip(mine, counts, strict=True):
        yield Waiting(sentence, count, page, ONLY_WAITING.get(page, ()))


def _may(actor: Actor, need: Capability | None, store: Place) -> bool:
    return need is None or may(actor, need, store_id=store.id)


def _finding(store: Place, state: FindingState) -> Select[int]:
    return select(func.count(Finding.id)).where(Finding.store_id == store.id, Finding.state == state)


def _rewards(actor: Actor, store: Place) -> Select[int]:
    """Those submitted that are neither one's own nor about oneself."""
    return select(func.count(RewardRecord.id)).where(
        RewardRecord.store_id == store.id,
        RewardRecord.state == RewardState.SUBMITTED,
        RewardRecord.employee_id != actor.employee_id,
        or_(RewardRecord.maker_id.is_(None), RewardRecord.maker_id != actor.employee_id),
    )


def _appeals(actor: Actor, store: Place) -> Select[int]:
    """Those under way that are neither about oneself nor against what one proposed or approved."""
    return select(func.count(RewardRecord.id)).where(
        RewardRecord.store_id == store.id,
        RewardRecord.state.in_([RewardState.HELD, RewardState.REVERSED]),
        RewardRecord.employee_id != actor.employee_id,
        or_(RewardRecord.maker_id.is_(None), RewardRecord.maker_id != actor.employee_id),
        RewardRecord.approver_id != actor.employee_id,
    )


def _notices(actor: Actor) -> Select[int]:
    """Written notices to oneself whose receipt is not confirmed."""
    return (
        select(func.count(RewardNotice.id))
        .join(RewardRecord, RewardRecord.id == RewardNotice.record_id)
        .where(RewardRecord.employee_id == actor.employee_id, RewardNotice.received_on.is_(None))
    )


def _proposals(actor: Actor, store: Place) -> Select[int]:
    return select(func.count(Target.id)).where(
        Target.store_id == store.id, Target.state == ProposalState.PROPOSED, Target.maker_id != actor.employee_id
    )


def _questions(actor: Actor, store: Place) -> Select[int]:
    return questioning.to_answer(actor, store.id, clock.today(store.zone))


def _answers(actor: Actor, store: Place) -> Select[int]:
    return questioning.answers_to_read(actor.employee_id, clock.today(store.zone))


def _held(actor: Actor) -> Select[int]:
    """Statements of one's own that are held, in the latest round of their month."""
    newer = aliased(Statement)
    later = exists().where(
        newer.store_id == Statement.store_id, newer.month == Statement.month, newer.round > Statement.round
    )
    return select(func.count(Statement.id)).where(
        Statement.employee_id == actor.employee_id, Statement.state == StatementState.HELD, ~later
    )


def _plans(store: Place, state: PlanState) -> Select[int]:
    return (
        select(func.count(PlanVersion.id))
        .join(PayPlan, PayPlan.id == PlanVersion.plan_id)
        .where(PayPlan.store_id == store.id, PlanVersion.state == state)
    )


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
                waiting.decided_by(actor, store.id, Statement.employee_id),
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


def state_and_missing(store_id: int, month: Month, day: date) -> tuple[MonthState, int]:
    """What state a store's month is in, and how many acknowledgements are still missing on a day; one query."""
    missing = count_missing(store_id, day).scalar_subquery()
    state, count = db.session.execute(select(state_at(store_id, month).scalar_subquery(), missing)).one()
    return MonthState(state or MonthState.OPEN), count


def stores_of(actor: Actor) -> list[Store]:
    """Every store of the group."""
    return list(db.session.scalars(select(Store).where(Store.group_id == actor.group_id).order_by(Store.code)))
