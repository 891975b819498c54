"""What pay plans ask, and what they are answered."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import event

from incentives.core.errors import DomainError
from incentives.core.keys import MeasureKey
from incentives.core.measure import Given, Kind, Range, Sales, Whose
from incentives.core.period import Month
from incentives.db import db
from incentives.sales.models import Category, EarningRole
from incentives.sales.service.measures import sums
from tests.sales.conftest import NOVEMBER, Shop

ABOVE_80 = Sales(categories=("accessories",), price=Range(low=Given(Fraction(4, 5)), low_belongs=False))


@pytest.mark.both_databases
def test_a_return_takes_back_from_everybody_what_the_sale_gave(shop: Shop) -> None:
    cast = shop.cast
    sale = shop.sell("100.00", cast.wei, cast.lan, cast.hao, quantity=3)
    assert [shop.figure(Kind.AMOUNT, who) for who in (cast.wei, cast.lan, cast.hao)] == [3334, 3333, 3333]
    shop.take_back(sale, "33.33", 1)
    shop.take_back(sale, "66.67", 2)
    assert [shop.figure(Kind.AMOUNT, who) for who in (cast.wei, cast.lan, cast.hao)] == [0, 0, 0]
    assert [shop.figure(Kind.QUANTITY, who) for who in (cast.wei, cast.lan, cast.hao)] == [0, 0, 0]


@pytest.mark.both_databases
def test_a_line_at_80_percent_of_list_or_less_does_not_pass_and_its_return_neither(shop: Shop) -> None:
    cast = shop.cast
    shop.sell("15000.00", cast.wei, price="15000.00")
    low = shop.sell("5000.00", cast.wei, price="6250.00")
    shop.sell("70.00", cast.wei)
    assert shop.figure(Kind.AMOUNT, cast.wei, ABOVE_80) == 1_500_000
    shop.take_back(low, "4000.00")
    assert shop.figure(Kind.AMOUNT, cast.wei, ABOVE_80) == 1_500_000


@pytest.mark.both_databases
def test_somebody_in_two_roles_is_counted_once_unless_both_are_asked_for_alone(shop: Shop) -> None:
    cast = shop.cast
    shop.sell(
        "600.00",
        (cast.wei, EarningRole.SELLER, 1),
        (cast.wei, EarningRole.FITTER, 1),
        (cast.gang, EarningRole.FITTER, 1),
    )
    assert shop.figure(Kind.AMOUNT, cast.wei) == 60_000
    assert shop.figure(Kind.AMOUNT, cast.wei, Sales(roles=("fitter",))) == 30_000
    assert shop.figure(Kind.AMOUNT, cast.wei, Sales(roles=("fitter", "seller"))) == 60_000
    assert shop.figure(Kind.AMOUNT, cast.gang, Sales(roles=("fitter", "seller"))) == 30_000


@pytest.mark.both_databases
def test_a_group_of_people_and_the_store_count_a_line_once_though_seller_and_fitter_earn_it(shop: Shop) -> None:
    cast = shop.cast
    shop.sell("600.00", (cast.wei, EarningRole.SELLER, 1), (cast.gang, EarningRole.FITTER, 1))
    both = (cast.wei, cast.gang)
    assert shop.figure(Kind.AMOUNT, of=Whose.MEMBERS, members=both) == 60_000
    assert shop.figure(Kind.AMOUNT, of=Whose.MEMBERS, members=(cast.gang,)) == 60_000
    assert shop.figure(Kind.AMOUNT, of=Whose.STORE) == 60_000
    assert shop.figure(Kind.AMOUNT, sales=Sales(roles=("fitter", "seller")), of=Whose.STORE) == 60_000
    assert shop.figure(Kind.AMOUNT, of=Whose.DEPARTMENT, department="workshop") == 60_000
    assert shop.figure(Kind.AMOUNT, cast.lan, of=Whose.DEPARTMENT) == 60_000
    assert shop.figure(Kind.AMOUNT, of=Whose.DEPARTMENT, department="office") == 0


@pytest.mark.both_databases
def test_profit_counts_lines_whose_cost_is_known_and_labour_only_labour(shop: Shop) -> None:
    cast = shop.cast
    sale = shop.sell("3880.00", cast.wei, cost="2380.00")
    shop.sell("500.00", cast.wei)
    shop.sell("320.00", cast.wei, category=Category.LABOUR)
    assert shop.figure(Kind.PROFIT, cast.wei) == 150_000
    assert shop.figure(Kind.LABOUR, cast.wei) == 32_000
    shop.take_back(sale, "3880.00", 1)
    assert shop.figure(Kind.PROFIT, cast.wei) == 0


@pytest.mark.both_databases
def test_an_order_counts_while_anything_of_it_is_left(shop: Shop) -> None:
    cast = shop.cast
    first = shop.sell("100.00", cast.wei, document="D1", line=1)
    second = shop.sell("100.00", cast.wei, document="D1", line=2)
    shop.sell("100.00", cast.wei, document="D2")
    assert (shop.figure(Kind.ORDERS, cast.wei), shop.figure(Kind.ORDERS)) == (2, 2)
    shop.take_back(first, "100.00", 1)
    assert (shop.figure(Kind.ORDERS, cast.wei), shop.figure(Kind.ORDERS)) == (2, 2)
    shop.take_back(second, "100.00", 1)
    assert (shop.figure(Kind.ORDERS, cast.wei), shop.figure(Kind.ORDERS)) == (1, 1)


def test_filters_go_by_category_finer_word_product_and_what_is_left_out(shop: Shop) -> None:
    cast = shop.cast
    shop.sell("100.00", cast.wei, product="脚垫")
    shop.sell("200.00", cast.wei, product="贴膜")
    shop.sell("400.00", cast.wei, category=Category.PARTS, product="机滤")
    assert shop.figure(Kind.AMOUNT, cast.wei, Sales(categories=("accessories",))) == 30_000
    assert shop.figure(Kind.AMOUNT, cast.wei, Sales(products=("贴膜", "机滤"))) == 60_000
    assert shop.figure(Kind.AMOUNT, cast.wei, Sales(but_products=("贴膜",))) == 50_000
    assert shop.figure(Kind.AMOUNT, cast.wei, Sales(categories=("no such word",))) == 0


def test_a_sale_of_last_month_returned_this_month_counts_in_its_own_month(shop: Shop) -> None:
    cast = shop.cast
    october = date(2026, 10, 20)
    sale = shop.sell("100.00", cast.wei, day=october)
    shop.take_back(sale, "40.00")
    assert shop.figure(Kind.AMOUNT, cast.wei, month=Month(2026, 10)) == 6_000
    assert shop.figure(Kind.AMOUNT, cast.wei) == 0


def test_a_price_condition_too_fine_to_be_compared_exactly_is_refused(shop: Shop) -> None:
    fine = Sales(price=Range(low=Given(Fraction(1, 300_007))))
    with pytest.raises(DomainError, match="at most five decimals"):
        shop.figure(Kind.AMOUNT, sales=fine)


def test_the_figures_of_a_whole_store_cost_one_query_however_many_people(shop: Shop) -> None:
    people = [person.id for person in shop.cast.people.values()]
    keys = [MeasureKey(Kind.AMOUNT, "", Whose.PERSON, "", person, Sales(), NOVEMBER, NOVEMBER) for person in people]
    store_id, seen = shop.cast.east.id, list[str]()
    event.listen(db.engine, "before_cursor_execute", lambda *said: seen.append(said[2]))
    answers = sums(store_id, keys)
    assert len(answers) == len(people)
    assert len(seen) == 1
