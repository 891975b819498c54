"""Standings are what the facts say: by posting, by period, among many writers, after a leave, after a closing."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from incentives.core.errors import say
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.ledger.buckets import lowest_of
from incentives.ledger.models import Standing, StandingBoard, StandingBucket, StandingFrozen
from incentives.ledger.service import NewPoints
from incentives.people.models import Posting, SizeClass
from tests.conftest import Cast

DAY = date(2026, 11, 16)
NOVEMBER = Month(2026, 11)


def points(cast: Cast, key: str, employee_id: int, amount: int, day: date = DAY) -> NewPoints:
    return NewPoints(
        key=key,
        store_id=cast.east.id,
        employee_id=employee_id,
        day=day,
        points=amount,
        what=say("A story for a test."),
        source_kind="story",
    )


def values(scope: str, period: str, measure: str = "points") -> dict[str, int]:
    found = ledger.board(measure, period, scope, None, top=100)
    return {place.name: place.value for place in found.top}


@pytest.mark.both_databases
def test_a_fact_counts_in_all_periods_and_for_store_department_league_and_group(cast: Cast) -> None:
    ledger.post_points([points(cast, "a", cast.wei.id, 7), points(cast, "b", cast.wei.id, -2, DAY - timedelta(days=1))])

    store = ledger.store_scope(cast.east.id)
    assert {
        period: values(store, period)["魏强"] for period in ("2026-11-16", "2026-W47", "2026-11", "2026-Q4", "2026")
    } == {
        "2026-11-16": 7,
        "2026-W47": 7,
        "2026-11": 5,
        "2026-Q4": 5,
        "2026": 5,
    }
    for scope in (
        ledger.department_scope(cast.east.id, cast.departments["reception"].id),
        ledger.league_scope(cast.positions["adviser"].id, SizeClass.MEDIUM),
        ledger.group_scope(cast.group.id),
    ):
        assert values(scope, "2026-11") == {"魏强": 5}
    assert values(ledger.department_scope(cast.east.id, cast.departments["workshop"].id), "2026-11") == {}


def test_who_moved_counts_where_the_posting_of_the_day_says(cast: Cast, db_session: Session) -> None:
    db_session.execute(update(Posting).where(Posting.employee_id == cast.wei.id).values(last_day=DAY))
    adviser = cast.positions["adviser"]
    db_session.add(
        Posting(
            employee_id=cast.wei.id,
            store_id=cast.west.id,
            department_id=adviser.department_id,
            position_id=adviser.id,
            first_day=DAY + timedelta(days=1),
        )
    )
    db_session.flush()

    ledger.post_points([points(cast, "a", cast.wei.id, 7), points(cast, "b", cast.wei.id, 3, DAY + timedelta(days=1))])

    assert values(ledger.store_scope(cast.east.id), "2026-11") == {"魏强": 7}
    assert values(ledger.store_scope(cast.west.id), "2026-11") == {"魏强": 3}
    assert values(ledger.group_scope(cast.group.id), "2026-11") == {"魏强": 10}


def test_a_value_that_is_put_replaces_the_former_and_nothing_takes_it_off(cast: Cast) -> None:
    store = ledger.store_scope(cast.east.id)
    ledger.put("score", "2026-11", [(cast.wei.id, cast.east.id, 900_000), (cast.lan.id, cast.east.id, 800_000)])
    ledger.put("score", "2026-11", [(cast.wei.id, cast.east.id, 700_000), (cast.lan.id, cast.east.id, None)])

    found = ledger.board("score", "2026-11", store, cast.wei.id)
    assert (found.people, values(store, "2026-11", "score")) == (1, {"魏强": 700_000})
    assert ledger.rebuild(check=True).miscounted == []


@pytest.mark.both_databases
def test_many_writers_at_once_leave_standings_equal_to_a_rebuild(app: Flask, cast: Cast) -> None:
    people = [person.id for key, person in cast.people.items() if key not in ("bo", "bai")]
    stories = [
        [points(cast, f"{writer}-{turn}", people[(writer * 5 + turn * 7) % len(people)], (turn * 37 + writer) % 90 - 45)
         for turn in range(12)]
        for writer in range(6)
    ]  # fmt: skip

    def write(lines: list[NewPoints]) -> None:
        with app.app_context():
            for turn, line in enumerate(lines):
                ledger.post_points([line])
                ledger.post_points([lines[0]])
                if turn % 4 == 3:
                    ledger.take_back(line.key, why=say("A story for a test."))
                db.session.commit()

    db.session.commit()
    with ThreadPoolExecutor(len(stories)) as pool:
        list(pool.map(write, stories))

    proof = ledger.rebuild(check=True)
    assert (proof.differences, proof.miscounted) == ([], [])
    assert proof.compared == len(people) * 20
    expected = sum(line.points for lines in stories for turn, line in enumerate(lines) if turn % 4 != 3)
    assert sum(values(ledger.group_scope(cast.group.id), "2026").values()) == expected


@pytest.mark.both_databases
def test_a_rebuild_finds_and_heals_what_somebody_tampered_with(cast: Cast, db_session: Session) -> None:
    ledger.post_points([points(cast, "a", cast.wei.id, 70), points(cast, "b", cast.lan.id, 50)])
    store = ledger.store_scope(cast.east.id)
    board_id = db_session.scalar(
        select(StandingBoard.id).where(StandingBoard.scope == store, StandingBoard.period == "2026-11")
    )
    db_session.execute(
        update(Standing).where(Standing.board_id == board_id, Standing.employee_id == cast.lan.id).values(value=9_999)
    )
    db_session.execute(delete(StandingBucket))

    seen = ledger.rebuild(check=True)
    assert [(found.board.scope, found.kept, found.proved) for found in seen.differences] == [(store, 9_999, 50)]
    assert not seen.equal
    ledger.rebuild()
    assert ledger.rebuild(check=True).equal
    assert values(store, "2026-11") == {"魏强": 70, "兰芳": 50}


@pytest.mark.both_databases
def test_a_leaver_is_on_no_board_from_then_on_and_the_ledger_keeps_the_points(cast: Cast, db_session: Session) -> None:
    ledger.post_points([points(cast, "a", cast.wei.id, 70), points(cast, "b", cast.lan.id, 50)])

    cast.wei.left_on = DAY - timedelta(days=1)
    db_session.flush()

    found = ledger.board("points", "2026-11", ledger.store_scope(cast.east.id), cast.lan.id)
    assert (found.people, [place.name for place in found.top]) == (1, ["兰芳"])
    assert found.mine is not None
    assert found.mine.place.rank == 1
    assert ledger.points_balance(cast.wei.id) == 70
    assert ledger.rebuild(check=True).equal


def test_who_left_at_the_end_of_yesterday_goes_with_the_first_fact_of_today(
    cast: Cast, db_session: Session, at: Callable[[date], None]
) -> None:
    ledger.post_points([points(cast, "a", cast.wei.id, 70)])
    cast.wei.left_on = DAY
    db_session.flush()
    assert values(ledger.store_scope(cast.east.id), "2026-11") == {"魏强": 70}

    at(DAY + timedelta(days=1))
    ledger.post_points([points(cast, "b", cast.lan.id, 1, DAY + timedelta(days=1))])

    assert values(ledger.store_scope(cast.east.id), "2026-11") == {"兰芳": 1}


@pytest.mark.both_databases
def test_a_closed_months_board_stays_as_it_stood(cast: Cast, db_session: Session) -> None:
    store = ledger.store_scope(cast.east.id)
    ledger.post_points(
        [points(cast, "a", cast.wei.id, 70), points(cast, "b", cast.lan.id, 70), points(cast, "c", cast.hao.id, 9)]
    )

    assert ledger.freeze(cast.east.id, NOVEMBER) == 3 * 4
    ledger.post_points([points(cast, "d", cast.hao.id, 500)])
    cast.wei.left_on = DAY - timedelta(days=1)
    db_session.flush()

    frozen = ledger.frozen_board(cast.east.id, NOVEMBER, "points", store, cast.hao.id)
    assert frozen is not None
    assert frozen.people == 3
    assert [(place.rank, place.name, place.value) for place in frozen.top] == [(1, "兰芳", 70), (3, "郝亮", 9)]
    assert frozen.mine is not None
    assert (frozen.mine.next_rank, frozen.mine.to_go, frozen.mine.moved) == (1, 61, None)
    assert ledger.frozen_place(cast.hao.id, NOVEMBER, "points", ledger.group_scope(cast.group.id)) == (3, 3)
    ledger.freeze(cast.east.id, NOVEMBER)
    again = ledger.frozen_board(cast.east.id, NOVEMBER, "points", store, None)
    assert again is not None
    assert [place.name for place in again.top] == ["郝亮", "兰芳"]
    with pytest.raises(DatabaseError, match="append-only"):
        db_session.execute(update(StandingFrozen).values(rank=1))


@given(st.integers(-(10**15), 10**15), st.integers(-(10**15), 10**15))
def test_buckets_keep_the_order_of_values_and_hold_their_lowest(one: int, other: int) -> None:
    assert lowest_of(one) <= one
    assert lowest_of(lowest_of(one)) == lowest_of(one)
    if one <= other:
        assert lowest_of(one) <= lowest_of(other)


def test_ranks_are_exact_within_and_across_buckets_for_any_values(cast: Cast) -> None:
    chance = random.Random(7)  # noqa: S311 (no secret is made)
    people = [person.id for key, person in cast.people.items() if key not in ("bo", "bai")]
    for turn, scale in enumerate((1, 60, 70, 4_000, 10**9)):
        measure = f"m{turn}"
        drawn = {person: chance.randint(-scale, scale) for person in people}
        ledger.tally(measure, [(person, cast.east.id, DAY, value) for person, value in drawn.items()])
        for person, value in drawn.items():
            found = ledger.board(measure, "2026", ledger.group_scope(cast.group.id), person)
            assert found.mine is not None
            assert found.mine.place.rank == 1 + sum(other > value for other in drawn.values())
