"""What is odd about somebody's pay, and what is not."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from incentives.core.catalogue import Unit
from incentives.core.errors import say
from incentives.core.explain import Does, Explanation, explain, range_figures
from incentives.core.keys import MeasureKey
from incentives.core.measure import Given, Kind, Range, Sales, Whose
from incentives.core.money import Money
from incentives.core.oddity import (
    Oddity,
    PaidLine,
    against_past,
    against_peers,
    attainment_jump,
    late_returns,
    near_edge,
    of_lines,
    one_sale,
    typed_by_managers,
)
from incentives.core.period import Month
from incentives.core.wording import range_texts

NAME = say("Sold accessories")


def _yuan(*amounts: int) -> list[Money]:
    return [Money(each * 100) for each in amounts]


def _said(found: Oddity | None) -> str:
    return "" if found is None else str(found.sentence)


@pytest.mark.parametrize(
    ("amount", "past", "odd"),
    [
        (3000, [], False),
        (3000, [1400], True),
        (2700, [1400], False),
        (500, [1400], True),
        (1300, [1000, 1000, 1000], False),
        (1301, [1000, 1000, 1000], True),
        (2600, [1000, 1500, 2000, 1500, 1500, 1000], False),
        (4200, [1000, 1500, 2000, 1500, 1500, 1000], True),
        (2400, [2000, 2000, 9999, 2000], False),
        (5100, [4000, 4000, 4000], True),
        (4900, [4000, 4000, 4000], False),
        (-100, [2000, 2000, 2000], True),
    ],
)
def test_a_total_is_odd_against_the_own_past_beyond_its_spread(amount: int, past: list[int], *, odd: bool) -> None:
    assert (against_past(_yuan(amount)[0], _yuan(*past)) is not None) is odd


def test_the_reason_says_the_figures() -> None:
    said = _said(against_past(Money(600_000), _yuan(1000, 1000, 1000)))
    assert said == "6,000.00, where 1,000.00 was usual in 3 months"


def test_peers_are_compared_as_if_everybody_had_worked_the_whole_month() -> None:
    half = Fraction(1, 2)
    others = [(amount, Fraction(1)) for amount in _yuan(2000, 2100, 1900)]
    assert against_peers(Money(100_000), half, others) is None
    assert "1,000.00 for a whole month, where 2,000.00" in _said(against_peers(Money(100_000), Fraction(1), others))
    assert against_peers(Money(100_000), Fraction(0), others) is None
    assert against_peers(Money(100_000), half, [(Money(1), Fraction(0))]) is None


@pytest.mark.parametrize(
    ("now", "before", "says"),
    [
        (900, None, "is new: 900.00"),
        (None, 900, "is gone: 900.00"),
        (-400, 400, "changed its sign"),
        (1300, 400, "more than tripled"),
        (1200, 400, ""),
        (200, None, ""),
        (600, 100, "more than tripled"),
        (0, 900, "is gone: 900.00"),
        (-700, 0, "is new: -700.00"),
    ],
)
def test_lines_that_came_went_turned_or_tripled(now: int | None, before: int | None, says: str) -> None:
    here = {} if now is None else {"a/b": PaidLine(NAME, Money(now * 100))}
    there = {} if before is None else {"a/b": PaidLine(NAME, Money(before * 100))}
    found = list(of_lines(here, there))
    assert [says in str(each.sentence) for each in found] == ([True] if says else [])


def _given(value: int | Fraction) -> Explanation:
    return Explanation(Does.GIVEN, say("revenue"), Fraction(value), figures=(Fraction(value),))


def _within(value: int, low: int | None) -> Explanation:
    edges = Range(None if low is None else Given(Fraction(low)), True, None, False)
    return explain(
        Does.WITHIN,
        say("revenue in the band"),
        parts=[_given(value)],
        figures=range_figures(edges),
        read=range_texts(edges, Unit.NUMBER),
    )


@pytest.mark.parametrize(
    ("value", "low", "odd"),
    [
        (10_000, 10_000, True),
        (10_200, 10_000, True),
        (10_201, 10_000, False),
        (9_999, 10_000, False),
        (5, None, False),
        (0, 0, False),
    ],
)
def test_an_edge_just_passed_is_told(value: int, low: int | None, *, odd: bool) -> None:
    node = Explanation(Does.CHAIN, say("line"), Fraction(1), (_within(value, low),))
    assert (near_edge(PaidLine(NAME, Money(1), node)) is not None) is odd


def test_a_target_just_met_is_told_and_a_line_without_arithmetic_is_not() -> None:
    met = explain(Does.MET, say("met"), parts=[_given(101), _given(100)], figures=[Fraction(0)])
    assert "just past an edge, met" in _said(near_edge(PaidLine(NAME, Money(1), met)))
    assert near_edge(PaidLine(NAME, Money(1))) is None


def _attained(actual: int, by: Kind = Kind.TARGET) -> PaidLine:
    month = Month(2026, 10)
    key = MeasureKey(by, "revenue", Whose.STORE, "", None, Sales(), month, month)
    parts = [_given(actual), replace(_given(100), key=key)]
    return PaidLine(NAME, Money(1), explain(Does.QUOTIENT, say("a"), parts=parts))


def test_a_quotient_that_is_no_attainment_is_not_told_as_one() -> None:
    assert attainment_jump(_attained(2000, Kind.AMOUNT), _attained(80, Kind.AMOUNT)) is None


def test_an_attainment_that_moved_by_forty_points_is_told() -> None:
    assert "from 80 % to 120 %" in _said(attainment_jump(_attained(120), _attained(80)))
    assert attainment_jump(_attained(119), _attained(80)) is None
    assert attainment_jump(_attained(120), PaidLine(NAME, Money(1))) is None


def test_one_sale_that_makes_most_of_the_month_is_told() -> None:
    said = _said(one_sale("D1", Money(400_000), Money(1_000_000), 3))
    assert said == "one sale, D1, is 40 % of everything sold: 4,000.00 of 10,000.00"
    assert one_sale("D1", Money(399_900), Money(1_000_000), 3) is None
    assert one_sale("D1", Money(400_000), Money(1_000_000), 2) is None
    assert one_sale("D1", Money(30_000), Money(30_000), 3) is None


def test_many_late_returns_and_figures_typed_by_managers_are_told() -> None:
    assert "3 returns after the month's end, -90.00" in _said(late_returns(3, Money(-9_000)))
    assert late_returns(2, Money(-9_000)) is None
    assert "4 actual figures" in _said(typed_by_managers(4))
    assert typed_by_managers(0) is None
