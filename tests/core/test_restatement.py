"""Earned to date less posted to date: what the open month still posts for a line of a closed one."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

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
