"""An example made out of the figures that a plan was tried with pays what the trial paid."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incentives.commissions.format import PlanDocument, dump, load
from incentives.core.errors import DomainError
from incentives.core.exemplify import Tried, exemplify
from incentives.core.keys import MeasureKey
from incentives.core.measure import Label
from incentives.core.needs import needed
from incentives.core.pay import calculate
from incentives.core.reading import Member
from incentives.core.samples import Example, answer, mismatches
from tests.core.checked import OCTOBER, catalogue

NAME = Label("Tried", "试算")
USUAL = sorted(Path("seeds/reference/plans").glob("*.yaml"))
Known = dict[str, "int | Fraction"]
Figures = dict[MeasureKey, "int | Fraction | None"]


def _member(number: str = "1017", *, days: int = 31) -> Member:
    return Member(int(number), number, "adviser", days, 31)


def _trial(text: str, known: Known, *members: Member) -> tuple[PlanDocument, Tried]:
    """A trial on the first member; each figure by its kind and scope, its indicator or its filter's first word."""
    document, paid = load(text), members or (_member(),)
    keys = needed(document.plan, OCTOBER, paid)
    return document, Tried(OCTOBER, paid, {key: known.get(_word(key)) for key in keys}, paid[0].id)


def _word(key: MeasureKey) -> str:
    sales = key.sales
    words = (*sales.campaigns, *sales.products, *sales.categories, *(["priced"] if sales.price else []))
    return " ".join([key.indicator or key.kind.value, *words, *([] if key.of == "person" else [key.of.value])])


def _made(document: PlanDocument, tried: Tried) -> Example:
    """The example, which pays the trial's total, also once it was written and read again."""
    made = exemplify(document.plan, tried, NAME, catalogue())
    paid = calculate(document.plan, tried.month, tried.members, tried.figures, catalogue())
    (person,) = (each for each in made.people if each.total is not None)
    assert person.total == paid.total_of(tried.person)
    (written,) = load(dump(replace(document, examples=(made,)))).examples
    assert mismatches(document.plan, written, catalogue()) == []
    return made


@pytest.mark.parametrize("path", USUAL, ids=lambda path: path.stem)
def test_the_figures_of_each_usual_plan_s_own_examples_come_out_again(path: Path) -> None:
    document = load(path.read_text(encoding="utf-8"))
    for example in document.examples:
        members = example.members_of_plan()
        figures = answer(example, needed(document.plan, example.month, members))
        for place, person in enumerate(example.people):
            if person.total is not None:
                _made(document, Tried(example.month, members, figures, place))


def _plan(*lines: str) -> str:
    rows = "\n".join(f"  - {{line: l{place}, {line}}}" for place, line in enumerate(lines))
    return f"plan: p\nname: P\nlines:\n{rows}\n"


OVERLAPPING = _plan(
    "measure: {kind: amount, category: accessories, price: '> 80 %'}, rate: 6 %",
    "measure: {kind: amount, category: accessories}, rate: 1 %",
    "measure: {kind: profit, category: accessories}, rate: 10 %",
    "measure: {kind: amount, category: [accessories, care_products]}, rate: 0.5 %",
    "measure: {kind: orders, category: renewals}, each: 50",
    "measure: {kind: quantity, category: renewals}, each: 3",
    "measure: {kind: labour, of: store}, rate: 1 %",
    "measure: {kind: amount, category: accessories, of: department}, rate: 0.1 %",
    "measure: {kind: amount, campaign: trade-in, of: members}, rate: 0.1 %",
)
fen = st.integers(-2_000_000, 2_000_000)
SUMS = st.fixed_dictionaries(
    {
        "amount accessories priced": st.integers(1, 2_000_000),
        "amount accessories": fen,
        "profit accessories": fen,
        "amount accessories care_products": fen,
        "orders renewals": st.integers(1, 12),
        "quantity renewals": st.integers(12_000, 40_000),
        "labour store": fen,
        "amount accessories department": fen,
        "amount trade-in members": fen,
    }
)


