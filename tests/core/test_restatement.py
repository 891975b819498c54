"""Earned to date less posted to date: what the open month still posts for a line of a closed one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from incentives.core.answer import Step, arithmetic
from incentives.core.errors import say
from incentives.core.explain import Explanation, explanation_from_plain, recompute
from incentives.core.money import Money, total
from incentives.core.period import Month
from incentives.core.restatement import Correction, Earned, Posted, balance, carried_on, correct, given, still_owed

MAY, JUNE, JULY = Month(2026, 5), Month(2026, 6), Month(2026, 7)
LINE = say("Accessories")


def earned(fen: int) -> Earned:
    return Earned(Money(fen), given(say("Worked out again"), Money(fen)))


def posted(*fen: int) -> list[Posted]:
    return [Posted(MAY.plus(later), Money(amount)) for later, amount in enumerate(fen)]


@pytest.mark.parametrize(
    ("says", "now", "before", "owed"),
    [
        ("the sale came back whole: all of its pay goes back", 0, [30_000], -30_000),
        ("part came back and the lower tier holds: what was earned less what was posted", 45_000, [96_000], -51_000),
        ("what was corrected already is not corrected again", 45_000, [96_000, -51_000], 0),
        ("a late sale of somebody who had no line", 30_000, [], 30_000),
        ("the sale moved to another seller: the line is no more", None, [30_000], -30_000),
        ("a return that was undone gives back what it took", 30_000, [30_000, -30_000], 30_000),
        ("nothing earned and nothing posted", None, [], 0),
    ],
)
def test_the_difference_is_posted_and_nothing_else(says: str, now: int | None, before: list[int], owed: int) -> None:
    today = None if now is None else earned(now)
    found = correct(MAY, LINE, today, posted(*before))
    assert (found.amount if found else Money(0)) == Money(owed), says
    assert still_owed(today, posted(*before)) == Money(owed)


@drawn(st.none() | st.integers(-(10**9), 10**9), st.lists(st.integers(-(10**9), 10**9), max_size=6))
def test_posting_the_correction_leaves_nothing_to_correct(now: int | None, before: list[int]) -> None:
    today, so_far = None if now is None else earned(now), posted(*before)
    found = correct(MAY, LINE, today, so_far)
    if found is not None:
        so_far.append(Posted(JULY, found.amount))
        assert correct(MAY, LINE, today, so_far) is None
        assert recomputed(found.explanation) == found.amount
    assert total(each.amount for each in so_far) == (today.amount if today else Money(0))


def recomputed(explanation: Explanation) -> Money:
    stored = explanation_from_plain(explanation.as_plain())
    return Money(int(recompute(stored) * 100))


def name_of(found: Correction | None) -> str:
    assert found is not None
    return str(found.name)


def test_a_released_statement_is_paid_under_its_own_name_and_corrected_after_that() -> None:
    assert name_of(correct(MAY, LINE, earned(300), [], released=True)).startswith("Released from 2026-05")
    after = correct(MAY, LINE, earned(0), [Posted(JUNE, Money(300))], released=True)
    assert name_of(after).startswith("Adjustment of 2026-05")
    assert name_of(correct(MAY, LINE, earned(300), [])).startswith("Adjustment of 2026-05")


def test_the_explanation_names_each_posting_by_its_month_in_order() -> None:
    found = correct(MAY, LINE, earned(0), [Posted(JULY, Money(-20)), Posted(MAY, Money(120))])
    assert found is not None
    _restated, less = found.explanation.parts
    names = [str(part.sentence) for part in less.parts[0].parts]
    assert [name.split(":")[0] for name in names] == ["Posted in 2026-05", "Posted in 2026-07"]
    assert found.explanation.value == Fraction(-1)


def test_what_is_under_review_counts_as_posted_and_says_so() -> None:
    before = [Posted(MAY, Money(120)), Posted(JUNE, Money(-120), waits=True)]
    assert correct(MAY, LINE, None, before) is None
    found = correct(MAY, LINE, earned(20), before)
    assert found is not None
    told = [str(part.sentence) for part in found.explanation.parts[1].parts[0].parts]
    assert told == ["Posted in 2026-05", "Under review in 2026-06"]


def read_aloud(steps: Sequence[Step], indent: str = "") -> Iterator[str]:
    for step in steps:
        yield indent + str(step.in_full)
        yield from read_aloud(step.steps, indent + "  ")


def told(explanation: Explanation) -> list[str]:
    """What the page says of an explanation that was kept and read again: its name, then each step with its figures."""
    kept = explanation_from_plain(explanation.as_plain())
    return [str(kept.sentence), *read_aloud(arithmetic(kept).steps)]


@pytest.mark.parametrize(
    ("says", "now", "before", "released", "words"),
    [
        (
            "part came back after a correction and another month holds a second one in review",
            45_000,
            [Posted(JULY, Money(-500), waits=True), Posted(MAY, Money(96_000)), Posted(JUNE, Money(-1_000))],
            False,
            [
                "Adjustment of 2026-05: Accessories",
                "Worked out again: 450.00",
                "Earned to date, less posted to date: 450.00 − 945.00 = -495.00",
                "  Posted so far: 960.00 + -10.00 + -5.00 = 945.00",
                "    Posted in 2026-05: 960.00",
                "    Posted in 2026-06: -10.00",
                "    Under review in 2026-07: -5.00",
            ],
        ),
        (
            "the sale is another seller's now: the line earns nothing",
            None,
            [Posted(MAY, Money(30_000))],
            False,
            [
                "Adjustment of 2026-05: Accessories",
                "With today's facts nothing is earned for this line: 0.00",
                "Earned to date, less posted to date: 0.00 − 300.00 = -300.00",
                "  Posted so far: 300.00 = 300.00",
                "    Posted in 2026-05: 300.00",
            ],
        ),
        (
            "two postings of one month keep the order in which they were made",
            1,
            [Posted(JUNE, Money(200)), Posted(JUNE, Money(-150)), Posted(MAY, Money(100))],
            False,
            [
                "Adjustment of 2026-05: Accessories",
                "Worked out again: 0.01",
                "Earned to date, less posted to date: 0.01 − 1.50 = -1.49",
                "  Posted so far: 1.00 + 2.00 + -1.50 = 1.50",
                "    Posted in 2026-05: 1.00",
                "    Posted in 2026-06: 2.00",
                "    Posted in 2026-06: -1.50",
            ],
        ),
        (
            "a statement that was held is paid as itself",
            45_000,
            [],
            True,
            [
                "Released from 2026-05: Accessories",
                "Worked out again: 450.00",
                "Earned to date, less posted to date: 450.00 − 0.00 = 450.00",
                "  Posted so far: 0.00",
            ],
        ),
    ],
)
def test_a_correction_tells_what_was_earned_what_was_posted_and_the_difference(
    says: str, now: int | None, before: list[Posted], *, released: bool, words: list[str]
) -> None:
    found = correct(MAY, LINE, None if now is None else earned(now), before, released=released)
    assert found is not None
    assert told(found.explanation) == words, says
    assert found.explanation.value * 100 == found.amount.fen
    assert str(found.name) == words[0]


@pytest.mark.parametrize(
    ("says", "lines", "words"),
    [
        (
            "more was taken back than earned: the steps stand in the order of the lines",
            [("Accessories", 10_000), ("Adjustment of 2026-05: Film", -51_000), ("Fixed", 1)],
            [
                "Lines of the month: 100.00 + -510.00 + 0.01 = -409.99",
                "  Accessories: 100.00",
                "  Adjustment of 2026-05: Film: -510.00",
                "  Fixed: 0.01",
                "Base pay is never touched: nothing is paid instead of taking it from there: -409.99 at least 0.00 = 0.00",
                "Settled by later months: 0.00 − -409.99 = 409.99",
                "  Lines of the month: 100.00 + -510.00 + 0.01 = -409.99",
                "    Accessories: 100.00",
                "    Adjustment of 2026-05: Film: -510.00",
                "    Fixed: 0.01",
            ],
        ),
        (
            "one line of less than half a yuan below nothing",
            [("Taken back", -49)],
            [
                "Lines of the month: -0.49 = -0.49",
                "  Taken back: -0.49",
                "Base pay is never touched: nothing is paid instead of taking it from there: -0.49 at least 0.00 = 0.00",
                "Settled by later months: 0.00 − -0.49 = 0.49",
                "  Lines of the month: -0.49 = -0.49",
                "    Taken back: -0.49",
            ],
        ),
        (
            "a month above nothing pays what it comes to and carries nothing",
            [("Sales", 25_000), ("Taken back", -5_000)],
            [
                "Lines of the month: 250.00 + -50.00 = 200.00",
                "  Sales: 250.00",
                "  Taken back: -50.00",
                "Base pay is never touched: nothing is paid instead of taking it from there: 200.00 at least 0.00 = 200.00",
                "Settled by later months: 200.00 − 200.00 = 0.00",
                "  Lines of the month: 250.00 + -50.00 = 200.00",
                "    Sales: 250.00",
                "    Taken back: -50.00",
            ],
        ),
    ],
)
def test_a_carried_debt_tells_its_lines_that_nothing_is_paid_and_what_is_left(
    says: str, lines: list[tuple[str, int]], words: list[str]
) -> None:
    found = carried_on(say("Carried over to 2026-06"), [(say(name), Money(fen)) for name, fen in lines])
    assert told(found) == ["Carried over to 2026-06", *words], says
    assert recomputed(found) == max(Money(0), -total(Money(fen) for _, fen in lines))


def test_what_cannot_be_paid_is_carried_on_whole() -> None:
    found = carried_on(say("Carried over to 2026-06"), [(LINE, Money(10_000)), (say("Taken back"), Money(-51_000))])
    assert found.value == 410
    assert recomputed(found) == Money(41_000)


@pytest.mark.parametrize(
    ("says", "opened", "earned_fen", "added", "settled", "carried"),
    [
        ("a month below nothing begins a debt", 0, -51_000, 51_000, 0, 51_000),
        ("a month above nothing settles part of it first", 51_000, 20_000, 0, 20_000, 31_000),
        ("and the rest with what is left to be paid", 31_000, 40_000, 0, 31_000, 0),
        ("another return adds to it", 51_000, -45_000, 45_000, 0, 96_000),
        ("a month of nothing leaves it", 51_000, 0, 0, 0, 51_000),
    ],
)
def test_a_debt_is_settled_first_and_never_more_than_it_is(
    says: str, opened: int, earned_fen: int, added: int, settled: int, carried: int
) -> None:
    found = balance(Money(opened), Money(earned_fen))
    assert (found.added, found.settled, found.carried) == (Money(added), Money(settled), Money(carried)), says


@drawn(st.integers(0, 10**9), st.integers(-(10**9), 10**9))
def test_what_is_paid_and_what_is_settled_is_what_was_earned(opened: int, earned_fen: int) -> None:
    found = balance(Money(opened), Money(earned_fen))
    paid = max(earned_fen - opened, 0)
    assert paid + found.settled.fen - found.added.fen == earned_fen
    assert found.carried.fen >= 0
    assert not (paid and found.carried)
