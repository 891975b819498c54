"""Thirteen schemes in the shape in which dealerships publish them, with amounts worked out by hand, and their wrong twins."""

from __future__ import annotations

from pathlib import Path

import pytest

from incentives.commissions.format import dump, load
from incentives.core.attainment import Aggregation, Better, Comparison
from incentives.core.catalogue import Catalogue, Indicator, Unit
from incentives.core.checker import check
from incentives.core.errors import Faults
from incentives.core.findings import Finding
from incentives.core.measure import Label
from incentives.core.samples import mismatches
from tests.core.checked import ERROR, NOTE, OCTOBER, WARNING, catalogue

SCHEMES = {each.stem: each.read_text("utf-8") for each in sorted((Path(__file__).parent / "published").glob("*.yaml"))}
PERCENTS = ("attendance_rate", "callback_success", "gross_margin", "renewal_rate")
LESS_IS_BETTER = ("complaints", "complaints_open", "lates", "late_arrivals", "rework_vehicles")
COUNTS = ("callbacks", "callbacks_made", "customers_won_back", "hours_sold", "panels_painted")
COSTS = ("chemical_cost_per_vehicle", "paint_cost")


def known() -> Catalogue:
    """The indicators that the product comes with, and those that these dealerships added."""
    added = [Indicator(code, Label(code, code), Unit.PERCENT) for code in PERCENTS]
    added += [
        Indicator(code, Label(code, code), better=Better.LOWER, met=Comparison.AT_MOST) for code in LESS_IS_BETTER
    ]
    added += [Indicator(code, Label(code, code)) for code in COUNTS]
    added += [Indicator(code, Label(code, code), Unit.MONEY, Better.LOWER, Comparison.AT_MOST) for code in COSTS]
    added += [Indicator(code, Label(code, code), Unit.MONEY) for code in ("paint_revenue", "warranty_recovered")]
    return Catalogue({**catalogue().indicators, **{each.code: each for each in added}})


def every(text: str) -> list[Finding]:
    document = load(text)
    return check(document.plan, OCTOBER, document.examples, known())


@pytest.mark.parametrize("name", SCHEMES)
def test_an_honest_scheme_is_accepted_and_pays_what_was_worked_out_by_hand(name: str) -> None:
    document = load(SCHEMES[name])
    assert document.examples
    assert [mismatches(document.plan, each, known()) for each in document.examples] == [[] for _ in document.examples]
    assert [str(each.sentence) for each in every(SCHEMES[name]) if each.severity is ERROR] == []
    assert load(dump(document)) == document


MEANT = {
    "campaign": {"There is a cliff at 25 %."},
    "customer-care": {"Pay can become negative."},
    "manager": {"There is a cliff at 80 %.", "There is a cliff at 93 %.", "There is a cliff at 100 %."},
}
"""What has to be meant: large cliffs, and what the scheme itself says below zero."""


@pytest.mark.parametrize("name", SCHEMES)
def test_an_honest_scheme_raises_no_false_alarm(name: str) -> None:
    assert {str(each.sentence) for each in every(SCHEMES[name]) if each.severity is WARNING} == MEANT.get(name, set())


