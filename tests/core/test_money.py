"""Money: whole fen, one rounding, and shares that add up."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.errors import DomainError
from incentives.core.money import LARGEST_FEN, ZERO, Money, round_half_away, share_out, total
from tests.core.cases import worked_case

fen = st.integers(-(10**12), 10**12)
weights = st.lists(st.fractions(0, 1000, max_denominator=100), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        pytest.param("2.5", 3, id="a half goes up"),
        pytest.param("-2.5", -3, id="a negative half goes down, away from zero"),
        pytest.param("2.49", 2, id="less than half goes down"),
        pytest.param("-2.49", -2, id="less than half goes towards zero"),
        pytest.param("0", 0, id="zero stays"),
    ],
)
def test_halves_are_rounded_away_from_zero(value: str, rounded: int) -> None:
    assert round_half_away(Fraction(value)) == rounded


@given(fen, st.fractions(-10, 10, max_denominator=1000))
def test_a_sale_and_its_full_return_cancel_at_any_rate(amount: int, rate: Fraction) -> None:
    assert Money(amount).times(rate) + Money(-amount).times(rate) == ZERO


def test_the_worked_roundings_come_out() -> None:
    for row in worked_case("pay.toml", "rounding")["rows"]:
        paid = Money.parse(row["amount"]).times(Fraction(row["rate"]))
        assert total([paid] * row.get("times", 1)) == Money.parse(row["pay"])


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        pytest.param("1,944.00", 194400, id="thousands separators"),
        pytest.param("¥53.3", 5330, id="yuan sign and one decimal"),
        pytest.param("￥ 8", 800, id="full-width yuan sign"),
        pytest.param("-20", -2000, id="negative"),
        pytest.param("+0.01", 1, id="one fen"),
        pytest.param("12，345", 1234500, id="full-width comma"),
        pytest.param("10000000000000.00", LARGEST_FEN, id="the largest amount kept"),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: int) -> None:
    assert Money.parse(text) == Money(amount)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("x", id="a letter"),
        pytest.param("1.234", id="three decimals"),
        pytest.param("1,23", id="a misplaced comma"),
        pytest.param("1e5", id="an exponent"),
        pytest.param("NaN", id="no number"),
        pytest.param("inf", id="infinity"),
        pytest.param("--1", id="two signs"),
        pytest.param("１２", id="full-width digits"),
    ],
)
def test_what_is_no_amount_is_refused_with_the_text_quoted(text: str) -> None:
    with pytest.raises(DomainError, match=f"“{text}” is not an amount"):
        Money.parse(text)


def test_an_amount_beyond_any_dealership_is_refused() -> None:
    with pytest.raises(DomainError, match="larger than any amount"):
        Money.parse("10,000,000,000,000.01")


@pytest.mark.parametrize("wrong", [1.5, "1", True, None], ids=repr)
def test_money_is_made_of_whole_fen_only(wrong: object) -> None:
    with pytest.raises(TypeError):
        Money(wrong)  # type: ignore[arg-type]  # what a careless caller might pass


def test_amounts_show_separators_and_files_carry_none() -> None:
    assert (str(Money(-123450)), Money(-123450).plain(), str(Money(5))) == ("-1,234.50", "-1234.50", "0.05")


def test_an_amount_adds_negates_and_compares() -> None:
    assert Money(5) - Money(8) == -Money(3) < ZERO < abs(Money(-3))
    assert [bool(Money(1)), bool(ZERO)] == [True, False]
    assert Money.rounded(Money(5).exact() / 2) == Money(3)


@given(fen)
def test_what_is_written_is_read_back(amount: int) -> None:
    assert Money.parse(str(Money(amount))) == Money.parse(Money(amount).plain()) == Money(amount)


@pytest.mark.parametrize("case_id", ["share-by-score", "three-thirds"])
def test_the_worked_pools_are_shared_to_the_fen(case_id: str) -> None:
    case = worked_case("pay.toml", case_id)
    pool, scores = Money.parse(case.get("pool", "100.00")), case.get("scores", [1, 1, 1])
    assert [str(Money(part)) for part in share_out(pool.fen, scores)] == [
        str(Money.parse(share)) for share in case["shares"]
    ]


@given(fen, weights)
def test_parts_add_up_to_the_whole(amount: int, shares: list[Fraction]) -> None:
    assert sum(share_out(amount, shares)) == (amount if any(shares) else 0)


@given(fen, weights)
def test_no_part_is_a_unit_or_more_off_its_exact_share(amount: int, shares: list[Fraction]) -> None:
    whole = sum(shares) or 1
    for part, weight in zip(share_out(amount, shares), shares, strict=True):
        assert abs(part - amount * weight / whole) < 1


@given(fen, weights)
def test_a_return_takes_back_just_what_the_sale_gave(amount: int, shares: list[Fraction]) -> None:
    assert share_out(-amount, shares) == [-part for part in share_out(amount, shares)]


def test_a_negative_weight_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="negative"):
        share_out(100, [1, -1])
