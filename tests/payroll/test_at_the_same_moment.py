"""Two people press at the same moment: one wins, the other is told in a sentence or finds the same thing done.

There is one row in the trail, and money once.

Both requests run in threads of their own. Whoever comes to save first waits a moment with the saving, so that the other
one has read what stood before and would save over it, if nothing held him back.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from incentives import clock
from incentives.adoptions.models import Adoption
from incentives.audit.models import AuditEntry
from incentives.commissions.models import PlanVersion
from incentives.commissions.service import plans
from incentives.core.access import Role
from incentives.core.approval import MonthState, PlanAction, PlanState
from incentives.core.money import Money
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.payroll.models import Closing, QuestionEvent, Reopening
from incentives.payroll.service import proving
from incentives.people.models import Employee, RoleGrant
from incentives.periods import service as periods
from tests.conftest import Browser, Cast, ClientFor
from tests.payroll.acts import DECEMBER, NOVEMBER, OCTOBER, PROFIT, TIERS, Books

IN_DECEMBER = datetime(2026, 12, 2, 2, 0, tzinfo=UTC)
A_MOMENT = 0.3
"""Seconds of real time between having worked something out and saving it."""


@pytest.fixture(autouse=True)
def _december() -> Iterator[None]:
    with time_machine.travel(IN_DECEMBER, tick=False):
        yield


@pytest.fixture
def books(cast: Cast) -> Books:
    """Qian manages the east store too; Hua has a colleague in the head office, Fan one in finance."""
    for who, role in ((cast.qian, Role.MANAGER), (cast.ada, Role.HQ), (cast.sun, Role.FINANCE)):
        db.session.add(RoleGrant(employee_id=who.id, store_id=cast.east.id, role=role, granted_at=clock.now()))
    db.session.commit()
    return Books(cast)


Press = Callable[[Browser], TestResponse]


def _at_once(app: Flask, *pressed: tuple[Browser, Press]) -> list[TestResponse]:
    """What each is answered, in the order given. Browsers are signed in beforehand."""
    db.session.commit()
    start = threading.Barrier(len(pressed))
    answers: dict[int, TestResponse] = {}

    def press(number: int, browser: Browser, act: Press) -> None:
        with app.app_context():
            start.wait(timeout=20)
            answers[number] = act(browser)

    def linger(_session: Session) -> None:
        time.sleep(A_MOMENT)

    threads = [threading.Thread(target=press, args=(number, *each)) for number, each in enumerate(pressed)]
    event.listen(Session, "before_commit", linger)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    finally:
        event.remove(Session, "before_commit", linger)
    return [answers[number] for number in range(len(pressed))]


def _one_won(answers: list[TestResponse], *sentences: str) -> TestResponse:
    """That one went through and the other was told one of these sentences; the winner's answer."""
    winners = [each for each in answers if each.status_code == 302]
    losers = [each for each in answers if each.status_code != 302]
    assert [each.status_code in {403, 404, 409, 422} for each in losers] == [True], [each.status for each in answers]
    assert any(sentence in losers[0].text for sentence in sentences), losers[0].text
    return winners[0]


def _rows(act: str) -> int:
    found = select(func.count()).select_from(AuditEntry).where(AuditEntry.act == act, AuditEntry.refused.is_(False))
    return db.session.scalar(found) or 0


def _post(url: str, **data: str) -> Press:
    return lambda browser: browser.post(url, data=data)


@pytest.mark.both_databases
def test_two_answer_the_same_question(app: Flask, books: Books, client_for: ClientFor) -> None:
    cast = books.cast
    asked = client_for(cast.wei).post(
        "/me/statement/question?month=2026-11", data={"token": "once", "cause": "other", "words": "少了一单"}
    )
    number = asked.headers["Location"].rsplit("/", 1)[-1]
    url = f"/stores/A01/questions/{number}/answer"
    answers = _at_once(
        app,
        (client_for(cast.ma), _post(url, decision="accept", words="补录")),
        (client_for(cast.fan), _post(url, decision="reject", words="没有这一单")),
    )
    _one_won(answers, "accepted already", "rejected already", "answered", "This was")
    assert _rows("payroll.question_answered") == 1
    assert db.session.scalar(select(func.count()).select_from(QuestionEvent)) == 2


