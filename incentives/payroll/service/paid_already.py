"""What supplements have paid already and a statement takes off again, since its adjustments stand in it all the same.

The month's own statement does so. If that was held, its adjustments stand in the next one that is not, and so does what
was paid: else they would be paid twice. A reward comes again when the held statement is released, and is taken off then.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from incentives.core.approval import ProposalState
from incentives.core.errors import Sentence, say
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import db
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


def paid_already(store_id: int, month: Month, rewards_again: Select[int | None]) -> list[PaidAlready]:
    """What a month's statements take off. One query, and one more if the statement after a supplement was held.

    Args:
        store_id: whose month.
        month: the month of the statements.
        rewards_again: the ids of rewards that these statements pay for statements that were released.
    """
    rows = db.session.execute(_supplemented(store_id, month, rewards_again)).all()
    waiting = {(row.employee_id, row.month) for row in rows if row.month < month and not row.for_rewards}
    taken = set(_taken_off_since(store_id, month, waiting)) if waiting else set()
    sums: Counter[tuple[int, Month, int]] = Counter()
    for row in rows:
        if row.for_rewards or (row.employee_id, row.month) not in taken:
            sums[row.employee_id, row.month, row.number] += row.amount.fen
    return [PaidAlready(*key, Money(fen)) for key, fen in sums.items()]


def _supplemented(store_id: int, month: Month, rewards_again: Select[int | None]) -> Select[*tuple[Any, ...]]:
    for_rewards = SupplementLine.source_id.is_not(None)
    stands_again = or_(~for_rewards, SupplementLine.source_id.in_(rewards_again))
    held_before = and_(Supplement.month < month, _left_out(), stands_again)
    keys = (SupplementLine.employee_id, Supplement.month, Supplement.number, for_rewards.label("for_rewards"))
    return (
        select(*keys, func.sum(SupplementLine.amount).label("amount"))
        .join(Supplement, Supplement.id == SupplementLine.supplement_id)
        .where(
            Supplement.store_id == store_id,
            Supplement.state == ProposalState.IN_FORCE,
            or_(Supplement.month == month, held_before),
        )
        .group_by(*keys)
        .order_by(*keys)
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


def _taken_off_since(
    store_id: int, month: Month, waiting: Collection[tuple[int, Month]]
) -> Iterator[tuple[int, Month]]:
    """Those people and months that a statement between then and this month has taken off, being no held one itself."""
    rows = db.session.execute(
        select(Statement.employee_id, Statement.month).where(
            Statement.store_id == store_id,
            Statement.month > min(own for _person, own in waiting),
            Statement.month < month,
            Statement.employee_id.in_({person for person, _own in waiting}),
            Statement.state.not_in(LEFT_OUT),
            is_newest(),
        )
    )
    paid: dict[int, set[Month]] = defaultdict(set)
    for employee_id, between in rows:
        paid[employee_id].add(between)
    for person, own in waiting:
        if any(between > own for between in paid[person]):
            yield person, own
