"""Lines of closed months that no longer stand as they were posted: what was found, and the statements that find it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, select

from incentives.commissions.models import Calculation, PayLine
from incentives.core.approval import MonthState
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import Given, db
from incentives.ledger import service as ledger
from incentives.payroll.models import RestatedLine, Statement, StatementLine, StatementState
from incentives.payroll.service.rounds import newest_round
from incentives.periods.models import BusinessMonth

Months: TypeAlias = Collection[Month] | Select[Month]
LineKey: TypeAlias = tuple[int, int, str]
"""Employee, plan version, code: what makes a line of a month the same line."""


class Stale(NamedTuple):
    """A closed month whose facts changed since it was last worked out."""

    month: Month


class Restating(NamedTuple):
    """A line of a closed month that comes to something else with today's facts, and the line of pay that it corrects."""

    id: int
    employee_id: int
    version_id: int
    code: str
    for_month: Month
    pay_line_id: int | None
    name: dict[str, Any]
    amount: Money
    explanation: dict[str, Any] | None

    @property
    def key(self) -> LineKey:
        """Which line it is of its month."""
        return self.employee_id, self.version_id, self.code


class Posting(NamedTuple):
    """What a month posted for a line of some month."""

    employee_id: int
    version_id: int
    code: str
    for_month: Month
    month: Month
    amount: Money

    @property
    def place(self) -> tuple[Month, LineKey]:
        """Which line of which month."""
        return self.for_month, (self.employee_id, self.version_id, self.code)


class UnderReview(Posting):
    """What a month that is reviewed but not closed yet will post."""


class LeftOut(NamedTuple):
    """Somebody whose statement was left out of its month's closing and is paid by a later one."""

    month: Month
    employee_id: int


def postings(store_id: int, months: Collection[Month]) -> list[Posting]:
    """What the ledger holds for each line of some months, in whatever month it was posted. One query."""
    return [Posting(*row) for row in db.session.execute(posted(store_id, months))]


def _closed(store_id: Given[int], before: Given[Month]) -> Select[Month]:
    return select(BusinessMonth.month).where(
        BusinessMonth.store_id == store_id, BusinessMonth.month < before, BusinessMonth.state == MonthState.CLOSED
    )


def stale(store_id: Given[int], month: Given[Month]) -> Select[Month]:
    """The closed months before this one that must be worked out again."""
    return select(Calculation.month).where(
        Calculation.store_id == store_id, Calculation.stale.is_(True), Calculation.month.in_(_closed(store_id, month))
    )


def restated(store_id: Given[int], month: Given[Month]) -> Select[*tuple[Any, ...]]:
    """What is kept of the closed months before this one, with the lines of pay that it corrects."""
    corrected = and_(
        PayLine.store_id == RestatedLine.store_id,
        PayLine.month == RestatedLine.month,
        PayLine.employee_id == RestatedLine.employee_id,
        PayLine.version_id == RestatedLine.version_id,
        PayLine.code == RestatedLine.code,
    )
    return (
        select(
            RestatedLine.id,
            RestatedLine.employee_id,
            RestatedLine.version_id,
            RestatedLine.code,
            RestatedLine.month.label("for_month"),
            PayLine.id.label("pay_line_id"),
            RestatedLine.name,
            RestatedLine.amount.label("amount"),
            RestatedLine.explanation,
        )
        .outerjoin(PayLine, corrected)
        .where(RestatedLine.store_id == store_id, RestatedLine.month.in_(_closed(store_id, month)))
    )


def posted(store_id: Given[int], months: Months) -> Select[*tuple[Any, ...]]:
    """What the ledger holds for the lines of some months."""
    by_source = ledger.posted_by_source(store_id, "statement_line", months).subquery()
    return (
        select(
            Statement.employee_id,
            StatementLine.version_id,
            StatementLine.code,
            StatementLine.for_month,
            by_source.c.month,
            by_source.c.amount,
        )
        .join(Statement, Statement.id == StatementLine.statement_id)
        .join(by_source, by_source.c.source_id == StatementLine.id)
        .where(
            Statement.store_id == store_id, StatementLine.for_month.in_(months), StatementLine.version_id.is_not(None)
        )
    )


def reviewed_not_closed(store_id: Given[int], month: Given[Month]) -> list[ColumnElement[bool]]:
    """The statements of a month's latest round that it will pay once it is closed. Held statements post nothing."""
    state = select(BusinessMonth.state).where(BusinessMonth.store_id == store_id, BusinessMonth.month == month)
    return [
        Statement.store_id == store_id,
        Statement.month == month,
        Statement.round == newest_round(store_id, month),
        Statement.state != StatementState.HELD,
        state.scalar_subquery().in_((MonthState.IN_REVIEW, MonthState.APPROVED)),
    ]


def under_review(store_id: Given[int], month: Given[Month], months: Months) -> Select[*tuple[Any, ...]]:
    """What a month that is reviewed but not closed yet will post for some months before it.

    The month after it must not post the same once more.
    """
    return (
        select(
            Statement.employee_id,
            StatementLine.version_id,
            StatementLine.code,
            StatementLine.for_month,
            Statement.month,
            StatementLine.amount.label("amount"),
        )
        .join(StatementLine, StatementLine.statement_id == Statement.id)
        .where(
            *reviewed_not_closed(store_id, month),
            StatementLine.for_month.in_(months),
            StatementLine.version_id.is_not(None),
        )
    )


def left_out(store_id: Given[int], months: Months) -> Select[Month, int]:
    """Whose statements of some months are paid by a later one."""
    later = (StatementState.RELEASED, StatementState.PAID_LATER)
    return select(Statement.month, Statement.employee_id).where(
        Statement.store_id == store_id, Statement.month.in_(months), Statement.state.in_(later)
    )
