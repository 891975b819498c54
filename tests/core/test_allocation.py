"""Sharing targets out: parts always add up to the whole (product.md §1 and §3)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.allocation import (
    Claim,
    allocate,
    allocate_money,
    allocate_year,
    in_units,
    left_over,
    months_of,
    presence,
)
from incentives.core.errors import DomainError
from incentives.core.money import Money
from incentives.core.period import Month, Span

NOVEMBER = Month(2026, 11).span

claims = st.lists(
    st.tuples(st.integers(1, 50), st.integers(0, 30)).map(lambda pair: (pair[0], Fraction(pair[1], 30))),
    min_size=1,
    max_size=10,
).filter(lambda drawn: any(there for _, there in drawn))


@given(st.integers(0, 10**9), claims)
def test_parts_add_up_to_the_whole(units: int, drawn: list[tuple[int, Fraction]]) -> None:
    parts = allocate(units, [Claim(n, weight, there) for n, (weight, there) in enumerate(drawn)])
    assert sum(parts.values()) == units
    assert left_over(units, parts.values()) == 0


def test_three_service_advisors_share_a_month_of_35_ten_thousands() -> None:
    shared = allocate_money(Money.parse("350,000.00"), [Claim("E001"), Claim("E002"), Claim("E003")])
    assert {who: str(amount) for who, amount in shared.items()} == {
        "E001": "116,666.67",
        "E002": "116,666.67",
        "E003": "116,666.66",
    }


def test_somebody_hired_on_the_21st_takes_a_third_of_a_full_part() -> None:
    newcomer = presence([Span(date(2026, 11, 21), date(2027, 11, 1))], NOVEMBER)
    assert allocate(400, [Claim("E001"), Claim("E002", presence=newcomer)]) == {"E001": 300, "E002": 100}


def test_a_transfer_within_the_month_adds_up_to_a_whole_month() -> None:
    before, after = Span(date(2026, 1, 1), date(2026, 11, 11)), Span(date(2026, 11, 11), date(2027, 1, 1))
    assert presence([before], NOVEMBER) == Fraction(1, 3)
    assert presence([before, after], NOVEMBER) == 1


def test_the_year_is_shared_evenly_unless_it_has_weights() -> None:
    year = allocate_year(100, 2026)
    assert list(year) == list(months_of(2026))
    assert sorted(year.values(), reverse=True) == list(year.values()) == [9] * 4 + [8] * 8


def test_a_month_without_a_weight_gets_nothing() -> None:
    year = allocate_year(600, 2026, {Month(2026, 1): 50, Month(2026, 12): Fraction(100)})
    assert (year[Month(2026, 1)], year[Month(2026, 6)], year[Month(2026, 12)]) == (200, 0, 400)


@pytest.mark.parametrize(
    ("weights", "refusal"),
    [
        pytest.param([1, -1], "cannot be negative", id="a negative weight"),
        pytest.param([0, 0], "Nobody has a weight", id="nobody has a weight"),
        pytest.param([], "Nobody has a weight", id="nobody at all"),
    ],
)
def test_what_could_not_add_up_is_refused(weights: list[int], refusal: str) -> None:
    with pytest.raises(DomainError, match=refusal):
        allocate(100, [Claim(n, weight) for n, weight in enumerate(weights)])


def test_nothing_can_be_shared_among_nobody() -> None:
    assert allocate(0, [Claim("E001", 0)]) == {"E001": 0}


def test_nobody_claims_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        allocate(100, [Claim("E001"), Claim("E001")])


def test_a_figure_is_kept_in_whole_units_of_its_resolution() -> None:
    assert in_units(Fraction("35.5"), Fraction(1, 10)) == 355


def test_a_figure_finer_than_its_unit_is_refused() -> None:
    with pytest.raises(DomainError, match="finer than the unit"):
        in_units(Fraction("35.55"), Fraction(1, 10))


def test_what_parts_exceed_is_negative() -> None:
    assert left_over(100, [60, 50]) == -10
