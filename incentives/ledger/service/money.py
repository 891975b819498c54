"""Post money to the ledger, once for each key, and add it up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy import func as sql

from incentives import clock
from incentives.core.errors import Sentence
from incentives.core.money import ZERO, Money
from incentives.core.period import Month
from incentives.db import Given, db
from incentives.ledger.models import PAID_KINDS, MoneyKind, MoneyLine
from incentives.ledger.service.posting import insert_new, unposted
from incentives.periods import service as periods


@dataclass(frozen=True, slots=True)
class NewMoney:
    """An amount to be posted. ``key`` names the fact it pays, so that a repeat posts nothing."""

    key: str
    store_id: int
    employee_id: int
    month: Month
    for_month: Month
    kind: MoneyKind
    amount: Money
    what: Sentence
    source_kind: str
    source_id: int | None = None
    maker_id: int | None = None
    reverses_id: int | None = None


def post_money(lines: Iterable[NewMoney]) -> int:
    """Post what is not posted yet; the number of lines that were new. Flushes, never commits.

    Lines whose key stands in the ledger already do nothing, in a closed month too.

    Raises:
        DomainError: a new line's month is closed. Nothing is posted then.
    """
    new = unposted(MoneyLine, {line.key: line for line in lines})
    for store_id, month in sorted({(line.store_id, line.month) for line in new}):
        periods.require_not_closed(store_id, month)
    return len(insert_new(MoneyLine, [_row(line) for line in new]))


def reverse_money(key: str, *, month: Month, why: Sentence, maker_id: int | None = None) -> bool:
    """Take a line back by one that names it, in ``month``. False if there is no such line, or it was taken back before.

    Raises:
        DomainError: the month no longer takes facts.
    """
    line = db.session.scalar(select(MoneyLine).where(MoneyLine.key == key))
    if line is None:
        return False
    reversal = NewMoney(
        key=f"{key}:reversed",
        store_id=line.store_id,
        employee_id=line.employee_id,
        month=month,
        for_month=line.for_month,
        kind=line.kind,
        amount=-line.amount,
        what=why,
        source_kind=line.source_kind,
        source_id=line.source_id,
        maker_id=maker_id,
        reverses_id=line.id,
    )
    return post_money([reversal]) == 1


def money_lines(store_id: int, month: Month, employee_id: int | None = None) -> Sequence[MoneyLine]:
    """The lines posted in a store's month, of everybody or of one person, in the order they were posted."""
    statement = select(MoneyLine).where(MoneyLine.store_id == store_id, MoneyLine.month == month)
    if employee_id is not None:
        statement = statement.where(MoneyLine.employee_id == employee_id)
    return db.session.scalars(statement.order_by(MoneyLine.id)).all()


def money_by_person(store_id: int, month: Month, kinds: Collection[MoneyKind] = PAID_KINDS) -> dict[int, Money]:
    """What each person has in the lines posted in a month; nobody without a line."""
    return _by_person(MoneyLine.store_id == store_id, MoneyLine.month == month, MoneyLine.kind.in_(kinds))


def money_total(store_id: int, month: Month, kinds: Collection[MoneyKind] = PAID_KINDS) -> Money:
    """The sum of the lines of these kinds posted in a store's month; of variable pay unless said otherwise."""
    statement = select(sql.sum(MoneyLine.amount)).where(
        MoneyLine.store_id == store_id, MoneyLine.month == month, MoneyLine.kind.in_(kinds)
    )
    return db.session.scalar(statement) or ZERO


def money_of_sources(store_id: int, source_kind: str, source_ids: Collection[int]) -> Money:
    """The sum of the lines that were posted for these sources, whatever was reversed since."""
    statement = select(sql.sum(MoneyLine.amount)).where(
        MoneyLine.store_id == store_id,
        MoneyLine.source_kind == source_kind,
        MoneyLine.source_id.in_(source_ids),
        MoneyLine.reverses_id.is_(None),
    )
    return db.session.scalar(statement) or ZERO


def posted_for(
    store_id: int,
    employee_ids: Collection[int],
    for_month: Month,
    kinds: Collection[MoneyKind] = PAID_KINDS,
) -> dict[int, Money]:
    """What has been posted so far *for* a month, in whatever month it was posted: the base of an adjustment."""
    return _by_person(
        MoneyLine.store_id == store_id,
        MoneyLine.for_month == for_month,
        MoneyLine.employee_id.in_(employee_ids),
        MoneyLine.kind.in_(kinds),
    )


def carried_over(store_id: int, before: Month) -> dict[int, Money]:
    """What each person still owes from the months before, positive; nobody who owes nothing.

    A debt is posted when it is carried out of a month and again, negative, when it is carried into the next one.
    """
    return {person: amount for person, amount in db.session.execute(carried_by_person(store_id, before)) if amount}


def carried_by_person(store_id: Given[int], before: Given[Month]) -> Select[int, Money]:
    """The same as a statement, to be asked with others: employee and amount, which may be nothing."""
    return _sum_by_person(
        MoneyLine.store_id == store_id, MoneyLine.month < before, MoneyLine.kind == MoneyKind.CARRIED_OVER
    )


def carried_by_month(store_id: int) -> list[tuple[int, Month, Money]]:
    """What each month of a store added to somebody's debt, or settled of it (negative), oldest first. One query."""
    amount = sql.sum(MoneyLine.amount)
    found = (
        select(MoneyLine.employee_id, MoneyLine.month, amount)
        .where(MoneyLine.store_id == store_id, MoneyLine.kind == MoneyKind.CARRIED_OVER)
        .group_by(MoneyLine.employee_id, MoneyLine.month)
        .having(amount != ZERO)
        .order_by(MoneyLine.month, MoneyLine.employee_id)
    )
    return [(employee_id, month, changed) for employee_id, month, changed in db.session.execute(found)]


def posted_by_source(
    store_id: Given[int], source_kind: str, for_months: Collection[Month] | Select[Month]
) -> Select[int | None, Month, Money]:
    """What was posted for some months, by the record it comes from and the month it was posted in, as a statement.

    A line and its reversal come to nothing and are left out.
    """
    amount = sql.sum(MoneyLine.amount)
    return (
        select(MoneyLine.source_id, MoneyLine.month, amount.label("amount"))
        .where(
            MoneyLine.store_id == store_id,
            MoneyLine.source_kind == source_kind,
            MoneyLine.source_id.is_not(None),
            MoneyLine.for_month.in_(for_months),
        )
        .group_by(MoneyLine.source_id, MoneyLine.month)
        .having(amount != ZERO)
    )


def _by_person(*conditions: ColumnElement[bool]) -> dict[int, Money]:
    return dict(db.session.execute(_sum_by_person(*conditions)).all())


def _sum_by_person(*conditions: ColumnElement[bool]) -> Select[int, Money]:
    amount = sql.sum(MoneyLine.amount).label("amount")
    return select(MoneyLine.employee_id, amount).where(*conditions).group_by(MoneyLine.employee_id)


def _row(line: NewMoney) -> dict[str, object]:
    return {
        "key": line.key,
        "store_id": line.store_id,
        "employee_id": line.employee_id,
        "month": line.month,
        "for_month": line.for_month,
        "kind": line.kind,
        "amount_fen": line.amount,
        "what": line.what.as_plain(),
        "source_kind": line.source_kind,
        "source_id": line.source_id,
        "maker_id": line.maker_id,
        "reverses_id": line.reverses_id,
        "created_at": clock.now(),
    }
