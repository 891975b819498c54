"""The cockpit says what is odd with its reason, each statement stands beside last month's, a refusal shows the difference."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine

from incentives.core.errors import Changed, DomainError
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import db
from incentives.payroll.service import comparing, oddities, reading, reviewing
from incentives.people.signin import actor_for
from tests.conftest import Cast, ClientFor
from tests.payroll.months import NOVEMBER, OCTOBER, TODAY, adopt, close, digests, sell


def _odd(cast: Cast, month: Month) -> dict[int | None, list[str]]:
    found = oddities.odd(cast.east.id, month, reading.of_store(cast.east.id, month))
    return {each.employee_id: [str(reason.sentence) for reason in each.found] for each in found}


def _two_months(cast: Cast) -> None:
    adopt(cast)
    sell(cast, "D1", cast.wei, date(2026, 10, 9))
    sell(cast, "D2", cast.lan, date(2026, 10, 9), profit="6000")
    close(cast, OCTOBER)
    sell(cast, "D3", cast.wei, date(2026, 11, 9), profit="15000")


def test_what_is_odd_is_said_with_its_figures_and_sorted_by_how_odd(cast: Cast) -> None:
    _two_months(cast)
    found = _odd(cast, NOVEMBER)
    assert "Sold accessories more than tripled: 300.00 last month, 3,000.00 now" in found[cast.wei.id]
    assert "3,000.00, where 300.00 was usual in 1 months" in found[cast.wei.id]
    assert next(iter(found)) == cast.wei.id
    assert any("where 1,200.00 was usual" in each for each in found[cast.lan.id])


def test_looked_at_holds_until_something_else_is_odd(cast: Cast) -> None:
    _two_months(cast)
    found = oddities.odd(cast.east.id, NOVEMBER, reading.of_store(cast.east.id, NOVEMBER))
    mine = oddities.of_employee(found, cast.wei.id)
    with pytest.raises(DomainError, match="own pay"):
        oddities.look(mine, cast.east.id, NOVEMBER, note="没问题", actor_id=cast.wei.id)
    oddities.look(mine, cast.east.id, NOVEMBER, note="大客户团购", actor_id=cast.ma.id)
    again = oddities.odd(cast.east.id, NOVEMBER, reading.of_store(cast.east.id, NOVEMBER))
    assert oddities.of_employee(again, cast.wei.id).looked_by == "马丽"
    assert again[-1].employee_id == cast.wei.id, "what was looked at comes last"
    sell(cast, "D4", cast.wei, date(2026, 11, 10), profit="15000")
    anew = oddities.odd(cast.east.id, NOVEMBER, reading.of_store(cast.east.id, NOVEMBER))
    assert oddities.of_employee(anew, cast.wei.id).look is None


def test_a_statement_stands_beside_last_months_line_by_line(cast: Cast) -> None:
    _two_months(cast)
    statement = reading.of_person(cast.east.id, NOVEMBER, cast.wei.id)
    [row] = comparing.beside(statement, comparing.reviewed(cast.east.id, OCTOBER, cast.wei.id))
    assert (row.before, row.now, row.change) == (Money(30_000), Money(300_000), Money(270_000))
    october = reading.of_person(cast.east.id, OCTOBER, cast.wei.id)
    [first] = comparing.beside(october, comparing.reviewed(cast.east.id, OCTOBER.plus(-1), cast.wei.id))
    assert first.before is None, "a line that was not there last month is new"


def test_a_refused_approval_says_which_line_changed_from_what_to_what(cast: Cast) -> None:
    adopt(cast)
    sell(cast, "D1", cast.wei, date(2026, 10, 9))
    reviewing.start(cast.east.id, OCTOBER, actor_id=cast.ma.id)
    seen = digests(cast, OCTOBER, managers=False)
    reviewing.send_back(cast.east.id, OCTOBER, reason="漏单", actor_id=cast.ma.id)
    sell(cast, "D2", cast.wei, date(2026, 10, 10))
    reviewing.start(cast.east.id, OCTOBER, actor_id=cast.ma.id)
    with pytest.raises(Changed) as refused:
        reviewing.approve(actor_for(cast.ma, TODAY), cast.east.id, OCTOBER, seen)
    assert [str(each) for each in refused.value.faults] == ["魏强, Sold accessories: 300.00 → 600.00"]


def test_the_pages_show_what_is_odd_and_both_months(cast: Cast, client_for: ClientFor) -> None:
    _two_months(cast)
    db.session.commit()
    ma = client_for(cast.ma)
    url = "/stores/A01/months/2026-11"
    assert "more than tripled" in ma.get(f"{url}/odd").text
    assert ma.post(f"{url}/odd/{cast.wei.id}", data={"note": ""}).status_code == 422
    assert ma.post(f"{url}/odd/{cast.wei.id}", data={"note": "团购"}).status_code == 302
    assert "团购" in ma.get(f"{url}/odd").text
    assert ma.get(f"{url}/odd/{cast.bai.id}").status_code == 404
    beside = ma.get(f"{url}/statements/{cast.wei.id}/beside").text
    assert "2,700.00" in beside
    assert ma.get(f"{url}/statements/{cast.bai.id}/beside").status_code == 404
    assert "2,700.00" in client_for(cast.wei).get("/me/statement?month=2026-11").text
    assert client_for(cast.wei).get(f"{url}/odd").status_code == 403
    with time_machine.travel(datetime(2026, 12, 2, tzinfo=UTC), tick=False):
        assert "is gone" not in ma.get(f"{url}/odd").text
