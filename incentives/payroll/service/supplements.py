"""Supplements 补发: what is owed for closed months and is paid before the next closing.

Finance prepares one from released statements and adjustments that stand in the first open month; somebody who may approve
these people's statements confirms it; only then is it posted, in that open month. The month's own statement shows the same
lines again and takes them off as paid already, so nothing is paid twice, and what changes in between is just the
difference. Whoever carries a debt is not supplemented: the debt is settled first, by the month.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from incentives import clock
from incentives.audit import service as audit
from incentives.core.access import Actor, refuse_self
from incentives.core.approval import SUPPLEMENT, ProposalAction, ProposalState
from incentives.core.errors import Changed, Conflict, DomainError, NotAllowed, NotFound, Sentence, from_plain, say
from incentives.core.money import ZERO, Money, total
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.payroll.models import LineKind, Supplement, SupplementLine
from incentives.payroll.service.assembling import Line, Sheet, sheets
from incentives.payroll.service.reviewing import refusal_of
from incentives.people.service import staff
from incentives.periods import service as periods
from incentives.rewards.service.paying import mark_posted

SOURCE = "supplement_line"
OWED = (LineKind.ADJUSTMENT, LineKind.SUPPLEMENT)


@dataclass(frozen=True, slots=True)
class Owed:
    """What a supplement would pay somebody now. With a ``refusal`` it waits for the month's closing."""

    employee_id: int
    number: str
    name: str
    lines: tuple[Line, ...]
    debt: Money
    refusal: Sentence | None

    @property
    def total(self) -> Money:
        """What is owed."""
        return total(line.amount for line in self.lines)


def month_of(store_id: int) -> Month:
    """The month in which a supplement is posted now: the first that is open after the closed ones.

    Raises:
        Conflict: no month was closed yet, or the one that follows is under review.
    """
    closed = periods.closed_months(store_id)
    if not closed:
        raise Conflict(say("No month is closed yet: there is nothing to supplement."))
    month = closed[-1].plus(1)
    if not periods.is_open(store_id, month):
        raise Conflict(say("{month} is under review and pays this itself.", month=str(month)))
    return month


def owed(store_id: int, month: Month) -> list[Owed]:
    """Whom closed months still owe something, by employee number."""
    made = [sheet for sheet in sheets(store_id, month) if any(line.kind in OWED for line in sheet.lines)]
    people = staff.named(sheet.employee_id for sheet in made)
    pending = _pending(store_id, month)
    found = (_owed(sheet, people[sheet.employee_id], pending) for sheet in made)
    return sorted((each for each in found if each.total), key=lambda each: each.number)


def _owed(sheet: Sheet, person: tuple[str, str], pending: Collection[int]) -> Owed:
    lines = tuple(line for line in sheet.lines if line.kind in OWED)
    debt = total(line.amount for line in sheet.lines if line.kind is LineKind.CARRIED_IN)
    refusal = None
    if debt < ZERO:
        refusal = say("A debt of {amount} is settled first, by the month.", amount=str(-debt))
    elif total(line.amount for line in lines) <= ZERO:
        refusal = say("Nothing is owed: the month takes it into account.")
    elif sheet.employee_id in pending:
        refusal = say("A supplement that waits for approval has this already.")
    return Owed(sheet.employee_id, *person, lines, debt, refusal)


def _pending(store_id: int, month: Month) -> set[int]:
    found = (
        select(SupplementLine.employee_id)
        .join(Supplement, Supplement.id == SupplementLine.supplement_id)
        .where(
            Supplement.store_id == store_id,
            Supplement.month == month,
            Supplement.state == ProposalState.PROPOSED,
        )
    )
    return set(db.session.scalars(found))


def prepare(store_id: int, employee_ids: Collection[int], *, actor_id: int) -> Supplement:
    """Prepare a supplement for these people, with all that closed months owe them now.

    Raises:
        Conflict: nothing is closed, or the month is under review.
        DomainError: nobody was chosen, somebody cannot be supplemented, or managers and others are mixed.
    """
    month = month_of(store_id)
    periods.require_open(store_id, month)
    standing = owed(store_id, month)
    chosen = [each for each in standing if each.employee_id in employee_ids]
    _require_preparable(store_id, chosen, employee_ids)
    newest = select(func.max(Supplement.number)).where(Supplement.store_id == store_id, Supplement.month == month)
    supplement = Supplement(
        store_id=store_id,
        month=month,
        number=(db.session.scalar(newest) or 0) + 1,
        state=ProposalState.PROPOSED,
        people=len(chosen),
        total=total(each.total for each in chosen),
        digest=_digest(chosen),
        carried=[[each.number, each.name, each.debt.fen] for each in standing if each.debt],
        prepared_by=actor_id,
        prepared_at=clock.now(),
    )
    supplement.lines = list(_lines(chosen))
    db.session.add(supplement)
    db.session.flush()
    _record("payroll.supplement_prepared", supplement, actor_id, {"total": (None, supplement.total)})
    return supplement


def _require_preparable(store_id: int, chosen: Sequence[Owed], employee_ids: Collection[int]) -> None:
    if not chosen or len(chosen) != len(set(employee_ids)):
        raise DomainError(say("Choose whom the supplement pays."))
    for each in chosen:
        if each.refusal is not None:
            raise DomainError(say("{person}: {reason}", person=each.name, reason=each.refusal))
    managers = staff.managers_of(store_id)
    if len({each.employee_id in managers for each in chosen}) > 1:
        raise DomainError(
            say("The managers' own are approved by the head office: prepare a supplement for them alone.")
        )


