"""Propose rewards and penalties, approve, reject and withdraw them. Points are posted at once, pay with its month."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from incentives import clock
from incentives.audit import service as audit
from incentives.core.access import Actor, Capability, Matter, refuse_approval, refuse_for_self
from incentives.core.approval import RewardAction, RewardState
from incentives.core.errors import DomainError, NotAllowed, Sentence, say
from incentives.core.money import ZERO, Money
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.people.service import staff
from incentives.periods import service as periods
from incentives.rewards.models import Direction, Instrument, ReasonCode, RewardRecord
from incentives.rewards.service.moving import locked, move
from incentives.rewards.service.reasons import MOST_PAY, MOST_POINTS, reason_of, refuse_instrument

SOURCE = "reward"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes. Figures are positive, the reason gives the sign; just the instrument's own counts.

    ``token`` is made with the form, so that a button pressed twice proposes once.
    """

    employee_id: int
    reason_id: int
    day: date
    instrument: Instrument
    points: int | None
    amount: Money | None
    note: str
    token: str
    evidence: str = ""


def propose(store_id: int, proposal: Proposal, *, maker_id: int, today: date) -> RewardRecord:
    """Submit a reward or penalty for approval. The same token again gives the record that is there.

    Raises:
        NotAllowed: it is about the maker.
        NotFound: the person never worked here, or there is no such reason.
        DomainError: the day, the figure or the instrument will not do, or the month takes no more facts.
    """
    key = f"form:{maker_id}:{proposal.token}"
    found = db.session.scalars(select(RewardRecord).where(RewardRecord.key == key)).one_or_none()
    if found is not None:
        return found
    refuse_for_self(maker_id, proposal.employee_id)
    reason = reason_of(store_id, proposal.reason_id)
    _require_sensible(store_id, proposal, reason, today)
    record = submit(
        store_id,
        reason,
        proposal.employee_id,
        proposal.day,
        Figure(proposal.instrument, proposal.points, proposal.amount),
        Origin(key=key, maker_id=maker_id, note=proposal.note, evidence=proposal.evidence),
    )
    changes: dict[str, tuple[object, object]] = {"reason": (None, reason.code), "employee": (None, record.employee_id)}
    audit.record("rewards.proposed", store_id=store_id, actor_id=maker_id, subject=f"#{record.id}", changes=changes)
    return record


def _require_sensible(store_id: int, proposal: Proposal, reason: ReasonCode, today: date) -> None:
    staff.employee_of(store_id, proposal.employee_id)
    posting = staff.posting_on(proposal.employee_id, proposal.day)
    if posting is None or posting.store_id != store_id:
        raise DomainError(say("The person did not work here on that day."))
    if proposal.day > today:
        raise DomainError(say("The day lies in the future."))
    if not reason.active:
        raise DomainError(say("This reason is no longer in use."))
    refuse_instrument(reason, proposal.instrument, proposal.day)
    _require_figure(proposal)
    periods.require_open(store_id, Month.of(proposal.day))


def _require_figure(proposal: Proposal) -> None:
    if proposal.instrument is Instrument.POINTS:
        if proposal.points is None or not 0 < proposal.points <= MOST_POINTS:
            raise DomainError(say("Points lie between 1 and {most}.", most=MOST_POINTS))
    elif proposal.amount is None or not ZERO < proposal.amount <= MOST_PAY:
        raise DomainError(say("The amount lies between 0.01 and {most} yuan.", most=str(MOST_PAY)))


