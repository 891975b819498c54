"""A month from facts to pay: reviewed, approved by the lines seen, closed once, exported, proved, corrected later."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
import time_machine
from sqlalchemy import select

from incentives.audit.models import AuditEntry
from incentives.commissions.service import plans
from incentives.core.approval import MonthState, PlanAction, ProposalAction
from incentives.core.errors import Conflict, DomainError, NotAllowed
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import db
from incentives.demo.adopting import adopt
from incentives.ledger import service as ledger
from incentives.payroll.files import as_file
from incentives.payroll.models import LineKind, Statement, StatementState
from incentives.payroll.service import closing, exporting, proving, reading, reopening, reviewing
from incentives.people.models import Employee
from incentives.people.signin import actor_for
from incentives.periods import service as periods
from incentives.sales.models import Category, EarningRole
from incentives.sales.service.lines import Article, Share
from incentives.sales.service.record import Sale, record_sale
from incentives.sales.service.returns import record_return
from tests.conftest import Cast, ClientFor

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


def _plan(cast: Cast) -> None:
    version = plans.draft(cast.east.id, PLAN, from_month=OCTOBER, actor_id=cast.ma.id)
    plans.act(version, PlanAction.SUBMIT, actor_id=cast.ma.id)
    plans.act(version, PlanAction.APPROVE, actor_id=cast.hua.id)
    adopt(version, actor_id=cast.ma.id)
    for position in ("adviser", "manager"):
        plans.assign(
            version.plan,
            position_id=cast.positions[position].id,
            employee_id=None,
            from_month=OCTOBER,
            to_month=None,
            actor_id=cast.fan.id,
        )
    db.session.commit()


def _sell(cast: Cast, document: str, who: Employee, day: date) -> int:
    article = Article(code="DC-1", name="脚垫", category=Category.ACCESSORIES)
    sale = Sale(document, day, article, quantity=1000, received=Money.parse("3880"), cost=Money.parse("2380"))
    earners = [Share(who.id, EarningRole.SELLER)]
    made = record_sale(cast.east.id, sale, earners, maker_id=cast.ma.id, group_id=cast.group.id, today=TODAY)
    db.session.commit()
    return made


def _digests(cast: Cast, month: Month, *, managers: bool) -> dict[int, str]:
    found = reviewing.statements(cast.east.id, month)
    return {each.id: each.digest for each in found if (each.employee_id == cast.ma.id) is managers}


def _approve(cast: Cast, month: Month) -> None:
    manager, chief = actor_for(cast.ma, TODAY), actor_for(cast.hua, TODAY)
    reviewing.approve(manager, cast.east.id, month, _digests(cast, month, managers=False))
    reviewing.approve(chief, cast.east.id, month, _digests(cast, month, managers=True))


def _close(cast: Cast, month: Month) -> None:
    reviewing.start(cast.east.id, month, actor_id=cast.ma.id)
    _approve(cast, month)
    closing.close(cast.east.id, month, actor_id=cast.fan.id)
    db.session.commit()


@pytest.mark.both_databases
def test_statements_ledger_and_export_come_to_the_same(cast: Cast) -> None:
    _plan(cast)
    _sell(cast, "D1", cast.wei, date(2026, 10, 9))
    _close(cast, OCTOBER)
    found = exporting.payroll(cast.east.id, OCTOBER)
    assert found.paid == found.ledger_total == Money(30_000)
    assert proving.check() == (1, [])
    assert periods.state_of(cast.east.id, OCTOBER) is MonthState.CLOSED


def test_the_payroll_file_adds_up_by_hand_and_is_the_same_bytes_each_time(cast: Cast) -> None:
    _plan(cast)
    _sell(cast, "D1", cast.wei, date(2026, 10, 9))
    _sell(cast, "D2", cast.lan, date(2026, 10, 10))
    _close(cast, OCTOBER)
    first = as_file(exporting.payroll(cast.east.id, OCTOBER))
    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        assert as_file(exporting.payroll(cast.east.id, OCTOBER)) == first
    book = openpyxl.load_workbook(io.BytesIO(first))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    people, control = rows[1:-1], rows[-1]
    assert sum(row[-2] for row in people) == control[-2] == 600
    assert sum(row[-1] for row in list(book.worksheets[1].iter_rows(values_only=True))[1:-1]) == 600


def test_an_approval_binds_to_the_lines_that_were_seen(cast: Cast) -> None:
    _plan(cast)
    _sell(cast, "D1", cast.wei, date(2026, 10, 9))
    reviewing.start(cast.east.id, OCTOBER, actor_id=cast.ma.id)
    seen = _digests(cast, OCTOBER, managers=False)
    reviewing.send_back(cast.east.id, OCTOBER, reason="漏单", actor_id=cast.ma.id)
    _sell(cast, "D2", cast.wei, date(2026, 10, 10))
    reviewing.start(cast.east.id, OCTOBER, actor_id=cast.ma.id)
    with pytest.raises(Conflict, match="no longer what you saw"):
        reviewing.approve(actor_for(cast.ma, TODAY), cast.east.id, OCTOBER, seen)
    assert {each.state for each in reviewing.statements(cast.east.id, OCTOBER)} == {StatementState.WAITING}


def test_nobody_approves_his_own_statement_and_the_head_office_only_the_managers(cast: Cast) -> None:
    _plan(cast)
    reviewing.start(cast.east.id, OCTOBER, actor_id=cast.ma.id)
    own, others = _digests(cast, OCTOBER, managers=True), _digests(cast, OCTOBER, managers=False)
    for who, seen in ((cast.ma, own), (cast.hua, others), (cast.fan, others)):
        with pytest.raises(DomainError, match="Nothing was approved"):
            reviewing.approve(actor_for(who, TODAY), cast.east.id, OCTOBER, seen)


def test_facts_of_a_month_in_review_stand_still(cast: Cast) -> None:
    _plan(cast)
    reviewing.start(cast.east.id, OCTOBER, actor_id=cast.ma.id)
    db.session.commit()
    with pytest.raises(DomainError, match="in review"):
        _sell(cast, "D9", cast.wei, date(2026, 10, 20))


def test_a_held_statement_is_not_paid_until_it_is_released_into_the_next_month(cast: Cast) -> None:
    _plan(cast)
    _sell(cast, "D1", cast.wei, date(2026, 10, 9))
    reviewing.start(cast.east.id, OCTOBER, actor_id=cast.ma.id)
    manager = actor_for(cast.ma, TODAY)
    held = next(each for each in reviewing.statements(cast.east.id, OCTOBER) if each.employee_id == cast.wei.id)
    reviewing.hold(manager, cast.east.id, held.id, reason="客户投诉待核实")
    rest = {key: value for key, value in _digests(cast, OCTOBER, managers=False).items() if key != held.id}
    reviewing.approve(manager, cast.east.id, OCTOBER, rest)
    reviewing.approve(actor_for(cast.hua, TODAY), cast.east.id, OCTOBER, _digests(cast, OCTOBER, managers=True))
    closing.close(cast.east.id, OCTOBER, actor_id=cast.fan.id)
    assert ledger.money_total(cast.east.id, OCTOBER) == Money(0)
    with pytest.raises(NotAllowed, match="Head office decides only"):
        closing.release(actor_for(cast.hua, TODAY), cast.east.id, held.id)
    closing.release(manager, cast.east.id, held.id)
    db.session.commit()
    with time_machine.travel(datetime(2026, 12, 2, tzinfo=UTC), tick=False):
        _close(cast, NOVEMBER)
    assert ledger.money_by_person(cast.east.id, NOVEMBER)[cast.wei.id] == Money(30_000)
    assert proving.check() == (2, [])


def test_a_return_after_closing_leaves_the_month_alone_and_adjusts_the_next(cast: Cast) -> None:
    """20 % of profit: 300.00 in October, closed; taken back in November: -300.00 there, October stays 300.00."""
    _plan(cast)
    sale = _sell(cast, "D1", cast.wei, date(2026, 10, 9))
    _sell(cast, "D2", cast.wei, date(2026, 11, 2))
    _close(cast, OCTOBER)
    record_return(
        cast.east.id,
        sale,
        quantity=1000,
        received=Money.parse("3880"),
        day=date(2026, 11, 10),
        maker_id=cast.ma.id,
        today=TODAY,
    )
    db.session.commit()
    statement = reading.of_person(cast.east.id, NOVEMBER, cast.wei.id)
    assert statement is not None
    assert [(line.kind, line.amount.fen, line.for_month) for line in statement.lines] == [
        (LineKind.PAY, 30_000, NOVEMBER),
        (LineKind.ADJUSTMENT, -30_000, OCTOBER),
    ]
    assert ledger.money_by_person(cast.east.id, OCTOBER)[cast.wei.id] == Money(30_000)


def test_a_debt_is_carried_over_and_settled_first_and_never_reaches_base_pay(cast: Cast) -> None:
    _plan(cast)
    sale = _sell(cast, "D1", cast.wei, date(2026, 10, 9))
    _close(cast, OCTOBER)
    record_return(
        cast.east.id,
        sale,
        quantity=1000,
        received=Money.parse("3880"),
        day=date(2026, 11, 10),
        maker_id=cast.ma.id,
        today=TODAY,
    )
    db.session.commit()
    with time_machine.travel(datetime(2026, 12, 2, tzinfo=UTC), tick=False):
        _close(cast, NOVEMBER)
        assert ledger.money_by_person(cast.east.id, NOVEMBER)[cast.wei.id] == Money(0)
        december = reading.of_person(cast.east.id, Month(2026, 12), cast.wei.id)
    assert december is not None
    assert (december.lines[0].kind, december.lines[0].amount) == (LineKind.CARRIED_IN, Money(-30_000))
    assert proving.check() == (2, [])


def test_closing_twice_posts_once(cast: Cast) -> None:
    _plan(cast)
    _sell(cast, "D1", cast.wei, date(2026, 10, 9))
    _close(cast, OCTOBER)
    closing.close(cast.east.id, OCTOBER, actor_id=cast.fan.id)
    assert len(ledger.money_lines(cast.east.id, OCTOBER)) == 4


def test_reopening_takes_two_persons_and_keeps_the_former_closing(cast: Cast) -> None:
    _plan(cast)
    _sell(cast, "D1", cast.wei, date(2026, 10, 9))
    _close(cast, OCTOBER)
    reopening.propose_reopening(cast.east.id, OCTOBER, reason="成本录错", actor_id=cast.fan.id)
    with pytest.raises(NotAllowed):
        reopening.decide_reopening(cast.east.id, OCTOBER, ProposalAction.CONFIRM, actor_id=cast.fan.id)
    reopening.decide_reopening(cast.east.id, OCTOBER, ProposalAction.CONFIRM, actor_id=cast.hua.id)
    db.session.commit()
    assert periods.is_open(cast.east.id, OCTOBER)
    assert ledger.money_total(cast.east.id, OCTOBER) == Money(0)
    _sell(cast, "D2", cast.wei, date(2026, 10, 12))
    _close(cast, OCTOBER)
    rounds = set(db.session.scalars(select(Statement.round).where(Statement.month == OCTOBER)))
    assert rounds == {1, 2}
    assert exporting.payroll(cast.east.id, OCTOBER).paid == Money(60_000)
    assert proving.check() == (1, [])


def test_the_whole_month_through_the_pages(cast: Cast, client_for: ClientFor) -> None:
    _plan(cast)
    _sell(cast, "D1", cast.wei, date(2026, 10, 9))
    ma, hua, fan = client_for(cast.ma), client_for(cast.hua), client_for(cast.fan)
    url = "/stores/A01/months/2026-10"
    assert "300.00" in client_for(cast.wei).get("/me/statement?month=2026-10").text
    assert ma.post(f"{url}/start").status_code == 302
    for browser, managers in ((ma, False), (hua, True)):
        seen = _digests(cast, OCTOBER, managers=managers)
        form = {"statement": [str(each) for each in seen]} | {f"seen-{key}": value for key, value in seen.items()}
        assert browser.post(f"{url}/approve", data=form).status_code == 302
    assert ma.post(f"{url}/close").status_code == 403
    assert fan.get(f"{url}/payroll.xlsx").status_code == 409
    assert fan.post(f"{url}/close").status_code == 302
    assert hua.post(f"{url}/confirm").status_code == 302
    assert fan.get(f"{url}/payroll.xlsx").data.startswith(b"PK")
    acts = [entry.act for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert acts.count("payroll.exported") == 1
    assert acts.count("payroll.closed") == 1
    assert "300.00" in client_for(cast.wei).get("/me/statement?month=2026-10").text


def test_other_peoples_statements_and_other_stores_months_are_not_for_one(cast: Cast, client_for: ClientFor) -> None:
    _plan(cast)
    wei = client_for(cast.wei)
    assert wei.get("/stores/A01/months").status_code == 403
    assert wei.get(f"/stores/A01/months/2026-10/statements/{cast.lan.id}").status_code == 403
    assert client_for(cast.bo).get("/stores/A01/months/2026-10").status_code == 404
    assert client_for(cast.ma).get("/stores/A01/months/nonsense").status_code == 422
