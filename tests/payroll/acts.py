"""What is done to pay, in one line each: sell, take back, read, move, close, reopen; and what must hold afterwards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

import time_machine
from sqlalchemy import select

from incentives.commissions.service import plans
from incentives.core.approval import MonthState, PlanAction, ProposalAction
from incentives.core.explain import explanation_from_plain, recompute
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import db
from incentives.demo.adopting import adopt
from incentives.ledger import service as ledger
from incentives.ledger.models import MoneyLine
from incentives.payroll.models import Closing, LineKind, Statement, StatementLine, StatementState
from incentives.payroll.service import closing, proving, reading, reopening, reviewing
from incentives.people.models import Employee
from incentives.people.signin import actor_for
from incentives.periods import service as periods
from incentives.rewards.models import Instrument, ReasonCode
from incentives.rewards.service import records
from incentives.sales.models import Category, EarningRole
from incentives.sales.service.lines import Article, Share
from incentives.sales.service.record import Sale, record_sale
from incentives.sales.service.returns import record_return
from incentives.targets.scopes import STORE, Scope
from incentives.targets.service import catalogue, readings
from incentives.targets.service.readings import NewReading
from tests.conftest import Cast

SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (Month(2026, number) for number in (9, 10, 11, 12))
LATER = date(2027, 2, 15)
"""A day after every fact of these stories."""

PROFIT = """
plan: profit
name: {en: Accessory profit, zh: 精品毛利提成}
lines:
  - line: profit
    name: {en: Profit of accessories, zh: 精品毛利}
    measure: {kind: profit, category: accessories, role: seller}
    rate: 20 %
"""
TIERS = """
plan: tiers
name: {en: Tiers, zh: 阶梯提成}
lines:
  - line: reached
    name: {en: Rate reached, zh: 全额计提}
    measure: {kind: amount, category: accessories, role: seller}
    tiers:
      reads: whole
      bands:
        - {below: 10000, rate: 5 %}
        - {from: 10000, rate: 8 %}
