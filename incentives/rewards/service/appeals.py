"""The employee's appeal: it holds a record back, or reverses what is posted, until somebody else decides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incentives import clock
from incentives.audit import service as audit
from incentives.core.access import Actor, Capability, Matter, Scope, refuse_approval, refuse_self, scope_at
from incentives.core.approval import RewardAction, RewardState
from incentives.core.errors import DomainError, NotAllowed, NotFound, Sentence, say
from incentives.db import db
from incentives.exchange.kept import Paper
from incentives.ledger import service as ledger
from incentives.people.service import staff
from incentives.periods import service as periods
from incentives.rewards.models import Appeal, Instrument, Purpose, RewardRecord
from incentives.rewards.service import evidence
from incentives.rewards.service.moving import locked, move
from incentives.rewards.service.profiles import allowed
from incentives.rewards.service.records import points_key, settle
from incentives.targets.service.workdays import after_workdays

ANSWER_WORKDAYS = 5
"""Working days within which an appeal is decided, before the head office may decide it too."""


def last_day(record: RewardRecord) -> date | None:
    """The last day to appeal: as the notice says, else by the province profile; none while nothing was decided."""
    if record.decided_on is None:
        return None
    if record.notice is not None and record.notice.last_day is not None:
        return record.notice.last_day
    days = allowed(record.store_id, record.decided_on).appeal_workdays
    return after_workdays(record.store_id, record.decided_on, days)


def may_appeal(record: RewardRecord, today: date) -> bool:
    """Whether the employee can still appeal."""
    last = last_day(record)
    counts = record.state in {RewardState.APPROVED, RewardState.POSTED}
    return counts and record.appeal is None and record.reverses_id is None and last is not None and today <= last


def appeal(record_id: int, *, employee_id: int, words: str, today: date, papers: Sequence[Paper] = ()) -> RewardRecord:
    """Appeal against a record about oneself, with files if there are any. A repeat of an open appeal does nothing.

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
    answer_by = after_workdays(record.store_id, today, ANSWER_WORKDAYS)
    record.appeal = Appeal(store_id=record.store_id, words=words, answer_by=answer_by, appealed_at=clock.now())
    evidence.attach([record], papers, purpose=Purpose.APPEAL, actor_id=employee_id)
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
    """Points are taken back by a line of the ledger, posted pay by a record that the next month's statement pays.

    What was taken for a loss is paid back by the next payroll, which sees that nothing is due any more.
    """
    if record.instrument is Instrument.LOSS:
        return
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
            cause=record.cause,
            key=f"reverses:{record.id}",
            created_at=clock.now(),
        )
    )


def may_decide(actor: Actor, record: RewardRecord, managers: Collection[int], today: date) -> bool:
    """Whether this person may decide the appeal."""
    return refusal_of(actor, record, managers, today) is None


def refusal_of(actor: Actor, record: RewardRecord, managers: Collection[int], today: date) -> Sentence | None:
    """Why somebody may not decide the appeal; nothing if he may."""
    try:
        _refuse(actor, record, managers, today)
    except NotAllowed as refusal:
        return refusal.sentence
    return None


def is_overdue(record: RewardRecord, today: date) -> bool:
    """Whether an appeal is undecided though its last day has passed: the head office may decide it then."""
    found = record.appeal
    return found is not None and found.decided_at is None and found.answer_by is not None and today > found.answer_by


def _refuse(actor: Actor, record: RewardRecord, managers: Collection[int], today: date) -> None:
    """Neither who made the record nor who approved it; the approver's superior may, as with anything of a manager's.

    An appeal that nobody decided in time may be decided by the head office, whomever it concerns.
    """
    refuse_self(actor.employee_id, record.maker_id, record.employee_id)
    refuse_self(actor.employee_id, record.approver_id, record.employee_id)
    is_chief = scope_at(actor, Capability.APPROVE_REWARDS, record.store_id) is Scope.GROUP
    if is_chief and is_overdue(record, today):
        return
    matter = Matter(record.store_id, record.approver_id, record.employee_id)
    refuse_approval(actor, Capability.APPROVE_REWARDS, matter, managers)


def decide(actor: Actor, store_id: int, record_id: int, *, granted: bool, answer: str, today: date) -> None:
    """Grant or dismiss an appeal with an answer. Granted, the record counts for nothing; dismissed, it counts again.

    Raises:
        DomainError: there is no answer.
        NotAllowed: the actor made, approved or profits from the record.
        Refused: there is no appeal to decide.
    """
    record = locked(store_id, record_id)
    _refuse(actor, record, staff.managers_of(store_id), today)
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
    """Everybody else hit by the same cause, whatever became of it: a won appeal looks at them too."""
    return [each for each in proposed_together(record) if each.decided_on is not None]


def proposed_together(record: RewardRecord) -> Sequence[RewardRecord]:
    """Every other record of the same cause and reason, decided or not, by id."""
    return (
        db.session.scalars(
            select(RewardRecord)
            .where(
                RewardRecord.store_id == record.store_id,
                RewardRecord.cause == record.cause,
                RewardRecord.reason_id == record.reason_id,
                RewardRecord.id != record.id,
                RewardRecord.reverses_id.is_(None),
            )
            .options(joinedload(RewardRecord.employee), joinedload(RewardRecord.appeal))
            .order_by(RewardRecord.id)
        )
        .unique()
        .all()
    )


def overturn(actor: Actor, store_id: int, record_id: int, *, because_id: int, words: str, today: date) -> None:
    """Overturn a record since an appeal against one with the same cause was won. A repeat does nothing.

    Raises:
        NotFound: the store has no such record, or the other has not the same cause.
        NotAllowed: the actor made, approved or profits from it.
        Refused: its own appeal is under way, or it counts for nothing anyway.
    """
    record, won = locked(store_id, record_id), locked(store_id, because_id)
    alike = (won.cause, won.reason_id) == (record.cause, record.reason_id)
    if not alike or won.state is not RewardState.OVERTURNED:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    _refuse(actor, record, staff.managers_of(store_id), today)
    was_posted = record.state is RewardState.POSTED
    comment = f"#{won.id} {words}".strip()
    if not move(record, RewardAction.OVERTURN, actor_id=actor.employee_id, comment=comment):
        return
    if was_posted:
        _reverse(record, actor.employee_id)
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {"because": (None, f"#{won.id}")}
    audit.record(
        "rewards.overturned", store_id=store_id, actor_id=actor.employee_id, subject=f"#{record.id}", changes=changes
    )
