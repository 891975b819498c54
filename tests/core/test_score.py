"""The score of a month: weighted, capped, each contribution shown (product.md §7)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.score import DEFAULT_WEIGHTS, Measured, Part, month_score

measures = st.lists(
    st.builds(
        Measured,
        st.text("abc", min_size=1, max_size=3),
        st.integers(0, 50),
        st.one_of(st.none(), st.fractions(-1, 3, max_denominator=50)),
    ),
    max_size=6,
)


def by_default(**reached: str) -> list[Measured]:
    """The default measures; those not named have no target."""
    return [
        Measured(part.value, weight, Fraction(reached[part.value]) if part.value in reached else None)
        for part, weight in DEFAULT_WEIGHTS.items()
    ]


ALL_REACHED = {part.value: "1" for part in Part}


@pytest.mark.parametrize(
    ("reached", "hundredths"),
    [
        pytest.param(ALL_REACHED, 10000, id="every target just reached is 100"),
        pytest.param({**ALL_REACHED, "revenue": "0.5"}, 8000, id="half the revenue costs 20 of 40"),
        pytest.param({**ALL_REACHED, "revenue": "3"}, 12000, id="an easy target scores 150 % at most"),
        pytest.param({**ALL_REACHED, "accessories": "-2"}, 8000, id="returns never score below zero"),
        pytest.param({"revenue": "1", "training": "0"}, 7273, id="without targets weights are scaled: 40 of 55"),
        pytest.param({"training": "0.8"}, 8000, id="one measure alone has all the weight"),
    ],
)
def test_the_score_with_the_default_weights(reached: dict[str, str], hundredths: int) -> None:
    result = month_score(by_default(**reached))
    assert result is not None
    assert result.hundredths == hundredths


def test_the_default_weights_add_up_to_a_hundred() -> None:
    assert sum(DEFAULT_WEIGHTS.values()) == 100
    assert [str(part.says) for part in DEFAULT_WEIGHTS][:2] == ["revenue target", "accessories"]


def test_each_contribution_shows_its_arithmetic() -> None:
    result = month_score(by_default(revenue="2", training="0.5"))
    assert result is not None
    assert [str(contribution.sentence) for contribution in result.contributions] == [
        "weight 72.73 x 150.00 % (attainment 200.00 %) = 109.09",
        "weight 27.27 x 50.00 % (attainment 50.00 %) = 13.64",
    ]


def test_measures_without_a_target_are_named() -> None:
    result = month_score(by_default(revenue="1", conduct="1"))
    assert result is not None
    assert result.without_target == ("accessories", "training", "six_s")


@pytest.mark.parametrize(
    "given_measures",
    [
        pytest.param([], id="no measures"),
        pytest.param([Measured("revenue", 40, None)], id="no targets"),
        pytest.param([Measured("revenue", 0, Fraction(1))], id="no weight"),
    ],
)
def test_without_weights_and_targets_there_is_no_score(given_measures: list[Measured]) -> None:
    assert month_score(given_measures) is None


@given(measures)
def test_the_score_is_the_sum_of_its_contributions_and_lies_between_0_and_150(drawn: list[Measured]) -> None:
    result = month_score(drawn)
    if result is None:
        assert not any(measure.weight for measure in drawn if measure.attainment is not None)
    else:
        assert sum(contribution.weight for contribution in result.contributions) == 100
        assert result.value == sum(contribution.points for contribution in result.contributions)
        assert 0 <= result.hundredths <= 15000


def test_halves_of_a_hundredth_are_rounded_up() -> None:
    result = month_score([Measured("revenue", 1, Fraction("0.500050"))])
    assert result is not None
    assert result.hundredths == 5001


def test_a_negative_weight_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="negative"):
        month_score([Measured("revenue", -1, Fraction(1))])
