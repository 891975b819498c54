"""A board read from the standings agrees with the rule book, for every viewer."""

from __future__ import annotations

import random
from datetime import date

import pytest

from incentives.core import ranking
from incentives.core.ranking import Entry
from incentives.ledger import service as ledger
from tests.conftest import Cast

DAY = date(2026, 11, 16)


@pytest.mark.both_databases
@pytest.mark.parametrize("spread", [2, 40, 100_000_000])
def test_every_viewer_sees_the_place_neighbours_and_gap_that_the_rule_book_gives(cast: Cast, spread: int) -> None:
    chance = random.Random(spread)  # noqa: S311 (no secret is made)
    people = [person for key, person in cast.people.items() if key not in ("bo", "bai")]
    values = {person.id: chance.randint(-spread, spread) for person in people}
    before = {person.id: chance.randint(-spread, spread) for person in people[3:]}
    ledger.tally("m", [(person, cast.east.id, date(2026, 10, 5), value) for person, value in before.items()])
    ledger.tally("m", [(person, cast.east.id, DAY, value) for person, value in values.items()])

    past = ranking.rank([Entry(person, str(person), value) for person, value in before.items()])
    entries = [Entry(person, f"{person:09d}", value) for person, value in values.items()]
    expected = ranking.rank(entries, before={standing.employee_id: standing.rank for standing in past})
    for standing in expected:
        found = ledger.board("m", "2026-11", ledger.store_scope(cast.east.id), standing.employee_id)
        assert found.people == len(people)
        assert [(place.rank, place.employee_id) for place in found.top] == [(s.rank, s.employee_id) for s in expected]
        assert found.mine is not None
        assert (found.mine.place.rank, found.mine.place.value) == (standing.rank, standing.value)
        assert [(place.rank, place.employee_id) for place in found.mine.around] == [
            (s.rank, s.employee_id) for s in ranking.neighbours(expected, standing.employee_id)
        ]
        missing = ranking.to_next_place(expected, standing.employee_id)
        assert (found.mine.next_rank, found.mine.to_go) == (
            (missing.rank, missing.missing) if missing else (None, None)
        )
        assert found.mine.moved == standing.movement


def test_a_viewer_who_is_not_on_the_board_sees_only_its_top(cast: Cast) -> None:
    ledger.tally("m", [(cast.wei.id, cast.east.id, DAY, 5)])

    found = ledger.board("m", "2026-11-16", ledger.store_scope(cast.east.id), cast.bo.id)

    assert [place.name for place in found.top] == ["魏强"]
    assert found.mine is None


def test_a_board_nobody_is_on_is_empty(cast: Cast) -> None:
    found = ledger.board("m", "2026", ledger.store_scope(cast.east.id), cast.wei.id)

    assert (found.people, found.version, found.top, found.mine) == (0, 0, [], None)
