"""What closed months owe is paid before the next closing by a supplement: prepared by one, approved by another, never paid twice."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
import time_machine

from incentives.core.errors import Changed, Conflict, DomainError, NotAllowed
from incentives.core.money import Money
from incentives.core.workflow import Refused
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.payroll.files import supplement_file
from incentives.payroll.models import LineKind
from incentives.payroll.service import closing, exporting, proving, reading, supplements
from incentives.people.service import staff
from incentives.people.signin import actor_for
from incentives.sales.service.returns import record_return
from tests.conftest import Cast, ClientFor
from tests.payroll.acts import Books
from tests.payroll.months import NOVEMBER, OCTOBER, TODAY, adopt, close, held_and_closed, sell

OWED = Money(30_000)


def _released(cast: Cast) -> None:
    """Wei's October of 300.00 was held, the month closed, then released."""
    adopt(cast)
    sell(cast, "D1", cast.wei, date(2026, 10, 9))
    held = held_and_closed(cast, OCTOBER, cast.wei)
    closing.release(actor_for(cast.ma, TODAY), cast.east.id, held)
    db.session.commit()


def _paid(cast: Cast) -> int:
    made = supplements.prepare(cast.east.id, [cast.wei.id], actor_id=cast.fan.id)
    supplements.decide(actor_for(cast.ma, TODAY), cast.east.id, made.id, confirmed=True)
    db.session.commit()
    return made.id


@pytest.mark.both_databases
def test_a_released_statement_is_paid_before_the_next_closing_and_only_once(cast: Cast) -> None:
    _released(cast)
    sell(cast, "D2", cast.wei, date(2026, 11, 2))
    _paid(cast)
    assert ledger.money_by_person(cast.east.id, NOVEMBER) == {cast.wei.id: OWED}
    assert supplements.owed(cast.east.id, NOVEMBER) == []
    assert proving.check() == (1, [])
    statement = reading.of_person(cast.east.id, NOVEMBER, cast.wei.id)
    assert statement is not None
    assert [(line.kind, line.amount) for line in statement.lines] == [
        (LineKind.PAY, OWED),
        (LineKind.ADJUSTMENT, OWED),
        (LineKind.SUPPLEMENT, -OWED),
    ]
    with time_machine.travel(datetime(2026, 12, 2, tzinfo=UTC), tick=False):
        close(cast, NOVEMBER)
    assert exporting.payroll(cast.east.id, NOVEMBER).paid == OWED
    assert ledger.money_by_person(cast.east.id, NOVEMBER)[cast.wei.id] == OWED + OWED
    assert proving.check() == (2, [])


def test_what_changes_after_a_supplement_is_just_the_difference(cast: Cast) -> None:
    adopt(cast)
    first = sell(cast, "D1", cast.wei, date(2026, 10, 9))
    held = held_and_closed(cast, OCTOBER, cast.wei)
    closing.release(actor_for(cast.ma, TODAY), cast.east.id, held)
    _paid(cast)
    received = Money.parse("3880")
    record_return(
        cast.east.id, first, quantity=1000, received=received, day=date(2026, 11, 9), maker_id=cast.ma.id, today=TODAY
    )
    db.session.commit()
    statement = reading.of_person(cast.east.id, NOVEMBER, cast.wei.id)
    assert statement is not None
    assert statement.total == Money(0)
    assert statement.lines[-1].kind is LineKind.CARRIED_OUT


