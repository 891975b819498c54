"""The score of a month follows facts and targets at once, and opens into what it is made of."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from incentives.core.errors import DomainError
from incentives.core.period import Month
from incentives.core.score import Part
from incentives.leaderboards.service import scoring
from incentives.leaderboards.service.weights import set_weights, weights
from incentives.ledger import service as ledger
from incentives.targets.scopes import STORE, of_person
from incentives.targets.service.catalogue import indicator
from incentives.targets.service.readings import NewReading, give
from incentives.targets.service.setting import NewTarget, Why, set_targets
from tests.conftest import Cast, ClientFor

DAY = date(2026, 11, 16)
NOVEMBER = Month(2026, 11)


@pytest.fixture
def _aims(cast: Cast) -> None:
    """Wei and Lan have revenue targets of their own; the store wants 90 % customer satisfaction from everybody."""
    revenue = indicator(cast.east.id, "after_sales_revenue")
    satisfaction = indicator(cast.east.id, "csi")
    set_targets(
        cast.east.id,
        [
            NewTarget(revenue, NOVEMBER, Fraction(10_000), of_person(cast.wei.id)),
            NewTarget(revenue, NOVEMBER, Fraction(20_000), of_person(cast.lan.id)),
            NewTarget(satisfaction, NOVEMBER, Fraction(9, 10), STORE),
        ],
        Why(cast.ma.id, DAY),
    )


def earns(cast: Cast, who: int, yuan: int, day: date = DAY) -> None:
    revenue = indicator(cast.east.id, "after_sales_revenue")
    reading = NewReading(revenue, day, of_person(who), Fraction(yuan))
    give(cast.east.id, [reading], actor_id=cast.ma.id, today=DAY)


@pytest.mark.usefixtures("_aims")
def test_a_reading_moves_the_score_in_the_same_moment(cast: Cast) -> None:
    earns(cast, cast.wei.id, 8_000)
    earns(cast, cast.lan.id, 21_000)

    group = ledger.group_scope(cast.group.id)
    found = ledger.board("score", "2026-11", group, cast.wei.id)
    assert [(place.name, place.value) for place in found.top] == [("兰芳", 10_500), ("魏强", 8_000)]

    earns(cast, cast.wei.id, 12_000, date(2026, 11, 15))
    found = ledger.board("score", "2026-11", group, cast.wei.id)
    assert [(place.name, place.value) for place in found.top] == [("魏强", 15_000), ("兰芳", 10_500)]
    percent = ledger.board("attainment:after_sales_revenue", "2026-11", group, None)
    assert [(place.name, place.value) for place in percent.top] == [("魏强", 20_000), ("兰芳", 10_500)]


@pytest.mark.usefixtures("_aims")
def test_with_the_first_figure_of_a_month_nothing_sold_is_a_result(cast: Cast) -> None:
    earns(cast, cast.wei.id, 8_000)

    found = ledger.board("score", "2026-11", ledger.store_scope(cast.east.id), cast.lan.id)

    assert [(place.name, place.value) for place in found.top] == [("魏强", 8_000), ("兰芳", 0)]


@pytest.mark.usefixtures("_aims")
def test_scores_are_proved_by_a_rebuild_and_go_with_their_target(cast: Cast) -> None:
    earns(cast, cast.wei.id, 8_000)
    assert ledger.rebuild(check=True).equal

    revenue = indicator(cast.east.id, "after_sales_revenue")
    october = Month(2026, 10)
    set_targets(cast.east.id, [NewTarget(revenue, october, Fraction(1), of_person(cast.wei.id))], Why(cast.ma.id, DAY))
    earns(cast, cast.wei.id, 3, date(2026, 10, 5))
    proof = ledger.rebuild(check=True)
    assert (proof.differences, proof.compared) == ([], 24)


@pytest.mark.usefixtures("_aims")
def test_the_stores_rate_is_everybodys_target_and_its_sum_is_nobodys(cast: Cast) -> None:
    revenue = indicator(cast.east.id, "after_sales_revenue")
    set_targets(cast.east.id, [NewTarget(revenue, NOVEMBER, Fraction(500_000))], Why(cast.ma.id, DAY))
    earns(cast, cast.hao.id, 9_000)
    reading = NewReading(indicator(cast.east.id, "csi"), DAY, of_person(cast.hao.id), Fraction(81, 100))
    give(cast.east.id, [reading], actor_id=cast.ma.id, today=DAY)

    found = scoring.score_of(cast.east.id, NOVEMBER, cast.hao.id)

    assert found is not None
    assert found.attainments == {"csi": Fraction(9, 10)}
    assert found.score is None


@pytest.mark.usefixtures("_aims")
def test_the_page_shows_each_contribution_and_what_was_left_out(
    cast: Cast, client_for: ClientFor, db_session: Session
) -> None:
    earns(cast, cast.wei.id, 8_000)
    db_session.commit()

    page = client_for(cast.wei).get("/me/score?month=2026-11").text

    assert "weight 100.00 x 80.00 % (attainment 80.00 %) = 80.00" in page
    assert "6S: no target" in page
    assert "No score this month" in client_for(cast.hao).get("/me/score").text


def test_a_month_that_is_none_is_refused(cast: Cast, client_for: ClientFor) -> None:
    assert client_for(cast.wei).get("/me/score?month=2026-13").status_code == 422


def test_weights_hold_from_their_month_on_and_add_up_to_a_hundred(cast: Cast) -> None:
    adviser = cast.positions["adviser"].id
    chosen = {Part.REVENUE: 70, Part.ACCESSORIES: 30}
    set_weights(adviser, NOVEMBER, chosen, today=DAY)

    assert weights([adviser], Month(2026, 10))[adviser][Part.REVENUE] == 40
    assert weights([adviser], NOVEMBER)[adviser][Part.REVENUE] == 70
    assert weights([adviser], Month(2027, 3))[adviser][Part.SIX_S] == 0
    set_weights(adviser, NOVEMBER, {**chosen, Part.REVENUE: 60, Part.SIX_S: 10}, today=DAY)
    assert weights([adviser], NOVEMBER)[adviser][Part.SIX_S] == 10
    with pytest.raises(DomainError, match="come to 90"):
        set_weights(adviser, NOVEMBER, {Part.REVENUE: 90}, today=DAY)
