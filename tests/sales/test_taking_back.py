"""Returns, cancellations and returns undone: to the fen, never more than was sold, never in a closed month."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from incentives.core.approval import MonthState
from incentives.core.errors import Conflict, DomainError
from incentives.core.measure import Kind
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.periods import service as periods
from incentives.sales.models import EarningRole, LineKind, SaleLine
from incentives.sales.service import matching, returns
from incentives.sales.service.counting import ACCESSORY_REVENUE
from incentives.sales.service.lines import Share
from incentives.sales.service.lookup import left_of, sale_of
from tests.conftest import Cast, ClientFor
from tests.sales.conftest import TODAY, Shop

OCTOBER = Month(2026, 10)


def close(cast: Cast, month: Month) -> None:
    periods.move(cast.east.id, month, before=MonthState.OPEN, after=MonthState.CLOSED, actor_id=None)


@pytest.mark.both_databases
def test_more_than_was_sold_cannot_be_taken_back_in_quantity_or_amount(shop: Shop) -> None:
    sale = shop.sell("100.00", shop.cast.wei, quantity=2)
    shop.take_back(sale, "60.00", 1)
    with pytest.raises(DomainError, match=r"Only 1 of this sale are left; 2 cannot be taken back"):
        shop.take_back(sale, "10.00", 2)
    with pytest.raises(DomainError, match=r"Only 40.00 of what was received for this sale is left; 40.01"):
        shop.take_back(sale, "40.01", 1)
    with pytest.raises(DomainError, match="takes back a quantity, an amount, or both"):
        shop.take_back(sale, "0.00")


def test_a_return_is_dated_from_the_sale_to_today(shop: Shop) -> None:
    sale = shop.sell("100.00", shop.cast.wei, day=date(2026, 11, 10))
    with pytest.raises(DomainError, match="cannot be dated before its sale of 2026-11-10"):
        shop.take_back(sale, "10.00", day=date(2026, 11, 9))
    with pytest.raises(DomainError, match="2026-11-17 is still to come"):
        shop.take_back(sale, "10.00", day=date(2026, 11, 17))


def test_a_sale_of_a_closed_month_comes_back_in_an_open_one(shop: Shop) -> None:
    sale = shop.sell("100.00", shop.cast.wei, day=date(2026, 10, 20))
    close(shop.cast, OCTOBER)
    late = sale_of(shop.cast.east.id, shop.take_back(sale, "5.00", day=date(2026, 10, 21)))
    assert (late.business_date, late.counts_in) == (date(2026, 10, 21), OCTOBER)
    line = sale_of(shop.cast.east.id, shop.take_back(sale, "10.00"))
    assert (line.business_date, line.counts_in) == (TODAY, OCTOBER)


@pytest.mark.both_databases
def test_cancelling_takes_back_all_that_is_left_on_the_sales_own_day(shop: Shop) -> None:
    cast = shop.cast
    sale = shop.sell("100.00", cast.wei, cast.lan, cast.hao, quantity=3, day=date(2026, 11, 3))
    shop.take_back(sale, "33.34", 1)
    cancelled = sale_of(cast.east.id, returns.cancel(cast.east.id, sale, maker_id=cast.ma.id, today=TODAY))
    assert (cancelled.kind, cancelled.business_date) == (LineKind.CANCELLATION, date(2026, 11, 3))
    assert [shop.figure(Kind.AMOUNT, who) for who in (cast.wei, cast.lan, cast.hao)] == [0, 0, 0]
    with pytest.raises(Conflict, match="Nothing is left of this sale"):
        returns.cancel(cast.east.id, sale, maker_id=cast.ma.id, today=TODAY)


@pytest.mark.both_databases
def test_a_return_undone_gives_back_what_it_took_and_only_once(shop: Shop) -> None:
    cast = shop.cast
    sale = shop.sell("100.00", cast.wei, cast.lan, cast.hao, quantity=3, cost="50.00")
    wrong = shop.take_back(sale, "33.33", 1)
    returns.undo_return(cast.east.id, wrong, maker_id=cast.ma.id, today=TODAY)
    assert [shop.figure(Kind.AMOUNT, who) for who in (cast.wei, cast.lan, cast.hao)] == [3334, 3333, 3333]
    assert left_of(sale_of(cast.east.id, sale)) == sale_of(cast.east.id, sale).figures
    with pytest.raises(Conflict, match="undone already"):
        returns.undo_return(cast.east.id, wrong, maker_id=cast.ma.id, today=TODAY)
    with pytest.raises(DomainError, match="Only a return can be undone"):
        returns.undo_return(cast.east.id, sale, maker_id=cast.ma.id, today=TODAY)


@pytest.mark.both_databases
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.permutations([1, 7, 30, 62]), weights=st.lists(st.integers(1, 9), min_size=3, max_size=3))
def test_a_sale_that_comes_back_in_parts_leaves_no_fen_no_point_and_no_standing(
    shop: Shop, parts: list[int], weights: list[int]
) -> None:
    cast = shop.cast
    ledger.ensure_default_rules(cast.group.id, date(2026, 1, 1))
    people = (cast.wei, cast.lan, cast.hao)
    pairs = zip(people, weights, strict=True)
    sale = shop.sell("1000.00", *((who, EarningRole.SELLER, weight) for who, weight in pairs), quantity=100)
    assert any(ledger.points_of(who.id, "2026-11") for who in people)
    for part in parts:
        shop.take_back(sale, f"{part * 10}.00", part)
    assert [shop.figure(Kind.AMOUNT, who) for who in people] == [0, 0, 0]
    assert [ledger.points_of(who.id, "2026-11") for who in people] == [0, 0, 0]
    board = ledger.board(ACCESSORY_REVENUE, "2026-11", ledger.store_scope(cast.east.id), None)
    assert [place.value for place in board.top] == [0, 0, 0]


def test_points_go_by_what_was_sold_on_a_day_not_by_how_it_was_split_into_lines(shop: Shop) -> None:
    cast = shop.cast
    ledger.ensure_default_rules(cast.group.id, date(2026, 1, 1))
    shop.sell("60.00", cast.wei)
    shop.sell("60.00", cast.wei)
    shop.sell("120.00", cast.lan)
    assert ledger.points_of(cast.wei.id, "2026-11") == ledger.points_of(cast.lan.id, "2026-11") == 1


def test_a_sale_that_names_nobody_known_gets_its_earners_later_returns_included(shop: Shop) -> None:
    cast = shop.cast
    sale = shop.sell("100.00", cast.wei)
    line = sale_of(cast.east.id, sale)
    with pytest.raises(Conflict, match="has its earners already"):
        matching.name_earners(cast.east.id, line.id, [Share(cast.lan.id, EarningRole.SELLER)], maker_id=cast.ma.id)


def test_the_return_form_comes_filled_in_and_keeps_what_was_typed(
    cast: Cast, client_for: ClientFor, shop: Shop
) -> None:
    sale = shop.sell("100.00", cast.wei, quantity=2)
    db.session.commit()
    browser = client_for(cast.ma)
    page = f"/stores/A01/sales/{sale}/return"
    assert 'value="100.00"' in browser.get(page).text
    refused = browser.post(page, data={"day": "2026-11-16", "quantity": "3", "received": "12.34"})
    assert refused.status_code == 422
    assert "Only 2 of this sale are left" in refused.text
    assert 'value="12.34"' in refused.text
    answer = browser.post(page, data={"day": "2026-11-16", "quantity": "1", "received": "50"}, follow_redirects=True)
    assert answer.status_code == 200
    returned = db.session.scalars(select(SaleLine).where(SaleLine.kind == LineKind.RETURN)).one()
    assert (returned.quantity, returned.received.fen) == (-1000, -5000)


def test_cancelling_and_undoing_ask_first(cast: Cast, client_for: ClientFor, shop: Shop) -> None:
    first, second = shop.sell("100.00", cast.wei), shop.sell("50.00", cast.wei)
    wrong = shop.take_back(second, "50.00", 1)
    db.session.commit()
    browser = client_for(cast.ma)
    for page in (f"/stores/A01/sales/{first}/cancel", f"/stores/A01/sales/{wrong}/undo"):
        assert browser.get(page).status_code == 200
        assert browser.post(page, data={"confirmed": "yes"}).status_code == 302
        again = browser.post(page, data={"confirmed": "yes"})
        assert again.status_code == 422
    assert shop.figure(Kind.AMOUNT, cast.wei) == 5_000
