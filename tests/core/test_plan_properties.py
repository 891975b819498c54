"""What holds for every plan, whoever wrote it."""

from __future__ import annotations

import json
from fractions import Fraction
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incentives.commissions.format import PlanDocument, dump, load
from incentives.core.explain import explanation_from_plain, recompute
from incentives.core.keys import MeasureKey
from incentives.core.money import FEN_PER_YUAN, Money, total
from incentives.core.pay import calculate
from incentives.core.plan import Plan
from incentives.core.reading import Member
from tests.core.plans import OCTOBER, months, plans

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
