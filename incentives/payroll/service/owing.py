"""What a month's statements take over besides its own pay, rewards and losses: gathered for everybody in one query.

Lines of closed months that no longer stand as posted, debts that were carried on, what was released from held
statements, what supplements have paid. Nothing is decided here: :mod:`incentives.payroll.service.restating` and
:mod:`incentives.payroll.service.assembling` do that with what was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from incentives.core.approval import MonthState
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import Given, MonthType, Together
from incentives.ledger import service as ledger
from incentives.payroll.models import (
    LineKind,
    RestatedLine,
    Statement,
    StatementLine,
    StatementState,
)
from incentives.payroll.service import closed_lines
from incentives.payroll.service.closed_lines import (
    LeftOut,
    Posting,
    Restating,
    Stale,
    UnderReview,
)
from incentives.payroll.service.paid_already import PaidAlready, paid_already
from incentives.payroll.service.rounds import is_newest
from incentives.periods.models import BusinessMonth


class Debt(NamedTuple):
    """What somebody still owes from the months before, positive."""

    employee_id: int
    amount: Money


class Released(NamedTuple):
    """A reward or penalty of a statement that was held when its month was closed, and released since."""

    id: int
    employee_id: int
    month: Month
    for_month: Month
    source_id: int
    name: dict[str, Any]
    amount: Money


@dataclass(frozen=True, slots=True)
class Owing:
    """All of that, as it was found."""

    stale: Sequence[Month]
    restated: Sequence[Restating]
    posted: Sequence[Posting]
    under_review: Sequence[UnderReview]
    left_out: frozenset[tuple[Month, int]]
    debts: Sequence[Debt]
    released: Sequence[Released]
    paid_already: Sequence[PaidAlready]


def gather(store_id: int, month: Month) -> Owing:
    """What the statements of a month take over. One query, however many people and closed months there are."""
    found = _questions().ask(store=store_id, month=month, before=month.plus(-1))
    return Owing(
        stale=sorted(each.month for each in found.of(Stale)),
        restated=sorted(found.of(Restating), key=lambda each: (each.for_month, each.employee_id, each.id)),
        posted=found.of(Posting),
        under_review=found.of(UnderReview),
        left_out=frozenset((each.month, each.employee_id) for each in found.of(LeftOut)),
        debts=found.of(Debt),
        released=sorted(found.of(Released)),
        paid_already=sorted(found.of(PaidAlready)),
    )


@cache
def _questions() -> Together:
    """It is long, and asked with every estimate: put together once."""
    store: BindParameter[int] = bindparam("store", type_=Integer())
    month: BindParameter[Month] = bindparam("month", type_=MonthType())
    before: BindParameter[Month] = bindparam("before", type_=MonthType())
    restated = select(RestatedLine.month).where(RestatedLine.store_id == store)
    return Together(
        [
            (Stale, closed_lines.stale(store, month)),
            (Restating, closed_lines.restated(store, month)),
            (Posting, closed_lines.posted(store, restated)),
            (UnderReview, closed_lines.under_review(store, before, restated)),
            (LeftOut, closed_lines.left_out(store, restated)),
            (Debt, ledger.carried_by_person(store, month)),
            (Debt, _carried_but_not_posted(store, month)),
            (Released, _released(store, month)),
            (PaidAlready, paid_already(store, month, _rewards_again(store, month))),
        ]
    )


def carried_under_review(store_id: Given[int]) -> Select[int, Month, Money]:
    """What statements of months that are reviewed but not closed yet add to a debt, or settle of it; by person and month."""
    return (
        select(Statement.employee_id, Statement.month, func.sum(StatementLine.amount).label("amount"))
        .join(StatementLine, StatementLine.statement_id == Statement.id)
        .join(BusinessMonth, and_(BusinessMonth.store_id == Statement.store_id, BusinessMonth.month == Statement.month))
        .where(
            Statement.store_id == store_id,
            is_newest(),
            Statement.state != StatementState.HELD,
            BusinessMonth.state.in_((MonthState.IN_REVIEW, MonthState.APPROVED)),
            StatementLine.kind.in_((LineKind.CARRIED_IN, LineKind.CARRIED_OUT)),
        )
        .group_by(Statement.employee_id, Statement.month)
    )


def _carried_but_not_posted(store_id: Given[int], month: Given[Month]) -> Select[int, Money]:
    carried = carried_under_review(store_id).where(Statement.month < month).subquery().c
    return select(carried.employee_id, carried.amount)


def _released(store_id: Given[int], month: Given[Month]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            StatementLine.id,
            Statement.employee_id,
            Statement.month,
            StatementLine.for_month,
            StatementLine.source_id,
            StatementLine.name,
            StatementLine.amount.label("amount"),
        )
        .join(Statement, Statement.id == StatementLine.statement_id)
        .where(*released_and_waiting(store_id, month))
    )


def released_and_waiting(store_id: Given[int], month: Given[Month]) -> list[ColumnElement[bool]]:
    """Which rewards and penalties of released statements no month before this one has taken up."""
    later, taking = aliased(StatementLine), aliased(Statement)
    taken_up = exists().where(
        later.statement_id == taking.id,
        later.kind == LineKind.ADJUSTMENT,
        later.source_id == StatementLine.source_id,
        taking.store_id == Statement.store_id,
        taking.month > Statement.month,
        taking.month < month,
        is_newest(taking),
    )
    return [
        Statement.store_id == store_id,
        Statement.month < month,
        Statement.state == StatementState.RELEASED,
        StatementLine.source_id.is_not(None),
        StatementLine.kind != LineKind.LOSS,
        ~taken_up.correlate(StatementLine, Statement),
    ]


def _rewards_again(store_id: Given[int], month: Given[Month]) -> Select[int | None]:
    """The rewards that the month pays for statements that were released."""
    found = select(StatementLine.source_id).join(Statement, Statement.id == StatementLine.statement_id)
    return found.where(*released_and_waiting(store_id, month))
