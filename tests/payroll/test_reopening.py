"""A closed month is reopened by two persons; the former closing, its file and what differs stay on record."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine

from incentives.core.approval import MonthState, ProposalAction
from incentives.core.errors import Conflict, DomainError, NotAllowed, NotFound
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.payroll.files import as_file
from incentives.payroll.service import closing, exporting, proving, reopening, supplements
from incentives.people.models import Employee
from incentives.people.signin import actor_for
from incentives.periods import service as periods
from tests.conftest import Cast, ClientFor
from tests.payroll.months import NOVEMBER, OCTOBER, TODAY, adopt, close, held_and_closed, sell

CONFIRM = ProposalAction.CONFIRM


def _closed(cast: Cast) -> None:
    adopt(cast)
    sell(cast, "D1", cast.wei, date(2026, 10, 9))
    close(cast, OCTOBER)


def _reopen(cast: Cast, by: Employee, second: Employee, month: Month = OCTOBER) -> None:
    reopening.propose_reopening(cast.east.id, month, reason="成本录错", actor_id=by.id)
    reopening.decide_reopening(cast.east.id, month, CONFIRM, actor_id=second.id)
    db.session.commit()


@pytest.mark.both_databases
def test_the_former_closing_its_file_and_its_bytes_stay(cast: Cast) -> None:
    _closed(cast)
    before = as_file(exporting.payroll(cast.east.id, OCTOBER))
    _reopen(cast, cast.fan, cast.hua)
    with pytest.raises(Conflict, match="not closed"):
        exporting.payroll(cast.east.id, OCTOBER)
    assert as_file(exporting.payroll(cast.east.id, OCTOBER, 1)) == before
    sell(cast, "D2", cast.wei, date(2026, 10, 12))
    close(cast, OCTOBER)
    assert as_file(exporting.payroll(cast.east.id, OCTOBER, 1)) == before
    newest, former = reopening.former(cast.east.id, OCTOBER)
    assert [(each.name, each.before, each.after) for each in newest.differences] == [
        ("魏强", Money(30_000), Money(60_000))
    ]
    assert (former.differences, former.closed_by) == ((), "范静")
    assert proving.check() == (1, [])
    with pytest.raises(NotFound):
        exporting.payroll(cast.east.id, OCTOBER, 3)


@pytest.mark.both_databases
def test_two_people_at_the_same_instant_reopen_once(cast: Cast) -> None:
    _closed(cast)
    reopening.propose_reopening(cast.east.id, OCTOBER, reason="成本录错", actor_id=cast.fan.id)
    with pytest.raises(Conflict, match="proposed this already"):
        reopening.propose_reopening(cast.east.id, OCTOBER, reason="同时", actor_id=cast.hua.id)
    reopening.decide_reopening(cast.east.id, OCTOBER, CONFIRM, actor_id=cast.hua.id)
    db.session.commit()
    with pytest.raises(NotFound):
        reopening.decide_reopening(cast.east.id, OCTOBER, CONFIRM, actor_id=cast.hua.id)
    assert ledger.money_total(cast.east.id, OCTOBER) == Money(0)
    assert len(ledger.money_lines(cast.east.id, OCTOBER)) == 8


def test_each_reason_to_refuse_a_reopening(cast: Cast) -> None:
    adopt(cast)
    with pytest.raises(Conflict, match="not closed"):
        reopening.propose_reopening(cast.east.id, OCTOBER, reason="?", actor_id=cast.fan.id)
    sell(cast, "D1", cast.wei, date(2026, 10, 9))
    close(cast, OCTOBER)
    reopening.propose_reopening(cast.east.id, OCTOBER, reason="?", actor_id=cast.hua.id)
    with pytest.raises(NotAllowed, match="made himself"):
        reopening.decide_reopening(cast.east.id, OCTOBER, CONFIRM, actor_id=cast.hua.id)
    reopening.decide_reopening(cast.east.id, OCTOBER, ProposalAction.REFUSE, actor_id=cast.fan.id)
    assert periods.state_of(cast.east.id, OCTOBER) is MonthState.CLOSED
    with time_machine.travel(datetime(2026, 12, 2, tzinfo=UTC), tick=False):
        close(cast, NOVEMBER)
        with pytest.raises(Conflict, match="later month is closed"):
            reopening.propose_reopening(cast.east.id, OCTOBER, reason="?", actor_id=cast.fan.id)


def test_a_supplement_of_a_reopened_month_stays_paid(cast: Cast) -> None:
    adopt(cast)
    sell(cast, "D1", cast.wei, date(2026, 10, 9))
    held = held_and_closed(cast, OCTOBER, cast.wei)
    closing.release(actor_for(cast.ma, TODAY), cast.east.id, held)
    made = supplements.prepare(cast.east.id, [cast.wei.id], actor_id=cast.fan.id)
    supplements.decide(actor_for(cast.ma, TODAY), cast.east.id, made.id, confirmed=True)
    with time_machine.travel(datetime(2026, 12, 2, tzinfo=UTC), tick=False):
        close(cast, NOVEMBER)
        _reopen(cast, cast.fan, cast.hua, NOVEMBER)
    assert ledger.money_by_person(cast.east.id, NOVEMBER)[cast.wei.id] == Money(30_000)
    assert proving.check() == (1, [])


def test_whoever_reopens_is_warned_if_the_file_was_taken(cast: Cast, client_for: ClientFor) -> None:
    _closed(cast)
    fan, hua = client_for(cast.fan), client_for(cast.hua)
    url = "/stores/A01/months/2026-10"
    assert "downloaded already" not in fan.get(f"{url}/reopen").text
    assert fan.get(f"{url}/payroll.xlsx").status_code == 200
    assert "downloaded already" in fan.get(f"{url}/reopen").text
    assert fan.post(f"{url}/reopen", data={"reason": "成本录错"}).status_code == 302
    assert "downloaded already" in hua.get(url).text
    assert fan.post(f"{url}/reopen/confirm").status_code == 403
    assert hua.post(f"{url}/reopen/confirm").status_code == 302
    closings = fan.get(f"{url}/closings")
    assert "Closing 1" in closings.text
    assert fan.get(f"{url}/closings/1/payroll.xlsx").status_code == 200
    assert fan.get(f"{url}/closings/7/payroll.xlsx").status_code == 404
    assert client_for(cast.ma).get(f"{url}/closings/1/payroll.xlsx").status_code == 403


def test_a_proposal_to_reopen_waits_for_another_person_of_the_head_office(cast: Cast, client_for: ClientFor) -> None:
    adopt(cast)
    close(cast, OCTOBER)
    reopening.propose_reopening(cast.east.id, OCTOBER, reason="A sale was lost", actor_id=cast.fan.id)
    db.session.commit()
    waits = {
        who for who in ("ma", "hua", "fan") if "Reopenings to decide" in client_for(cast.people[who]).get("/").text
    }
    assert waits == {"hua"}


def test_the_head_office_sees_all_stores_months_at_a_glance(cast: Cast, client_for: ClientFor) -> None:
    _closed(cast)
    page = client_for(cast.hua).get("/group/months")
    assert "300.00" in page.text
    assert "not yet confirmed" in page.text
    assert "B02" in page.text
    assert client_for(cast.ma).get("/group/months").status_code == 403
    with pytest.raises(DomainError):
        closing.confirm(cast.east.id, OCTOBER, actor_id=cast.fan.id)
