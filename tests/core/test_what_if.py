"""Which figures of a plan a wish moves."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from incentives.core.keys import MeasureKey
from incentives.core.measure import Given, Kind, Range, Sales, Whose
from incentives.core.period import Month
from incentives.core.reading import Sums
from incentives.core.what_if import Lever, counts_in, levers, moved

NOVEMBER = Month(2026, 11)
ME, OTHER = 1, 2
SOLD = MeasureKey(Kind.AMOUNT, "", Whose.PERSON, "", ME, Sales(categories=("accessories",)), NOVEMBER, NOVEMBER)
CSI = replace(SOLD, kind=Kind.INDICATOR, indicator="csi", of=Whose.STORE, person=None, sales=Sales())
MORE = Lever(Kind.AMOUNT, SOLD.sales, "")


@pytest.mark.parametrize(
    ("key", "is_moved"),
    [
        (SOLD, True),
        (replace(SOLD, person=OTHER), False),
        (replace(SOLD, of=Whose.MEMBERS, person=None), True),
        (replace(SOLD, of=Whose.STORE, person=None), True),
        (replace(SOLD, of=Whose.DEPARTMENT), True),
        (replace(SOLD, of=Whose.DEPARTMENT, person=None, department="paint"), False),
        (replace(SOLD, first=Month(2026, 1)), True),
        (replace(SOLD, first=Month(2026, 10), last=Month(2026, 10)), False),
        (replace(SOLD, kind=Kind.PROFIT), False),
        (replace(SOLD, sales=Sales(categories=("parts",))), False),
        (replace(SOLD, sales=Sales()), True),
    ],
)
def test_a_wish_counts_wherever_the_persons_own_facts_count(key: MeasureKey, is_moved: bool) -> None:  # noqa: FBT001 (a case of the table)
    assert moved({key: 100}, {MORE: Fraction(5)}, NOVEMBER, ME) == {key: 600 if is_moved else 100}


@pytest.mark.parametrize(("kind", "then"), [(Kind.QUANTITY, 2_000), (Kind.ORDERS, 2)])
def test_pieces_are_counted_in_thousandths_and_orders_whole(kind: Kind, then: int) -> None:
    key = replace(SOLD, kind=kind)
    assert moved({key: None}, {replace(MORE, kind=kind): Fraction(2)}, NOVEMBER, ME) == {key: then}


def test_a_rate_stands_instead_of_what_it_is() -> None:
    lever = Lever(Kind.INDICATOR, Sales(), "csi", adds=False)
    assert moved({CSI: Fraction(9, 10)}, {lever: Fraction(1)}, NOVEMBER, ME) == {CSI: 1}
    figures: Sums = {CSI: Fraction(9, 10), SOLD: 100, replace(SOLD, person=OTHER): 200}
    assert list(levers(figures, NOVEMBER, ME, []).items()) == [(MORE, 100), (lever, Fraction(9, 10))]
    assert levers({CSI: None}, NOVEMBER, ME, ["csi"]) == {replace(lever, adds=True): None}


def test_what_is_asked_of_a_person_and_of_the_store_is_one_lever_that_stands_at_the_persons_own() -> None:
    figures = {replace(SOLD, of=Whose.STORE, person=None): 900, SOLD: 100, replace(SOLD, kind=Kind.ORDERS): 3}
    assert levers(figures, NOVEMBER, ME, []) == {MORE: 100, replace(MORE, kind=Kind.ORDERS): 3}


def test_a_sum_of_others_too_stands_nowhere_for_the_person() -> None:
    assert levers({replace(SOLD, of=Whose.MEMBERS, person=None): 900}, NOVEMBER, ME, []) == {MORE: None}


def test_targets_and_other_months_are_nobodys_to_move() -> None:
    october = Month(2026, 10)
    figures = {replace(CSI, kind=Kind.TARGET): 1, replace(CSI, kind=Kind.SCORE): 1, replace(CSI, last=october): 1}
    assert levers(figures, NOVEMBER, ME, []) == {}


def test_levers_are_ordered_by_kind_then_indicator_then_filter() -> None:
    nps, parts = replace(CSI, indicator="nps"), replace(SOLD, sales=Sales(categories=("parts",)))
    orders = replace(SOLD, kind=Kind.ORDERS)
    found = levers(dict.fromkeys([orders, nps, parts, CSI, SOLD], 1), NOVEMBER, ME, [])
    assert [(each.kind, each.indicator, each.sales.categories) for each in found] == [
        (Kind.AMOUNT, "", ("accessories",)),
        (Kind.AMOUNT, "", ("parts",)),
        (Kind.INDICATOR, "csi", ()),
        (Kind.INDICATOR, "nps", ()),
        (Kind.ORDERS, "", ("accessories",)),
    ]


@pytest.mark.parametrize(
    ("narrow", "wide", "within"),
    [
        (Sales(categories=("a",)), Sales(categories=("a", "b")), True),
        (Sales(), Sales(categories=("a",)), False),
        (Sales(), Sales(but_products=("x",)), False),
        (Sales(but_products=("x", "y")), Sales(but_products=("x",)), True),
        (Sales(), Sales(price=Range(low=Given(Fraction(1)))), False),
    ],
)
def test_a_narrow_filter_counts_in_a_wider_one(narrow: Sales, wide: Sales, within: bool) -> None:  # noqa: FBT001 (a case of the table)
    assert counts_in(narrow, wide) is within
