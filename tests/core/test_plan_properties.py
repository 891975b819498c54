"""What holds for every plan, whoever wrote it."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incentives.commissions.format import PlanDocument, dump, load
from incentives.core.checker import check
from incentives.core.credits import Figures, credits_of, credits_of_change, left_after_return
from incentives.core.explain import explanation_from_plain, recompute
from incentives.core.findings import Severity
from incentives.core.keys import MeasureKey
from incentives.core.law import Claim as Loss
from incentives.core.law import Limits, steps_of_month
from incentives.core.measure import SALE_KINDS, Given, Kind, Label, Measure, Range, Whose
from incentives.core.money import FEN_PER_YUAN, Money, round_half_away, total
from incentives.core.pay import calculate
from incentives.core.plan import Band, Line, Node, Plan, Rate, Reads, Tiered
from incentives.core.reading import Member
from incentives.core.simulation import in_common
from tests.core.plans import NAME, OCTOBER, months, percents, plans

Case = tuple[Plan, list[Member], dict[MeasureKey, int | Fraction | None]]
thorough = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])


@thorough
@given(plans())
def test_a_plan_written_down_is_read_back_the_same(plan: Plan) -> None:
    assert load(dump(PlanDocument(plan))).plan == plan


@thorough
@given(months())
def test_every_amount_can_be_worked_out_again_from_its_stored_explanation(case: Case) -> None:
    plan, members, sums = case
    for line in calculate(plan, OCTOBER, members, sums).lines:
        if line.explanation is None:
            assert line.missing
            continue
        stored = json.loads(json.dumps(line.explanation.as_plain(), ensure_ascii=False))
        explanation = explanation_from_plain(stored)
        assert explanation == line.explanation
        assert Money.rounded(recompute(explanation) * FEN_PER_YUAN) == line.amount


@thorough
@given(months(), st.randoms(use_true_random=False))
def test_the_order_of_members_and_figures_changes_nothing(case: Case, random: Random) -> None:
    plan, members, sums = case
    shuffled, figures = list(members), list(sums.items())
    random.shuffle(shuffled)
    random.shuffle(figures)
    assert calculate(plan, OCTOBER, shuffled, dict(figures)) == calculate(plan, OCTOBER, members, sums)


@thorough
@given(months())
def test_one_members_lines_alone_are_those_that_stand_among_everybodys(case: Case) -> None:
    plan, members, sums = case
    whole = calculate(plan, OCTOBER, members, sums)
    for member in members:
        alone = calculate(plan, OCTOBER, members, sums, only=member.id)
        assert alone.lines == whole.of(member.id)
        assert alone.pools == whole.pools


@thorough
@given(months(), st.data())
def test_a_draft_comes_out_the_same_when_what_it_has_in_common_is_not_worked_out_again(
    case: Case, data: st.DataObject
) -> None:
    plan, members, sums = case
    changed = st.sampled_from(["kept", "dropped", "renamed", "another season"])
    nodes = [_changed(node, data.draw(changed)) for node in plan.lines]
    draft = replace(plan, lines=tuple(node for node in nodes if node), then=plan.then[: data.draw(st.integers(0, 2))])
    known = in_common(draft, plan, OCTOBER, calculate(plan, OCTOBER, members, sums))
    assert calculate(draft, OCTOBER, members, sums, known=known) == calculate(draft, OCTOBER, members, sums)


def _changed(node: Node, how: str) -> Node | None:
    match how:
        case "kept":
            return node
        case "dropped":
            return None
        case "renamed":
            return replace(node, label=Label("Another", "另一个"))
        case _:
            return replace(node, months=(10, 11))


@thorough
@given(months())
def test_shares_add_up_to_the_pool_to_the_fen(case: Case) -> None:
    plan, members, sums = case
    for pool in calculate(plan, OCTOBER, members, sums).pools:
        assert total(pool.shares.values()) + pool.undistributed == pool.amount
        assert not pool.undistributed or not any(pool.shares.values())


@thorough
@given(months())
def test_a_figure_taken_away_is_missing_and_never_zero(case: Case) -> None:
    plan, members, sums = case
    without = {key: value for key, value in sums.items() if key.kind.value != "score"}
    for line in calculate(plan, OCTOBER, members, without).lines:
        assert line.payable is (line.explanation is not None)
        if line.explanation:
            assert not any(key.kind.value == "score" for key in line.explanation.used())


@thorough
@given(plans())
def test_the_check_has_an_answer_for_every_plan(plan: Plan) -> None:
    found = check(plan, OCTOBER)
    assert [each.severity for each in found] == sorted((each.severity for each in found), key=list(Severity).index)
    assert all(str(each.sentence) and str(each.case) and each.path for each in found)


@thorough
@given(months())
def test_a_sale_and_its_full_return_leave_just_what_was_there_without_them(case: Case) -> None:
    """With nothing sold, a plan pays the same whether nothing was ever sold or all of it came back."""
    plan, members, sums = case
    nothing = {key: (0 if key.kind in SALE_KINDS else value) for key, value in sums.items()}
    never = {key: value for key, value in nothing.items() if key.kind not in SALE_KINDS}
    assert calculate(plan, OCTOBER, members, nothing) == calculate(plan, OCTOBER, members, never)


AMOUNTS = st.lists(st.integers(1, 900_000), min_size=1, max_size=5)


@thorough
@given(AMOUNTS, st.lists(st.integers(0, 9), min_size=1, max_size=4).filter(any), st.randoms(use_true_random=False))
def test_returns_in_any_order_and_any_parts_leave_nobody_anything(
    parts: list[int], weights: list[int], random: Random
) -> None:
    sold = Figures(sum(parts), len(parts) * 1000, sum(parts) // 2)
    credited = credits_of(sold, weights)
    random.shuffle(parts)
    left = sold
    for part in parts:
        after = left_after_return(sold, left, quantity=1000, received=part)
        changes = credits_of_change(left, after, weights)
        credited = [before + change for before, change in zip(credited, changes, strict=True)]
        assert sum(each.received for each in credited) == after.received
        left = after
    assert left == Figures(0, 0, 0)
    assert credited == [Figures(0, 0, 0)] * len(weights)


@thorough
@given(st.lists(st.integers(0, 5000), min_size=1, max_size=4, unique=True), st.lists(percents, min_size=5, max_size=5))
def test_a_table_whose_rates_rise_never_pays_less_for_more(marks: list[int], rates: list[Given]) -> None:
    cuts = [None, *(Given(Fraction(mark)) for mark in sorted(marks)), None]
    rising = sorted(rates, key=lambda rate: rate.value)
    bands = tuple(
        Band(Range(low=low, high=high), Rate(rate)) for (low, high), rate in zip(pairwise(cuts), rising, strict=False)
    )
    measure = Measure(Kind.AMOUNT, of=Whose.STORE)
    for reads in Reads:
        plan = Plan("rising", NAME, (Line("part", NAME, Tiered(reads, bands, measure)),))
        assert not [each for each in check(plan, OCTOBER) if each.severity is Severity.ERROR]


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_loss_never_takes_more_than_the_law_allows(loss: int, wage: int, minimum: int) -> None:
    steps = steps_of_month([Loss(1, Money(loss), Money(0))], Limits(Money(wage), Money(minimum)))
    taken = total(step.amount for step in steps)
    assert all(step.amount + step.still_open == Money(loss) for step in steps)
    assert Money(0) <= taken <= Money(loss)
    assert taken.fen * 5 <= wage
    assert not taken or wage - taken.fen >= minimum


@given(st.fractions(-(10**6), 10**6, max_denominator=1000))
def test_rounding_is_the_same_on_both_sides_of_zero(value: Fraction) -> None:
    assert round_half_away(-value) == -round_half_away(value)
    assert abs(round_half_away(value) - value) <= Fraction(1, 2)


@thorough
@given(months(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_the_order_and_no_amount(case: Case, random: Random) -> None:
    plan, members, sums = case
    turned = list(plan.lines)
    random.shuffle(turned)
    one = calculate(plan, OCTOBER, members, sums)
    other = calculate(replace(plan, lines=tuple(turned)), OCTOBER, members, sums)
    assert {(each.member, each.code): each.amount for each in one.lines} == {
        (each.member, each.code): each.amount for each in other.lines
    }


@thorough
@given(months())
def test_calculating_again_gives_the_same(case: Case) -> None:
    plan, members, sums = case
    assert calculate(plan, OCTOBER, members, sums) == calculate(plan, OCTOBER, members, dict(sums))
