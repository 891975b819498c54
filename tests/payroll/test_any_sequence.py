"""Whatever is done, in whatever order: the books agree to the fen, the past stands, and what was earned is paid once.

``INCENTIVES_EXAMPLES`` turns the number of stories up; each is a dozen acts on a database of its own.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import TypeAlias

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from incentives.commissions.models import PlanVersion
from incentives.commissions.service import calculation, plans
from incentives.core.errors import DomainError, say
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.ledger.models import MoneyLine
from incentives.payroll.service import reading, supplements
from incentives.people.models import Employee
from incentives.people.service import staff
from incentives.people.signin import actor_for
from incentives.periods import service as periods
from incentives.sales.models import LineKind, SaleLine
from incentives.sales.service.lookup import left_of
from incentives.sales.service.returns import cancel, undo_return
from incentives.targets.scopes import of_person
from tests.conftest import Cast, tell_cast
from tests.payroll.acts import PROFIT, SEPTEMBER, TIERS, Books
from tests.payroll.test_restating import MISSING, POOL

EXAMPLES = int(os.environ.get("INCENTIVES_EXAMPLES", "5"))
LAST = Month(2027, 2)
"""The month in which every story ends at the latest."""
Act: TypeAlias = tuple[str, int, int, int]
"""What is done, and three numbers that say to whom, when and how much."""

ACTS = (
    "sell",
    "sell",
    "take_back",
    "take_back",
    "undo",
    "cancel",
    "read",
    "close",
    "close",
    "hold",
    "release",
    "reopen",
    "move",
    "hire",
    "leave",
    "assign",
    "supplement",
)
stories = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 89), st.integers(1, 20_000_00)),
    min_size=6,
    max_size=14,
)


class Story:
    """A store in which anything may happen. What is refused in a sentence has changed nothing."""

    def __init__(self, cast: Cast) -> None:
        self.books = Books(cast)
        self.people = [cast.wei, cast.lan, cast.hao]
        self.month = SEPTEMBER
        self.hired = 0
        self.held: list[tuple[Month, Employee]] = []
        self.versions = [self.books.plan(text) for text in (PROFIT, TIERS, POOL, MISSING)]
        for later in range(6):  # a month in which nobody received a vehicle waits
            self.books.read("vehicles_received", SEPTEMBER.plus(later).first, "0", scope=of_person(cast.wei.id))

    def act(self, act: Act) -> None:
        name, *numbers = act
        doing: Callable[[int, int, int], None] = getattr(self, name)
        try:
            doing(*numbers)
        except DomainError:
            db.session.rollback()
        self.books.require_past_untouched()

    def day(self, number: int) -> date:
        """A day of any month up to the first open one."""
        months = [SEPTEMBER.plus(later) for later in range(12) if SEPTEMBER.plus(later) <= self.month]
        return date(months[number % len(months)].year, months[number % len(months)].month, 1 + number % 28)

    def sell(self, who: int, day: int, fen: int) -> None:
        several = self.people[who:] if fen % 3 == 0 else (self.people[who],)
        self.books.sell(
            str(Money(fen)).replace(",", ""), *several, day=self.day(day), cost=str(Money(fen // 2)).replace(",", "")
        )

    def _some(self, kind: LineKind, number: int) -> SaleLine:
        found = db.session.scalars(select(SaleLine).where(SaleLine.kind == kind).order_by(SaleLine.id)).all()
        if not found:
            raise DomainError(say("Nothing yet."))
        return found[number % len(found)]

    def take_back(self, _who: int, number: int, fen: int) -> None:
        sale = self._some(LineKind.SALE, number)
        back = min(left_of(sale).received, fen)
        day = max(sale.business_date, self.month.first)
        self.books.take_back(sale.id, str(Money(back)).replace(",", ""), day=day)

    def undo(self, _who: int, number: int, _fen: int) -> None:
        undo_return(
            self.books.store_id,
            self._some(LineKind.RETURN, number).id,
            maker_id=self.books.cast.ma.id,
            today=self.month.last,
        )
        db.session.commit()

    def cancel(self, _who: int, number: int, _fen: int) -> None:
        cancel(
            self.books.store_id,
            self._some(LineKind.SALE, number).id,
            maker_id=self.books.cast.ma.id,
            today=self.month.last,
        )
        db.session.commit()

    def read(self, who: int, day: int, fen: int) -> None:
        self.books.read("vehicles_received", self.day(day), str(fen % 500), scope=of_person(self.people[who].id))

    def close(self, _who: int, _day: int, _fen: int) -> None:
        self._go_on()

    def _go_on(self, *hold: Employee) -> None:
        if self.month == LAST:
            raise DomainError(say("The story is over."))
        self.books.close(self.month, hold=hold)
        self.month = self.month.plus(1)

    def hold(self, who: int, _day: int, _fen: int) -> None:
        month = self.month
        person = self.people[who]
        self._go_on(person)
        self.held.append((month, person))

    def release(self, _who: int, number: int, _fen: int) -> None:
        if self.held:
            month, who = self.held.pop(number % len(self.held))
            self.books.release(month, who)

    def reopen(self, _who: int, _day: int, _fen: int) -> None:
        self.books.reopen(self.month.plus(-1))
        self.month = self.month.plus(-1)
        self.held = [each for each in self.held if each[0] != self.month]

    def move(self, who: int, day: int, _fen: int) -> None:
        position = self.books.cast.positions[("manager", "adviser")[day % 2]]
        staff.move(
            self.people[who],
            store=self.books.cast.east,
            position=position,
            day=self.day(day),
            actor_id=None,
            at=self.books.store_id,
        )
        db.session.commit()

    def hire(self, _who: int, day: int, fen: int) -> None:
        """Somebody new from any day on, a closed month's too: the pool is shared with him from then on."""
        self.hired += 1
        position = self.books.cast.positions[("adviser", "mechanic")[fen % 2]]
        new = staff.hire(
            store=self.books.cast.east,
            number=f"N{self.hired}",
            name="新人",
            position=position,
            day=self.day(day),
            actor_id=None,
        )
        db.session.commit()
        self.people[fen % len(self.people)] = new

    def leave(self, who: int, day: int, _fen: int) -> None:
        staff.leave(self.people[who], last_day=self.day(day), store_id=self.books.store_id, actor_id=None)
        db.session.commit()

    def assign(self, _who: int, number: int, fen: int) -> None:
        """A plan pays another position as well, from any month on; refused where one of them is not open any more."""
        version = db.session.get_one(PlanVersion, self.versions[fen % len(self.versions)])
        plans.assign(
            version.plan,
            position_id=self.books.cast.positions["mechanic"].id,
            employee_id=None,
            from_month=SEPTEMBER.plus(number % 6),
            to_month=None,
            actor_id=self.books.cast.fan.id,
        )
        db.session.commit()

    def supplement(self, _who: int, _day: int, fen: int) -> None:
        """Whatever closed months owe is paid at once, or prepared and refused."""
        store_id, cast = self.books.store_id, self.books.cast
        owed = [each for each in supplements.owed(store_id, supplements.month_of(store_id)) if each.refusal is None]
        made = supplements.prepare(store_id, [each.employee_id for each in owed], actor_id=cast.fan.id)
        manager = actor_for(cast.ma, self.month.last)
        supplements.decide(manager, store_id, made.id, confirmed=fen % 4 > 0, reason="金额有误")
        db.session.commit()

    # --- at the end ------------------------------------------------------------------------------------

    def settle_all(self) -> None:
        """Release and close until everything that happened has been posted."""
        for month, who in self.held:
            self.books.release(month, who)
        self.books.close(self.month)
        self.month = self.month.plus(1)

    def require_paid_what_was_earned(self) -> None:
        """Over all months: what everybody was posted is what all closed months come to with today's facts."""
        earned: Counter[int] = Counter()
        for month in periods.closed_months(self.books.store_id):
            for _paid, result in calculation.results(self.books.store_id, month):
                for line in result.lines:
                    earned[line.member] += line.amount.fen
        carried = ledger.carried_over(self.books.store_id, self.month)
        posted = self.books.paid()
        for person in earned.keys() | posted.keys():
            assert posted[person] - carried.get(person, Money(0)).fen == earned[person]


def _anew(_app: Flask) -> Cast:
    """An empty database with the cast."""
    db.session.remove()
    if db.engine.dialect.name == "postgresql":
        with db.engine.begin() as connection:
            schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    else:
        db.drop_all()
    db.create_all()
    return tell_cast()


@pytest.mark.both_databases
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=stories)
def test_the_books_agree_after_any_sequence_of_acts(app: Flask, story: list[Act]) -> None:
    told = Story(_anew(app))
    for act in story:
        told.act(act)
    told.settle_all()
    told.books.require_past_untouched()
    told.books.require_proved()
    told.require_paid_what_was_earned()
    lines = select(func.count()).select_from(MoneyLine)
    before = db.session.scalar(lines)
    made = [each for each in reading.of_store(told.books.store_id, told.month) if each.lines]
    assert all(line.kind.value != "adjustment" for each in made for line in each.lines), (
        "recalculating posts nothing new"
    )
    assert db.session.scalar(lines) == before
