"""The review of a month: its facts stand still, each statement is approved or held, and an approval binds to the lines seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from incentives import clock
from incentives.audit import service as audit
from incentives.commissions.service import calculation
from incentives.core.access import Actor, Capability, Matter, refuse_approval
from incentives.core.approval import MONTH, MonthAction, MonthState
from incentives.core.errors import Conflict, DomainError, Faults, NotAllowed, NotFound, Sentence, say
from incentives.core.money import total
from incentives.core.period import Month
from incentives.db import db
from incentives.payroll.models import Statement, StatementState
from incentives.payroll.service import differing
from incentives.payroll.service.assembling import keep, sheets
from incentives.payroll.service.rounds import latest_round, newest_round
from incentives.people.models import Employee, Store
from incentives.people.service import staff
from incentives.periods import service as periods
from incentives.rewards.service.proposing import propose_for_month


def statements(store_id: int, month: Month, number: int | None = None) -> Sequence[Statement]:
    """The statements under review or decided, with their lines, by employee number; of a former round if one is named."""
    return db.session.scalars(
        select(Statement)
        .join(Employee, Employee.id == Statement.employee_id)
        .where(
            Statement.store_id == store_id,
            Statement.month == month,
            Statement.round == (newest_round(store_id, month) if number is None else number),
        )
        .order_by(Employee.number)
        .options(selectinload(Statement.lines))
    ).all()


def statement_of(store_id: int, month: Month, employee_id: int) -> Statement | None:
    """Somebody's statement as reviewed; none while the month is open."""
    return next((each for each in statements(store_id, month) if each.employee_id == employee_id), None)


def start(store_id: int, month: Month, *, actor_id: int | None) -> None:
    """Begin the review: work the month out once more, hold its facts still, write every statement down.

    The rules propose what they find before. A person decides it, and the first month that is open then pays it.

    Raises:
        Refused: the month is in no state for it.
        DomainError: the month is not over, or an earlier one is still open.
    """
    state = periods.state_of(store_id, month)
    if not MONTH.after(state, MonthAction.SUBMIT).changed:
        return
    _require_its_turn(store_id, month)
    propose_for_month(store_id, month, _today_at(store_id), actor_id=actor_id)
    calculation.work_out(store_id, month)
    made = sheets(store_id, month)
    keep(store_id, month, latest_round(store_id, month) + 1, made)
    periods.move(store_id, month, before=state, after=MonthState.IN_REVIEW, actor_id=actor_id)
    changes: dict[str, tuple[object, object]] = {
        "people": (None, len(made)),
        "total": (None, total(s.total for s in made)),
    }
    audit.record("payroll.review_started", store_id=store_id, actor_id=actor_id, subject=str(month), changes=changes)


def _today_at(store_id: int) -> date:
    return clock.today(db.session.scalar(select(Store.zone).where(Store.id == store_id)) or clock.DEFAULT_ZONE)


def _require_its_turn(store_id: int, month: Month) -> None:
    closed = periods.closed_months(store_id)
    if closed and closed[-1].plus(1) < month and not _closed_or_never_used(store_id, month.plus(-1)):
        raise DomainError(say("{month} comes first: months are closed one after the other.", month=str(month.plus(-1))))


def _closed_or_never_used(store_id: int, month: Month) -> bool:
    return periods.state_of(store_id, month) is MonthState.CLOSED


def send_back(store_id: int, month: Month, *, reason: str, actor_id: int) -> None:
    """Open a month under review again, so that facts can be put right. Its statements were never paid and go.

    Raises:
        Refused: the month is closed.
    """
    state = periods.state_of(store_id, month)
    if not MONTH.after(state, MonthAction.SEND_BACK).changed:
        return
    for statement in statements(store_id, month):
        differing.keep(statement)
        for line in statement.lines:
            db.session.delete(line)
        db.session.flush()
        db.session.delete(statement)
    periods.move(store_id, month, before=state, after=MonthState.OPEN, actor_id=actor_id, reason=reason)
    changes: dict[str, tuple[object, object]] = {"reason": (None, reason)}
    audit.record("payroll.sent_back", store_id=store_id, actor_id=actor_id, subject=str(month), changes=changes)


