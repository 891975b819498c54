"""A month of a store worked out from a plan as it is written, assigned and approved in the product."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from incentives.commissions.models import PayLine, PlanVersion
from incentives.commissions.service import calculation, plans
from incentives.core.approval import PlanAction
from incentives.core.errors import DomainError, NotAllowed
from incentives.core.explain import explanation_from_plain
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import db
from incentives.demo.adopting import adopt
from incentives.people.service import staff
from incentives.sales.models import Category, EarningRole, SaleLine
from incentives.sales.service.lines import Article, Share
from incentives.sales.service.record import Sale, record_sale
from incentives.sales.service.returns import record_return
from tests.conftest import Cast, ClientFor

NOVEMBER = Month(2026, 11)
FIVE_PERCENT = """
plan: accessories
name: {en: Accessories, zh: 精品提成}
lines:
  - line: sold
    name: {en: Sold accessories, zh: 精品销售}
    measure: {kind: amount, category: accessories, role: seller}
    rate: 5 %
"""


FIVE_PERCENT_POOLED = """
plan: accessories
name: {en: Accessories, zh: 精品提成}
lines:
  - pool: shared
    name: {en: Accessories pool, zh: 精品奖金池}
    lines:
      - {line: sold, measure: {kind: amount, category: accessories, role: seller}, rate: 5 %}
