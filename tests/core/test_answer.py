"""The answer to "why?": sections of sentences, and figures that lead to their facts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from incentives.core.answer import Fact, Page, Step, answer, arithmetic, numbered, section
from incentives.core.errors import say
from incentives.core.explain import Does, Explanation
from incentives.core.keys import key_of
from incentives.core.measure import Kind, Measure
from incentives.core.money import Money
from incentives.core.period import Month

OCTOBER = Month(2026, 10)
SOLD, SCORE = (key_of(Measure(kind), kind, OCTOBER, 7) for kind in (Kind.AMOUNT, Kind.SCORE))


def _given(words: str, key: object) -> Explanation:
    return Explanation(Does.GIVEN, say(words), Fraction(1), figures=(Fraction(1),), key=key)  # type: ignore[arg-type]  # one of the two above


def test_an_answer_is_read_from_top_to_bottom_without_empty_sections() -> None:
    rule = section(say("The rule"), [say("5 % of sales"), say("at most 500.00")])
    found = answer(say("Sales"), OCTOBER, Money(500), [rule, section(say("Nothing"), [])])
    assert (found.name, found.month, found.amount) == (say("Sales"), OCTOBER, Money(500))
    assert [str(each) for each in found.sentences()] == ["The rule", "5 % of sales", "at most 500.00"]


def test_the_arithmetic_numbers_the_figures_that_have_facts() -> None:
    parts = (_given("score 92", SCORE), _given("sold 10,000.00", SOLD))
    whole = Explanation(Does.SUM, say("together"), Fraction(2), parts)
    assert numbered(whole) == sorted((SCORE, SOLD), key=lambda key: str(key.as_plain()))
    told = arithmetic(whole)
    assert str(told.heading) == "The arithmetic"
    assert told.steps == (
        Step(
            say("together"),
            (
                Step(say("score 92"), (), numbered(whole).index(SCORE)),
                Step(say("sold 10,000.00"), (), numbered(whole).index(SOLD)),
            ),
        ),
    )
    assert [str(each) for each in told.steps[0].sentences()] == ["together", "score 92", "sold 10,000.00"]


@pytest.mark.parametrize(
    ("says", "step", "deep"),
    [
        ("a plain sentence", Step(say("Sold")), False),
        ("a sum of plain sentences", Step(say("Pay"), (Step(say("Sold")), Step(say("Fixed")))), False),
        ("a sum of which one part is a sum", Step(say("Pay"), (Step(say("Fixed")), Step(say("Sales"), (Step(say("Sold")),)))), True),
    ],
)  # fmt: skip
def test_a_step_is_deep_when_what_it_is_made_of_can_be_opened_as_well(says: str, step: Step, *, deep: bool) -> None:
    assert step.deep is deep, says


def test_a_fact_entered_after_the_moment_is_late_and_stays_so() -> None:
    at = datetime(2026, 11, 3, tzinfo=UTC)
    fact = Fact(date(2026, 10, 5), "A-1", "Film", "500.00", "An", at, Page("sales.show", {"number": 1}))
    assert not fact.as_of(at).late
    assert not fact.as_of(None).late
    late = fact.as_of(at - timedelta(seconds=1))
    assert late == Fact(fact.day, "A-1", "Film", "500.00", "An", at, fact.page, late=True)
    assert late.as_of(None).late
    assert not Fact(fact.day, "A-1", "Film", "500.00").as_of(at).late
