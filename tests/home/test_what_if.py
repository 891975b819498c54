"""What an employee's pay would come to with so much more this month; nothing of it is kept."""

from __future__ import annotations

import re
from datetime import date

import pytest

from bench.pages import counting
from incentives.commissions.service import calculation, plans, what_if
from incentives.core.approval import PLAN, PlanAction
from incentives.core.money import Money, total
from incentives.core.period import Month
from incentives.db import db
from tests.conftest import Cast, ClientFor
from tests.simulations.conftest import FIVE_PERCENT, NOVEMBER, WHOLE_TIERS, sell

POOL = """
plan: accessories
name: {en: Accessories, zh: 精品提成}
lines:
  - pool: shared
    name: {en: Accessories pool, zh: 精品奖金池}
    lines:
      - line: sold
        measure: {kind: amount, category: accessories, role: seller, of: members}
        rate: 6 %
"""


def _in_force(cast: Cast, text: str) -> None:
    version = plans.draft(cast.east.id, text, from_month=NOVEMBER, actor_id=cast.ma.id)
    version.state = PLAN.after(version.state, PlanAction.SUBMIT).state
    version.state = PLAN.after(version.state, PlanAction.APPROVE).state
    version.state = PLAN.after(version.state, PlanAction.ADOPT).state
    plans.assign(
        version.plan,
        position_id=cast.positions["adviser"].id,
        employee_id=None,
        from_month=NOVEMBER,
        to_month=None,
        actor_id=cast.ma.id,
    )
    sell(cast, cast.wei, date(2026, 11, 10), "800.00")
    db.session.commit()


def _wished(cast: Cast, yuan: int) -> tuple[Money, Money]:
    game = what_if.what_if(cast.east.id, Month(2026, 11), cast.wei.id)
    (slider,) = game.sliders
    return what_if.sums_of(game.lines({slider.lever: slider.step * yuan / 100}))


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("text", "yuan", "now", "then"),
    [
        (FIVE_PERCENT, 100, 4_000, 4_500),
        (WHOLE_TIERS, 200, 3_200, 4_000),
        (WHOLE_TIERS, 201, 3_200, 6_006),
        (POOL, 300, 1_600, 2_200),
        (FIVE_PERCENT, 0, 4_000, 4_000),
    ],
    ids=["a rate", "just up to the edge of a tier", "beyond the edge", "the share of a pool", "nothing wished"],
)
def test_pay_follows_the_same_rules_as_the_month_itself(cast: Cast, text: str, yuan: int, now: int, then: int) -> None:
    _in_force(cast, text)
    assert _wished(cast, yuan) == (Money(now), Money(then))


def test_the_page_answers_by_itself_and_keeps_nothing(cast: Cast, client_for: ClientFor) -> None:
    _in_force(cast, FIVE_PERCENT)
    wei = client_for(cast.wei)
    page = wei.get("/me/what-if?w0=1000").get_data(as_text=True)
    assert "90.00" in page
    assert "+50.00" in page
    assert "not a promise" in page
    assert "+50.00" not in wei.get("/me/what-if").get_data(as_text=True)


@pytest.mark.parametrize("typed", ["-5", "nonsense", "9999999", "1e999999999", "NaN", "Infinity"])
def test_absurd_wishes_are_refused_in_a_sentence_and_stay_typed(cast: Cast, client_for: ClientFor, typed: str) -> None:
    _in_force(cast, FIVE_PERCENT)
    answer = client_for(cast.wei).get("/me/what-if", query_string={"w0": typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert 'role="alert"' in page
    assert re.search(rf'name="w0"\s+value="{typed}"', page)


def test_whom_no_plan_pays_is_told_so(cast: Cast, client_for: ClientFor) -> None:
    assert "Nothing to work out yet" in client_for(cast.gang).get("/me/what-if").get_data(as_text=True)


def test_it_asks_no_more_than_an_ordinary_page(cast: Cast, client_for: ClientFor) -> None:
    _in_force(cast, FIVE_PERCENT)
    wei = client_for(cast.wei)
    wei.get("/me/what-if")
    with counting() as asked:
        wei.get("/me/what-if?w0=100")
    assert len(asked) <= 12, "\n".join(asked)


def test_facts_that_come_in_later_are_part_of_the_next_answer(cast: Cast, client_for: ClientFor) -> None:
    _in_force(cast, FIVE_PERCENT)
    assert _wished(cast, 100) == (Money(4_000), Money(4_500))
    sell(cast, cast.wei, date(2026, 11, 11), "200.00")
    db.session.commit()
    assert "55.00" in client_for(cast.wei).get("/me/what-if?w0=100").get_data(as_text=True)


def test_the_figures_kept_of_a_month_give_its_very_lines(cast: Cast) -> None:
    _in_force(cast, POOL)
    now, _then = _wished(cast, 0)
    lines = calculation.lines_of_month(cast.east.id, Month(2026, 11))
    assert now == total(line.amount for line in lines if line.employee_id == cast.wei.id)