@pytest.mark.both_databases
@pytest.mark.parametrize("held_twice", [False, True], ids=["held once", "held twice"])
def test_what_a_supplement_paid_is_taken_off_after_the_months_own_statement_was_held(
    cast: Cast, *, held_twice: bool
) -> None:
    """October's late sale, 300.00, is supplemented in November; Wei's November (300.00) is held. Nothing is paid twice."""
    adopt(cast)
    close(cast, OCTOBER)
    sell(cast, "D1", cast.wei, date(2026, 10, 9))
    sell(cast, "D2", cast.wei, date(2026, 11, 2))
    _paid(cast)
    with time_machine.travel(datetime(2027, 2, 2, tzinfo=UTC), tick=False):
        held = [held_and_closed(cast, NOVEMBER, cast.wei)]
        if held_twice:
            held.append(held_and_closed(cast, NOVEMBER.plus(1), cast.wei))
        last = NOVEMBER.plus(1 + len(held[1:]))
        for each in held:
            closing.release(actor_for(cast.ma, TODAY), cast.east.id, each)
        db.session.commit()
        close(cast, last)
        close(cast, last.plus(1))
    statement = reading.of_person(cast.east.id, last, cast.wei.id)
    assert statement is not None
    assert [line.amount for line in statement.lines if line.kind is LineKind.SUPPLEMENT] == [-OWED]
    assert statement.total == OWED
    assert sum(ledger.money_by_person(cast.east.id, month)[cast.wei.id].fen for month in (NOVEMBER, last)) == 60_000
    assert not ledger.money_by_person(cast.east.id, last.plus(1)).get(cast.wei.id, Money(0))
    assert proving.check()[1] == []


def test_a_reward_paid_by_a_supplement_is_taken_off_when_the_held_statement_that_shows_it_is_released(
    cast: Cast,
) -> None:
    """A reward of 80.00 in Wei's held October; released, supplemented in November; November is held until January."""
    adopt(cast)
    Books(cast).praise(cast.wei, 8_000)
    with time_machine.travel(datetime(2027, 2, 2, tzinfo=UTC), tick=False):
        october = held_and_closed(cast, OCTOBER, cast.wei)
        closing.release(actor_for(cast.ma, TODAY), cast.east.id, october)
        _paid(cast)
        november = held_and_closed(cast, NOVEMBER, cast.wei)
        close(cast, NOVEMBER.plus(1))
        assert not ledger.money_by_person(cast.east.id, NOVEMBER.plus(1)).get(cast.wei.id, Money(0))
        closing.release(actor_for(cast.ma, TODAY), cast.east.id, november)
        close(cast, NOVEMBER.plus(2))
    assert ledger.money_by_person(cast.east.id, NOVEMBER)[cast.wei.id] == Money(8_000)
    assert not ledger.money_by_person(cast.east.id, NOVEMBER.plus(2)).get(cast.wei.id, Money(0))
    assert proving.check()[1] == []


def test_a_second_person_decides_and_not_about_himself(cast: Cast) -> None:
    _released(cast)
    made = supplements.prepare(cast.east.id, [cast.wei.id], actor_id=cast.fan.id)
    for who, says in ((cast.fan, "may not approve|made himself"), (cast.hua, "Head office decides only")):
        with pytest.raises(NotAllowed, match=says):
            supplements.decide(actor_for(who, TODAY), cast.east.id, made.id, confirmed=True)
    with pytest.raises(DomainError, match="waits for approval"):
        supplements.prepare(cast.east.id, [cast.wei.id], actor_id=cast.fan.id)
    manager = actor_for(cast.ma, TODAY)
    with pytest.raises(DomainError, match="Say why"):
        supplements.decide(manager, cast.east.id, made.id, confirmed=False)
    supplements.decide(manager, cast.east.id, made.id, confirmed=False, reason="下月再付")
    with pytest.raises(Refused, match="refused already"):
        supplements.decide(manager, cast.east.id, made.id, confirmed=True)
    assert ledger.money_total(cast.east.id, NOVEMBER) == Money(0)


def test_what_was_prepared_is_what_is_approved(cast: Cast) -> None:
    _released(cast)
    made = supplements.prepare(cast.east.id, [cast.wei.id], actor_id=cast.fan.id)
    made.digest = "0" * 64
    made.lines[0].amount = Money(1)
    with pytest.raises(Changed) as refused:
        supplements.decide(actor_for(cast.ma, TODAY), cast.east.id, made.id, confirmed=True)
    assert [str(each) for each in refused.value.faults] == ["魏强: 0.01 → 300.00"]


