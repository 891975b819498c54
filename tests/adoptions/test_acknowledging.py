"""Who is concerned is asked anew each time; who has acknowledged has done so once and for good."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from incentives.adoptions.models import Acknowledgement, Adoption
from incentives.adoptions.service import acknowledging
from incentives.adoptions.service.acknowledging import Tally
from incentives.core.errors import Conflict, NotFound
from incentives.db import db
from incentives.people.models import Employee
from incentives.people.service import staff
from tests.adoptions.conftest import TODAY, adopted
from tests.conftest import Cast


def _acknowledge(person: Employee, record: Adoption, digest: str = "") -> bool:
    said = digest or record.digest
    return acknowledging.acknowledge(record.id, employee_id=person.id, digest=said, today=TODAY)


def _chased(cast: Cast, day: date = TODAY) -> list[tuple[str, date]]:
    return [(each.employee.name, each.since) for each in acknowledging.unacknowledged(cast.east.id, day)]


@pytest.mark.both_databases
def test_everybody_concerned_is_chased_until_he_acknowledges(cast: Cast) -> None:
    record = adopted(cast)
    assert _chased(cast) == [("魏强", TODAY), ("兰芳", TODAY), ("郝亮", TODAY)]
    assert _acknowledge(cast.wei, record)
    assert [name for name, _since in _chased(cast)] == ["兰芳", "郝亮"]
    assert acknowledging.tallies(cast.east.id, TODAY) == {record.id: Tally(1, 3)}
    assert acknowledging.tallies(cast.west.id, TODAY) == {}


@pytest.mark.both_databases
def test_a_second_press_changes_nothing(cast: Cast) -> None:
    record = adopted(cast)
    assert _acknowledge(cast.wei, record)
    assert not _acknowledge(cast.wei, record)
    assert len(db.session.scalars(select(Acknowledgement)).all()) == 1


def test_who_joins_late_or_moves_in_is_concerned_and_who_leaves_is_chased_no_more(cast: Cast) -> None:
    record = adopted(cast)
    _acknowledge(cast.lan, record)
    later = TODAY + timedelta(days=10)
    staff.move(
        cast.gang, store=cast.east, position=cast.positions["adviser"], day=later, actor_id=cast.ma.id, at=cast.east.id
    )
    staff.leave(cast.lan, last_day=TODAY, store_id=cast.east.id, actor_id=cast.ma.id)
    staff.leave(cast.hao, last_day=TODAY, store_id=cast.east.id, actor_id=cast.ma.id)
    db.session.commit()
    assert _chased(cast, later) == [("魏强", TODAY), ("刚勇", later)]
    assert acknowledging.tallies(cast.east.id, later) == {record.id: Tally(0, 2)}
    assert [person.name for _done, person in acknowledging.acknowledgements(record.id)] == ["兰芳"]


def test_a_rule_that_changed_is_acknowledged_anew(cast: Cast) -> None:
    _acknowledge(cast.wei, adopted(cast))
    second = adopted(cast, "Whoever is late three times gets no bonus.")
    assert [each.adoption for each in acknowledging.waiting_for(cast.wei.id, TODAY)] == [second]


def test_nobody_acknowledges_what_does_not_concern_him_or_other_words(cast: Cast) -> None:
    record = adopted(cast)
    with pytest.raises(NotFound):
        _acknowledge(cast.gang, record)
    with pytest.raises(NotFound):
        _acknowledge(cast.bai, record)
    with pytest.raises(NotFound):
        acknowledging.acknowledge(record.id + 1, employee_id=cast.wei.id, digest=record.digest, today=TODAY)
    with pytest.raises(Conflict, match="Load the page again"):
        _acknowledge(cast.wei, record, digest="0" * 64)
    assert db.session.scalars(select(Acknowledgement)).all() == []


@pytest.mark.both_databases
@pytest.mark.parametrize("statement", ["UPDATE acknowledgement SET employee_id = 1", "DELETE FROM acknowledgement"])
def test_the_database_itself_lets_no_acknowledgement_be_changed(cast: Cast, statement: str) -> None:
    _acknowledge(cast.wei, adopted(cast))
    db.session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


def test_people_are_reminded_once_a_day_and_only_of_what_they_have_not_acknowledged(cast: Cast) -> None:
    record = adopted(cast)
    _acknowledge(cast.wei, record)

    def remind(store_id: int, today: date = TODAY, employee_id: int | None = None) -> int:
        return acknowledging.remind(store_id, today=today, actor_id=cast.ma.id, employee_id=employee_id)

    assert remind(cast.west.id) == 0
    assert remind(cast.east.id, employee_id=cast.lan.id) == 1
    assert remind(cast.east.id) == 1
    assert remind(cast.east.id) == 0
    assert [each.reminded_on for each in acknowledging.waiting_for(cast.hao.id, TODAY)] == [TODAY]
    assert remind(cast.east.id, TODAY + timedelta(days=1)) == 2
