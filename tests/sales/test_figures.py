"""What indicators and boards read of sales, and that the standings can be proved from them."""

from __future__ import annotations

from datetime import date

import pytest

from incentives.core.period import Month
from incentives.ledger import service as ledger
from incentives.ledger.service.derived import Whom, figures_of, figures_on_offer
from incentives.sales.models import Category, EarningRole
from tests.sales.conftest import NOVEMBER, Shop

OCTOBER = Month(2026, 10)


@pytest.mark.both_databases
def test_a_return_lowers_the_indicator_of_its_own_month_and_leaves_the_sales_month_alone(shop: Shop) -> None:
    cast = shop.cast
    sale = shop.sell("100.00", cast.wei, cast.lan, day=date(2026, 10, 20))
    shop.sell("70.00", cast.wei, category=Category.LABOUR)
    shop.take_back(sale, "40.00")
    found = figures_of(cast.east.id, "accessory_sales", OCTOBER, NOVEMBER)
    reception = cast.departments["reception"].id
    assert {(row.month, row.department_id, row.employee_id, row.value) for row in found} == {
        (OCTOBER, None, None, 10_000),
        (NOVEMBER, None, None, -4_000),
        (OCTOBER, reception, cast.wei.id, 5_000),
        (OCTOBER, reception, cast.lan.id, 5_000),
        (NOVEMBER, reception, cast.wei.id, -2_000),
        (NOVEMBER, reception, cast.lan.id, -2_000),
    }


@pytest.mark.both_databases
def test_pay_counts_a_return_in_the_month_of_its_sale(shop: Shop) -> None:
    cast = shop.cast
    sale = shop.sell("100.00", cast.wei, cast.lan, day=date(2026, 10, 20))
    shop.take_back(sale, "40.00")
    paid = figures_of(cast.east.id, "accessory_sales", OCTOBER, NOVEMBER, for_pay=True)
    facts_of = figures_on_offer()["accessory_sales"].paid.facts
    reception = cast.departments["reception"].id
    assert {tuple(row)[:4] for row in paid} == {
        (OCTOBER, None, None, 6_000),
        (OCTOBER, reception, cast.wei.id, 3_000),
        (OCTOBER, reception, cast.lan.id, 3_000),
    }
    for whom, counted in ((Whom(), ["100.00", "-40.00"]), (Whom(people=[cast.wei.id]), ["50.00", "-20.00"])):
        assert [fact.counted for fact in facts_of(cast.east.id, OCTOBER, OCTOBER, whom)] == counted
        assert facts_of(cast.east.id, NOVEMBER, NOVEMBER, whom) == []


@pytest.mark.both_databases
def test_the_standings_are_proved_from_the_sales_and_fitters_do_not_stand_among_sellers(shop: Shop) -> None:
    cast = shop.cast
    ledger.ensure_default_rules(cast.group.id, date(2026, 1, 1))
    both = (cast.wei, EarningRole.SELLER, 1), (cast.gang, EarningRole.FITTER, 1)
    sale = shop.sell("300.00", *both, quantity=3)
    shop.sell("3000.00", cast.lan, category=Category.RENEWALS, day=date(2026, 10, 5))
    shop.take_back(sale, "100.00", 1)
    proof = ledger.rebuild(check=True)
    assert not proof.differences
    scope = ledger.store_scope(cast.east.id)
    pieces = ledger.board("accessory_quantity", "2026-11", scope, None)
    assert [(place.name, place.value) for place in pieces.top] == [(cast.wei.name, 2000)]
    assert [place.value for place in ledger.board("renewals", "2026-10", scope, None).top] == [1000]
