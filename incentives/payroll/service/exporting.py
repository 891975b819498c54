"""The payroll of a closed month: everybody's row, and whether rows, statements, closing and ledger agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from incentives.core.approval import MonthState
from incentives.core.errors import Conflict, NotFound, say
from incentives.core.money import ZERO, Money, total
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.payroll.models import Closing, LineKind, Statement, StatementState
from incentives.payroll.service.closing import SOURCE, history, require_closing
from incentives.payroll.service.reviewing import statements
from incentives.people.models import Store
from incentives.people.service import staff
from incentives.periods import service as periods

KIND_WORDS = {
    LineKind.CARRIED_IN: say("Carried over from before"),
    LineKind.PAY: say("Variable pay"),
    LineKind.REWARD: say("Rewards"),
    LineKind.PENALTY: say("Penalties"),
    LineKind.ADJUSTMENT: say("Adjustments"),
    LineKind.SUPPLEMENT: say("Paid by supplements"),
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

    @property
    def to_deduct(self) -> Money:
        """What finance takes from the wage for losses; negative where it pays back. No part of what is paid."""
        return -self.by_kind.get(LineKind.LOSS, ZERO)


@dataclass(frozen=True, slots=True)
class Payroll:
    """A closed month as finance takes it over, with what the ledger says of it."""

    closing: Closing
    store: Store
    rows: Sequence[Row]
    statements: Sequence[Statement]
    ledger_total: Money
    ledger_losses: Money

    @property
    def to_deduct(self) -> Money:
        """What finance takes from wages for losses in all."""
        return total(row.to_deduct for row in self.rows)

    @property
    def paid(self) -> Money:
        """The sum of all rows."""
        return total(row.paid for row in self.rows)

    @property
    def kinds(self) -> list[LineKind]:
        """The columns: the usual ones, and supplements where there were any."""
        used = {kind for row in self.rows for kind in row.by_kind}
        return [kind for kind in KIND_WORDS if kind is not LineKind.SUPPLEMENT or kind in used]

    @property
    def agrees(self) -> bool:
        """Whether rows, statements, closing and ledger come to the same."""
        stated = total(each.total for each in self.statements)
        return self.paid == self.closing.total == self.ledger_total == stated and self.to_deduct == -self.ledger_losses


def payroll(store_id: int, month: Month, number: int | None = None) -> Payroll:
    """The payroll of a closed month; of a former closing if one is named.

    Raises:
        Conflict: it is not closed.
        NotFound: there was no such closing.
    """
    closing = _closing(store_id, month, number)
    paid = [each for each in statements(store_id, month, closing.number) if each.state is StatementState.APPROVED]
    return Payroll(
        closing=closing,
        store=db.session.get_one(Store, store_id),
        rows=list(_rows(paid)),
        statements=paid,
        ledger_total=ledger.money_of_sources(store_id, SOURCE, _ids(paid, is_paid=True)),
        ledger_losses=ledger.money_of_sources(store_id, SOURCE, _ids(paid, is_paid=False)),
    )


def _closing(store_id: int, month: Month, number: int | None) -> Closing:
    if number is None:
        if periods.state_of(store_id, month) is not MonthState.CLOSED:
            raise Conflict(say("{month} is not closed yet: there is nothing to pay.", month=str(month)))
        return require_closing(store_id, month)
    found = next((each for each in history(store_id, month) if each.number == number), None)
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def _ids(paid: Iterable[Statement], *, is_paid: bool) -> list[int]:
    return [line.id for each in paid for line in each.lines if line.kind.is_paid is is_paid]


def _rows(paid: Iterable[Statement]) -> Iterator[Row]:
    paid = list(paid)
    people = staff.named(each.employee_id for each in paid)
    for statement in paid:
        by_kind: dict[LineKind, Money] = defaultdict(lambda: ZERO)
        for line in statement.lines:
            by_kind[line.kind] += line.amount
        number, name = people[statement.employee_id]
        yield Row(number, name, dict(by_kind), statement.total)
