"""Statements behind the lists of rewards and penalties, and what a month still lacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from incentives.core.access import Actor, Capability, may
from incentives.core.approval import RewardState
from incentives.core.errors import NotFound, say
from incentives.core.period import Month
from incentives.db import db
from incentives.periods.checks import Lack
from incentives.rewards.models import Evidence, RewardEvent, RewardNotice, RewardRecord

COUNTING = (RewardState.APPROVED, RewardState.POSTED)
UNDER_APPEAL = (RewardState.HELD, RewardState.REVERSED)


WHOLE = (
    joinedload(RewardRecord.appeal),
    joinedload(RewardRecord.claim),
    joinedload(RewardRecord.notice),
    selectinload(RewardRecord.evidence).joinedload(Evidence.adder),
)
"""What the page of a record tells beyond the record itself."""


UNRECEIVED = (
    exists()
    .where(RewardNotice.record_id == RewardRecord.id, RewardNotice.received_on.is_(None))
    .correlate(RewardRecord)
)
"""Whether a written notice was issued whose receipt nobody has confirmed."""


def records_of(store_id: int) -> Select[RewardRecord]:
    """All records of a store with person and reason."""
    return (
        select(RewardRecord)
        .join(RewardRecord.employee)
        .where(RewardRecord.store_id == store_id)
        .options(contains_eager(RewardRecord.employee), joinedload(RewardRecord.reason))
    )


def records_about(employee_id: int) -> Select[RewardRecord]:
    """What was decided about a person; what is only proposed is nobody's business yet."""
    undecided = (RewardState.DRAFT, RewardState.SUBMITTED, RewardState.REJECTED, RewardState.WITHDRAWN)
    return (
        select(RewardRecord)
        .where(RewardRecord.employee_id == employee_id, RewardRecord.state.not_in(undecided))
        .options(joinedload(RewardRecord.reason), joinedload(RewardRecord.notice))
    )


def own(employee_id: int, record_id: int) -> RewardRecord:
    """A record about oneself, whole.

    Raises:
        NotFound: nothing of that id was decided about this person.
    """
    found = db.session.scalars(
        records_about(employee_id)
        .where(RewardRecord.id == record_id)
        .options(*WHOLE, selectinload(RewardRecord.events).joinedload(RewardEvent.actor))
    ).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def current(record: RewardRecord) -> list[Evidence]:
    """The files of a record that no other has taken the place of."""
    older = {each.supersedes_id for each in record.evidence}
    return [each for each in record.evidence if each.id not in older]


def waiting(store_id: int) -> Sequence[RewardRecord]:
    """What waits for a decision: proposals and appeals, oldest first."""
    open_states = (RewardState.SUBMITTED, *UNDER_APPEAL)
    return db.session.scalars(
        records_of(store_id)
        .where(RewardRecord.state.in_(open_states))
        .options(joinedload(RewardRecord.appeal))
        .order_by(RewardRecord.id)
    ).all()


def months_of(store_id: int) -> list[Month]:
    """The months that hold records of a store, latest first."""
    found = select(RewardRecord.month).where(RewardRecord.store_id == store_id).distinct()
    return sorted(db.session.scalars(found), reverse=True)


def record_for(actor: Actor, store_id: int, record_id: int) -> RewardRecord:
    """A record with its history, for those who may see it: who decides, its maker, and once decided whom it is about.

    Raises:
        NotFound: there is none, or it is not for this person.
    """
    found = db.session.scalars(
        records_of(store_id)
        .where(RewardRecord.id == record_id)
        .options(
            joinedload(RewardRecord.maker),
            *WHOLE,
            selectinload(RewardRecord.events).joinedload(RewardEvent.actor),
        )
    ).one_or_none()
    if found is None or not _may_see(actor, found):
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def _may_see(actor: Actor, record: RewardRecord) -> bool:
    if record.employee_id == actor.employee_id:
        return record.decided_on is not None or record.reverses_id is not None
    decides = may(actor, Capability.APPROVE_REWARDS, store_id=record.store_id)
    return decides or record.maker_id == actor.employee_id


def lacking(store_id: int, month: Month) -> Iterable[Lack]:
    """Proposals of the month that nobody decided, and appeals that would be paid in it."""
    in_month = or_(RewardRecord.month == month, RewardRecord.pay_month == month)
    rows = db.session.execute(
        select(RewardRecord.state, func.count())
        .where(
            RewardRecord.store_id == store_id,
            in_month,
            RewardRecord.state.in_((RewardState.SUBMITTED, *UNDER_APPEAL)),
        )
        .group_by(RewardRecord.state)
    )
    counts = {state: int(count) for state, count in rows}
    yield Lack(say("Rewards and penalties to decide"), counts.get(RewardState.SUBMITTED, 0), "rewards.waiting")
    yield Lack(say("Open appeals"), sum(counts.get(state, 0) for state in UNDER_APPEAL), "rewards.waiting")
