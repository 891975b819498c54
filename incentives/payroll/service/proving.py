"""Prove that the statements, the ledger and the payroll file of every closed month come to the same, to the fen.

And that nothing of the past is forgotten: earned to date is posted to date and what the open month still posts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from incentives.core.money import ZERO, Money
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.payroll.service import restating, supplements
from incentives.payroll.service.exporting import Payroll, payroll
from incentives.people.models import Employee, Store
from incentives.periods import service as periods


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A closed month in which two of the three do not come to the same, for one person or for all."""

    store: str
    month: Month
    person: str
    what: str
    statements: Money
    other: Money

    def __str__(self) -> str:
        return f"{self.store} {self.month} {self.person}: statements {self.statements}, {self.what} {self.other}"


def check() -> tuple[int, list[Disagreement]]:
    """How many closed months were checked, and every disagreement found in them."""
    found: list[Disagreement] = []
    months = 0
    for store in db.session.scalars(select(Store).order_by(Store.code)):
        for month in periods.closed_months(store.id):
            months += 1
            found += _disagreements(payroll(store.id, month))
        found += _forgotten(store)
        found += _open_supplements(store)
    return months, found


def _forgotten(store: Store) -> Iterator[Disagreement]:
    """Closed months whose facts changed without anybody owing the difference."""
    closed = periods.closed_months(store.id)
    lacking = restating.forgotten(store.id, closed[-1].plus(1)) if closed else []
    for month, employee_id, earned, posted in lacking:
        number = db.session.get_one(Employee, employee_id).number
        yield Disagreement(store.code, month, number, "earned to date", posted, earned)


def _disagreements(paid: Payroll) -> Iterator[Disagreement]:
    store, month = paid.store.code, paid.closing.month
    posted = ledger.money_by_person(paid.store.id, month)
    apart = supplements.paid_by_person(paid.store.id, month)
    numbers = {each.employee_id: row.number for each, row in zip(paid.statements, paid.rows, strict=True)}
    stated = {each.employee_id: each.total for each in paid.statements}
    for person in sorted(posted.keys() | stated.keys() | apart.keys()):
        on_statement = stated.get(person, ZERO) + apart.get(person, ZERO)
        in_ledger = posted.get(person, ZERO)
        if on_statement != in_ledger:
            who = numbers.get(person, f"#{person}")
            yield Disagreement(store, month, who, "ledger", on_statement, in_ledger)
    for row, statement in zip(paid.rows, paid.statements, strict=True):
        in_file = sum(amount.fen for kind, amount in row.by_kind.items() if kind.is_paid)
        if in_file != statement.total.fen:
            yield Disagreement(store, month, row.number, "export", statement.total, Money(in_file))
    if paid.to_deduct != -paid.ledger_losses:
        yield Disagreement(store, month, "all", "losses in the ledger", paid.to_deduct, -paid.ledger_losses)
    if paid.paid != paid.closing.total:
        yield Disagreement(store, month, "all", "closing", paid.paid, paid.closing.total)


def _open_supplements(store: Store) -> Iterator[Disagreement]:
    """A month that is not closed has nothing in the ledger of money but its supplements."""
    closed = set(periods.closed_months(store.id))
    for month in dict.fromkeys(each.month for each in supplements.supplements(store.id)):
        if month in closed:
            continue
        posted, apart = ledger.money_by_person(store.id, month), supplements.paid_by_person(store.id, month)
        for person in sorted(posted.keys() | apart.keys()):
            paid, in_ledger = apart.get(person, ZERO), posted.get(person, ZERO)
            if paid != in_ledger:
                yield Disagreement(store.code, month, f"#{person}", "ledger", paid, in_ledger)
