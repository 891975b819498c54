"""The payroll of a closed month: everybody's row, and whether rows, statements, closing and ledger agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from incentives.core.errors import Conflict, say
from incentives.core.money import ZERO, Money, total
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.payroll.models import Closing, LineKind, Statement, StatementState
from incentives.payroll.service.closing import closing_of
from incentives.payroll.service.reviewing import statements
from incentives.people.models import Employee, Store

KIND_WORDS = {
    LineKind.CARRIED_IN: say("Carried over from before"),
    LineKind.PAY: say("Variable pay"),
    LineKind.REWARD: say("Rewards"),
    LineKind.PENALTY: say("Penalties"),
    LineKind.ADJUSTMENT: say("Adjustments"),
    LineKind.CARRIED_OUT: say("Carried over to later"),
}
"""The columns of the file, in the order of statements."""


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody's row of the file."""

    number: str
    name: str
    by_kind: dict[LineKind, Money]
    paid: Money


@dataclass(frozen=True, slots=True)
class Payroll:
    """A closed month as finance takes it over, with what the ledger says of it."""

    closing: Closing
    store: Store
    rows: Sequence[Row]
    statements: Sequence[Statement]
    ledger_total: Money

    @property
    def paid(self) -> Money:
        """The sum of all rows."""
        return total(row.paid for row in self.rows)

    @property
    def agrees(self) -> bool:
        """Whether rows, statements, closing and ledger come to the same."""
        return self.paid == self.closing.total == self.ledger_total == total(each.total for each in self.statements)


def payroll(store_id: int, month: Month) -> Payroll:
    """The payroll of a closed month.

    Raises:
        Conflict: it is not closed.
    """
    closing = closing_of(store_id, month)
    if closing is None:
        raise Conflict(say("{month} is not closed yet: there is nothing to pay.", month=str(month)))
    paid = [each for each in statements(store_id, month) if each.state is StatementState.APPROVED]
    return Payroll(
        closing=closing,
        store=db.session.get_one(Store, store_id),
        rows=list(_rows(paid)),
        statements=paid,
        ledger_total=ledger.money_total(store_id, month),
    )


def _rows(paid: Iterable[Statement]) -> Iterator[Row]:
    paid = list(paid)
    people = _people({each.employee_id for each in paid})
    for statement in paid:
        by_kind: dict[LineKind, Money] = defaultdict(lambda: ZERO)
        for line in statement.lines:
            by_kind[line.kind] += line.amount
        number, name = people[statement.employee_id]
        yield Row(number, name, dict(by_kind), statement.total)


def _people(ids: set[int]) -> dict[int, tuple[str, str]]:
    found = select(Employee.id, Employee.number, Employee.name).where(Employee.id.in_(ids))
    return {number: (code, name) for number, code, name in db.session.execute(found)}