def _owed(books: Books) -> None:
    """October is closed; a late sale of 500.00 profit owes Wei 100.00."""
    books.plan(PROFIT)
    books.close(OCTOBER)
    books.sell("1000", books.cast.wei, day=date(2026, 10, 9), cost="500")


@pytest.mark.both_databases
def test_two_decide_about_the_same_supplement(app: Flask, books: Books, client_for: ClientFor) -> None:
    cast = books.cast
    _owed(books)
    made = client_for(cast.fan).post("/stores/A01/supplements", data={"person": str(cast.wei.id)})
    url = f"{made.headers['Location']}/decision"
    answers = _at_once(
        app,
        (client_for(cast.ma), _post(url, decision="confirm")),
        (client_for(cast.qian), _post(url, decision="confirm")),
    )
    assert [each.status_code for each in answers] == [302, 302]
    assert _rows("payroll.supplement_decided") == 1
    assert ledger.money_by_person(books.store_id, NOVEMBER) == {cast.wei.id: Money(10_000)}
    assert proving.check()[1] == []


@pytest.mark.both_databases
def test_two_prepare_a_supplement_for_the_same_person(app: Flask, books: Books, client_for: ClientFor) -> None:
    cast = books.cast
    _owed(books)
    press = _post("/stores/A01/supplements", person=str(cast.wei.id))
    answers = _at_once(app, (client_for(cast.fan), press), (client_for(cast.sun), press))
    _one_won(answers, "waits for approval has this already", "at the same moment")
    assert _rows("payroll.supplement_prepared") == 1


@pytest.mark.both_databases
def test_two_adopt_the_same_plan(app: Flask, books: Books, client_for: ClientFor) -> None:
    cast = books.cast
    version = plans.draft(books.store_id, PROFIT, from_month=DECEMBER, actor_id=cast.ma.id)
    plans.act(version, PlanAction.SUBMIT, actor_id=cast.ma.id)
    plans.act(version, PlanAction.APPROVE, actor_id=cast.hua.id)
    number = version.id
    press = _post(
        f"/stores/A01/plans/versions/{number}/adoption",
        consulted="全体员工会议",
        way="meeting",
        consulted_on="2026-11-27",
        published_on="2026-12-01",
        published_where="公告栏",
        counts_from="2026-12-02",
    )
    answers = _at_once(app, (client_for(cast.ma), press), (client_for(cast.fan), press))
    assert {each.status_code for each in answers} <= {302, 409}
    assert 302 in {each.status_code for each in answers}
    assert db.session.get_one(PlanVersion, number).state is PlanState.ADOPTED
    assert db.session.scalar(select(func.count()).select_from(Adoption)) == 1


@pytest.mark.both_databases
def test_a_late_sale_is_posted_while_the_month_is_closed(app: Flask, books: Books, client_for: ClientFor) -> None:
    """November is closed just when a sale of October comes in: it is adjusted once, by November or by December."""
    cast = books.cast
    books.plan(TIERS)
    books.close(OCTOBER)
    books.sell("1000", cast.wei, day=date(2026, 11, 9))
    books.start(NOVEMBER)
    books.approve(NOVEMBER)
    typed = {
        "document": "LATE1", "line_number": "1", "day": "2026-10-30", "category": "accessories",
        "product_name": "脚垫", "quantity": "1", "received": "12000", "cost": "0",
        "earners-0-person": str(cast.wei.id), "earners-0-role": "seller",
    }  # fmt: skip
    answers = _at_once(
        app,
        (client_for(cast.fan), _post("/stores/A01/months/2026-11/close")),
        (client_for(cast.ma), _post("/stores/A01/sales/new", **typed)),
    )
    assert [each.status_code for each in answers] == [302, 302]
    assert ledger.money_by_person(books.store_id, NOVEMBER)[cast.wei.id] == Money(5_000)
    assert books.adjusted(DECEMBER, cast.wei) == 96_000
    books.close(DECEMBER)
    assert books.paid()[cast.wei.id] == 101_000
    books.require_proved()


