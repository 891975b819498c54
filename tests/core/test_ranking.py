"""Leaderboards: shared ranks, neighbours, what is missing, and who may see what (product.md §7)."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.attainment import Better
from incentives.core.ranking import (
    FEWEST,
    Entry,
    Standing,
    neighbours,
    place_of,
    public,
    rank,
    seen_by,
    to_next_place,
)
from tests.core.cases import worked_case

boards = st.lists(st.integers(-3, 12), max_size=14)


def board(*values: int, before: dict[int, int] | None = None) -> tuple[Standing, ...]:
    """Standings of people 1, 2, 3 … with these values, given in the wrong order."""
    entries = [Entry(n, f"E{n:03d}", Fraction(value)) for n, value in enumerate(values, start=1)]
    return rank(reversed(entries), before=before)


def people(standings: tuple[Standing, ...]) -> list[int]:
    return [standing.employee_id for standing in standings]


def test_the_worked_ranks() -> None:
    case = worked_case("other.toml", "ranks")
    assert [standing.rank for standing in board(*case["values"])] == case["ranks"]


def test_a_tie_is_listed_in_order_of_employee_number() -> None:
    assert people(board(7, 9, 7, 7)) == [2, 1, 3, 4]


def test_where_lower_is_better_the_lowest_leads() -> None:
    rates = [Entry(1, "E1", Fraction(3, 100)), Entry(2, "E2", Fraction(1, 100))]
    assert people(rank(rates, better=Better.LOWER)) == [2, 1]


def test_movement_is_places_won_since_the_last_period() -> None:
    moved = {s.employee_id: s.movement for s in board(30, 20, 10, before={1: 3, 2: 2})}
    assert moved == {1: 2, 2: 0, 3: None}


@given(boards)
def test_a_rank_is_one_more_than_those_who_are_better(values: list[int]) -> None:
    for standing in board(*values):
        assert standing.rank == 1 + sum(other > standing.value for other in values)


@given(st.permutations([Entry(n, f"E{n:03d}", value) for n, value in enumerate((9, 9, 7, 7, 7, 1))]))
def test_the_board_is_the_same_whatever_order_people_come_in(entries: list[Entry]) -> None:
    assert people(rank(entries)) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        pytest.param(1, [1, 2, 3], id="the first has nobody above"),
        pytest.param(4, [2, 3, 4, 5, 6], id="two either side"),
        pytest.param(7, [5, 6, 7], id="the last has nobody below"),
        pytest.param(99, [], id="an outsider sees nobody"),
    ],
)
def test_neighbours_stand_two_places_either_side(person: int, seen: list[int]) -> None:
    assert people(neighbours(board(70, 60, 50, 40, 30, 20, 10), person)) == seen


@pytest.mark.parametrize(
    ("person", "rank_ahead", "missing"),
    [
        pytest.param(2, 1, 10, id="to the place above"),
        pytest.param(4, 2, 20, id="over a tie to the value that is better"),
        pytest.param(5, 4, 30, id="to a value, not to a rank one less"),
    ],
)
def test_what_is_missing_to_the_next_place(person: int, rank_ahead: int, missing: int) -> None:
    found = to_next_place(board(120, 110, 110, 90, 60), person)
    assert found is not None
    assert (found.rank, found.missing) == (rank_ahead, Fraction(missing))


@pytest.mark.parametrize("person", [pytest.param(1, id="leads"), pytest.param(99, id="is not on the board")])
def test_nothing_is_missing_to_whoever_leads_or_is_not_there(person: int) -> None:
    assert to_next_place(board(120, 110), person) is None


def test_those_who_lead_together_miss_nothing() -> None:
    assert [to_next_place(board(9, 9, 1), person) for person in (1, 2)] == [None, None]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        pytest.param((50, 40, 30, 20), [], id="four people are no board"),
        pytest.param((50, 40, 30, 20, 10), [1, 2, 3], id="of five the first three"),
        pytest.param((60, 50, 40, 30, 20, 10), [1, 2, 3], id="of six the first three"),
        pytest.param((60, 50, 40, 40, 20, 10), [1, 2], id="a tie across the middle is not split"),
        pytest.param((60, 50, 50, 40, 20, 10), [1, 2, 3], id="a tie above it is shown whole"),
        pytest.param((0, 0, 0, 0, 0, 0), [], id="where all are equal nobody stands out"),
    ],
)
def test_the_store_sees_the_upper_half_of_five_or_more(values: tuple[int, ...], shown: list[int]) -> None:
    assert people(public(board(*values))) == shown


@given(boards)
def test_nobody_of_the_lower_half_is_ever_shown(values: list[int]) -> None:
    standings = board(*values)
    shown = Counter(people(public(standings)))
    assert all(place_of(standings, person) in range((len(values) + 1) // 2) for person in shown)
    assert not shown or len(values) >= FEWEST


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        pytest.param(7, [1, 2, 3, 4, 5, 6, 7], id="the last sees the upper half and two above"),
        pytest.param(2, [1, 2, 3, 4], id="the second sees the upper half"),
        pytest.param(99, [1, 2, 3, 4], id="an outsider sees the upper half"),
    ],
)
def test_a_person_sees_the_upper_half_and_the_own_neighbours(person: int, seen: list[int]) -> None:
    assert people(seen_by(board(70, 60, 50, 40, 30, 20, 10), person)) == seen


def test_in_a_large_board_the_last_does_not_see_the_middle() -> None:
    standings = board(*range(20, 0, -1))
    assert people(seen_by(standings, 20)) == [*range(1, 11), 18, 19, 20]


def test_of_fewer_than_five_each_sees_only_the_own_place() -> None:
    assert people(seen_by(board(40, 30, 20, 10), 3)) == [3]