def _digest(chosen: Sequence[Owed]) -> str:
    says = [[each.number, line.name, line.amount.fen, str(line.for_month)] for each in chosen for line in each.lines]
    return hashlib.sha256(json.dumps(says, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _lines(chosen: Sequence[Owed]) -> Iterator[SupplementLine]:
    rows = ((each.employee_id, line) for each in chosen for line in each.lines)
    for place, (employee_id, line) in enumerate(rows, start=1):
        yield SupplementLine(
            employee_id=employee_id,
            place=place,
            name=line.name,
            amount=line.amount,
            for_month=line.for_month,
            pay_line_id=line.pay_line_id,
            source_id=line.source_id,
        )


def supplement_of(store_id: int, supplement_id: int, *, lock: bool = False) -> Supplement:
    """A supplement of the store with its lines.

    Raises:
        NotFound: it has none of that id.
    """
    statement = select(Supplement).where(Supplement.store_id == store_id, Supplement.id == supplement_id)
    if lock:
        statement = statement.with_for_update()
    found = db.session.scalars(
        statement.options(selectinload(Supplement.lines)).execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def supplements(store_id: int) -> Sequence[Supplement]:
    """The store's supplements, the latest first."""
    found = select(Supplement).where(Supplement.store_id == store_id)
    return db.session.scalars(found.order_by(Supplement.month.desc(), Supplement.number.desc())).all()


def refusal_to(actor: Actor, supplement: Supplement) -> Sentence | None:
    """Why somebody may not decide a supplement; nothing if he may."""
    try:
        _require_decider(actor, supplement)
    except NotAllowed as refusal:
        return refusal.sentence
    return None


def _require_decider(actor: Actor, supplement: Supplement) -> None:
    refuse_self(actor.employee_id, supplement.prepared_by, None)
    managers = staff.managers_of(supplement.store_id)
    for employee_id in dict.fromkeys(line.employee_id for line in supplement.lines):
        refusal = refusal_of(actor, supplement.store_id, employee_id, managers)
        if refusal is not None:
            raise NotAllowed(refusal)


def decide(actor: Actor, store_id: int, supplement_id: int, *, confirmed: bool, reason: str = "") -> Supplement:
    """Confirm a supplement, which posts it, or refuse it with a reason. A repeat does nothing.

    Raises:
        NotFound: the store has no such supplement.
        NotAllowed: one's own preparation, or a person whom one may not decide.
        Refused: it was decided otherwise already.
        Changed: what is owed is no longer what was prepared, with each difference.
        DomainError: the month no longer takes postings, or a refusal without a reason.
    """
    supplement = supplement_of(store_id, supplement_id, lock=True)
    step = SUPPLEMENT.after(supplement.state, ProposalAction.CONFIRM if confirmed else ProposalAction.REFUSE)
    if not step.changed:
        return supplement
    _require_decider(actor, supplement)
    if confirmed:
        _require_unchanged(supplement)
        _post(supplement, actor.employee_id)
    elif not reason:
        raise DomainError(say("Say why it is refused: finance reads it."))
    supplement.state, supplement.reason = step.state, reason
    supplement.decided_by, supplement.decided_at = actor.employee_id, clock.now()
    db.session.flush()
    _record("payroll.supplement_decided", supplement, actor.employee_id, {"state": ("proposed", step.state.value)})
    return supplement


def _require_unchanged(supplement: Supplement) -> None:
    periods.require_open(supplement.store_id, supplement.month)
    paid = {line.employee_id for line in supplement.lines}
    standing = [each for each in owed(supplement.store_id, supplement.month) if each.employee_id in paid]
    if _digest(standing) == supplement.digest:
        return
    now = {each.employee_id: each for each in standing}
    faults = []
    for employee_id, (_number, name) in staff.named(paid).items():
        then = total(line.amount for line in supplement.lines if line.employee_id == employee_id)
        owes = now[employee_id].total if employee_id in now else ZERO
        if then != owes:
            faults.append(say("{person}: {old} → {new}", person=name, old=str(then), new=str(owes)))
    raise Changed(say("What is owed has changed since this was prepared: refuse it and prepare it anew."), faults)


def _post(supplement: Supplement, actor_id: int) -> None:
    ledger.post_money(
        ledger.NewMoney(
            key=f"supplement-line:{line.id}",
            store_id=supplement.store_id,
            employee_id=line.employee_id,
            month=supplement.month,
            for_month=line.for_month,
            kind=ledger.MoneyKind.ADJUSTMENT,
            amount=line.amount,
            what=from_plain(line.name),
            source_kind=SOURCE,
            source_id=line.id,
            maker_id=actor_id,
        )
        for line in supplement.lines
    )
    rewarded = [line.source_id for line in supplement.lines if line.source_id is not None]
    mark_posted(supplement.store_id, rewarded, actor_id=actor_id)


def paid_by_person(store_id: int, month: Month) -> dict[int, Money]:
    """What supplements have paid each person in a month."""
    rows = db.session.execute(
        select(SupplementLine.employee_id, func.sum(SupplementLine.amount))
        .join(Supplement, Supplement.id == SupplementLine.supplement_id)
        .where(Supplement.store_id == store_id, Supplement.month == month, Supplement.state == ProposalState.IN_FORCE)
        .group_by(SupplementLine.employee_id)
    )
    return {employee_id: amount for employee_id, amount in rows}  # noqa: C416 (rows become typed pairs)


def _record(act: str, supplement: Supplement, actor_id: int, changes: dict[str, tuple[object, object]]) -> None:
    subject = f"{supplement.month} #{supplement.number}"
    audit.record(act, store_id=supplement.store_id, actor_id=actor_id, subject=subject, changes=changes)