WHOLE_FACTOR = ("examples:", "then:\n  - factor: 1.2\nexamples:")
TWINS = [
    # scheme, what is changed, into what, severity, where, what is found
    ("body", "above: 3 %, up_to: 5 %", "above: 3.5 %, up_to: 5 %", ERROR, "lines[0].lines[0].then[0].factor", "There is a gap between 3 % and 3.5 %."),
    ("reception", "{below: 92 %,", "{below: 90 %,", ERROR, "lines[0].share_then[0].factor", "There is a gap between 90 % and 92 %."),
    ("spray-saving", "{above: 2, factor", "{above: 3, factor", ERROR, "lines[0].lines[0].share[2]", "There is a gap between 2 and 3."),
    ("mechanic", "{above: 1, each", "{above: 2, each", ERROR, "lines[0].then[0].deduct.tiers", "There is a gap between 1 and 2."),
    ("warranty", "from: 85 %, below: 90 %", "from: 85 %, below: 91 %", ERROR, "lines[0].then[0].factor.bands[2]", "The bands ≥ 85 % and < 91 % and ≥ 90 % and < 95 % overlap."),
    ("spray-saving", "{above: 2, factor", "{above: 1, factor", ERROR, "lines[0].lines[0].share[2].bands[1]", "The bands ≤ 2 and > 1 overlap."),
    ("six-s", "from: 85, below: 95", "from: 85, up_to: 95", ERROR, "lines[1].then[0].factor.bands[1]", "The edge 95 belongs to two bands."),
    ("parts", "{from: $base, rate: 4 %}", "{above: $base, rate: 4 %}", ERROR, "lines[0].lines[0].tiers", "The edge 100,000.00 belongs to no band."),
    ("reception", "{from: 92 %, factor: 1}", "{from: 92 %, factor: 0.8}", ERROR, "lines[0].share_then[0].factor", "The factor falls as results get better."),
    ("adviser", "of: store, from: 70 %}", "of: store, up_to: 130 %}", ERROR, "then", "Pay falls as results get better."),
    ("six-s", "then:\n  - deduct", "then:\n  - factor: {attainment: vehicles_washed, better: lower}\n  - deduct", WARNING, "then[0]", "The plan takes less of Vehicles washed for better, the catalogue more."),
    ("mechanic", "      - floor:", "      - factor: {attainment: rework_vehicles, better: higher}\n      - floor:", WARNING, "lines[0].then[1]", "The plan takes more of rework_vehicles for better, the catalogue less."),
    ("manager", "gate: {indicator: csi, of: store, from: 93 %}", "gate: {any: [{indicator: csi, of: store, from: 93 %}, {indicator: rework_rate, of: store, below: 1 %}]}", WARNING, "then[0].gate", "There is a cliff at 93 %."),
    ("customer-care", "deduct: {measure: {indicator: complaints_open}, each: 50.00}", "deduct: {measure: {indicator: complaints_open}, tiers: {reads: whole, bands: [{below: 3, each: 10}, {from: 3, each: 60}]}}", NOTE, "lines[2].then[0].deduct", "There is a cliff at 3."),
    ("parts", "net_sales: {kind: amount,", "net_sales: {kind: profit,", NOTE, "lines[0].lines[0]", "Pay can become negative."),
    ("mechanic", "floor: {amount: 1500.00, prorated: yes}", "floor: -300.00", WARNING, "lines[0].then[1].floor", "Pay can become negative."),
    ("reception", "each: 200.00}", "each: 200.00}\n      - floor: -500.00", WARNING, "lines[0].share_then[2].floor", "Pay can become negative."),
    ("parts", "{parts_manager: 6, storekeeper: 4}", "{parts_manager: 60 %, storekeeper: 45 %}", ERROR, "lines[0].share[0].coefficients", "The shares do not add up to 100 %."),
    ("campaign", "cap: 100 %}", "cap: 130 %}", ERROR, "lines[0].share_then[0]", "More than the pool can be paid out."),
    ("reception", *WHOLE_FACTOR, WARNING, "then[0]", "More than the pool can be paid out."),
    ("spray-saving", "examples:", "    then:\n      - factor: 1.1\nexamples:", WARNING, "lines[0].then[0]", "More than the pool can be paid out."),
    ("body", "        each: 18.50\n", "        each: 18.50\n    then:\n      - gate: {indicator: rework_rate, of: department, department: body, up_to: 6 %}\n", WARNING, "lines[0].then[0]", "Rework rate counts twice against the same amount."),
    ("accessories", "indicator: car_lectures, of: person, from: 1", "attainment: accessory_sales, of: person, from: 60 %", WARNING, "lines[0].then[1]", "Accessory sales counts twice against the same amount."),
    ("warranty", "      - cap: 4000.00", "      - deduct: {measure: {indicator: claims_rejected_by_fault}, each: 30.00}", WARNING, "lines[0].then[1]", "Warranty claim pass rate and Claims rejected by own fault come from the same cause and both count against the same amount."),
    ("spray-saving", "saving: 1391.89", "saving: 1391.90", ERROR, "examples[0]", "The plan does not reproduce this example."),
    ("manager", "quarterly_profit: 324.50", "quarterly_profit: 64.50", ERROR, "examples[0]", "The plan does not reproduce this example."),
]  # fmt: skip


