"""A month of accessory sales at the east store, told from the plan to the closing; used by the stories of pay."""

from __future__ import annotations

from datetime import date

from incentives.commissions.service import plans
from incentives.core.approval import PlanAction
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import db
from incentives.demo import adopting
from incentives.payroll.service import closing, reviewing
from incentives.people.models import Employee
from incentives.people.signin import actor_for
from incentives.sales.models import Category, EarningRole
from incentives.sales.service.lines import Article, Share
from incentives.sales.service.record import Sale, record_sale
from tests.conftest import Cast

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
TODAY = date(2026, 11, 16)
PLAN = """
plan: accessories
name: {en: Accessories, zh: 精品提成}
lines:
  - line: sold
    name: {en: Sold accessories, zh: 精品销售}
    measure: {kind: profit, category: accessories, role: seller}
    rate: 20 %
"""


def adopt(cast: Cast, text: str = PLAN, first: Month = OCTOBER) -> None:
    """Advisers and managers are paid by a plan."""
    version = plans.draft(cast.east.id, text, from_month=first, actor_id=cast.ma.id)
    plans.act(version, PlanAction.SUBMIT, actor_id=cast.ma.id)
    plans.act(version, PlanAction.APPROVE, actor_id=cast.hua.id)
    adopting.adopt(version, actor_id=cast.ma.id)
    for position in ("adviser", "manager"):
        plans.assign(
            version.plan,
            position_id=cast.positions[position].id,
            employee_id=None,
            from_month=first,
            to_month=None,
            actor_id=cast.fan.id,
        )
    db.session.commit()


def sell(cast: Cast, document: str, who: Employee, day: date, profit: str = "1500") -> int:
    """A sale with this profit; a fifth of it is pay."""
    article = Article(code="DC-1", name="脚垫", category=Category.ACCESSORIES)
    received = Money.parse(profit) + Money.parse("2380")
    sale = Sale(document, day, article, quantity=1000, received=received, cost=Money.parse("2380"))
    earners = [Share(who.id, EarningRole.SELLER)]
    made = record_sale(cast.east.id, sale, earners, maker_id=cast.ma.id, group_id=cast.group.id, today=TODAY)
    db.session.commit()
    return made


def digests(cast: Cast, month: Month, *, managers: bool) -> dict[int, str]:
    """What the manager (or, for managers, the head office) sees to approve."""
    found = reviewing.statements(cast.east.id, month)
    return {each.id: each.digest for each in found if (each.employee_id == cast.ma.id) is managers}


def approve(cast: Cast, month: Month) -> None:
    """Everybody's by the manager, the manager's by the head office."""
    manager, chief = actor_for(cast.ma, TODAY), actor_for(cast.hua, TODAY)
    reviewing.approve(manager, cast.east.id, month, digests(cast, month, managers=False))
    reviewing.approve(chief, cast.east.id, month, digests(cast, month, managers=True))


def close(cast: Cast, month: Month) -> None:
    """Reviewed, approved, closed, committed."""
    reviewing.start(cast.east.id, month, actor_id=cast.ma.id)
    approve(cast, month)
    closing.close(cast.east.id, month, actor_id=cast.fan.id)
    db.session.commit()


def held_and_closed(cast: Cast, month: Month, who: Employee) -> int:
    """Closed with one statement held back; its id."""
    reviewing.start(cast.east.id, month, actor_id=cast.ma.id)
    manager, chief = actor_for(cast.ma, TODAY), actor_for(cast.hua, TODAY)
    held = next(each.id for each in reviewing.statements(cast.east.id, month) if each.employee_id == who.id)
    reviewing.hold(manager, cast.east.id, held, reason="待核实")
    rest = {key: value for key, value in digests(cast, month, managers=False).items() if key != held}
    reviewing.approve(manager, cast.east.id, month, rest)
    reviewing.approve(chief, cast.east.id, month, digests(cast, month, managers=True))
    closing.close(cast.east.id, month, actor_id=cast.fan.id)
    db.session.commit()
    return held
