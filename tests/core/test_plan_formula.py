"""Every line of an explanation can be worked out again by hand, from the figures and signs that the page shows."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.commissions.format import load
from incentives.core.answer import Step, arithmetic
from incentives.core.catalogue import NO_CATALOGUE, Unit
from incentives.core.errors import say
from incentives.core.explain import Does, Explanation, explain, explanation_from_plain
from incentives.core.formula import Operand, added, amount_of, formula, told
from incentives.core.measure import Given, Range
from incentives.core.money import FEN_PER_YUAN, Money
from incentives.core.pay import calculate
from incentives.core.period import Month
from incentives.core.restatement import Earned, Posted, carried_on, correct
from incentives.core.samples import run
from incentives.core.worth import within
from tests.core.by_hand import by_hand
from tests.core.checked import REFERENCE, catalogue
from tests.core.plans import months
from tests.core.test_plan_properties import Case
from tests.core.transcripts import plans as told_plans

MONTH = Month(2026, 10)


def again(explanation: Explanation) -> Money:
    """An amount worked out by hand from the steps of its kept explanation."""
    kept = explanation_from_plain(explanation.as_plain())
    return Money.rounded(by_hand(arithmetic(kept).steps) * FEN_PER_YUAN)


@given(months())
def test_any_line_and_any_pool_of_any_plan_is_worked_out_by_hand(case: Case) -> None:
    plan, members, sums = case
    result = calculate(plan, MONTH, members, sums)
    for line in result.lines:
        if line.explanation is not None:
            assert again(line.explanation) == line.amount
    for pool in result.pools:
        if pool.explanation is not None:
            assert again(pool.explanation) == pool.amount


@given(months(), st.lists(st.integers(-10_000, 10_000), max_size=3))
def test_what_is_still_posted_for_a_closed_month_is_worked_out_by_hand(case: Case, fen: list[int]) -> None:
    plan, members, sums = case
    posted = [Posted(MONTH.plus(place), Money(each)) for place, each in enumerate(fen)]
    for line in calculate(plan, MONTH, members, sums).lines:
        earned = Earned(line.amount, line.explanation) if line.explanation else None
        correction = correct(MONTH, line.name, earned, posted)
        if correction is not None:
            assert again(correction.explanation) == correction.amount


def test_a_debt_that_is_carried_on_is_worked_out_by_hand() -> None:
    lines = [(say("Sales"), Money(10_000)), (say("Taken back"), Money(-51_000))]
    assert again(carried_on(say("Carried over"), lines)) == Money(41_000)


@pytest.mark.parametrize(
    "path", [*told_plans(), *sorted((REFERENCE / "plans").glob("*.yaml"))], ids=lambda path: path.stem
)
def test_each_line_of_the_sample_plans_is_worked_out_by_hand(path: object) -> None:
    document = load(path.read_text(encoding="utf-8"))  # type: ignore[attr-defined]  # a path
    for example in document.examples:
        for line in run(document.plan, example, catalogue()).lines:
            if line.explanation is not None:
                assert again(line.explanation) == line.amount


def test_a_figure_that_was_changed_on_the_page_is_noticed() -> None:
    sold = explain(Does.GIVEN, say("Sold"), figures=[Fraction(100)])
    (step,) = arithmetic(
        explain(Does.PRODUCT, say("Paid"), parts=[sold], figures=[Fraction(1, 20)], read=["5 %"])
    ).steps
    assert by_hand([step]) == 5
    sign, rate = step.terms
    wrong = replace(step, terms=(sign, replace(rate, operand=Operand("6 %", Fraction(6, 100)))))
    with pytest.raises(AssertionError, match="Paid"):
        by_hand([wrong])


def test_a_step_kept_before_figures_stood_apart_keeps_its_words() -> None:
    kept = Explanation(Does.GIVEN, say("Sold, 2026-10: 5"), Fraction(5), figures=(Fraction(5),))
    assert told(kept) == kept.sentence
    assert arithmetic(kept).steps == (Step(kept.sentence),)
    assert str(Step(kept.sentence).in_full) == "Sold, 2026-10: 5"


def test_a_condition_is_told_with_its_verdict() -> None:
    reached = explain(Does.GIVEN, say("CSI, 2026-10"), figures=[Fraction(9, 10)], unit=Unit.PERCENT)
    asked = within(Range(low=Given(Fraction(93, 100), percent=True)), reached, say("CSI"), Unit.PERCENT)
    assert str(told(asked)) == "CSI: 90 % ≥ 93 %, does not hold"


def test_a_step_on_nothing_before_it_is_refused() -> None:
    with pytest.raises(TypeError):
        formula(Explanation(Does.ROUND, say("Rounded"), Fraction(1)), None)


def test_a_slice_that_is_not_reached_is_nothing_at_its_rate() -> None:
    text = (
        "plan: p\nname: P\nlines: [{line: part, measure: {kind: amount}, "
        "tiers: {reads: each_band, bands: [{above: 100, up_to: 200, rate: 5 %}, {above: 200, rate: 6 %}]}}]\n"
        "examples: [{name: E, month: 2026-10, people: [{number: E1, sales: [{category: parts, received: 50}], expect: 0}]}]"
    )
    document = load(text)
    (line,) = run(document.plan, document.examples[0], NO_CATALOGUE).lines
    assert line.explanation is not None
    assert again(line.explanation) == Money(0)


def test_amounts_are_added_up_line_by_line() -> None:
    steps = tuple(Step(say("Line"), result=amount_of(Money(fen))) for fen in (150, -20))
    whole = Step(say("Total"), steps, terms=added([Money(150), Money(-20)]), result=amount_of(Money(130)))
    assert by_hand([whole]) == Fraction(13, 10)
