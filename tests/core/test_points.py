"""Points are earned by published rules, looked up by the day of the fact (product.md §7)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.points import PointsFact, PointsRule, earned, rule_on


def sale_rule(code: str = "sale-1", points: int = 1, **dates: date | None) -> PointsRule:
    starts = dates.get("starts") or date(2026, 1, 1)
    published = dates.get("published") or starts
    return PointsRule(code, PointsFact.SALE, points, Fraction(100), published, starts, dates.get("ends"))


@pytest.mark.parametrize(
    ("rule", "day", "counts"),
    [
        pytest.param(sale_rule(), date(2026, 1, 1), True, id="on the first day"),
        pytest.param(sale_rule(), date(2025, 12, 31), False, id="not before it"),
        pytest.param(sale_rule(ends=date(2026, 7, 1)), date(2026, 6, 30), True, id="on the last day"),
        pytest.param(sale_rule(ends=date(2026, 7, 1)), date(2026, 7, 1), False, id="not after it"),
        pytest.param(sale_rule(published=date(2026, 3, 5)), date(2026, 3, 4), False, id="not before it was published"),
        pytest.param(sale_rule(published=date(2026, 3, 5)), date(2026, 3, 5), True, id="from its publication on"),
    ],
)
def test_a_rule_is_in_force(*, rule: PointsRule, day: date, counts: bool) -> None:
    assert rule.in_force(day) is counts


def test_an_old_fact_keeps_its_old_rule() -> None:
    old, new = sale_rule(), sale_rule("sale-2", 3, starts=date(2026, 7, 1))
    by_day = [rule_on([new, old], PointsFact.SALE, day) for day in (date(2026, 6, 30), date(2026, 7, 1))]
    assert by_day == [old, new]


def test_a_fact_without_a_rule_earns_nothing() -> None:
    assert rule_on([sale_rule()], PointsFact.KUDOS, date(2026, 5, 1)) is None
    assert earned(None, 500) == 0


@pytest.mark.parametrize(
    ("quantity", "points"),
    [
        pytest.param(250, 6, id="full steps only"),
        pytest.param(99, 0, id="less than a step is nothing"),
        pytest.param(100, 3, id="a step exactly"),
        pytest.param(0, 0, id="nothing"),
        pytest.param(-250, -6, id="a return takes back full steps"),
    ],
)
def test_three_points_for_each_hundred_yuan(quantity: int, points: int) -> None:
    assert earned(sale_rule(points=3), quantity) == points


@given(st.fractions(-10_000, 10_000, max_denominator=100))
def test_a_return_takes_back_just_what_the_sale_gave(quantity: Fraction) -> None:
    assert earned(sale_rule(), quantity) + earned(sale_rule(), -quantity) == 0


def test_a_rule_says_itself() -> None:
    assert str(sale_rule(points=2).sentence) == "2 points for each 100: sale"
    assert all(str(fact.says) for fact in PointsFact)


def test_points_for_nothing_are_no_rule() -> None:
    with pytest.raises(ValueError, match="above zero"):
        PointsRule("x", PointsFact.SALE, 1, Fraction(0), date(2026, 1, 1), date(2026, 1, 1))
