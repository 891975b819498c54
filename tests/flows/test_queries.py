"""No page asks the database more than twelve times, none more often because more people work there, and none writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
from tests.payroll.acts import OCTOBER, SEPTEMBER, Books

ABOVE = {"payroll.my_payslip": 27, "payroll.payslip_of": 27}
"""What asks more, and how often: the document that holds every fact of a statement. It may get better, never worse."""
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
FIGURES = [
    (kind, each.value, whose) for whose in ("person", "store") for each in Category for kind in ("amount", "profit")
]
THREE, THIRTY = FIGURES[:3], FIGURES[:30]
OF_A_REWARD = 3
"""A statement's rewards are told with three queries, however many there are."""
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
    manager, looked_at = client_for(cast.ma), (*GROWING, *_of_pay(cast.wei))
    Books(cast).plan(_plan(THREE), "adviser")
    _hire_and_sell(cast, range(FEW))
    _sell(cast, cast.wei)
    db.session.commit()
    few = {path: _asked(cast, manager, path) for path in looked_at}
    _hire_and_sell(cast, range(FEW, MANY))
    assert {path: _asked(cast, manager, path) for path in looked_at} == few


def _of_pay(person: Employee) -> Iterator[str]:
    """What can be asked about the pay of a month and of a person."""
    month = "/stores/A01/months/2026-11"
    yield from (f"{month}/odd", f"{month}/total")
    yield from (f"{month}/statements/{person.id}{more}" for more in ("", "/beside", "/lines/total", "/payslip.pdf"))


def test_a_payslip_asks_as_often_for_thirty_figures_as_for_three(cast: Cast, client_for: ClientFor) -> None:
    books = Books(cast)
    books.plan(_plan(THREE), "adviser")
    books.plan(_plan(THIRTY), "mechanic")
    for who in (cast.wei, cast.gang):
        _sell(cast, who)
    db.session.commit()
    manager = client_for(cast.ma)
    few, many = (
        _asked(cast, manager, f"/stores/A01/months/2026-11/statements/{who.id}/payslip.pdf")
        for who in (cast.wei, cast.gang)
    )
    assert few == many <= ABOVE["payroll.payslip_of"]


def test_a_statement_asks_as_often_with_rewards_and_adjustments_as_without(cast: Cast, client_for: ClientFor) -> None:
    books, manager = Books(cast), client_for(cast.ma)
    books.plan(_plan(THREE), "adviser")
    sale = books.sell("1000.00", cast.wei, day=date(2026, 9, 10))
    books.start(SEPTEMBER)
    books.close(SEPTEMBER)
    pages_of_october = [path.replace("2026-11", "2026-10") for path in _of_pay(cast.wei)]
    books.sell("700.00", cast.wei, day=date(2026, 10, 9))
    before = {path: _asked(cast, manager, path) for path in pages_of_october}
    books.take_back(sale, "400.00", day=date(2026, 10, 12))
    books.praise(cast.wei, 5_000)
    books.praise(cast.lan, 5_000)
    assert books.adjusted(OCTOBER, cast.wei), "the return of October corrects September"
    after = {path: _asked(cast, manager, path) for path in pages_of_october}
    slip = next(path for path in pages_of_october if path.endswith(".pdf"))
    assert after.pop(slip) <= before.pop(slip) + OF_A_REWARD
    assert after == before


def _plan(lines: Sequence[tuple[str, str, str]]) -> str:
    """A plan that pays one percent of each of these sums of sales."""
    told = "".join(
        f"""
  - line: l{number}
    name: {{en: Line {number}, zh: 第{number}项}}
    measure: {{kind: {kind}, category: {category}, of: {whose}, role: seller}}
    rate: 1 %
"""
        for number, (kind, category, whose) in enumerate(lines)
    )
    return f"plan: p{len(lines)}\nname: {{en: Sums, zh: 提成}}\nlines:{told}"


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
