"""What state a store's month is in, and moving it on. A closed month never changes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select

from incentives import clock
from incentives.core.approval import MonthState
from incentives.core.errors import Conflict, DomainError, Sentence, say
from incentives.core.period import Month
from incentives.db import db
from incentives.periods.models import BusinessMonth, MonthMove


def state_of(store_id: int, month: Month) -> MonthState:
    """The state a month is in now."""
    found = db.session.scalar(state_at(store_id, month))
    return found or MonthState.OPEN


def states_of(store_id: int, months: Sequence[Month]) -> dict[Month, MonthState]:
    """The states of several months, in one query."""
    rows = db.session.execute(
        select(BusinessMonth.month, BusinessMonth.state).where(
            BusinessMonth.store_id == store_id, BusinessMonth.month.in_(months)
        )
    )
    known: dict[Month, MonthState] = dict(rows.all())
    return {month: known.get(month, MonthState.OPEN) for month in months}


def states_of_stores(store_ids: Sequence[int], months: Sequence[Month]) -> dict[int, dict[Month, MonthState]]:
    """The states of several months of several stores, in one query."""
    rows = db.session.execute(
        select(BusinessMonth.store_id, BusinessMonth.month, BusinessMonth.state).where(
            BusinessMonth.store_id.in_(store_ids), BusinessMonth.month.in_(months)
        )
    )
    known = {(store_id, month): state for store_id, month, state in rows}
    return {each: {month: known.get((each, month), MonthState.OPEN) for month in months} for each in store_ids}


def held_state_of(store_id: int, month: Month) -> MonthState:
    """The state a month is in; nobody else moves it, or asks so, until the transaction ends."""
    return db.session.scalar(state_at(store_id, month).with_for_update()) or MonthState.OPEN


def require_open(store_id: int, month: Month) -> None:
    """Refuse unless facts of this month may still be written. Holds the month's state until the transaction ends.

    Raises:
        DomainError: the month is in review, approved or closed.
    """
    state = db.session.scalar(state_at(store_id, month).with_for_update(read=True)) or MonthState.OPEN
    if state is not MonthState.OPEN:
        raise DomainError(_refusals(month)[state])


def require_open_from(store_id: int, first: Month, last: Month | None = None) -> None:
    """Refuse unless a month and all after it (through the last, if one is named) may still be written.

    A month that was never reviewed may lie before closed ones: what begins there reaches into them.

    Raises:
        DomainError: one of them is in review, approved or closed.
    """
    require_open(store_id, first)
    found = select(BusinessMonth.month, BusinessMonth.state).where(
        BusinessMonth.store_id == store_id, BusinessMonth.month > first, BusinessMonth.state != MonthState.OPEN
    )
    if last is not None:
        found = found.where(BusinessMonth.month <= last)
    for month, state in db.session.execute(found.order_by(BusinessMonth.month).limit(1)):
        raise DomainError(_refusals(month)[state])


def require_takes_facts(store_id: int, month: Month) -> None:
    """Refuse while the facts of a month are held still. Holds the month's state until the transaction ends.

    An open month takes facts. So does a closed one: they are late, its pay is worked out again with them, and the
    first open month pays the difference. Between the two nobody changes what is being approved.

    Raises:
        DomainError: the month is in review or approved.
    """
    state = db.session.scalar(state_at(store_id, month).with_for_update(read=True)) or MonthState.OPEN
    if state in {MonthState.IN_REVIEW, MonthState.APPROVED}:
        raise DomainError(_refusals(month)[state])


def hold_open(store_id: int, month: Month) -> Month:
    """The month that a fact of this one is posted in: itself while it takes facts, else the first that does.

    Holds that month's state until the transaction ends.
    """
    held = db.session.connection().execute(state_at(store_id, month).with_for_update(read=True)).scalar()
    if (held or MonthState.OPEN) is MonthState.OPEN:
        return month
    later = first_open_month(store_id, month)
    require_open(store_id, later)
    return later


def require_not_closed(store_id: int, month: Month) -> None:
    """Refuse if the ledger of the month is shut. Unlike facts, lines are posted until the month is closed.

    Raises:
        DomainError: the month is closed.
    """
    state = db.session.scalar(state_at(store_id, month).with_for_update(read=True))
    if state is MonthState.CLOSED:
        raise DomainError(_refusals(month)[state])


def state_at(store_id: int, month: Month) -> Select[MonthState]:
    """The state of a month as a statement, to be asked with others; of an untouched month it finds nothing."""
    return select(BusinessMonth.state).where(BusinessMonth.store_id == store_id, BusinessMonth.month == month)


def _refusals(month: Month) -> dict[MonthState, Sentence]:
    return {
        MonthState.IN_REVIEW: say(
            "{month} is in review: its facts are held still until it is approved or sent back.", month=str(month)
        ),
        MonthState.APPROVED: say("{month} is approved: its facts can no longer be changed.", month=str(month)),
        MonthState.CLOSED: say(
            "{month} is closed and never changes. What comes late belongs to the first open month.", month=str(month)
        ),
    }


def is_open(store_id: int, month: Month) -> bool:
    """Whether facts of the month may still be written."""
    return state_of(store_id, month) is MonthState.OPEN


def first_open_month(store_id: int, around: Month) -> Month:
    """The earliest month not before the last closed one that takes late facts; ``around`` if none was ever closed."""
    last = db.session.scalar(
        select(BusinessMonth.month)
        .where(BusinessMonth.store_id == store_id, BusinessMonth.state != MonthState.OPEN)
        .order_by(BusinessMonth.month.desc())
        .limit(1)
    )
    if last is None:
        return around
    month = last.plus(1)
    while not is_open(store_id, month):
        month = month.plus(1)
    return month


def closed_months(store_id: int) -> list[Month]:
    """The store's closed months, oldest first."""
    return list(
        db.session.scalars(
            select(BusinessMonth.month)
            .where(BusinessMonth.store_id == store_id, BusinessMonth.state == MonthState.CLOSED)
            .order_by(BusinessMonth.month)
        )
    )


def move(
    store_id: int, month: Month, *, before: MonthState, after: MonthState, actor_id: int | None, reason: str = ""
) -> None:
    """Move a month from the state it was seen in to the next, and keep the move.

    Raises:
        Conflict: it has left that state in the meantime.
    """
    found = db.session.scalars(
        select(BusinessMonth).where(BusinessMonth.store_id == store_id, BusinessMonth.month == month).with_for_update()
    ).one_or_none()
    if found is None:
        found = BusinessMonth(store_id=store_id, month=month, state=MonthState.OPEN)
        db.session.add(found)
    if found.state is not before:
        raise Conflict(say("{month} is no longer in the state you saw. Load the page again.", month=str(month)))
    found.state = after
    db.session.add(
        MonthMove(
            store_id=store_id,
            month=month,
            before=before,
            after=after,
            at=clock.now(),
            actor_id=actor_id,
            reason=reason,
        )
    )
    db.session.flush()


def moves_of(store_id: int, month: Month) -> list[MonthMove]:
    """Every change of state the month went through, oldest first."""
    found = select(MonthMove).where(MonthMove.store_id == store_id, MonthMove.month == month).order_by(MonthMove.id)
    return list(db.session.scalars(found))
