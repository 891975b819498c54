"""Closing an approved month: every approved line is posted once, boards are frozen, and nothing changes any more."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from sqlalchemy import select, update

from incentives import clock
from incentives.audit import service as audit
from incentives.commissions.service import calculation
from incentives.core.access import Actor, refuse_self
from incentives.core.approval import MONTH, MonthAction, MonthState
from incentives.core.errors import DomainError, NotAllowed, NotFound, from_plain, say
from incentives.core.money import total
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.payroll.models import Closing, LineKind, Statement, StatementLine, StatementState
from incentives.payroll.service import questions, restating
from incentives.payroll.service.owing import released_and_waiting
from incentives.payroll.service.reviewing import refusal_of, statements
from incentives.payroll.service.rounds import latest_round
from incentives.people.service import staff
from incentives.periods import service as periods
from incentives.rewards.service.paying import LossLine, mark_posted, take

SOURCE = "statement_line"
"""What the ledger's lines of a closing name as their source. A supplement's name its own: reopening leaves it paid."""
MONEY_KINDS = {
    LineKind.CARRIED_IN: ledger.MoneyKind.CARRIED_OVER,
    LineKind.PAY: ledger.MoneyKind.PAY,
    LineKind.REWARD: ledger.MoneyKind.REWARD,
    LineKind.PENALTY: ledger.MoneyKind.PENALTY,
    LineKind.ADJUSTMENT: ledger.MoneyKind.ADJUSTMENT,
    LineKind.SUPPLEMENT: ledger.MoneyKind.ADJUSTMENT,
    LineKind.CARRIED_OUT: ledger.MoneyKind.CARRIED_OVER,
    LineKind.LOSS: ledger.MoneyKind.LOSS,
}


def close(store_id: int, month: Month, *, actor_id: int | None) -> Closing:
    """Close an approved month. A repeat changes nothing and gives the same closing.

    Raises:
        Refused: it is not approved.
        DomainError: the store wants questions to it answered first.
    """
    state = periods.held_state_of(store_id, month)
    if not MONTH.after(state, MonthAction.CLOSE).changed:
        return require_closing(store_id, month)
    unanswered = questions.require_none_open(store_id, month)
    paid = [each for each in statements(store_id, month) if each.state is StatementState.APPROVED]
    ledger.post_money(line for statement in paid for line in _money(statement, month, actor_id))
    sources = [line for each in paid for line in each.lines if line.source_id is not None]
    rewarded = [line.source_id for line in sources if line.kind.is_paid and line.source_id is not None]
    mark_posted(store_id, rewarded, actor_id=actor_id)
    take(store_id, month, [_loss(line) for line in sources if not line.kind.is_paid], actor_id=actor_id)
    closing = Closing(
        store_id=store_id,
        month=month,
        number=latest_round(store_id, month) or 1,
        closed_by=actor_id,
        closed_at=clock.now(),
        people=len(paid),
        total=total(each.total for each in paid),
        digest=_digest(paid),
        open_questions=unanswered,
    )
    db.session.add(closing)
    periods.move(store_id, month, before=state, after=MonthState.CLOSED, actor_id=actor_id)
    ledger.freeze(store_id, month)
    _settle(store_id, month)
    questions.settle_paid(store_id, month, paid, actor_id=actor_id)
    changes: dict[str, tuple[object, object]] = {"people": (None, closing.people), "total": (None, closing.total)}
    audit.record("payroll.closed", store_id=store_id, actor_id=actor_id, subject=str(month), changes=changes)
    return closing


def _money(statement: Statement, month: Month, actor_id: int | None) -> Iterator[ledger.NewMoney]:
    for line in statement.lines:
        yield ledger.NewMoney(
            key=f"statement-line:{line.id}",
            store_id=statement.store_id,
            employee_id=statement.employee_id,
            month=month,
            for_month=line.for_month,
            kind=MONEY_KINDS[line.kind],
            amount=line.amount,
            what=from_plain(line.name),
            source_kind=SOURCE,
            source_id=line.id,
            maker_id=actor_id,
        )


def _loss(line: StatementLine) -> LossLine:
    return LossLine(line.source_id or 0, line.statement.employee_id, line.amount, from_plain(line.name))


def _digest(paid: Sequence[Statement]) -> str:
    return hashlib.sha256(":".join(sorted(each.digest for each in paid)).encode()).hexdigest()


def _settle(store_id: int, month: Month) -> None:
    """The closed month has paid what earlier months still owed. Whose facts changed during the review stays marked.

    What was released while the month was under review stands in none of its statements: the next month pays it.
    """
    waiting = (
        select(StatementLine.statement_id)
        .join(Statement, Statement.id == StatementLine.statement_id)
        .where(*released_and_waiting(store_id, month.plus(1)))
    )
    db.session.execute(
        update(Statement)
        .where(
            Statement.store_id == store_id,
            Statement.state == StatementState.RELEASED,
            Statement.month < month,
            Statement.id.not_in(set(db.session.scalars(waiting))),
        )
        .values(state=StatementState.PAID_LATER)
    )
    restating.settle(store_id)


def closing_of(store_id: int, month: Month) -> Closing | None:
    """The latest closing of a month."""
    return db.session.scalars(
        select(Closing)
        .where(Closing.store_id == store_id, Closing.month == month)
        .order_by(Closing.number.desc())
        .limit(1)
    ).first()


def history(store_id: int, month: Month) -> Sequence[Closing]:
    """Every closing of a month, the latest first; those of a month that was reopened stay."""
    found = select(Closing).where(Closing.store_id == store_id, Closing.month == month)
    return db.session.scalars(found.order_by(Closing.number.desc())).all()


def closings(store_id: int) -> dict[Month, Closing]:
    """The latest closing of each closed month of a store."""
    return {month: found[-1] for month, found in _by_month([store_id]).get(store_id, {}).items()}


def of_group(store_ids: Sequence[int]) -> dict[int, dict[Month, Closing]]:
    """The same of several stores, in one query."""
    known = _by_month(store_ids)
    return {store_id: {month: found[-1] for month, found in months.items()} for store_id, months in known.items()}


def _by_month(store_ids: Sequence[int]) -> dict[int, dict[Month, list[Closing]]]:
    statement = select(Closing).where(Closing.store_id.in_(store_ids)).order_by(Closing.number)
    known: dict[int, dict[Month, list[Closing]]] = {}
    for closing in db.session.scalars(statement):
        known.setdefault(closing.store_id, {}).setdefault(closing.month, []).append(closing)
    return known


def require_closing(store_id: int, month: Month) -> Closing:
    """The latest closing of a month.

    Raises:
        NotFound: it was never closed.
    """
    found = closing_of(store_id, month)
    if found is None:
        raise NotFound(say("{month} is not closed.", month=str(month)))
    return found


def confirm(store_id: int, month: Month, *, actor_id: int) -> Closing:
    """The head office confirms a closing that somebody else made. A repeat does nothing.

    Raises:
        NotFound: the month is not closed.
        NotAllowed: one's own closing.
    """
    closing = require_closing(store_id, month)
    refuse_self(actor_id, closing.closed_by, None)
    if closing.confirmed_at is None:
        closing.confirmed_by, closing.confirmed_at = actor_id, clock.now()
        db.session.flush()
        audit.record("payroll.closing_confirmed", store_id=store_id, actor_id=actor_id, subject=str(month))
    return closing


def release(actor: Actor, store_id: int, statement_id: int) -> None:
    """Pay a statement that was held when its month was closed, in the first month that is still open.

    A line that still waits for a figure is paid by the first month after it is known.

    Raises:
        NotFound: the store has no such held statement.
        DomainError: its month is not closed yet.
        NotAllowed: it is not the actor's to decide, as when it was held.
    """
    found = db.session.scalars(
        select(Statement)
        .where(Statement.store_id == store_id, Statement.id == statement_id, Statement.state == StatementState.HELD)
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    refusal = refusal_of(actor, store_id, found.employee_id, staff.managers_of(store_id))
    if refusal is not None:
        raise NotAllowed(refusal)
    if periods.state_of(store_id, found.month) is not MonthState.CLOSED:
        raise DomainError(say("{month} is not closed yet: approve the statement instead.", month=str(found.month)))
    calculation.mark_stale(store_id, found.month)
    found.state, found.decided_by, found.decided_at = StatementState.RELEASED, actor.employee_id, clock.now()
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {"state": ("held", "released")}
    audit.record(
        "payroll.released",
        store_id=store_id,
        actor_id=actor.employee_id,
        subject=f"{found.month} #{found.id}",
        changes=changes,
    )
