"""What an employee's pay would come to with so much more this month; nothing of it is kept."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import delete, select

from bench.pages import counting
from incentives.commissions.service import calculation, plans, what_if
from incentives.core.approval import PLAN, MonthState, PlanAction
from incentives.core.money import Money, total
from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import Posting
from incentives.periods.models import BusinessMonth
from incentives.targets.scopes import of_person
from incentives.targets.service.catalogue import indicator
from incentives.targets.service.readings import NewReading, give
from incentives.targets.service.setting import NewTarget, Why, set_targets
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


REFUSED = '<p class="text-danger" role="alert">'


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
    assert REFUSED in page
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


# --- score and place -----------------------------------------------------------------------------------------


DAY = date(2026, 11, 16)
OWN = {"wei": 8_000, "lan": 10_000, "hao": 9_000, "gang": 8_500, "min": 5_000}
"""Revenue so far; each of the five is to reach 10,000, so the scores are 80, 100, 90, 85 and 50."""


def _with_scores(cast: Cast, *others: str, **targets: Fraction) -> None:
    """Wei and others, all five of them unless said, held against revenue; against what else is said, everybody."""
    revenue = indicator(cast.east.id, "after_sales_revenue")
    people = ("wei", *others) if others else OWN
    aims = [NewTarget(revenue, NOVEMBER, Fraction(10_000), of_person(cast.people[who].id)) for who in people]
    aims += [NewTarget(indicator(cast.east.id, code), NOVEMBER, target) for code, target in targets.items()]
    set_targets(cast.east.id, aims, Why(cast.ma.id, DAY))
    readings = [NewReading(revenue, DAY, of_person(cast.people[who].id), Fraction(yuan)) for who, yuan in OWN.items()]
    give(cast.east.id, readings, actor_id=cast.ma.id, today=DAY)
    db.session.commit()


def _place(cast: Cast, client_for: ClientFor, **typed: str) -> str:
    page = client_for(cast.wei).get("/me/what-if", query_string=typed).get_data(as_text=True)
    found = re.search(r"Place .*?\.(?=\s)", page)
    return found.group() if found else page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Place 4 of 5 (now 4), score 80.00 (now 80.00)."),
        ("0", "Place 4 of 5 (now 4), score 80.00 (now 80.00)."),
        ("499", "Place 4 of 5 (now 4), score 84.99 (now 80.00)."),
        ("500", "Place 3 of 5 (now 4), score 85.00 (now 80.00)."),
        ("1,001", "Place 2 of 5 (now 4), score 90.01 (now 80.00)."),
        ("2000.01", "Place 1 of 5 (now 4), score 100.00 (now 80.00)."),
        ("20000", "Place 1 of 5 (now 4), score 150.00 (now 80.00)."),
    ],
)
def test_the_place_follows_the_score_and_whoever_draws_level_shares_it(
    cast: Cast, client_for: ClientFor, typed: str, told: str
) -> None:
    _with_scores(cast)
    assert _place(cast, client_for, w0=typed) == told


def test_what_is_left_to_the_next_place_is_said_until_there_is_none(cast: Cast, client_for: ClientFor) -> None:
    _with_scores(cast)
    wei = client_for(cast.wei)
    assert "5.00 points more reach the next place" in wei.get("/me/what-if").text
    assert "reach the next place" not in wei.get("/me/what-if?w0=2001").text


def test_trainings_that_might_be_attended_move_the_score_by_their_weight(cast: Cast, client_for: ClientFor) -> None:
    """Revenue weighs 40 and training 15: (40 x 80 % + 15 x 100 %) x 100 / 55 = 85.45; unknown, training stays out."""
    _with_scores(cast, training_attendance=Fraction(9, 10))
    assert _place(cast, client_for) == "Place 4 of 5 (now 4), score 80.00 (now 80.00)."
    assert _place(cast, client_for, w1="90") == "Place 3 of 5 (now 4), score 85.45 (now 80.00)."
    assert _place(cast, client_for, w1="45") == "Place 4 of 5 (now 4), score 71.82 (now 80.00)."
    assert _place(cast, client_for, w0="1000", w1="90") == "Place 2 of 5 (now 4), score 92.73 (now 80.00)."


def test_what_a_plan_lets_move_is_not_offered_twice_for_the_score(cast: Cast, client_for: ClientFor) -> None:
    _in_force(cast, FIVE_PERCENT)
    _with_scores(cast, accessory_sales=Fraction(1_000))
    page = client_for(cast.wei).get("/me/what-if").text
    assert re.findall(r'<input class="form-control"\s+id="(w\d)"', page) == ["w0", "w1"]


def test_places_are_told_to_nobody_where_the_store_shows_none(cast: Cast, client_for: ClientFor) -> None:
    _with_scores(cast)
    cast.east.show_ranks = False
    _in_force(cast, FIVE_PERCENT)
    page = client_for(cast.wei).get("/me/what-if?w0=500").text
    assert "65.00" in page
    assert "Place" not in page


def test_four_are_too_few_for_a_place(cast: Cast, client_for: ClientFor) -> None:
    _in_force(cast, FIVE_PERCENT)
    _with_scores(cast, "lan", "hao", "gang")
    page = client_for(cast.wei).get("/me/what-if?w0=500").text
    assert "65.00" in page
    assert "Place" not in page


# --- limits, and nothing kept --------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "pay"), [("200000", "10,040.00"), ("200000.01", None), ("0.00", "40.00")])
def test_a_wish_may_be_ten_times_what_the_slider_shows_and_no_more(
    cast: Cast, client_for: ClientFor, typed: str, pay: str | None
) -> None:
    _in_force(cast, FIVE_PERCENT)
    page = client_for(cast.wei).get("/me/what-if", query_string={"w0": typed}).text
    assert 'max="20000"' in page
    if pay is None:
        assert "more than anybody could do in a month" in page
    else:
        assert pay in page


@pytest.mark.parametrize(("typed", "refused"), [("2", False), ("2.5", True), ("500", False), ("501", True)])
def test_pieces_are_wished_for_whole(cast: Cast, client_for: ClientFor, typed: str, refused: bool) -> None:  # noqa: FBT001 (a case of the table)
    _in_force(cast, FIVE_PERCENT.replace("kind: amount", "kind: quantity").replace("rate: 5 %", "rate: 3.00 per unit"))
    page = client_for(cast.wei).get("/me/what-if", query_string={"w0": typed}).text
    assert (REFUSED in page) is refused


def test_nothing_at_all_is_kept_of_wishes_good_or_absurd(cast: Cast, client_for: ClientFor) -> None:
    _in_force(cast, FIVE_PERCENT)
    _with_scores(cast)
    wei = client_for(cast.wei)
    wei.get("/me/what-if")
    before = _everything()
    for typed in ("1000", "-5", "1e999999999", "NaN", "9" * 400, "٣", "<b>"):
        assert wei.get("/me/what-if", query_string={"w0": typed, "w1": "10", "w77": "1"}).status_code == 200
    assert _everything() == before


def _everything() -> dict[str, list[str]]:
    """Every row of every table."""
    db.session.rollback()
    return {table.name: sorted(map(repr, db.session.execute(select(table)))) for table in db.metadata.sorted_tables}


@pytest.mark.parametrize("state", [MonthState.IN_REVIEW, MonthState.APPROVED, MonthState.CLOSED])
def test_a_month_that_stands_still_says_so_instead_of_sliders(
    cast: Cast, client_for: ClientFor, state: MonthState
) -> None:
    _in_force(cast, FIVE_PERCENT)
    db.session.add(BusinessMonth(store_id=cast.east.id, month=NOVEMBER, state=state))
    page = client_for(cast.wei).get("/me/what-if?w0=1000").text
    assert "This month stands still" in page
    assert "data-what-if" not in page


def test_who_is_posted_nowhere_is_told_so(cast: Cast, client_for: ClientFor) -> None:
    db.session.execute(delete(Posting).where(Posting.employee_id == cast.wei.id))
    assert "posted to no store" in client_for(cast.wei).get("/me/what-if").text
