"""Exact numbers as people read them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from incentives.core.figures import figure, percent, signed


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        pytest.param("1234567.891", 2, "1,234,567.89", id="separators and decimals"),
        pytest.param("-0.05", 1, "-0.1", id="halves away from zero"),
        pytest.param("-0.04", 1, "0.0", id="no minus before a zero"),
        pytest.param("1000", 0, "1,000", id="whole numbers have no point"),
        pytest.param("7.005", 3, "7.005", id="leading zeros of decimals are kept"),
    ],
)
def test_a_figure_has_fixed_decimals(value: str, places: int, text: str) -> None:
    assert figure(Fraction(value), places) == text


@pytest.mark.parametrize(
    ("value", "text"), [("0.9", "+0.9"), ("-0.9", "-0.9"), ("0", "0.0"), ("0.01", "0.0")], ids=lambda v: f"of {v}"
)
def test_a_difference_carries_its_sign(value: str, text: str) -> None:
    assert signed(Fraction(value), 1) == text


def test_a_quotient_is_shown_in_percent() -> None:
    assert percent(Fraction(11, 400), 2) == "2.75"
