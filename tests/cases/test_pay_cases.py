"""The worked pay cases, each out of a plan in the product's own format, through the calculation that makes statements."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from incentives.commissions.format import load
from incentives.core.answer import arithmetic
from incentives.core.measure import Given, Label
from incentives.core.money import Money
from incentives.core.pay import PlanResult
from incentives.core.period import Month
from incentives.core.plan import Plan
from incentives.core.samples import Example, SampleFacts, SamplePerson, SampleReading, SampleSale, run

HERE = Path(__file__).parent
CASES: dict[str, dict[str, Any]] = {
    case["id"]: case for case in tomllib.loads((HERE / "pay.toml").read_text(encoding="utf-8"))["case"]
}
OCTOBER = Month(2026, 10)


def plan_of(name: str) -> Plan:
    return load((HERE / "plans" / f"{name}.yaml").read_text(encoding="utf-8")).plan


def given(value: str | int) -> Given:
    return Given(Money.parse(str(value)).exact() / 100)


def readings(**values: str | int) -> tuple[SampleReading, ...]:
    return tuple(SampleReading(code, given(value)) for code, value in values.items())


def pay(plan: str, *people: SamplePerson, store: SampleFacts | None = None) -> PlanResult:
    example = Example(Label("case", "案例"), OCTOBER, people, store=store or SampleFacts())
    return run(plan_of(plan), example)


def totals(result: PlanResult, people: int) -> list[str]:
    return [result.total_of(place).plain() for place in range(people)]


def sale(received: str, category: str = "accessories") -> SampleSale:
    return SampleSale(category, Money.parse(received))


def accessories(role: str) -> tuple[SampleSale, ...]:
    lines = CASES["front-desk-group"]["accessories"]
    return tuple(replace(sale(line["received"]), list_price=Money.parse(line["list"]), roles=(role,)) for line in lines)


def test_the_front_desk_group_forms_and_shares_its_pool() -> None:
    case = CASES["front-desk-group"]
    figures = case["given"]
    store = SampleFacts(
        readings=readings(revenue=figures["revenue"], vehicles=figures["vehicles"]),
        targets=readings(revenue=figures["revenue_target"], vehicles=figures["vehicles_target"]),
    )
    people = [
        SamplePerson("A1", "senior_adviser", facts=SampleFacts(sales=accessories("seller"))),
        SamplePerson("A2", "adviser"),
        SamplePerson("A3", "assistant"),
    ]
    result = pay("front-desk-group", *people, store=store)
    (pool,) = result.pools
    assert pool.amount.plain() == case["pool"]
    assert totals(result, 3) == case["shares"]
    assert pool.explanation is not None
    said = " ".join(str(step.in_full) for step in arithmetic(pool.explanation).steps)
    for part in (case["revenue_part"], case["accessory_part"]):
        assert str(Money.parse(part)) in said


def test_fitters_earn_their_own_rate_on_the_same_sales_under_the_same_price_floor() -> None:
    result = pay("fitters-share", SamplePerson("F1", facts=SampleFacts(sales=accessories("fitter"))))
    assert totals(result, 1) == [CASES["fitters-share-of-the-same-sales"]["received"]]


def test_a_pool_is_shared_by_scores_to_the_fen() -> None:
    case = CASES["share-by-score"]
    people = [
        SamplePerson(f"S{place}", facts=SampleFacts(score=given(score))) for place, score in enumerate(case["scores"])
    ]
    assert totals(pay("share-by-score", *people), 4) == case["shares"]


@pytest.mark.parametrize(("kind", "category"), [("ordinary", "labour"), ("insurance", "insurance_labour")])
def test_body_and_paint_pays_each_band_at_its_own_rate(kind: str, category: str) -> None:
    for row in CASES["body-and-paint-marginal"][kind]:
        labour = SampleFacts(sales=(sale(row["labour"], category),))
        assert totals(pay("body-and-paint", SamplePerson("B1", facts=labour)), 1) == [row["pay"]]


def test_an_inspector_never_falls_below_zero() -> None:
    for row in CASES["inspector-floor"]["rows"]:
        facts = SampleFacts(
            readings=readings(vehicles_inspected=row["vehicles"], returned_vehicles=row["returns"]),
            score=given(row["score"]),
        )
        assert totals(pay("inspector-floor", SamplePerson("I1", facts=facts)), 1) == [row["pay"]]


def test_three_equal_parts_give_the_missing_fen_to_the_lowest_number() -> None:
    people = [SamplePerson(number) for number in ("T1", "T2", "T3")]
    assert totals(pay("three-thirds", *people), 3) == CASES["three-thirds"]["shares"]


def test_amounts_are_rounded_once_half_away_from_zero() -> None:
    first, back, many = CASES["rounding"]["rows"]
    for row in (first, back):
        facts = SampleFacts(sales=(sale(row["amount"]),))
        assert totals(pay("rounding", SamplePerson("R1", facts=facts)), 1) == [row["pay"]]
    piece = replace(sale(many["amount"], "parts"), quantity=Given(Fraction(many["times"])))
    paid = {
        line.code: line.amount.plain()
        for line in pay("rounding", SamplePerson("R1", facts=SampleFacts((piece,)))).lines
    }
    assert paid["pieces"] == many["pay"]


def test_the_months_behind_late_returns_are_worth_what_the_cases_say() -> None:
    first = CASES["return-after-closing"]
    profit = SampleFacts(sales=(replace(sale("3880.00"), cost=Money.parse("2380.00")),))
    assert totals(pay("profit", SamplePerson("P1", facts=profit)), 1) == [first["month_m"]]
    partial = CASES["partial-return-after-closing-with-tiers"]
    sold, returned = sale("12000.00"), replace(sale("-3000.00"), quantity=given(-1))
    before = pay("whole-tiers", SamplePerson("P1", facts=SampleFacts((sold,))))
    after = pay("whole-tiers", SamplePerson("P1", facts=SampleFacts((sold, returned))))
    assert totals(before, 1) == [partial["month_m"]]
    assert (after.total_of(0) - before.total_of(0)).plain() == partial["adjustment_in_next_open_month"]