"""


def _in_force(cast: Cast, text: str = FIVE_PERCENT, *, position: str = "adviser") -> PlanVersion:
    version = plans.draft(cast.east.id, text, from_month=NOVEMBER, actor_id=cast.ma.id)
    plans.act(version, PlanAction.SUBMIT, actor_id=cast.ma.id)
    plans.act(version, PlanAction.APPROVE, actor_id=cast.hua.id)
    adopt(version, actor_id=cast.ma.id)
    plans.assign(
        version.plan,
        position_id=cast.positions[position].id,
        employee_id=None,
        from_month=NOVEMBER,
        to_month=None,
        actor_id=cast.fan.id,
    )
    db.session.commit()
    return version


def _sell(cast: Cast, document: str, yuan: str, *, day: int = 10) -> None:
    sale = Sale(
        document=document,
        line_number=1,
        day=date(2026, 11, day),
        article=Article(code="DC-1", name="脚垫", category=Category.ACCESSORIES),
        quantity=1000,
        received=Money.parse(yuan),
    )
    earners = [Share(cast.wei.id, EarningRole.SELLER)]
    record_sale(cast.east.id, sale, earners, maker_id=cast.ma.id, group_id=cast.group.id, today=date(2026, 11, 16))
    db.session.commit()


@pytest.mark.both_databases
def test_a_sale_becomes_a_line_that_can_be_worked_out_again_from_its_own_explanation(cast: Cast) -> None:
    _in_force(cast)
    _sell(cast, "D1", "53.30")
    calculation.work_out(cast.east.id, NOVEMBER)
    line = db.session.scalars(select(PayLine).where(PayLine.employee_id == cast.wei.id)).one()
    assert line.amount == Money(267)
    assert line.explanation is not None
    assert explanation_from_plain(line.explanation).value * 100 == 267


def test_working_out_twice_touches_nothing_and_a_new_sale_only_its_line(cast: Cast) -> None:
    _in_force(cast)
    _sell(cast, "D1", "100.00")
    assert calculation.work_out(cast.east.id, NOVEMBER) == 3
    assert calculation.work_out(cast.east.id, NOVEMBER) == 0
    _sell(cast, "D2", "10.00")
    assert calculation.work_out(cast.east.id, NOVEMBER) == 1


def test_who_drafts_a_plan_does_not_approve_it(cast: Cast) -> None:
    version = plans.draft(cast.east.id, FIVE_PERCENT, from_month=NOVEMBER, actor_id=cast.hua.id)
    plans.act(version, PlanAction.SUBMIT, actor_id=cast.hua.id)
    with pytest.raises(NotAllowed):
        plans.act(version, PlanAction.APPROVE, actor_id=cast.hua.id)


def test_an_older_month_keeps_the_version_that_held_then(cast: Cast) -> None:
    first = _in_force(cast)
    second = plans.draft(
        cast.east.id, FIVE_PERCENT.replace("5 %", "6 %"), from_month=NOVEMBER.plus(1), actor_id=cast.ma.id
    )
    plans.act(second, PlanAction.SUBMIT, actor_id=cast.ma.id)
    plans.act(second, PlanAction.APPROVE, actor_id=cast.hua.id)
    adopt(second, actor_id=cast.ma.id)
    assert plans.in_force(first.plan, NOVEMBER) is first
    assert plans.in_force(first.plan, NOVEMBER.plus(1)) is second
    assert plans.in_force(first.plan, NOVEMBER.plus(-1)) is None


def test_the_same_position_is_not_paid_twice_by_one_plan(cast: Cast) -> None:
    version = _in_force(cast)
    with pytest.raises(DomainError, match="already"):
        plans.assign(
            version.plan,
            position_id=cast.positions["adviser"].id,
            employee_id=None,
            from_month=NOVEMBER.plus(3),
            to_month=None,
            actor_id=cast.fan.id,
        )


def test_a_draft_is_tried_on_a_person_without_keeping_anything(cast: Cast, client_for: ClientFor) -> None:
    _sell(cast, "D1", "53.30")
    client = client_for(cast.ma)
    sheet = client.post("/stores/A01/plans/new", data={"pasted": FIVE_PERCENT}).location
    page = client.post(sheet, data={"who": f"p:{cast.wei.number}", "sample_month": "2026-11"})
    assert page.status_code == 200
    assert "2.67" in page.text
    assert plans.plans_of(cast.east.id) == []


def test_a_plan_with_faults_is_refused_with_each_place_and_kept_on_the_page(cast: Cast, client_for: ClientFor) -> None:
    text = FIVE_PERCENT.replace("5 %", "five percent")
    page = client_for(cast.ma).post("/stores/A01/plans/new", data={"pasted": text})
    assert page.status_code == 422
    assert "lines[0].rate" in page.text
    assert "five percent" in page.text


def test_a_manager_drafts_and_submits_and_the_head_office_approves(cast: Cast, client_for: ClientFor) -> None:
    ma, hua = client_for(cast.ma), client_for(cast.hua)
    sheet = ma.post("/stores/A01/plans/new", data={"pasted": FIVE_PERCENT}).location
    made = ma.post(sheet, data={"op": "keep"})
    version = db.session.scalars(select(PlanVersion)).one()
    assert made.status_code == 302
    acts = f"/stores/A01/plans/versions/{version.id}"
    assert ma.post(f"{acts}/submit").status_code == 302
    assert ma.post(f"{acts}/approve").status_code == 403
    assert hua.post(f"{acts}/approve").status_code == 302
    assert client_for(cast.wei).get(f"/stores/A01/plans/{version.plan_id}").status_code == 200


def test_one_sees_the_arithmetic_and_the_facts_of_ones_own_line_and_nobody_elses(
    cast: Cast, client_for: ClientFor
) -> None:
    _in_force(cast)
    _sell(cast, "D1", "53.30")
    calculation.work_out(cast.east.id, NOVEMBER)
    line = db.session.scalars(select(PayLine).where(PayLine.employee_id == cast.wei.id)).one()
    db.session.commit()
    wei = client_for(cast.wei)
    shown = re.sub(r"<[^>]+>|\s+", "", wei.get(f"/me/pay-lines/{line.id}").text)
    assert "2.66553.30×5%" in shown
    assert "D1-1" in wei.get(f"/me/pay-lines/{line.id}/facts/0").text
    assert client_for(cast.lan).get(f"/me/pay-lines/{line.id}").status_code == 404
    assert wei.get(f"/stores/A01/pay-lines/{line.id}").status_code == 403
    assert client_for(cast.ma).get(f"/stores/A01/pay-lines/{line.id}").status_code == 200


@pytest.mark.both_databases
@pytest.mark.parametrize("text", ["person", "members"])
def test_a_sale_is_paid_by_the_plan_of_the_position_held_on_its_day(cast: Cast, text: str) -> None:
    written = FIVE_PERCENT if text == "person" else FIVE_PERCENT_POOLED
    before = _in_force(cast, written)
    after = _in_force(cast, written.replace("plan: accessories", "plan: office"), position="manager")
    _sell(cast, "D1", "100.00")
    _sell(cast, "D2", "300.00", day=11)
    office = cast.positions["manager"]
    staff.move(cast.wei, store=cast.east, position=office, day=date(2026, 11, 11), actor_id=cast.ma.id, at=cast.east.id)
    calculation.work_out(cast.east.id, NOVEMBER)
    assert (_paid_by(before), _paid_by(after)) == (Money(500), Money(1_500))
    taken_back = db.session.scalars(select(SaleLine).where(SaleLine.document == "D1")).one()
    record_return(
        cast.east.id,
        taken_back.id,
        quantity=1000,
        received=Money.parse("100.00"),
        day=date(2026, 11, 12),
        maker_id=cast.ma.id,
        today=date(2026, 11, 16),
    )
    calculation.work_out(cast.east.id, NOVEMBER)
    assert (_paid_by(before), _paid_by(after)) == (Money(0), Money(1_500))


def _paid_by(version: PlanVersion) -> Money:
    lines = calculation.lines_of_month(version.plan.store_id, NOVEMBER)
    return Money(sum(line.amount.fen for line in lines if line.version_id == version.id))


def test_looking_at_a_far_month_keeps_nothing(cast: Cast, client_for: ClientFor) -> None:
    _in_force(cast)
    assert client_for(cast.wei).get("/me/statement?month=2031-01").status_code == 200
    assert db.session.scalars(select(PayLine).where(PayLine.month == Month(2031, 1))).all() == []