@pytest.mark.both_databases
def test_two_close_the_same_month(app: Flask, books: Books, client_for: ClientFor) -> None:
    cast = books.cast
    books.plan(TIERS)
    books.sell("12000", cast.wei, day=date(2026, 10, 9))
    books.start(OCTOBER)
    books.approve(OCTOBER)
    press = _post("/stores/A01/months/2026-10/close")
    answers = _at_once(app, (client_for(cast.fan), press), (client_for(cast.sun), press))
    assert [each.status_code for each in answers] == [302, 302]
    assert db.session.scalar(select(func.count()).select_from(Closing)) == 1
    assert _rows("payroll.closed") == 1
    assert books.paid()[cast.wei.id] == 96_000
    assert proving.check() == (1, [])


@pytest.mark.both_databases
def test_two_approve_the_same_statements(app: Flask, books: Books, client_for: ClientFor) -> None:
    cast = books.cast
    books.plan(TIERS)
    books.sell("12000", cast.wei, day=date(2026, 10, 9))
    books.start(OCTOBER)
    first, second = client_for(cast.ma), client_for(cast.qian)
    page = first.get("/stores/A01/months/2026-10").text
    seen = dict(re.findall(r'name="(seen-\d+)"\s+value="([0-9a-f]{64})"', page))
    ticked = [key.removeprefix("seen-") for key in seen]

    def press(browser: Browser) -> TestResponse:
        return browser.post("/stores/A01/months/2026-10/approve", data=seen | {"statement": ticked})

    _one_won(_at_once(app, (first, press), (second, press)), "not in review", "no longer in the state you saw")
    assert _rows("payroll.approved") == 1
    assert periods.state_of(books.store_id, OCTOBER) is MonthState.APPROVED


def _closed(books: Books) -> None:
    books.plan(TIERS)
    books.sell("12000", books.cast.wei, day=date(2026, 10, 9))
    books.close(OCTOBER)


@pytest.mark.both_databases
@pytest.mark.parametrize("second", ["fan", "hua"], ids=["the same person twice", "two people"])
def test_a_reopening_is_proposed_twice(app: Flask, books: Books, client_for: ClientFor, second: str) -> None:
    _closed(books)
    who: Employee = books.cast.people[second]
    press = _post("/stores/A01/months/2026-10/reopen", reason="成本录错")
    _one_won(_at_once(app, (client_for(books.cast.fan), press), (client_for(who), press)), "proposed this already")
    assert _rows("payroll.reopening_proposed") == 1
    assert db.session.scalar(select(func.count()).select_from(Reopening)) == 1


@pytest.mark.both_databases
@pytest.mark.parametrize("decision", ["confirm", "refuse"])
def test_a_reopening_is_decided_twice(app: Flask, books: Books, client_for: ClientFor, decision: str) -> None:
    cast = books.cast
    _closed(books)
    client_for(cast.fan).post("/stores/A01/months/2026-10/reopen", data={"reason": "成本录错"})
    url = "/stores/A01/months/2026-10/reopen"
    answers = _at_once(
        app, (client_for(cast.hua), _post(f"{url}/confirm")), (client_for(cast.ada), _post(f"{url}/{decision}"))
    )
    _one_won(answers, "no such page", "not for you to see")
    assert _rows("payroll.reopening_decided") == 1
    lines = [line.amount.fen for line in ledger.money_lines(books.store_id, OCTOBER, cast.wei.id) if line.amount]
    assert lines in ([96_000, -96_000], [96_000])
    assert proving.check()[1] == []