def refusal_of(actor: Actor, store_id: int, employee_id: int, managers: set[int]) -> Sentence | None:
    """Why somebody may not decide a person's statement; nothing if he may."""
    try:
        refuse_approval(actor, Capability.APPROVE_MONTH, Matter(store_id, None, employee_id), managers)
    except NotAllowed as refusal:
        return refusal.sentence
    return None


def approve(actor: Actor, store_id: int, month: Month, seen: Mapping[int, str]) -> int:
    """Approve the statements that were seen, by the digest of their lines; returns how many were new.

    Raises:
        Changed: a statement is no longer what was seen; it says which lines differ. Nothing is approved then.
        Faults: some cannot be approved, each with its reason. Nothing is approved then.
    """
    _require_in_review(store_id, month)
    found = {each.id: each for each in _locked(store_id, month)}
    managers = staff.managers_of(store_id)
    changed = [digest for key, digest in seen.items() if key not in found or found[key].digest != digest]
    if changed:
        raise differing.changed(store_id, month, changed, list(found.values()))
    chosen = [found[statement_id] for statement_id in seen if found[statement_id].state is not StatementState.APPROVED]
    _require_approvable(actor, chosen, managers)
    for statement in chosen:
        _decide(statement, StatementState.APPROVED, "", actor.employee_id)
    _finish(store_id, month, actor.employee_id)
    if chosen:
        changes: dict[str, tuple[object, object]] = {
            "people": (None, len(chosen)),
            "total": (None, total(each.total for each in chosen)),
        }
        audit.record(
            "payroll.approved", store_id=store_id, actor_id=actor.employee_id, subject=str(month), changes=changes
        )
    return len(chosen)


def _require_in_review(store_id: int, month: Month) -> None:
    if periods.state_of(store_id, month) is not MonthState.IN_REVIEW:
        raise Conflict(say("{month} is not in review.", month=str(month)))


def _locked(store_id: int, month: Month) -> Sequence[Statement]:
    newest = latest_round(store_id, month)
    found = select(Statement).where(Statement.store_id == store_id, Statement.month == month, Statement.round == newest)
    return db.session.scalars(found.with_for_update()).all()


def _require_approvable(actor: Actor, chosen: Sequence[Statement], managers: set[int]) -> None:
    faults = [
        reason
        for each in chosen
        if (reason := refusal_of(actor, each.store_id, each.employee_id, managers)) is not None
    ]
    faults += [
        say("A line of statement {number} still waits for a figure: give it, or hold the statement.", number=each.id)
        for each in chosen
        if any(line.missing for line in each.lines)
    ]
    if faults:
        raise Faults(say("Nothing was approved."), list(dict.fromkeys(faults)))


def _decide(statement: Statement, state: StatementState, reason: str, actor_id: int) -> None:
    statement.state, statement.reason = state, reason
    statement.decided_by, statement.decided_at = actor_id, clock.now()
    db.session.flush()


def hold(actor: Actor, store_id: int, statement_id: int, *, reason: str) -> None:
    """Keep a statement out of this month's pay, with a reason its owner can read.

    Raises:
        DomainError: without a reason, or not one's to decide.
        NotFound: the store has no such statement under review.
    """
    found = db.session.scalars(
        select(Statement).where(Statement.store_id == store_id, Statement.id == statement_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    _require_in_review(store_id, found.month)
    if not reason.strip():
        raise DomainError(say("Say why it is held: its owner will read it."))
    refusal = refusal_of(actor, store_id, found.employee_id, staff.managers_of(store_id))
    if refusal is not None:
        raise NotAllowed(refusal)
    _decide(found, StatementState.HELD, reason, actor.employee_id)
    _finish(store_id, found.month, actor.employee_id)
    changes: dict[str, tuple[object, object]] = {"reason": (None, reason)}
    audit.record(
        "payroll.held",
        store_id=store_id,
        actor_id=actor.employee_id,
        subject=f"{found.month} #{found.id}",
        changes=changes,
    )


def _finish(store_id: int, month: Month, actor_id: int) -> None:
    """The month is approved as soon as nothing waits any more."""
    if all(each.state is not StatementState.WAITING for each in statements(store_id, month)):
        periods.move(store_id, month, before=MonthState.IN_REVIEW, after=MonthState.APPROVED, actor_id=actor_id)
