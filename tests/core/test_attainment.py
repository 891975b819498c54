"""How readings add up, how far a target is reached, and where the month is heading (product.md §3)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.attainment import (
    CAP,
    Aggregation,
    Better,
    Comparison,
    Reading,
    aggregate,
    attainment,
    capped,
    forecast,
    is_met,
    pace,
    to_go,
    uplift,
)
from incentives.core.figures import percent
from tests.core.cases import worked_case

positive = st.fractions("1/100", 10_000, max_denominator=100)


def day(number: int) -> date:
    return date(2026, 1, number)


def counts(*pairs: tuple[int, int]) -> list[Reading]:
    return [Reading(day(n), Fraction(value), Fraction(base)) for n, (value, base) in enumerate(pairs, start=1)]


def levels(*values: int) -> list[Reading]:
    return [Reading(day(n), Fraction(value)) for n, value in enumerate(values, start=1)]


def test_the_worked_rework_rate_adds_up_by_its_parts() -> None:
    case = worked_case("other.toml", "rework-rate-of-a-year")
    january, february = (2, 100), (9, 300)
    for name, parts in {"january": [january], "february": [february], "year_to_date": [january, february]}.items():
        rate = aggregate(Aggregation.RATIO, counts(*parts))
        assert rate is not None
        assert f"{percent(rate, 2)} %" == case[name]
        if name in case["target_below_2_percent_met"]:
            assert is_met(rate, Fraction(2, 100), Comparison.BELOW) is case["target_below_2_percent_met"][name]


@pytest.mark.parametrize(
    ("aggregation", "readings", "result"),
    [
        pytest.param(Aggregation.SUM, levels(3, 0, 4), 7, id="a sum"),
        pytest.param(Aggregation.SUM, [], 0, id="nothing sold is a result"),
        pytest.param(Aggregation.LAST, levels(3, 9, 4), 4, id="the last level, not the highest"),
        pytest.param(Aggregation.LAST, levels(3, 9, 4)[::-1], 4, id="by day, in whatever order they come"),
        pytest.param(Aggregation.LAST, [*levels(3), *levels(5)], 5, id="of two on a day the later given"),
        pytest.param(Aggregation.LAST, [], None, id="no level is known"),
        pytest.param(Aggregation.MEAN, levels(1, 2), Fraction(3, 2), id="a mean"),
        pytest.param(Aggregation.MEAN, [], None, id="no mean of nothing"),
        pytest.param(Aggregation.RATIO, counts((1, 1), (0, 9)), Fraction(1, 10), id="a ratio is no mean of ratios"),
        pytest.param(Aggregation.RATIO, counts((0, 0)), None, id="nothing of nothing is not known"),
        pytest.param(Aggregation.RATIO, [], None, id="no ratio of nothing"),
    ],
)
def test_readings_add_up_as_the_indicator_says(
    aggregation: Aggregation, readings: list[Reading], result: Fraction | None
) -> None:
    assert aggregate(aggregation, readings) == result


@pytest.mark.parametrize(
    ("better", "actual", "target", "reached"),
    [
        pytest.param(Better.HIGHER, 90, 120, Fraction(3, 4), id="higher: actual / target"),
        pytest.param(Better.HIGHER, 240, 120, 2, id="higher: uncapped"),
        pytest.param(Better.HIGHER, -12, 120, Fraction(-1, 10), id="higher: more returned than sold"),
        pytest.param(Better.HIGHER, 5, 0, None, id="higher: a target of zero is none"),
        pytest.param(Better.LOWER, 4, 2, Fraction(1, 2), id="lower: target / actual"),
        pytest.param(Better.LOWER, 1, 2, 2, id="lower: uncapped"),
        pytest.param(Better.LOWER, 0, 2, CAP, id="lower: an actual of zero gives the cap"),
        pytest.param(Better.LOWER, -1, 2, CAP, id="lower: below zero gives the cap too"),
        pytest.param(Better.LOWER, 0, 0, 1, id="lower: zero was the target"),
        pytest.param(Better.LOWER, 3, 0, 0, id="lower: zero was the target and was missed"),
        pytest.param(Better.HIGHER, 5, None, None, id="no target, no attainment"),
        pytest.param(Better.LOWER, 5, -1, None, id="a negative target is none"),
    ],
)
def test_attainment_is_actual_against_target(
    better: Better, actual: int, target: int | None, reached: Fraction | None
) -> None:
    assert attainment(Fraction(actual), None if target is None else Fraction(target), better) == reached


@given(positive, st.sampled_from(Better))
def test_at_equality_it_is_a_hundred_percent_both_ways(value: Fraction, better: Better) -> None:
    assert attainment(value, value, better) == 1


@given(positive, positive, positive)
def test_better_results_never_attain_less(target: Fraction, actual: Fraction, more: Fraction) -> None:
    higher = attainment(actual + more, target, Better.HIGHER), attainment(actual, target, Better.HIGHER)
    lower = attainment(actual, target, Better.LOWER), attainment(actual + more, target, Better.LOWER)
    assert None not in (*higher, *lower)
    assert (higher[0] or 0) >= (higher[1] or 0)
    assert (lower[0] or 0) >= (lower[1] or 0)


@pytest.mark.parametrize(
    ("reached", "scores"),
    [
        pytest.param(2, CAP, id="beyond 150 % scores no more"),
        pytest.param(CAP, CAP, id="150 % scores in full"),
        pytest.param(Fraction(1, 2), Fraction(1, 2), id="half scores half"),
        pytest.param(-1, 0, id="returns never score below zero"),
    ],
)
def test_attainment_is_capped_where_it_scores(reached: Fraction, scores: Fraction) -> None:
    assert capped(Fraction(reached)) == scores


@pytest.mark.parametrize(
    ("comparison", "below", "equal", "above"),
    [
        pytest.param(Comparison.AT_LEAST, False, True, True, id="at least"),
        pytest.param(Comparison.ABOVE, False, False, True, id="above"),
        pytest.param(Comparison.AT_MOST, True, True, False, id="at most"),
        pytest.param(Comparison.BELOW, True, False, False, id="below"),
    ],
)
def test_whether_a_target_is_met_is_the_comparison_s_answer(
    *, comparison: Comparison, below: bool, equal: bool, above: bool
) -> None:
    hair = Fraction(1, 10**9)
    answers = [is_met(actual, Fraction(2), comparison) for actual in (2 - hair, Fraction(2), 2 + hair)]
    assert answers == [below, equal, above]


@pytest.mark.parametrize(
    ("better", "missing"),
    [pytest.param(Better.HIGHER, 30, id="higher"), pytest.param(Better.LOWER, -30, id="lower: reached with room")],
)
def test_what_is_missing_to_the_target(better: Better, missing: int) -> None:
    assert to_go(Fraction(90), Fraction(120), better) == missing


@pytest.mark.parametrize(
    ("elapsed", "working_days", "due"),
    [
        pytest.param(0, 20, 0, id="nothing is due before the first working day"),
        pytest.param(5, 20, 30, id="a quarter of the days, a quarter of the target"),
        pytest.param(20, 20, 120, id="all of it at the end"),
        pytest.param(0, 0, 120, id="all of it in a month without working days"),
    ],
)
def test_what_should_be_there_by_now(elapsed: int, working_days: int, due: int) -> None:
    assert pace(Fraction(120), elapsed=elapsed, working_days=working_days) == due


@pytest.mark.parametrize(
    ("aggregation", "elapsed", "end"),
    [
        pytest.param(Aggregation.SUM, 5, 360, id="a sum goes on at its pace"),
        pytest.param(Aggregation.SUM, 20, 90, id="at the end it is what it is"),
        pytest.param(Aggregation.SUM, 0, None, id="no forecast before the first working day"),
        pytest.param(Aggregation.RATIO, 5, 90, id="a ratio does not grow with the days"),
    ],
)
def test_the_forecast_of_the_month(aggregation: Aggregation, elapsed: int, end: int | None) -> None:
    assert forecast(Fraction(90), elapsed=elapsed, working_days=20, aggregation=aggregation) == end


def test_the_worked_campaign_uplift() -> None:
    case = worked_case("other.toml", "campaign-uplift")
    grown = uplift(Fraction("820.00"), Fraction("1066.00"))
    assert grown is not None
    assert percent(grown) == case["uplift_percent"]
    aims = [(Fraction(25, 100), Comparison.AT_LEAST), (Fraction(50, 100), Comparison.AT_MOST)]
    assert all(is_met(grown, aim, comparison) for aim, comparison in aims) is case["aim_25_to_50_percent_met"]


def test_without_a_baseline_there_is_no_uplift() -> None:
    assert uplift(Fraction(0), Fraction(5)) is None