def test_there_is_nothing_to_supplement_before_a_closing_or_for_nobody(cast: Cast) -> None:
    with pytest.raises(Conflict, match="No month is closed"):
        supplements.prepare(cast.east.id, [cast.wei.id], actor_id=cast.fan.id)
    _released(cast)
    for chosen in ([], [cast.lan.id], [cast.wei.id, cast.lan.id]):
        with pytest.raises(DomainError, match="Choose whom"):
            supplements.prepare(cast.east.id, chosen, actor_id=cast.fan.id)


def test_a_debt_is_settled_by_the_month_and_not_by_a_supplement(cast: Cast) -> None:
    adopt(cast)
    sale = sell(cast, "D1", cast.wei, date(2026, 10, 9))
    close(cast, OCTOBER)
    received = Money.parse("3880")
    record_return(
        cast.east.id, sale, quantity=1000, received=received, day=date(2026, 11, 9), maker_id=cast.ma.id, today=TODAY
    )
    db.session.commit()
    [wei] = supplements.owed(cast.east.id, NOVEMBER)
    assert "Nothing is owed" in str(wei.refusal)
    with pytest.raises(DomainError, match="Nothing is owed"):
        supplements.prepare(cast.east.id, [cast.wei.id], actor_id=cast.fan.id)


def test_the_file_of_a_supplement_is_the_same_bytes_each_time_and_adds_up(cast: Cast) -> None:
    _released(cast)
    number = _paid(cast)
    found = supplements.supplement_of(cast.east.id, number)
    people = staff.named([cast.wei.id])
    first = supplement_file(found, cast.east, people)
    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        assert supplement_file(found, cast.east, people) == first
    rows = list(openpyxl.load_workbook(io.BytesIO(first)).worksheets[0].iter_rows(values_only=True))
    assert rows[1][-1] == rows[-1][-1] == 300


def test_a_supplement_through_the_pages(cast: Cast, client_for: ClientFor) -> None:
    _released(cast)
    ma, fan = client_for(cast.ma), client_for(cast.fan)
    url = "/stores/A01/supplements"
    assert "300.00" in fan.get(url).text
    assert ma.post(url, data={"person": str(cast.wei.id)}).status_code == 403
    assert fan.post(url, data={}).status_code == 422
    made = fan.post(url, data={"person": str(cast.wei.id)}).headers["Location"]
    assert fan.get(f"{made}/payroll.xlsx").status_code == 409
    assert "Released from 2026-10" in ma.get(made).text
    waits = {
        who for who in ("ma", "hua", "fan") if "Supplements to approve" in client_for(cast.people[who]).get("/").text
    }
    assert waits == {"ma"}, "the head office decides only what pays a manager"
    assert ma.post(f"{made}/decision", data={"decision": "refuse"}).status_code == 422
    assert ma.post(f"{made}/decision", data={"decision": "confirm"}).status_code == 302
    assert fan.get(f"{made}/payroll.xlsx").data.startswith(b"PK")
    assert "Paid already by supplement 1" in client_for(cast.wei).get("/me/statement?month=2026-11").text
    assert client_for(cast.bo).get(f"/stores/B02/supplements/{made.rsplit('/', 1)[-1]}").status_code == 404
    assert client_for(cast.wei).get(url).status_code == 403


def test_what_is_held_does_not_count_as_to_be_paid(cast: Cast, client_for: ClientFor) -> None:
    adopt(cast)
    sell(cast, "D1", cast.wei, date(2026, 10, 9))
    sell(cast, "D2", cast.lan, date(2026, 10, 9), profit="500")
    held_and_closed(cast, OCTOBER, cast.wei)
    page = client_for(cast.fan).get("/stores/A01/months/2026-10").text
    tiles = page[page.index('class="tiles"') : page.index("What is odd")]
    assert "100.00" in tiles
    assert "400.00" not in tiles
