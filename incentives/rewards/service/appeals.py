"""The employee's appeal: it holds a record back, or reverses what is posted, until somebody else decides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from incentives import clock
from incentives.audit import service as audit
from incentives.core.access import Actor, Capability, Matter, refuse_approval, refuse_self
from incentives.core.approval import RewardAction, RewardState
from incentives.core.errors import DomainError, NotAllowed, NotFound, say
from incentives.core.period import Span
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.people.service import staff
from incentives.periods import service as periods
from incentives.rewards.models import Appeal, Instrument, RewardRecord
from incentives.rewards.service.moving import locked, move
from incentives.rewards.service.records import points_key, settle
from incentives.targets.service.workdays import is_statutory_workday, overrides

APPEAL_WORKDAYS = 5
"""Working days, from the day after the decision, within which an employee may appeal (product.md §8)."""
_LONGEST_WAIT = timedelta(days=60)
"""No run of holidays stretches five working days beyond this."""


def last_day(record: RewardRecord) -> date | None:
    """The last day to appeal; none while nothing was decided."""
    if record.decided_on is None:
        return None
    span = Span(record.decided_on + timedelta(days=1), record.decided_on + _LONGEST_WAIT)
    said = overrides(record.store_id, span)
    worked = [day for day in span.each_day() if said.get(day, is_statutory_workday(day))]
    return worked[APPEAL_WORKDAYS - 1] if len(worked) >= APPEAL_WORKDAYS else span.end


def may_appeal(record: RewardRecord, today: date) -> bool:
    """Whether the employee can still appeal."""
    last = last_day(record)
    counts = record.state in {RewardState.APPROVED, RewardState.POSTED}
    return counts and record.appeal is None and record.reverses_id is None and last is not None and today <= last


def appeal(record_id: int, *, employee_id: int, words: str, today: date) -> RewardRecord:
    """Appeal against a record about oneself. A repeat of an open appeal does nothing.

    Raises:
        NotFound: there is no such record about this person.
        DomainError: no words, too late, or an appeal was decided before.
        Refused: the record is in no state for it.
    """
    record = _own(record_id, employee_id)
    if record.appeal is not None and record.appeal.decided_at is None:
        return record
    if not words:
        raise DomainError(say("Say what is wrong: somebody else will read it and decide."))
    if record.appeal is not None or record.reverses_id is not None:
        raise DomainError(say("An appeal against this was decided already."))
    last = last_day(record)
    if last is not None and today > last:
        raise DomainError(say("The last day to appeal was {day}.", day=last.isoformat()))
    move(record, RewardAction.APPEAL, actor_id=employee_id, comment=words)
    record.appeal = Appeal(store_id=record.store_id, words=words, appealed_at=clock.now())
    if record.state is RewardState.REVERSED:
        _reverse(record, employee_id)
    db.session.flush()
    audit.record("rewards.appealed", store_id=record.store_id, actor_id=employee_id, subject=f"#{record.id}")
    return record


def _own(record_id: int, employee_id: int) -> RewardRecord:
    store_id = db.session.scalar(
        select(RewardRecord.store_id).where(RewardRecord.id == record_id, RewardRecord.employee_id == employee_id)
    )
    if store_id is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return locked(store_id, record_id)


def _reverse(record: RewardRecord, actor_id: int) -> None:
    """Points are taken back by a line of the ledger, posted pay by a record that the next month's statement pays."""
    if record.instrument is Instrument.POINTS:
        why = say("Reversed by an appeal: {what}", what=record.says)
        ledger.take_back(points_key(record), why=why, maker_id=actor_id)
        return
    month = periods.first_open_month(record.store_id, record.month)
    db.session.add(
        RewardRecord(
            store_id=record.store_id,
            employee_id=record.employee_id,
            month=month,
            business_date=month.first,
            pay_month=month,
            reason_id=record.reason_id,
            instrument=Instrument.PAY,
            amount=None if record.amount is None else -record.amount,
            conduct=record.conduct,
            state=RewardState.APPROVED,
            reverses_id=record.id,
            key=f"reverses:{record.id}",
            created_at=clock.now(),
        )
    )


def may_decide(actor: Actor, record: RewardRecord, managers: Collection[int]) -> bool:
    """Whether this person may decide the appeal."""
    try:
        _refuse(actor, record, managers)
    except NotAllowed:
        return False
    return True


def _refuse(actor: Actor, record: RewardRecord, managers: Collection[int]) -> None:
    """Neither who made the record nor who approved it; the approver's superior may, as with anything of a manager's."""
    refuse_self(actor.employee_id, record.maker_id, record.employee_id)
    matter = Matter(record.store_id, record.approver_id, record.employee_id)
    refuse_approval(actor, Capability.APPROVE_REWARDS, matter, managers)


def decide(actor: Actor, store_id: int, record_id: int, *, granted: bool, answer: str) -> None:
    """Grant or dismiss an appeal with an answer. Granted, the record counts for nothing; dismissed, it counts again.

    Raises:
        DomainError: there is no answer.
        NotAllowed: the actor made, approved or profits from the record.
        Refused: there is no appeal to decide.
    """
    record = locked(store_id, record_id)
    _refuse(actor, record, staff.managers_of(store_id))
    if not answer:
        raise DomainError(say("Answer the appeal: the employee reads it."))
    was_posted = record.state is RewardState.REVERSED
    action = RewardAction.GRANT_APPEAL if granted else RewardAction.DISMISS_APPEAL
    if not move(record, action, actor_id=actor.employee_id, comment=answer) or record.appeal is None:
        return
    record.appeal.granted, record.appeal.answer = granted, answer
    record.appeal.decided_by, record.appeal.decided_at = actor.employee_id, clock.now()
    if not granted:
        _count_again(record, actor.employee_id, was_posted=was_posted)
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {"granted": (None, granted)}
    audit.record(
        "rewards.appeal_decided",
        store_id=store_id,
        actor_id=actor.employee_id,
        subject=f"#{record.id}",
        changes=changes,
    )


def _count_again(record: RewardRecord, actor_id: int, *, was_posted: bool) -> None:
    """A dismissed appeal: the record is posted again, unless its reversal was not paid yet and can be dropped."""
    reversal = db.session.scalars(
        select(RewardRecord).where(RewardRecord.reverses_id == record.id).with_for_update()
    ).one_or_none()
    if was_posted and reversal is not None and not reversal.postings:
        move(reversal, RewardAction.APPEAL, actor_id=actor_id)
        move(reversal, RewardAction.GRANT_APPEAL, actor_id=actor_id)
        move(record, RewardAction.POST, actor_id=actor_id)
        return
    settle(record, actor_id=actor_id)


def hit_alike(record: RewardRecord) -> Sequence[RewardRecord]:
    """Others of the same reason in the same month whose records still count: a won appeal looks at them too."""
    return db.session.scalars(
        select(RewardRecord)
        .where(
            RewardRecord.store_id == record.store_id,
            RewardRecord.reason_id == record.reason_id,
            RewardRecord.month == record.month,
            RewardRecord.id != record.id,
            RewardRecord.state.in_([RewardState.APPROVED, RewardState.POSTED]),
        )
        .order_by(RewardRecord.id)
    ).all()
