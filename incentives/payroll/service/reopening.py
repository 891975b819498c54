"""Reopening a closed month by two persons. The former closing, its statements and its file stay on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from incentives import clock
from incentives.audit import service as audit
from incentives.audit.models import AuditEntry
from incentives.commissions.models import Calculation
from incentives.core.access import refuse_self
from incentives.core.approval import REOPENING, MonthState, ProposalAction
from incentives.core.errors import Conflict, NotFound, say
from incentives.core.money import ZERO, Money
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.payroll.models import Closing, LineKind, Reopening, Statement, StatementState
from incentives.payroll.service.closing import SOURCE, closing_of, history
from incentives.payroll.service.reviewing import statements
from incentives.people.models import Employee
from incentives.periods import service as periods
from incentives.rewards.service.paying import set_aside


def propose_reopening(store_id: int, month: Month, *, reason: str, actor_id: int) -> Reopening:
    """Propose to reopen a closed month; somebody else of the head office decides.

    Raises:
        Conflict: it is not closed, a later month is closed too, or a proposal is waiting.
    """
    if periods.held_state_of(store_id, month) is not MonthState.CLOSED:
        raise Conflict(say("{month} is not closed.", month=str(month)))
    if periods.closed_months(store_id)[-1] != month:
        raise Conflict(say("A later month is closed already: what is wrong is corrected by an adjustment."))
    if pending_reopening(store_id, month) is not None:
        raise Conflict(say("Somebody has proposed this already."))
    found = Reopening(store_id=store_id, month=month, reason=reason, proposed_by=actor_id, proposed_at=clock.now())
    db.session.add(found)
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {"reason": (None, reason)}
    audit.record(
        "payroll.reopening_proposed", store_id=store_id, actor_id=actor_id, subject=str(month), changes=changes
    )
    return found


def pending_reopening(store_id: int, month: Month) -> Reopening | None:
    """The proposal that waits for a second person."""
    return db.session.scalars(
        select(Reopening)
        .where(Reopening.store_id == store_id, Reopening.month == month, Reopening.state == "proposed")
        .with_for_update()
    ).first()


def decide_reopening(store_id: int, month: Month, action: ProposalAction, *, actor_id: int) -> None:
    """A second person confirms or refuses. Confirmed, the postings are reversed and the month is open again.

    Raises:
        NotFound: nothing waits.
        NotAllowed: one's own proposal.
    """
    found = pending_reopening(store_id, month)
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    refuse_self(actor_id, found.proposed_by, None)
    found.state = REOPENING.after(found.state, action).state
    found.decided_by, found.decided_at = actor_id, clock.now()
    downloaded = was_downloaded(store_id, month)
    if action is ProposalAction.CONFIRM:
        _reopen(store_id, month, found.reason, actor_id)
    changes: dict[str, tuple[object, object]] = {"state": ("proposed", found.state.value)}
    if action is ProposalAction.CONFIRM:
        changes["file_downloaded"] = (None, downloaded)
    audit.record("payroll.reopening_decided", store_id=store_id, actor_id=actor_id, subject=str(month), changes=changes)


def was_downloaded(store_id: int, month: Month) -> bool:
    """Whether somebody took the payroll file of the latest closing; the trail knows."""
    found = closing_of(store_id, month)
    if found is None:
        return False
    taken = select(AuditEntry.id).where(
        AuditEntry.store_id == store_id,
        AuditEntry.act == "payroll.exported",
        AuditEntry.refused.is_(False),
        AuditEntry.subject == f"{month} #{found.number}",
    )
    return db.session.scalar(taken.limit(1)) is not None


def _reopen(store_id: int, month: Month, reason: str, actor_id: int) -> None:
    periods.move(store_id, month, before=MonthState.CLOSED, after=MonthState.OPEN, actor_id=actor_id, reason=reason)
    for line in ledger.money_lines(store_id, month):
        if line.reverses_id is None and line.source_kind == SOURCE:
            ledger.reverse_money(
                line.key, month=month, why=say("{month} was reopened", month=str(month)), maker_id=actor_id
            )
    _owe_again(store_id, month)
    set_aside(store_id, month)
    db.session.execute(
        update(Calculation).where(Calculation.store_id == store_id, Calculation.month <= month).values(stale=True)
    )


def _owe_again(store_id: int, month: Month) -> None:
    """What the reopened month had paid of statements held before is to be paid again."""
    paid = [each for each in statements(store_id, month) if each.state is StatementState.APPROVED]
    months = {line.for_month for each in paid for line in each.lines if line.kind is LineKind.ADJUSTMENT}
    db.session.execute(
        update(Statement)
        .where(
            Statement.store_id == store_id,
            Statement.state == StatementState.PAID_LATER,
            Statement.month.in_(months),
            Statement.employee_id.in_([each.employee_id for each in paid]),
        )
        .values(state=StatementState.RELEASED)
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What somebody was paid by a closing and by the one before it."""

    number: str
    name: str
    before: Money
    after: Money


@dataclass(frozen=True, slots=True)
class Former:
    """A closing on record: who closed and confirmed it, and what it changed against the one before."""

    closing: Closing
    closed_by: str
    confirmed_by: str
    differences: tuple[Difference, ...]


def former(store_id: int, month: Month) -> list[Former]:
    """Every closing of a month, the latest first, each compared with the one before it. Three queries."""
    found = history(store_id, month)
    paid = _paid(store_id, month)
    names = {each.id: (each.number, each.name) for each in _people(found, paid)}
    earlier = [*(each.number for each in found[1:]), 0]
    return [
        Former(
            each,
            names[each.closed_by][1] if each.closed_by else "",
            names[each.confirmed_by][1] if each.confirmed_by else "",
            _differences(paid.get(each.number, {}), paid.get(before, {}), names) if before else (),
        )
        for each, before in zip(found, earlier, strict=False)
    ]


def _paid(store_id: int, month: Month) -> dict[int, dict[int, Money]]:
    rows = db.session.execute(
        select(Statement.round, Statement.employee_id, Statement.total).where(
            Statement.store_id == store_id, Statement.month == month, Statement.state == StatementState.APPROVED
        )
    )
    found: dict[int, dict[int, Money]] = {}
    for number, employee_id, amount in rows:
        found.setdefault(number, {})[employee_id] = amount
    return found


def _people(found: Sequence[Closing], paid: Mapping[int, Mapping[int, Money]]) -> Sequence[Employee]:
    ids = {employee_id for people in paid.values() for employee_id in people}
    ids |= {each for closing in found for each in (closing.closed_by, closing.confirmed_by) if each is not None}
    return db.session.scalars(select(Employee).where(Employee.id.in_(ids))).all()


def _differences(
    after: Mapping[int, Money], before: Mapping[int, Money], names: Mapping[int, tuple[str, str]]
) -> tuple[Difference, ...]:
    changed = (each for each in after.keys() | before.keys() if after.get(each, ZERO) != before.get(each, ZERO))
    found = (Difference(*names[each], before.get(each, ZERO), after.get(each, ZERO)) for each in changed)
    return tuple(sorted(found, key=lambda each: each.number))
