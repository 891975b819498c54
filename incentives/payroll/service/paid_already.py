"""What supplements have paid already and a statement takes off again, since its adjustments stand in it all the same.

The month's own statement does so. If that was held, its adjustments stand in the next one that is not, and so does what
was paid: else they would be paid twice. A reward comes again when the held statement is released, and is taken off then.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from incentives.core.approval import ProposalState
from incentives.core.errors import Sentence, say
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import Given
from incentives.payroll.models import Statement, StatementState, Supplement, SupplementLine
from incentives.payroll.service.rounds import is_newest

LEFT_OUT = (StatementState.HELD, StatementState.RELEASED, StatementState.PAID_LATER)
"""The states of a statement that its own month did not pay."""


class PaidAlready(NamedTuple):
    """What one supplement paid somebody, to be taken off."""

    employee_id: int
    month: Month
    number: int
    amount: Money

    def name(self, month: Month) -> Sentence:
        """What the statement of a month calls it."""
        if self.month == month:
            return say("Paid already by supplement {number}", number=self.number)
        return say("Paid already by supplement {number} of {month}", number=self.number, month=str(self.month))


def paid_already(
    store_id: Given[int], month: Given[Month], rewards_again: Select[int | None]
) -> Select[*tuple[Any, ...]]:
    """What a month's statements take off, as a statement with the columns of :class:`PaidAlready`.

    Args:
        store_id: whose month.
        month: the month of the statements.
        rewards_again: the ids of rewards that these statements pay for statements that were released.
    """
    waits = and_(SupplementLine.source_id.is_(None), ~_taken_off_before(month))
    held_before = and_(Supplement.month < month, _left_out(), or_(waits, SupplementLine.source_id.in_(rewards_again)))
    keys = (SupplementLine.employee_id, Supplement.month, Supplement.number)
    return (
        select(*keys, func.sum(SupplementLine.amount).label("amount"))
        .join(Supplement, Supplement.id == SupplementLine.supplement_id)
        .where(
            Supplement.store_id == store_id,
            Supplement.state == ProposalState.IN_FORCE,
            or_(Supplement.month == month, held_before),
        )
        .group_by(*keys)
    )


def _left_out() -> ColumnElement[bool]:
    """That the statement of the supplement's own month was not paid by it."""
    return exists().where(
        Statement.store_id == Supplement.store_id,
        Statement.month == Supplement.month,
        Statement.employee_id == SupplementLine.employee_id,
        Statement.state.in_(LEFT_OUT),
        is_newest(),
    )


def _taken_off_before(month: Given[Month]) -> ColumnElement[bool]:
    """That a statement between the supplement and this month has taken it off, being no held one itself."""
    between = aliased(Statement)
    return exists().where(
        between.store_id == Supplement.store_id,
        between.employee_id == SupplementLine.employee_id,
        between.month > Supplement.month,
        between.month < month,
        between.state.not_in(LEFT_OUT),
        is_newest(between),
    )
