"""No page asks the database more than twelve times, none more often because more people work there, and none writes."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from bench import pages
from incentives import clock
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import Employee, Posting
from incentives.sales.models import Category, EarningRole
from incentives.sales.service.lines import Article, Share
from incentives.sales.service.record import Sale, record_sale
from tests.conftest import Cast, ClientFor
from tests.flows.conftest import ROLES, Walked

ABOVE = {
    "targets.cockpit": 17,
    "home.glance": 16,
    "commissions.facts": 15,
    "commissions.my_facts": 15,
    "payroll.ask": 26,
    "payroll.beside": 26,
    "payroll.line": 24,
    "payroll.look_at_odd": 35,
    "payroll.my_line": 24,
    "payroll.my_payslip": 85,
    "payroll.my_statement": 30,
    "payroll.odd": 35,
    "payroll.payslip_of": 85,
    "payroll.review": 26,
    "payroll.statement": 30,
    "simulations.lines": 32,
}
"""Pages that ask more, and how often; docs/performance.md says why. They may get better, never worse."""
GROWING = (
    "/stores/A01/boards",
    "/stores/A01/staff",
    "/stores/A01/sales",
    "/stores/A01/months/2026-11",
    "/stores/A01/plans",
    "/stores/A01/training",
    "/stores/A01/cockpit",
    "/me/statement",
    "/me/points",
)
FEW, MANY = 5, 40
WRITING = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM) (?!audit_)", re.IGNORECASE)
"""A change of anything but the audit trail, which notes what is taken out."""


@pytest.mark.parametrize("number", ROLES)
def test_every_link_leads_to_a_page_that_asks_at_most_twelve_times_and_changes_nothing(
    walked: Walked, number: str
) -> None:
    found = walked(number)
    assert len(found) > pages.MOST, "the links of the start page lead nowhere"
    assert [(each.path, each.status) for each in found if each.status >= 400] == []
    assert [(each.path, written) for each in found for written in each.statements if WRITING.match(written)] == []
    often = {each.path: len(each.statements) for each in found if len(each.statements) > _limit(each.endpoint)}
    assert often == {}


def _limit(endpoint: str) -> int:
    return ABOVE.get(endpoint, pages.MOST)


def test_pages_ask_as_often_for_forty_people_as_for_five(cast: Cast, client_for: ClientFor) -> None:
    manager = client_for(cast.ma)
    _hire_and_sell(cast, range(FEW))
    few = {path: _asked(cast, manager, path) for path in GROWING}
    _hire_and_sell(cast, range(FEW, MANY))
    assert {path: _asked(cast, manager, path) for path in GROWING} == few


def _asked(cast: Cast, client: FlaskClient, path: str) -> int:
    """The second answer's queries; the first may work out the month."""
    assert cast.east.code in path or path.startswith("/me/")
    assert client.get(path).status_code == pages.OK
    with pages.counting() as asked:
        client.get(path)
    return len(asked)


def _hire_and_sell(cast: Cast, numbers: range) -> None:
    for number in numbers:
        adviser = cast.positions["adviser"]
        person = Employee(group_id=cast.group.id, number=f"N{number}", name=f"新人{number}", hired_on=date(2025, 1, 1))
        db.session.add(person)
        db.session.flush()
        posting = Posting(
            employee_id=person.id,
            store_id=cast.east.id,
            department_id=adviser.department_id,
            position_id=adviser.id,
            first_day=date(2025, 1, 1),
        )
        db.session.add(posting)
        _sell(cast, person)
    db.session.commit()


def _sell(cast: Cast, person: Employee) -> None:
    today = clock.today()
    sale = Sale(
        document=f"D-{person.number}",
        line_number=1,
        day=Month.of(today).first,
        article=Article(code="DC-1", name="脚垫", category=Category.ACCESSORIES),
        quantity=1000,
        received=Money(12_300 + person.id),
    )
    shares = [Share(person.id, EarningRole.SELLER)]
    record_sale(cast.east.id, sale, shares, maker_id=cast.ma.id, group_id=cast.group.id, today=today)