@settings(deadline=None, max_examples=60)
@given(known=SUMS)
def test_sums_that_contain_each_other_all_come_out(known: Known) -> None:
    document, tried = _trial(OVERLAPPING, known)
    made = _made(document, tried)
    assert [each.number for each in made.people] == ["01"]


@pytest.mark.parametrize(
    "price", ["< 75 %", "{from: 42 %, below: 43 %}", "{above: 85 %, up_to: 95 %}", "> 200 %", "{up_to: 30 %}"]
)
def test_a_line_is_sold_at_a_price_that_counts(price: str) -> None:
    document, tried = _trial(
        _plan(f"measure: {{kind: amount, price: '{price}'}}, rate: 10 %".replace("'{", "{").replace("}'", "}")),
        {"amount priced": 1_234_567},
    )
    assert str(_made(document, tried).people[0].total) == "1,234.57"


def test_readings_are_told_with_their_months_and_their_units() -> None:
    text = _plan(
        "measure: {indicator: csi, of: store}, each: 1000",
        "fixed: 100, then: [{factor: {kind: score, per: 100}}]",
        "fixed: 100, then: [{factor: {attainment: workshop_revenue, of: department, cap: 2}}]",
        "fixed: 100, then: [{factor: {measure: {uplift: vehicles_washed, of: department, department: wash, baseline: {months_back: 1}}, floor: 0}}]",
    )
    known: Known = {
        "csi store": Fraction(943, 1000), "score": 92, "workshop_revenue department": Fraction(1000, 3),
        "target department": 1000, "vehicles_washed department": 40,
    }  # fmt: skip
    document = load(text)
    keys = needed(document.plan, OCTOBER, [_member()])
    figures: Figures = {key: known["target department"] if key.kind == "target" else known[_word(key)] for key in keys}
    made = _made(document, Tried(OCTOBER, [_member()], figures, 1017))
    assert [(each.value.percent, each.month) for each in made.store.readings] == [(True, None)]
    departments = dict(made.departments)
    assert {str(each.month) for each in departments["wash"].readings} == {"2026-10", "2026-09"}
    assert made.people[0].department == "department_1"


POOL = """
plan: pool
name: Pool
lines:
  - pool: team
    lines: [{line: sold, measure: {kind: amount, of: members}, rate: 1 %}]
    share: [{coefficients: {positions: {adviser: 1}PEOPLE}}, {days: present}]
"""


def test_everybody_who_shares_a_pool_is_in_it_without_a_number() -> None:
    leaver = replace(_member("1020", days=20), coefficient=Fraction(6, 5))
    document, tried = _trial(
        POOL.replace("PEOPLE", ""), {"amount members": 1_000_000, "days_present": 18}, _member("1030"), leaver
    )
    made = _made(document, tried)
    assert [
        (each.number, each.days, each.facts.readings[0].value.value, each.total is None) for each in made.people
    ] == [
        ("01", 20, Fraction(18), True),
        ("02", None, Fraction(18), False),
    ]
    assert [code for code, _ in made.pools] == ["team"]


def test_people_whom_the_plan_names_keep_their_numbers() -> None:
    text = POOL.replace("PEOPLE", ", people: {'1030': 1.5}")
    document, tried = _trial(
        text, {"amount members": 1_000_000, "days_present": 18}, _member("1030"), replace(_member("1020"), number="")
    )
    assert [each.number for each in _made(document, tried).people] == ["01", "1030"]


@pytest.mark.parametrize(
    ("line", "known", "refusal"),
    [
        ("measure: {indicator: csi}, each: 1", {}, "no reading of Customer satisfaction"),
        ("measure: {kind: orders}, each: 1", {"orders": 101}, "such as fewer orders"),
        ("measure: {kind: amount, price: < 0 %}, rate: 1 %", {"amount priced": 100}, "such as fewer orders"),
    ],
)  # fmt: skip
def test_what_no_short_example_can_tell_is_refused_in_words(line: str, known: Known, refusal: str) -> None:
    document, tried = _trial(_plan(line), known)
    with pytest.raises(DomainError, match=refusal):
        exemplify(document.plan, tried, NAME, catalogue())
