"""A board shows the best and oneself, never the lower half, never money."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from sqlalchemy.orm import Session

from incentives.core import ranking
from incentives.core.approval import MonthState
from incentives.core.errors import say
from incentives.core.period import Month
from incentives.core.ranking import Entry
from incentives.leaderboards.service import showing
from incentives.ledger import service as ledger
from incentives.ledger.service import NewPoints
from incentives.periods.models import BusinessMonth
from tests.conftest import Cast, ClientFor

DAY = date(2026, 11, 16)
VALUES = {"wei": 90, "lan": 80, "hao": 80, "gang": 50, "min": 40, "tao": 30, "sun": 20}


def give(cast: Cast, values: dict[str, int], day: date = DAY) -> None:
    ledger.post_points(
        NewPoints(
            key=f"{day}-{name}-{value}",
            store_id=cast.east.id,
            employee_id=cast.people[name].id,
            day=day,
            points=value,
            what=say("A story for a test."),
            source_kind="story",
        )
        for name, value in values.items()
    )


def test_the_lower_half_is_not_shown_but_everybody_sees_the_own_place_and_neighbours(
    cast: Cast, client_for: ClientFor, db_session: Session
) -> None:
    give(cast, VALUES)
    db_session.commit()

    page = client_for(cast.sun).get("/stores/A01/boards?measure=points").text

    assert all(name in page for name in ("魏强", "兰芳", "郝亮", "刚勇"))
    assert "7 of 7" in page
    assert "10 more and you share place 6." in page
    assert "陶然" in page
    assert "闵涛" in page
    others = client_for(cast.wei).get("/stores/A01/boards?measure=points").text
    assert "孙敏" not in others
    assert "闵涛" not in others
    assert "Nobody is ahead of you." in others


def test_fewer_than_five_people_have_no_board(cast: Cast, client_for: ClientFor, db_session: Session) -> None:
    give(cast, {"wei": 90, "lan": 80, "hao": 70, "gang": 60})
    db_session.commit()

    page = client_for(cast.wei).get("/stores/A01/boards?measure=points").text

    assert "A board needs five people" in page
    assert "90" in page
    assert "兰芳" not in page


def test_a_store_without_ranks_shows_progress_only(cast: Cast, client_for: ClientFor, db_session: Session) -> None:
    give(cast, VALUES)
    cast.east.show_ranks = False
    db_session.commit()

    page = client_for(cast.lan).get("/stores/A01/boards?measure=points").text

    assert "80" in page
    assert "of 7" not in page
    assert "魏强" not in page


def test_amounts_of_money_are_said_as_a_part_of_the_leaders(
    cast: Cast, client_for: ClientFor, db_session: Session
) -> None:
    amounts = [1_234_500, 617_250, 300_000, 200_000, 100_000]
    people = [cast.wei, cast.lan, cast.hao, cast.gang, cast.min]
    ledger.tally("sales_revenue", [(who.id, cast.east.id, DAY, fen) for who, fen in zip(people, amounts, strict=True)])
    db_session.commit()

    page = client_for(cast.lan).get("/stores/A01/boards?measure=sales_revenue").text

    assert "50 %" in page
    assert "12,345" not in page
    assert "6,172" not in page


def test_the_fragment_answers_unchanged_until_somebody_earns_something(
    cast: Cast, client_for: ClientFor, db_session: Session
) -> None:
    give(cast, VALUES)
    db_session.commit()
    client = client_for(cast.wei)
    url = "/stores/A01/boards/board?measure=points&period=2026-11"

    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.text) == (200, 304, "")
    give(cast, {"tao": 500})
    db_session.commit()
    after = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert after.status_code == 200
    assert "陶然" in after.text


def test_movement_tells_places_won_since_the_month_before(
    cast: Cast, client_for: ClientFor, db_session: Session
) -> None:
    give(cast, dict(zip(VALUES, reversed(VALUES.values()), strict=True)), date(2026, 10, 5))
    give(cast, VALUES)
    db_session.commit()

    page = client_for(cast.wei).get("/stores/A01/boards?measure=points").text

    assert "movement-up" in page


def test_a_closed_months_board_stays_and_says_that_it_is_final(
    cast: Cast, client_for: ClientFor, db_session: Session
) -> None:
    october = Month(2026, 10)
    give(cast, VALUES, date(2026, 10, 5))
    ledger.freeze(cast.east.id, october)
    db_session.add(BusinessMonth(store_id=cast.east.id, month=october, state=MonthState.CLOSED))
    ledger.tally("points", [(cast.sun.id, cast.east.id, date(2026, 10, 6), 1_000)])
    db_session.commit()

    page = client_for(cast.sun).get("/stores/A01/boards?measure=points&period=2026-10").text

    assert "7 of 7" in page
    assert "final" in page


@pytest.mark.parametrize(
    "query", ["period=2027-01", "period=nonsense", "scope=d999", "measure=nonsense", "period=2026-13"]
)
def test_a_board_that_cannot_be_is_refused_in_a_sentence(cast: Cast, client_for: ClientFor, query: str) -> None:
    answer = client_for(cast.wei).get(f"/stores/A01/boards?{query}")
    assert answer.status_code in {404, 422}


def test_the_boards_of_another_store_look_like_none(cast: Cast, client_for: ClientFor) -> None:
    assert client_for(cast.wei).get("/stores/B02/boards").status_code == 404
    assert client_for(cast.hua).get("/stores/B02/boards").status_code == 200


@pytest.mark.parametrize("scope", ["store", "group"])
@pytest.mark.parametrize("period", ["2026-11-16", "2026-W47", "2026-11", "2026-Q4", "2026"])
def test_every_period_and_scope_opens(
    cast: Cast, client_for: ClientFor, db_session: Session, scope: str, period: str
) -> None:
    give(cast, VALUES)
    db_session.commit()
    page = client_for(cast.wei).get(f"/stores/A01/boards?measure=points&scope={scope}&period={period}")
    assert (page.status_code, "1 of 7" in page.text) == (200, True)


@pytest.mark.parametrize(
    "values",
    [[9, 8, 7, 6, 5], [9, 8, 8, 8, 5], [5, 5, 5, 5, 5], [9, 8, 7, 7, 5, 4], [9, 9, 9, 1, 1, 1], list(range(60))],
)
def test_what_is_shown_is_what_the_rule_book_shows(values: list[int]) -> None:
    entries = [Entry(number, f"{number:03d}", value) for number, value in enumerate(values)]
    everybody = ranking.rank(entries)
    upper = showing.upper_half(len(values))
    top = [ledger.Place(s.rank, s.employee_id, "", s.number, int(s.value)) for s in everybody]

    shown = showing.public(top[: min(showing.MOST, upper) + 1], len(values), most=showing.MOST)

    expected = ranking.public(everybody)[: showing.MOST]
    assert [place.employee_id for place in shown] == [standing.employee_id for standing in expected]


def test_ones_own_points_open_into_the_lines_that_made_them(
    cast: Cast, client_for: ClientFor, db_session: Session
) -> None:
    give(cast, VALUES)
    give(cast, {"wei": 3}, date(2026, 11, 2))
    db_session.commit()
    client = client_for(cast.wei)

    board = client.get("/stores/A01/boards?measure=points").text
    why = f"/stores/A01/boards/{cast.wei.id}?measure=points&amp;scope=store&amp;period=2026-11"
    assert why in board
    assert client.get(unescape(why)).text.count("A story for a test.") == 2
    page = client.get("/me/points?period=2026-11").text
    assert "93 points" in page
    assert page.count("A story for a test.") == 2
    assert "No points in this period" in client.get("/me/points?period=2026-09").text