@pytest.mark.parametrize(("scheme", "before", "after", "severity", "path", "sentence"), TWINS)
def test_a_wrong_twin_is_found_with_its_row_and_a_case(
    scheme: str, before: str, after: str, severity: object, path: str, sentence: str
) -> None:
    assert before in SCHEMES[scheme]
    found = every(SCHEMES[scheme].replace(before, after))
    match = [each for each in found if (each.path, str(each.sentence)) == (path, sentence)]
    assert [each.severity for each in match] == [severity], [(e.path, str(e.sentence), str(e.case)) for e in found]
    assert str(match[0].case)
    assert "lines[" not in str(match[0].case)


def test_an_example_says_what_keeps_a_line_waiting() -> None:
    found = every(SCHEMES["warranty"].replace("late_documents: 2}", "other: 2}"))
    told = "5001: duty: expected 314.00, the plan gives nothing that can be paid yet. There is no reading of Late documents for 2026-11."
    assert told in {str(each.case) for each in found}


QUARTER = """
plan: quarter
name: Quarter
lines:
  - {line: own, measure: {indicator: figure, over: quarter}, each: 1}
examples:
  - name: September
    month: 2026-09
    people:
      - {number: "1", readings: {figure: {2026-06: 7, 2026-07: 10, 2026-08: 30, 2026-09: 50}}, expect: 0.01}
"""


@pytest.mark.parametrize(
    ("adds", "paid"),
    [
        (Aggregation.SUM, "90.00"),
        (Aggregation.MEAN, "30.00"),
        (Aggregation.LAST, "50.00"),
        (
            Aggregation.RATIO,
            "50.00",
        ),  # of the months' ratios nobody can tell that of the quarter: the last one is taken
    ],
)
def test_the_months_of_an_example_come_together_as_the_indicator_does(adds: Aggregation, paid: str) -> None:
    document = load(QUARTER)
    indicators = Catalogue({"figure": Indicator("figure", Label("Figure", "数"), adds=adds)})
    (wrong,) = mismatches(document.plan, document.examples[0], indicators)
    assert str(wrong.paid) == paid


def test_a_sale_of_an_earlier_month_counts_for_the_quarter_alone() -> None:
    sold = "sales: [{category: parts, received: 100}, {category: parts, month: 2026-08, received: 20}, {category: parts, month: 2026-06, received: 3}]"
    pays = {"month": "100.00", "quarter": "120.00", "year": "123.00"}
    for over, paid in pays.items():
        line = f"lines: [{{line: own, measure: {{kind: amount, over: {over}}}, rate: 100 %}}]"
        people = f"people: [{{number: E1, {sold}, expect: {paid}}}]"
        text = f"plan: sold\nname: Sold\n{line}\nexamples: [{{name: E, month: 2026-09, {people}}}]"
        document = load(text)
        assert mismatches(document.plan, document.examples[0], known()) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("then: [" + ", ".join(["factor: 0.9"] * 21) + "]", "a list of 1 to 20 items"),
        ("tiers: {reads: whole, bands: [" + ", ".join(["{rate: 5 %}"] * 250) + "]}", "a plan has at most 250 in all"),
    ],
)
def test_a_plan_that_nobody_can_read_any_more_is_refused(text: str, words: str) -> None:
    worth = "" if "tiers" in text else "rate: 5 %, "
    with pytest.raises(Faults, match="cannot be read") as refused:
        load(f"plan: long\nname: Long\nlines: [{{line: own, measure: {{kind: amount}}, {worth}{text}}}]")
    assert any(words in str(each) for each in refused.value.faults)


def test_values_that_change_every_month_for_years_are_refused() -> None:
    days = ", ".join(f"{{from: {2020 + n // 12}-{n % 12 + 1:02}-01, value: {n}}}" for n in range(61))
    with pytest.raises(Faults, match="cannot be read") as refused:
        load(f"plan: long\nname: Long\nparameters: {{piece: [{days}]}}\nlines: [{{line: own, fixed: $piece}}]")
    assert "61 different days" in " ".join(map(str, refused.value.faults))
