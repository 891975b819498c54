"""Carried-over balances: what somebody owes, month by month, with the lines that made it; and who owes something now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from incentives.core.approval import MonthState
from incentives.core.errors import Sentence, say
from incentives.core.money import ZERO, Money, total
from incentives.core.period import Month
from incentives.core.restatement import Balance, balance
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.payroll.models import LineKind, Statement, StatementState
from incentives.payroll.service.owing import carried_under_review
from incentives.payroll.service.paid_already import LEFT_OUT
from incentives.payroll.service.reading import ReadLine, ReadStatement, reviewed_of_person
from incentives.people.models import Employee, Store

CARRIED = (LineKind.CARRIED_IN, LineKind.CARRIED_OUT)


@dataclass(frozen=True, slots=True)
class BalanceMonth:
    """A month that somebody began or ended with a debt, as it was reviewed."""

    statement: ReadStatement
    state: MonthState

    @property
    def month(self) -> Month:
        """Which month."""
        return self.statement.month

    @property
    def held(self) -> bool:
        """Whether its statement was held: then it settled nothing, and the debt waits as it was."""
        return self.statement.state in LEFT_OUT

    @property
    def balance(self) -> Balance:
        """What the month did to the debt."""
        opened = -total(line.amount for line in self.statement.pay_lines if line.kind is LineKind.CARRIED_IN)
        return Balance(opened) if self.held else balance(opened, total(line.amount for line in self.lines))

    @property
    def lines(self) -> tuple[ReadLine, ...]:
        """The lines that added to the debt or settled it."""
        return tuple(line for line in self.statement.pay_lines if line.kind not in CARRIED)

    @property
    def says(self) -> Sentence:
        """What the month did, in a sentence."""
        did = self.balance
        if self.statement.state is StatementState.HELD:
            return say("The statement is held, so nothing is settled until it is released.")
        if self.held:
            return say("The statement was held: what it came to is settled by a later month.")
        if did.added:
            return say(
                "The lines come to {amount} less than nothing: that is added to what is owed.", amount=str(did.added)
            )
        if did.carried:
            return say("{amount} is settled first; nothing is left to be paid.", amount=str(did.settled))
        return say(
            "{amount} is settled first, and {paid} is paid.", amount=str(did.settled), paid=str(self.statement.total)
        )


@dataclass(frozen=True, slots=True)
class History:
    """Somebody's balance at a store: the months that began or ended with a debt, the latest first."""

    store: Store
    months: tuple[BalanceMonth, ...]
    owed: Money
    """What the latest month that was reviewed leaves; the next one settles it first."""


def history(store: Store, employee_id: int) -> History:
    """Somebody's balance at a store. Three queries."""
    found = [BalanceMonth(*each) for each in reviewed_of_person(store.id, employee_id)]
    owed = found[-1].balance.carried if found else ZERO
    return History(store, tuple(each for each in found[::-1] if each.balance.opened or each.balance.added), owed)


@dataclass(frozen=True, slots=True)
class Debtor:
    """Somebody who owes something now, and since which month without a break."""

    employee_id: int
    number: str
    name: str
    left_on: date | None
    owed: Money
    since: Month


def debtors(store_id: int) -> list[Debtor]:
    """Who owes something by what is posted and what is under review, the largest debt first. Three queries."""
    owed: dict[int, Money] = defaultdict(lambda: ZERO)
    since: dict[int, Month] = {}
    under_review = db.session.execute(carried_under_review(store_id).order_by(Statement.month))
    for employee_id, month, amount in (*ledger.carried_by_month(store_id), *under_review):
        since[employee_id] = since[employee_id] if owed[employee_id] else month
        owed[employee_id] += amount
    found = (
        _debtor(person, owed[person.id], since[person.id]) for person in _people([key for key in owed if owed[key]])
    )
    return sorted(found, key=lambda each: (-each.owed.fen, each.number))


def _people(ids: Sequence[int]) -> Sequence[Employee]:
    return db.session.scalars(select(Employee).where(Employee.id.in_(ids))).all()


def _debtor(person: Employee, owed: Money, since: Month) -> Debtor:
    return Debtor(person.id, person.number, person.name, person.left_on, owed, since)