"""


@dataclass
class Books:
    """The east store's books, kept by its people."""

    cast: Cast
    documents: int = 0
    closed: dict[int, tuple[int, str]] = field(default_factory=dict)

    @property
    def store_id(self) -> int:
        return self.cast.east.id

    def plan(self, text: str, *positions: str, start: Month = SEPTEMBER) -> int:
        version = plans.draft(self.store_id, text, from_month=start, actor_id=self.cast.ma.id)
        plans.act(version, PlanAction.SUBMIT, actor_id=self.cast.ma.id)
        plans.act(version, PlanAction.APPROVE, actor_id=self.cast.hua.id)
        adopt(version, actor_id=self.cast.ma.id)
        for position in positions or ("adviser",):
            plans.assign(
                version.plan,
                position_id=self.cast.positions[position].id,
                employee_id=None,
                from_month=start,
                to_month=None,
                actor_id=self.cast.fan.id,
            )
        db.session.commit()
        return version.id

    def sell(self, received: str, *who: Employee, day: date, cost: str = "0", document: str = "") -> int:
        self.documents += 1
        article = Article("DC-1", Category.ACCESSORIES)
        sale = Sale(
            document or f"D{self.documents:04d}",
            day,
            article,
            quantity=1000,
            received=Money.parse(received),
            cost=Money.parse(cost),
        )
        made = record_sale(
            self.store_id,
            sale,
            [Share(each.id, EarningRole.SELLER) for each in who],
            maker_id=self.cast.ma.id,
            group_id=self.cast.group.id,
            today=LATER,
        )
        db.session.commit()
        return made

    def take_back(self, sale: int, received: str, *, day: date, quantity: int = 0) -> int:
        made = record_return(
            self.store_id,
            sale,
            quantity=quantity,
            received=Money.parse(received),
            day=day,
            maker_id=self.cast.ma.id,
            today=LATER,
        )
        db.session.commit()
        return made

    def read(self, code: str, day: date, value: str, *, scope: Scope = STORE) -> None:
        new = NewReading(catalogue.indicator(self.store_id, code), day, scope, Fraction(value))
        readings.give(self.store_id, [new], actor_id=self.cast.ma.id, today=LATER)
        db.session.commit()

    def praise(self, who: Employee, fen: int) -> None:
        """A reward of October, or with less than nothing a penalty, approved in time."""
        praise = db.session.scalars(select(ReasonCode).where(ReasonCode.code == "praise")).one()
        wanted = records.Proposal(
            employee_id=who.id,
            reason_id=praise.id,
            day=date(2026, 10, 20),
            instrument=Instrument.PAY,
            points=None,
            amount=Money(fen),
            note="客户表扬",
            token="praised",
        )
        record = records.propose(self.store_id, wanted, maker_id=self.cast.sun.id, today=date(2026, 10, 21))
        records.approve(actor_for(self.cast.ma, LATER), self.store_id, [record.id], today=date(2026, 10, 22))
        db.session.commit()

    def estimate(self, month: Month, who: Employee) -> list[tuple[LineKind, int, Month]]:
        found = reading.of_person(self.store_id, month, who.id)
        return [(line.kind, line.amount.fen, line.for_month) for line in found.lines] if found else []

    def adjusted(self, month: Month, who: Employee) -> int:
        return sum(fen for kind, fen, _month in self.estimate(month, who) if kind is LineKind.ADJUSTMENT)

    def start(self, month: Month) -> None:
        with self.after(month):
            reviewing.start(self.store_id, month, actor_id=self.cast.ma.id)
            db.session.commit()

    def after(self, month: Month) -> time_machine.travel:
        return time_machine.travel(datetime.combine(month.last + timedelta(days=1), time(9), UTC), tick=False)

    def approve(self, month: Month, *, hold: tuple[Employee, ...] = ()) -> None:
        manager, chief = actor_for(self.cast.ma, LATER), actor_for(self.cast.hua, LATER)
        found = reviewing.statements(self.store_id, month)
        held = [each for each in found if each.employee_id in {one.id for one in hold}]
        for each in held:
            reviewing.hold(manager, self.store_id, each.id, reason="待核实")
        rest = [each for each in found if each not in held]
        own = {each.id: each.digest for each in rest if each.employee_id == self.cast.ma.id}
        reviewing.approve(manager, self.store_id, month, {each.id: each.digest for each in rest if each.id not in own})
        if own:
            reviewing.approve(chief, self.store_id, month, own)
        if periods.state_of(self.store_id, month) is MonthState.IN_REVIEW:  # a month without statements
            periods.move(
                self.store_id,
                month,
                before=MonthState.IN_REVIEW,
                after=MonthState.APPROVED,
                actor_id=manager.employee_id,
            )
        db.session.commit()

    def finish(self, month: Month, *, hold: tuple[Employee, ...] = ()) -> None:
        self.approve(month, hold=hold)
        closing.close(self.store_id, month, actor_id=self.cast.fan.id)
        db.session.commit()

    def close(self, month: Month, *, hold: tuple[Employee, ...] = ()) -> None:
        self.start(month)
        self.finish(month, hold=hold)

    def release(self, month: Month, who: Employee) -> None:
        """Nothing for somebody who had no statement to hold."""
        found = [each for each in reviewing.statements(self.store_id, month) if each.employee_id == who.id]
        for each in found:
            closing.release(actor_for(self.cast.ma, LATER), self.store_id, each.id)
        db.session.commit()

    def reopen(self, month: Month) -> None:
        reopening.propose_reopening(self.store_id, month, reason="成本录错", actor_id=self.cast.fan.id)
        reopening.decide_reopening(self.store_id, month, ProposalAction.CONFIRM, actor_id=self.cast.hua.id)
        db.session.commit()

    # --- what must hold --------------------------------------------------------------------------------

    def paid(self) -> Counter[int]:
        """What each person has received over all closed months, in fen."""
        rows = db.session.execute(select(MoneyLine.employee_id, MoneyLine.amount, MoneyLine.kind))
        found: Counter[int] = Counter()
        for employee_id, amount, _kind in rows:
            found[employee_id] += amount.fen
        return found

    def require_proved(self) -> None:
        """Ledger = statements = export; nobody is paid less than nothing; each stored explanation comes out."""
        _months, wrong = proving.check()
        assert wrong == []
        for month in periods.closed_months(self.store_id):
            assert all(amount.fen >= 0 for amount in ledger.money_by_person(self.store_id, month).values())
        for line in db.session.scalars(select(StatementLine).where(StatementLine.kind == LineKind.ADJUSTMENT)):
            assert line.explanation is not None
            assert Money(int(recompute(explanation_from_plain(line.explanation)) * 100)) == line.amount

    def require_past_untouched(self) -> None:
        """No line of a statement that was once paid, and none of the ledger, is another one than it was."""
        before, self.closed = self.closed, self._closed_lines()
        assert before.items() <= self.closed.items()

    def _closed_lines(self) -> dict[int, tuple[int, str]]:
        paid = select(Closing.store_id, Closing.month, Closing.number).subquery()
        lines = db.session.scalars(
            select(StatementLine)
            .join(Statement, Statement.id == StatementLine.statement_id)
            .join(
                paid,
                (paid.c.store_id == Statement.store_id)
                & (paid.c.month == Statement.month)
                & (paid.c.number == Statement.round),
            )
            .where(Statement.state != StatementState.WAITING)
        )
        found = {line.id: (line.amount.fen, f"{line.name} {line.for_month} {line.explanation}") for line in lines}
        posted = db.session.scalars(select(MoneyLine))
        return found | {-line.id: (line.amount.fen, f"{line.key} {line.month} {line.what}") for line in posted}
