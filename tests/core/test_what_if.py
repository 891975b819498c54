"""Which figures of a plan a wish moves."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from incentives.core.keys import MeasureKey
from incentives.core.measure import Given, Kind, Range, Sales, Whose
from incentives.core.period import Month
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
    assert levers([CSI, SOLD, replace(SOLD, person=OTHER)], NOVEMBER, ME, []) == [MORE, lever]
    assert levers([CSI], NOVEMBER, ME, ["csi"]) == [replace(lever, adds=True)]


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