@dataclass(frozen=True, slots=True)
class Figure:
    """An instrument with its own figure, without a sign."""

    instrument: Instrument
    points: int | None = None
    amount: Money | None = None

    def signed(self, direction: Direction) -> Figure:
        """With the sign of the direction, and without the other instrument's figure."""
        sign = 1 if direction is Direction.REWARD else -1
        if self.instrument is Instrument.POINTS:
            return Figure(self.instrument, points=sign * (self.points or 0))
        amount = self.amount or ZERO
        return Figure(self.instrument, amount=amount if sign > 0 else -amount)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record comes from: its key, and a person with words and a picture, or a rule that explains itself."""

    key: str
    maker_id: int | None = None
    note: str = ""
    evidence: str = ""
    explanation: Sentence | None = None


def submit(
    store_id: int, reason: ReasonCode, employee_id: int, day: date, figure: Figure, origin: Origin
) -> RewardRecord:
    """Write a record down as submitted."""
    signed = figure.signed(reason.direction)
    record = RewardRecord(
        store_id=store_id,
        employee_id=employee_id,
        month=Month.of(day),
        business_date=day,
        reason=reason,
        instrument=signed.instrument,
        points=signed.points,
        amount=signed.amount,
        note=origin.note,
        evidence=origin.evidence,
        conduct=reason.conduct,
        explanation=None if origin.explanation is None else origin.explanation.as_plain(),
        maker_id=origin.maker_id,
        state=RewardState.DRAFT,
        key=origin.key,
        created_at=clock.now(),
    )
    db.session.add(record)
    db.session.flush()
    move(record, RewardAction.SUBMIT, actor_id=origin.maker_id)
    return record


def may_decide(actor: Actor, record: RewardRecord, managers: Collection[int]) -> bool:
    """Whether this person may approve or reject the record."""
    try:
        _refuse(actor, record, managers)
    except NotAllowed:
        return False
    return True


def _refuse(actor: Actor, record: RewardRecord, managers: Collection[int]) -> None:
    matter = Matter(record.store_id, record.maker_id, record.employee_id)
    refuse_approval(actor, Capability.APPROVE_REWARDS, matter, managers)


def approve(actor: Actor, store_id: int, ids: Collection[int], *, today: date, comment: str = "") -> int:
    """Approve records, all or none; returns how many were new. Points count at once.

    Raises:
        NotFound: one is not the store's.
        NotAllowed: the actor may not decide one of them.
        Refused: one is in no state for it.
    """
    managers = staff.managers_of(store_id)
    new = [
        record
        for record in (locked(store_id, each) for each in sorted(set(ids)))
        if _approve_one(actor, record, managers, today, comment)
    ]
    if new:
        subject = " ".join(f"#{record.id}" for record in new)
        audit.record("rewards.approved", store_id=store_id, actor_id=actor.employee_id, subject=subject)
    return len(new)


def _approve_one(actor: Actor, record: RewardRecord, managers: Collection[int], today: date, comment: str) -> bool:
    _refuse(actor, record, managers)
    # What was posted at once is approved already: a second press of the button finds nothing to do.
    if record.state is RewardState.POSTED and record.approver_id is not None:
        return False
    if not move(record, RewardAction.APPROVE, actor_id=actor.employee_id, comment=comment):
        return False
    record.approver_id, record.decided_on = actor.employee_id, today
    settle(record, actor_id=actor.employee_id)
    return True


def settle(record: RewardRecord, *, actor_id: int | None) -> None:
    """Post the points of an approved record, or leave its pay to the statements of the first month that takes it."""
    if record.instrument is Instrument.PAY:
        month = record.month
        is_open = periods.is_open(record.store_id, month)
        record.pay_month = month if is_open else periods.first_open_month(record.store_id, month)
        db.session.flush()
        return
    record.postings += 1
    ledger.post_points([_line(record, actor_id)])
    move(record, RewardAction.POST, actor_id=actor_id)


def points_key(record: RewardRecord) -> str:
    """What the ledger knows the latest posting of a record by."""
    return f"{SOURCE}:{record.id}:{record.postings}"


def _line(record: RewardRecord, actor_id: int | None) -> ledger.NewPoints:
    return ledger.NewPoints(
        key=points_key(record),
        store_id=record.store_id,
        employee_id=record.employee_id,
        day=record.business_date,
        points=record.points or 0,
        what=record.says,
        source_kind=SOURCE,
        source_id=record.id,
        maker_id=actor_id,
    )


def reject(actor: Actor, store_id: int, record_id: int, *, comment: str, today: date) -> None:
    """Reject a record with a reason. A repeat does nothing.

    Raises:
        DomainError: there is no reason.
        NotAllowed: the actor may not decide it.
        Refused: it is in no state for it.
    """
    record = locked(store_id, record_id)
    _refuse(actor, record, staff.managers_of(store_id))
    if not comment:
        raise DomainError(say("Say why: the reason is kept with the record."))
    if move(record, RewardAction.REJECT, actor_id=actor.employee_id, comment=comment):
        record.approver_id, record.decided_on = actor.employee_id, today
        db.session.flush()
        _note("rewards.rejected", record, actor.employee_id)


def withdraw(store_id: int, record_id: int, *, actor_id: int, comment: str = "") -> None:
    """The maker takes a record back that nobody decided yet. A repeat does nothing.

    Raises:
        NotAllowed: somebody else made it.
        Refused: it is in no state for it.
    """
    record = locked(store_id, record_id)
    if record.maker_id != actor_id:
        raise NotAllowed(say("Only the person who proposed it can withdraw it."))
    if move(record, RewardAction.WITHDRAW, actor_id=actor_id, comment=comment):
        _note("rewards.withdrawn", record, actor_id)


def _note(act: str, record: RewardRecord, actor_id: int) -> None:
    audit.record(act, store_id=record.store_id, actor_id=actor_id, subject=f"#{record.id}")
