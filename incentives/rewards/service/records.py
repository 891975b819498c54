"""Propose rewards and penalties, approve, reject and withdraw them. Points are posted at once, pay with its month."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
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
from incentives.exchange.kept import Paper
from incentives.ledger import service as ledger
from incentives.people.service import staff
from incentives.periods import service as periods
from incentives.rewards.models import Direction, Instrument, LossClaim, Purpose, ReasonCode, RewardRecord
from incentives.rewards.service import evidence
from incentives.rewards.service.adopted import require_adopted
from incentives.rewards.service.moving import locked, move
from incentives.rewards.service.reasons import MOST_LOSS, MOST_PAY, MOST_POINTS, reason_of, refuse_instrument

SOURCE = "reward"
MOST_TOGETHER = 30
"""People of one proposal."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes. Figures are positive, the reason gives the sign; just the instrument's own counts.

    ``token`` is made with the form, so that a button pressed twice proposes once. ``cause`` names what happened: records
    proposed together share it, and a later one may name that of an earlier one. ``papers`` are kept already.
    """

    employee_id: int
    reason_id: int
    day: date
    instrument: Instrument
    points: int | None
    amount: Money | None
    note: str
    token: str
    papers: Sequence[Paper] = ()
    cause: str = ""
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What was lost, and the contract and clause by which it is to be made good."""

    what: str
    contract: str
    clause: str


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
        Origin(key=key, maker_id=maker_id, note=proposal.note, cause=proposal.cause or key),
    )
    evidence.attach([record], proposal.papers, purpose=Purpose.PROPOSAL, actor_id=maker_id)
    if proposal.claim is not None and record.loss is not None:
        claim = proposal.claim
        record.claim = LossClaim(what=claim.what, contract=claim.contract, clause=claim.clause)
        db.session.flush()
    changes: dict[str, tuple[object, object]] = {"reason": (None, reason.code), "employee": (None, record.employee_id)}
    audit.record("rewards.proposed", store_id=store_id, actor_id=maker_id, subject=f"#{record.id}", changes=changes)
    return record


def propose_together(
    store_id: int, proposal: Proposal, employee_ids: Collection[int], *, maker_id: int, today: date
) -> list[RewardRecord]:
    """The same for several people, all or none: one cause, so that whoever wins an appeal leads to the others.

    Raises:
        DomainError: nobody is named, or see :func:`propose`.
    """
    people = sorted(set(employee_ids))
    if not people:
        raise DomainError(say("Say whom it is about."))
    if len(people) > MOST_TOGETHER:
        raise DomainError(say("At most {most} people at once.", most=MOST_TOGETHER))
    cause = proposal.cause or f"form:{maker_id}:{proposal.token}"
    each = [replace(proposal, employee_id=person, cause=cause, token=f"{proposal.token}:{person}") for person in people]
    return [propose(store_id, one, maker_id=maker_id, today=today) for one in each]


def _require_sensible(store_id: int, proposal: Proposal, reason: ReasonCode, today: date) -> None:
    staff.employee_of(store_id, proposal.employee_id)
    posting = staff.posting_on(proposal.employee_id, proposal.day)
    if posting is None or posting.store_id != store_id:
        raise DomainError(say("The person did not work here on that day."))
    if proposal.day > today:
        raise DomainError(say("The day lies in the future."))
    if not reason.active:
        raise DomainError(say("This reason is no longer in use."))
    refuse_instrument(store_id, reason, proposal.instrument, proposal.day)
    if proposal.instrument is Instrument.PAY and reason.direction is Direction.PENALTY:
        require_adopted(store_id, reason, proposal.day)
    _require_figure(proposal, reason)
    if proposal.instrument is Instrument.LOSS:
        _require_claim(proposal)
    periods.require_open(store_id, Month.of(proposal.day))


def _require_figure(proposal: Proposal, reason: ReasonCode) -> None:
    if proposal.instrument is Instrument.POINTS:
        if proposal.points is None or not 0 < proposal.points <= MOST_POINTS:
            raise DomainError(say("Points lie between 1 and {most}.", most=MOST_POINTS))
        return
    most = MOST_LOSS if proposal.instrument is Instrument.LOSS else MOST_PAY
    if proposal.amount is None or not ZERO < proposal.amount <= most:
        raise DomainError(say("The amount lies between 0.01 and {most} yuan.", most=str(most)))
    usual = reason.usual(proposal.day)
    is_penalty = reason.direction is Direction.PENALTY and proposal.instrument is Instrument.PAY
    if is_penalty and isinstance(usual, Money) and proposal.amount > usual:
        raise DomainError(say("The rule allows at most {most} yuan.", most=str(usual)))


def _require_claim(proposal: Proposal) -> None:
    """Source: product.md §8: only with contract clause and evidence. The notice follows the approval."""
    claim = proposal.claim
    if claim is None or not (claim.what and claim.contract and claim.clause):
        raise DomainError(say("Say what was lost, and the contract and clause by which it is to be made good."))
    if not proposal.papers:
        raise DomainError(say("A loss is proven by at least one file."))


@dataclass(frozen=True, slots=True)
class Figure:
    """An instrument with its own figure, without a sign. A loss has none anyway: what it takes is worked out monthly."""

    instrument: Instrument
    points: int | None = None
    amount: Money | None = None

    def signed(self, direction: Direction) -> Figure:
        """With the sign of the direction, and without another instrument's figure."""
        if self.instrument is Instrument.LOSS:
            return self
        sign = 1 if direction is Direction.REWARD else -1
        if self.instrument is Instrument.POINTS:
            return Figure(self.instrument, points=sign * (self.points or 0))
        amount = self.amount or ZERO
        return Figure(self.instrument, amount=amount if sign > 0 else -amount)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record comes from: its key, and a person with words, or a rule that explains itself."""

    key: str
    maker_id: int | None = None
    note: str = ""
    cause: str = ""
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
        amount=signed.amount if signed.instrument is Instrument.PAY else None,
        loss=signed.amount if signed.instrument is Instrument.LOSS else None,
        note=origin.note,
        cause=origin.cause or origin.key,
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
    """Post the points of an approved record, or leave its pay to the statements of the first month that takes it.

    A loss is taken by the payroll of later months, as far as the law allows.
    """
    if record.instrument is Instrument.LOSS:
        return
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
