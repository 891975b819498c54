"""Three months of sales under a plan, and a draft to hold against it."""

from __future__ import annotations

from datetime import date

import pytest

from incentives import clock
from incentives.commissions.models import PlanVersion
from incentives.commissions.service import calculation, plans
from incentives.core.approval import PlanAction
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import db
from incentives.demo.adopting import adopt
from incentives.demo.story import noon
from incentives.people.models import Employee
from incentives.sales.models import Category, EarningRole
from incentives.sales.service.lines import Article, Share
from incentives.sales.service.record import Sale, record_sale
from tests.conftest import Cast

AUGUST, OCTOBER, NOVEMBER = Month(2026, 8), Month(2026, 10), Month(2026, 11)
FIVE_PERCENT = """
plan: accessories
name: {en: Accessories, zh: 精品提成}
lines:
  - line: sold
    name: {en: Sold accessories, zh: 精品销售}
    measure: {kind: amount, category: accessories, role: seller}
    rate: 5 %
"""
WHOLE_TIERS = """
plan: accessories
name: {en: Accessories, zh: 精品提成}
lines:
  - line: sold
    name: {en: Sold accessories, zh: 精品销售}
    measure: {kind: amount, category: accessories, role: seller}
    tiers:
      reads: whole
      bands:
        - {up_to: 1000, rate: 4 %}
        - {above: 1000, rate: 6 %}
"""


def sell(cast: Cast, seller: Employee, day: date, yuan: str) -> None:
    """One accessory sold on a day."""
    sale = Sale(
        document=f"D-{day}-{seller.number}-{yuan}",
        line_number=1,
        day=day,
        article=Article(code="DC-1", name="脚垫", category=Category.ACCESSORIES),
        quantity=1000,
        received=Money.parse(yuan),
    )
    earners = [Share(seller.id, EarningRole.SELLER)]
    record_sale(cast.east.id, sale, earners, maker_id=cast.ma.id, group_id=cast.group.id, today=day)


@pytest.fixture
def season(cast: Cast) -> PlanVersion:
    """Wei sells 2,000 a month, Lan 500, Hao nothing, from August to October, at five percent. The draft: 4 % or 6 %."""
    with clock.telling(noon(AUGUST.first)):
        version = plans.draft(cast.east.id, FIVE_PERCENT, from_month=AUGUST, actor_id=cast.ma.id)
        plans.act(version, PlanAction.SUBMIT, actor_id=cast.ma.id)
        plans.act(version, PlanAction.APPROVE, actor_id=cast.hua.id)
        adopt(version, actor_id=cast.ma.id)
        plans.assign(
            version.plan,
            position_id=cast.positions["adviser"].id,
            employee_id=None,
            from_month=AUGUST,
            to_month=None,
            actor_id=cast.ma.id,
        )
    for back in (3, 2, 1):
        month = NOVEMBER.plus(-back)
        with clock.telling(noon(month.first)):
            sell(cast, cast.wei, month.first, "2000.00")
            sell(cast, cast.lan, month.first, "500.00")
            calculation.work_out(cast.east.id, month)
    draft = plans.draft(cast.east.id, WHOLE_TIERS, from_month=NOVEMBER, actor_id=cast.ma.id)
    db.session.commit()
    return draft
