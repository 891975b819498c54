"""Faults that no table has by itself: lines as a whole, gates, contradictions, sales paid twice, and later months."""

from __future__ import annotations

import pytest

from incentives.commissions.format import load
from incentives.core.attainment import Better, Comparison
from incentives.core.catalogue import Catalogue, Indicator, Unit
from incentives.core.checker import check
from incentives.core.findings import LARGE_CLIFF, Severity, size_of
from incentives.core.measure import Label
from incentives.core.unknown import Names
from tests.core.checked import ERROR, NOTE, OCTOBER, WARNING, catalogue, checked, paid, told

LABOUR = "measure: {kind: labour}, rate: 10 %"
FALLS = "Pay falls as results get better."


def line(worth: str, *then: str) -> str:
    steps = f", then: [{', '.join(then)}]" if then else ""
    return f"lines: [{{line: part, {worth}{steps}}}]"


# --- pay that falls in a line as a whole -----------------------------------------------------------------


BACK_AGAIN = line(
    LABOUR,
    "{deduct: {measure: {kind: labour}, tiers: {reads: each_band, bands: [{up_to: 20000, rate: 0 %}, {above: 20000, rate: 15 %}]}}}",
)


def test_a_deduction_over_the_same_sales_can_leave_less_for_more() -> None:
    ((_, path, sentence, case),) = told(BACK_AGAIN, ERROR)
    assert (path, sentence) == ("lines[0]", FALLS)
    assert case == "labour sales: 30,000.00 pays 1,500.00, less than the 2,000.00 of 20,000.00."
    assert str(paid(BACK_AGAIN, "sales: [{category: labour, received: 30000}]")) == "1,500.00"
    assert str(paid(BACK_AGAIN, "sales: [{category: labour, received: 20000}]")) == "2,000.00"


def test_a_part_whose_table_falls_by_itself_is_told_once() -> None:
    table = "{factor: {kind: labour, bands: [{up_to: 20000, factor: 1}, {above: 20000, factor: 0.7}]}}"
    assert [each[1:3] for each in told(line(LABOUR, table), ERROR)] == [
        ("lines[0].then[0].factor", "The factor falls as results get better.")
    ]


RATE_AND_GATE = line(
    "measure: {indicator: workshop_revenue}, rate: 1 %",
    "{gate: {attainment: workshop_revenue, up_to: 120 %}}",
)


def test_a_gate_that_shuts_when_results_get_better_is_a_fall() -> None:
    ((_, path, sentence, case),) = told(RATE_AND_GATE, ERROR)
    assert (path, sentence) == ("lines[0]", FALLS)
    assert case == (
        "With target of Workshop repair and warranty revenue 100,000.00: "
        "attainment of Workshop repair and warranty revenue: 121 % pays 0.00, less than the 1,200.00 of 120 %."
    )
    facts = "readings: {{workshop_revenue: {revenue}}}, targets: {{workshop_revenue: 100000}}"
    assert str(paid(RATE_AND_GATE, facts.format(revenue=121000))) == "0.00"
    assert str(paid(RATE_AND_GATE, facts.format(revenue=120000))) == "1,200.00"


def test_the_same_gate_on_rework_is_what_everybody_writes() -> None:
    assert told(line(LABOUR, "{gate: {indicator: rework_rate, up_to: 3 %}}"), ERROR, WARNING) == []
    ((_, path, sentence, case),) = told(line(LABOUR, "{gate: {indicator: rework_rate, from: 3 %}}"), ERROR)
    assert (path, sentence) == ("lines[0]", FALLS)
    assert case == "With labour sales 10,000.00: Rework rate: 2 % pays 0.00, less than the 1,000.00 of 3 %."


def test_lines_that_add_up_in_a_group_are_tried_together() -> None:
    rising = "{line: rising, measure: {kind: labour}, rate: 10 %}"
    bands = "[{up_to: 20000, amount: 3000}, {above: 20000, amount: 0}]"
    falling = f"{{line: falling, tiers: {{reads: whole, by: {{kind: labour, name: Labour}}, bands: {bands}}}}}"
    found = told(f"lines: [{{group: all, lines: [{rising}, {falling}]}}]", ERROR)
    assert {(each[1], each[2]) for each in found} == {("lines[0].lines[1].tiers", FALLS)}
    gated = falling.replace("amount: 0}", "amount: 3000}").replace(
        "}}", "}, then: [{gate: {kind: labour, up_to: 20000}}]}"
    )
    ((_, path, sentence, case),) = told(f"lines: [{{group: all, lines: [{rising}, {gated}]}}]", ERROR)
    assert (path, sentence) == ("lines[0]", FALLS)
    assert case == "Labour: 20,001.00 pays 2,000.10, less than the 5,000.00 of 20,000.00."


def test_the_plans_own_steps_are_tried_on_all_lines_together() -> None:
    plan = f"lines: [{{line: part, {LABOUR}}}]\nthen: [{{gate: {{kind: labour, below: 15000}}}}]"
    ((_, path, sentence, case),) = told(plan, ERROR)
    assert (path, sentence) == ("then", FALLS)
    assert case == "labour sales: 15,000.00 pays 0.00, less than the 1,499.90 of 14,999.00."
    assert str(paid(plan, "sales: [{category: labour, received: 14999}]")) == "1,499.90"


def test_a_pool_and_a_persons_own_share_are_tried_as_well() -> None:
    lines = "[{line: part, measure: {kind: labour}, rate: 10 %}]"
    for step in ("then", "share_then"):
        plan = (
            f"lines: [{{pool: bonus, lines: {lines}, {step}: [{{gate: {{indicator: csi, of: store, below: 95 %}}}}]}}]"
        )
        assert [each[1:3] for each in told(plan, ERROR)] == [("lines[0]", FALLS)]


def test_each_position_is_tried_by_itself() -> None:
    gate = "then: [{gate: {kind: labour, below: 15000}}]"
    helper = f"{{line: helper, {LABOUR}, positions: [helper], {gate}}}"
    master = "{line: master, measure: {kind: labour}, rate: 90 %, positions: [master]}"
    assert [each[1] for each in told(f"lines: [{{group: all, lines: [{master}, {helper}]}}]", ERROR)] == ["lines[0]"]


def test_each_season_is_tried_by_itself() -> None:
    gate = "then: [{gate: {kind: labour, below: 15000}}]"
    summer = f"{{line: summer, {LABOUR}, months: [6, 7], {gate}}}"
    winter = "{line: winter, measure: {kind: labour}, rate: 90 %, months: [12]}"
    assert [each[1] for each in told(f"lines: [{{group: all, lines: [{winter}, {summer}]}}]", ERROR)] == ["lines[0]"]


@pytest.mark.parametrize(
    "then",
    [
        "{deduct: {measure: {indicator: wash_complaints}, each: 20}}",
        "{deduct: {measure: {target: workshop_revenue}, rate: 1 %}}",
        "{factor: {indicator: wash_complaints, bands: [{up_to: 2, factor: 1}, {above: 2, factor: 0.8}]}}",
        "{factor: {attainment: rework_rate, cap: 120 %}}",
        "{gate: {target_met: rework_rate}}",
    ],
)
def test_what_everybody_writes_has_no_error(then: str) -> None:
    assert told(line(LABOUR, then), ERROR) == []


def test_vehicles_may_divide_and_then_more_of_them_is_no_better_result() -> None:
    per_vehicle = "measure: {kind: amount, divided_by: {indicator: vehicles_received}}, rate: 50 %"
    assert told(line(per_vehicle), ERROR) == []


def test_a_deduction_of_what_is_good_has_to_be_meant() -> None:
    plan = line("fixed: 5000", "{deduct: {measure: {indicator: vehicles_received}, each: 10}}")
    ((severity, path, sentence, case),) = told(plan, ERROR, WARNING)
    assert (severity, path, sentence) == (WARNING, "lines[0]", FALLS)
    assert case == "Vehicles received: 200 pays 3,000.00, less than the 4,500.00 of 50."


def test_a_deduction_must_not_grow_as_results_get_better() -> None:
    bands = "[{{up_to: 2, amount: {few}}}, {{above: 2, amount: {many}}}]"
    for indicator, few, many, findings in (
        ("wash_complaints", 0, 100, 0),
        ("wash_complaints", 100, 0, 1),
        ("vehicles_washed", 0, 100, 1),
    ):
        table = bands.format(few=few, many=many)
        step = f"{{deduct: {{tiers: {{reads: whole, by: {{indicator: {indicator}}}, bands: {table}}}}}}}"
        found = [each for each in told(line("fixed: 500", step), WARNING) if "deduction" in each[2]]
        assert len(found) == findings, (indicator, few, many)
    assert found[0][1:] == (
        "lines[0].then[0].deduct.tiers",
        "The deduction grows as results get better.",
        "4 costs 100.00, more than the 0.00 of 2.",
    )


# --- cliffs at gates and tables of factors ---------------------------------------------------------------


def test_a_gate_says_what_one_more_point_is_worth() -> None:
    plan = line("fixed: 300", "{gate: {indicator: csi, of: store, from: 93 %}}")
    assert told(plan) == [
        (
            NOTE,
            "lines[0].then[0].gate",
            "There is a cliff at 93 %.",
            "92 % pays 0.00 and 93 % pays 300.00: that step is worth 300.00.",
        )
    ]


@pytest.mark.parametrize(
    ("gate", "at", "case"),
    [
        ("indicator: csi, above: 93 %", "93 %", "93 % pays 0.00 and 94 % pays 300.00"),
        ("indicator: rework_rate, up_to: 2 %", "2 %", "2 % pays 300.00 and 3 % pays 0.00"),
        ("indicator: rework_rate, below: 2 %", "2 %", "1 % pays 300.00 and 2 % pays 0.00"),
        ("indicator: vehicles_washed, from: 400", "400", "399 pays 0.00 and 400 pays 300.00"),
        ("kind: labour, from: 400", "400.00", "399.00 pays 0.00 and 400.00 pays 300.00"),
        ("kind: quantity, from: 40", "40", "39 pays 0.00 and 40 pays 300.00"),
        ("kind: orders, from: 40", "40", "39 pays 0.00 and 40 pays 300.00"),
        ("kind: score, from: 60", "60", "59 pays 0.00 and 60 pays 300.00"),
        ("uplift: csi, baseline: 90 %, from: 3 %", "3 %", "2 % pays 0.00 and 3 % pays 300.00"),
        ("kind: labour, divided_by: 1.13, from: 100", "100.00", "99.00 pays 0.00 and 100.00 pays 300.00"),
    ],
)
def test_every_kind_of_measure_has_its_cliff(gate: str, at: str, case: str) -> None:
    cliffs = [each for each in told(line("fixed: 300", f"{{gate: {{{gate}}}}}"), NOTE, WARNING) if "cliff" in each[2]]
    assert [(each[0], each[1], each[2]) for each in cliffs] == [
        (NOTE, "lines[0].then[0].gate", f"There is a cliff at {at}.")
    ]
    assert cliffs[0][3] == f"{case}: that step is worth 300.00."


@pytest.mark.parametrize(
    ("gate", "case"),
    [
        ("attainment: workshop_revenue, from: 90 %", "89 % pays 0.00 and 90 % pays 300.00: that step is worth 300.00."),
        ("target_met: workshop_revenue", "99,999.00 pays 0.00 and 100,000.00 pays 300.00: that step is worth 300.00."),
        ("target_met: rework_rate", "0.5 % pays 300.00 and 1.5 % pays 0.00: that step is worth 300.00."),
        ("target_met: late_documents", "1 pays 300.00 and 2 pays 0.00: that step is worth 300.00."),
        ("attainment: rework_rate, from: 80 %", "79 % pays 0.00 and 80 % pays 300.00: that step is worth 300.00."),
    ],
)
def test_targets_have_a_cliff_too_and_the_case_names_the_target(gate: str, case: str) -> None:
    (cliff,) = [each for each in told(line("fixed: 300", f"{{gate: {{{gate}}}}}")) if "cliff" in each[2]]
    assert cliff[3].startswith("With target of ")
    assert cliff[3].endswith(case)


def test_a_table_of_factors_says_what_one_more_point_costs() -> None:
    table = "{factor: {indicator: rework_rate, bands: [{up_to: 3 %, factor: 1}, {above: 3 %, factor: 0.5}]}}"
    plan = line(LABOUR, table)
    assert told(plan) == [
        (
            NOTE,
            "lines[0].then[0].factor",
            "There is a cliff at 3 %.",
            "With labour sales 10,000.00: 3 % pays 1,000.00 and 4 % pays 500.00: that step is worth 500.00.",
        )
    ]
    sold = "sales: [{category: labour, received: 10000}]"
    assert str(paid(plan, f"readings: {{rework_rate: 3 %}}, {sold}")) == "1,000.00"
    assert str(paid(plan, f"readings: {{rework_rate: 4 %}}, {sold}")) == "500.00"


def test_gates_deep_in_groups_pools_shares_and_on_the_whole_are_found_where_they_stand() -> None:
    gate = "then: [{gate: {indicator: csi, of: store, from: 93 %}}]"
    part = "{line: part, fixed: 300"
    for plan, path in (
        (f"lines: [{{group: all, lines: [{part}, {gate}}}]}}]", "lines[0].lines[0].then[0].gate"),
        (f"lines: [{{group: all, lines: [{part}}}], {gate}}}]", "lines[0].then[0].gate"),
        (f"lines: [{{pool: all, lines: [{part}, {gate}}}]}}]", "lines[0].lines[0].then[0].gate"),
        (f"lines: [{{pool: all, lines: [{part}}}], {gate}}}]", "lines[0].then[0].gate"),
        (f"lines: [{{pool: all, lines: [{part}}}], share_{gate}}}]", "lines[0].share_then[0].gate"),
        (f"lines: [{part}}}]\n{gate}", "then[0].gate"),
    ):
        assert [each[1] for each in told(plan, NOTE) if "cliff" in each[2]] == [path]


def test_a_cliff_above_the_size_that_the_guide_names_has_to_be_meant() -> None:
    assert (size_of(LARGE_CLIFF), size_of(LARGE_CLIFF + 1)) == (NOTE, WARNING)
    assert [each[0] for each in told(line("fixed: 2000", "{gate: {indicator: csi, from: 93 %}}"))] == [NOTE]
    assert [each[0] for each in told(line("fixed: 2000.01", "{gate: {indicator: csi, from: 93 %}}"))] == [WARNING]
    bands = "[{below: 100 %, amount: 0}, {from: 100 %, amount: 7000}]"
    manager = f"tiers: {{reads: whole, by: {{attainment: workshop_revenue}}, bands: {bands}}}"
    assert told(line(manager)) == [
        (
            WARNING,
            "lines[0].tiers",
            "There is a cliff at 100 %.",
            "99 % pays 0.00 and 100 % pays 7,000.00: that step is worth 7,000.00.",
        )
    ]


# --- what can never be -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "errors"),
    [
        ("indicator: csi, from: 95 %", "indicator: csi, below: 93 %", 1),
        ("indicator: csi, from: 95 %", "indicator: csi, below: 95 %", 1),
        ("indicator: csi, above: 95 %", "indicator: csi, up_to: 95 %", 1),
        ("indicator: csi, from: 95 %", "indicator: csi, up_to: 95 %", 0),
        ("indicator: csi, from: 95 %", "indicator: csi, of: store, below: 93 %", 0),
        ("indicator: csi, from: 95 %", "attainment: csi, below: 93 %", 0),
        ("any: [{indicator: csi, from: 95 %}, {indicator: rework_rate, below: 1 %}]", "indicator: csi, below: 93 %", 0),
        ("any: [{indicator: csi, from: 95 %}]", "indicator: csi, below: 93 %", 1),
        ("all: [{indicator: csi, from: 95 %}, {indicator: csi, below: 93 %}]", "kind: score, from: 1", 1),
    ],
)
def test_conditions_that_exclude_each_other_pay_nobody(first: str, second: str, errors: int) -> None:
    one, other = f"{{gate: {{{first}}}}}", f"{{gate: {{{second}}}}}"
    together = line("fixed: 300", one, other)
    apart = f"lines: [{{line: part, fixed: 300, then: [{one}]}}]\nthen: [{other}]"
    for plan in (together, apart):
        never = [each for each in told(plan, ERROR) if each[2] == "These conditions can never hold together."]
        assert len(never) == errors


def test_what_can_never_hold_is_told_with_both_places() -> None:
    plan = (
        "lines: [{line: part, fixed: 300, then: [{gate: {indicator: csi, from: 95 %}}]}]\n"
        "then: [{gate: {indicator: csi, below: 93 %}}]"
    )
    assert told(plan, ERROR)[0] == (
        ERROR,
        "then[0].gate",
        "These conditions can never hold together.",
        "Customer satisfaction (CSI) cannot be ≥ 95 % (at “part” · step 1) and < 93 %: nothing is ever paid.",
    )


def test_a_band_behind_a_gate_never_counts() -> None:
    bands = "bands: [{below: 90 %, factor: 0.8}, {from: 90 %, below: 93 %, factor: 0.9}, {from: 93 %, factor: 1}]"
    plan = line("fixed: 300", "{gate: {indicator: csi, from: 93 %}}", f"{{factor: {{indicator: csi, {bands}}}}}")
    assert [each[1:] for each in told(plan, NOTE) if "never counts" in each[2]] == [
        (
            f"lines[0].then[1].factor.bands[{place}]",
            "This band never counts.",
            f"Customer satisfaction (CSI) {band} does not pass the gate at “part” · step 1, which asks for ≥ 93 %.",
        )
        for place, band in enumerate(["< 90 %", "≥ 90 % and < 93 %"])
    ]
    tiers = "tiers: {reads: whole, by: {indicator: csi}, bands: [{below: 90 %, amount: 1}, {from: 90 %, amount: 2}]}"
    plan = line(tiers, "{gate: {indicator: csi, from: 93 %}}")
    assert [each[1] for each in told(plan, NOTE) if "never counts" in each[2]] == ["lines[0].tiers.bands[0]"]


def test_edges_that_a_parameter_moved_past_each_other_hold_no_value() -> None:
    history = "parameters: {least: [{from: 2026-01-01, value: 95 %}]}"
    gate = "{gate: {indicator: csi, from: $least, below: 93 %}}"
    assert [each[1:] for each in told(f"{line('fixed: 300', gate)}\n{history}", ERROR)] == [
        (
            "lines[0].then[0]",
            "No value lies between these edges.",
            "Customer satisfaction (CSI) cannot be ≥ “least” 95 % and < 93 %.",
        )
    ]
    bands = "[{below: $least, amount: 1}, {from: $least, below: 93 %, amount: 2}, {from: 93 %, amount: 3}]"
    tiers = f"tiers: {{reads: whole, by: {{indicator: csi}}, bands: {bands}}}"
    assert "lines[0].tiers" in [
        each[1] for each in told(f"{line(tiers)}\n{history}", ERROR) if each[2] == "No value lies between these edges."
    ]


@pytest.mark.parametrize(
    ("plan", "path", "case"),
    [
        (line(LABOUR, "{floor: 800}", "{cap: 500}"), "lines[0].then[1]", "Whatever is earned, never more than 500.00 is left."),
        (line(LABOUR, "{cap: 500}", "{floor: 800}"), "lines[0].then[1]", "Whatever is earned, 800.00 is paid at this place."),
        (
            f"lines: [{{line: part, {LABOUR}, then: [{{floor: 800}}]}}]\nthen: [{{cap: 500}}]",
            "then[0]",
            "Whatever is earned, never more than 500.00 is left.",
        ),
    ],
)  # fmt: skip
def test_a_cap_below_a_floor_is_a_contradiction(plan: str, path: str, case: str) -> None:
    assert told(plan, ERROR) == [(ERROR, path, "The cap 500.00 lies below the floor 800.00.", case)]


@pytest.mark.parametrize(
    "plan",
    [
        line(LABOUR, "{floor: 500}", "{cap: 500}"),
        f"lines: [{{line: part, {LABOUR}, then: [{{cap: 500}}]}}]\nthen: [{{floor: 800}}]",
        line(LABOUR, "{floor: 800}", "{floor: 900}", "{cap: 900}"),
    ],
)
def test_floors_and_caps_that_leave_room_are_sound(plan: str) -> None:
    assert told(plan, ERROR) == []


def test_a_factor_whose_cap_lies_below_its_floor_is_always_the_cap() -> None:
    step = "{factor: {attainment: workshop_revenue, floor: 80 %, cap: 50 %}}"
    assert [each[1:] for each in told(line(LABOUR, step), ERROR)] == [
        (
            "lines[0].then[0].factor",
            "The cap 50 % lies below the floor 80 %.",
            "Whatever is reached, the factor is 50 %.",
        )
    ]
    assert told(line(LABOUR, step.replace("cap: 50 %", "cap: 80 %")), ERROR) == []


def test_a_line_inside_a_group_for_others_is_for_nobody() -> None:
    def grouped(outer: str, inner: str) -> list[tuple[str, str, str]]:
        plan = f"lines: [{{group: all, {outer}, lines: [{{line: part, fixed: 1, {inner}}}]}}]"
        return [each[1:] for each in told(plan, ERROR)]

    assert grouped("positions: [paint, wash]", "positions: [parts]") == [
        ("lines[0].lines[0]", "This line is for nobody.", "Of “paint”, “wash”, nobody is “parts”.")
    ]
    assert grouped("months: [1, 2]", "months: [12]") == [
        ("lines[0].lines[0]", "This line is never there.", "Of the months 1, 2, none is 12.")
    ]
    assert grouped("positions: [paint, wash]", "positions: [wash]") == []
    assert grouped("months: [1, 2]", "months: [2, 3]") == []


def test_a_price_list_must_not_name_what_its_measure_leaves_out() -> None:
    listed = "measure: {kind: quantity, but_product: [mats]}, by_product: {rates: {mats: 5 per unit, film: 9 per unit}}"
    assert [each[1:] for each in told(line(listed), ERROR)] == [
        (
            "lines[0].by_product",
            "The price list names a product that the measure leaves out.",
            "“mats” earns nothing.",
        )
    ]


# --- the same thing twice --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "severity"),
    [
        ("{kind: amount, category: accessories}", "{kind: amount}", WARNING),
        ("{kind: amount, category: accessories}", "{kind: amount, category: [accessories, parts]}", WARNING),
        ("{kind: amount, category: accessories}", "{kind: amount, category: parts}", None),
        ("{kind: amount, category: accessories}", "{kind: quantity, category: accessories}", NOTE),
        ("{kind: amount, category: accessories}", "{kind: amount, category: accessories, of: store}", NOTE),
        ("{kind: amount, role: seller}", "{kind: amount, role: fitter}", None),
        ("{kind: amount, product: film}", "{kind: amount, but_product: film}", None),
        ("{kind: amount, product: [film, wax]}", "{kind: amount, but_product: film}", WARNING),
        ("{kind: amount, price: '> 80 %'}", "{kind: amount, price: '<= 80 %'}", None),
        ("{kind: amount, price: '> 80 %'}", "{kind: amount, price: '>= 90 %'}", WARNING),
        ("{kind: labour}", "{kind: labour, category: insurance_labour}", None),
        ("{kind: labour}", "{kind: amount, category: labour}", NOTE),
        ("{indicator: csi}", "{indicator: csi}", None),
    ],
)
def test_the_same_sale_must_not_be_paid_by_two_lines(one: str, other: str, severity: Severity | None) -> None:
    plan = f"lines: [{{line: a, measure: {one}, rate: 1 %}}, {{line: b, measure: {other}, rate: 1 %}}]"
    found = [each for each in told(plan) if each[2] == "The same sale can be paid twice."]
    assert [(each[0], each[1]) for each in found] == ([(severity, "lines[1]")] if severity else [])


def test_lines_for_other_people_or_months_do_not_pay_the_same_sale() -> None:
    def doubled(*rest: str) -> list[str]:
        lines = [f"{{line: l{place}, {LABOUR}, {each}}}" for place, each in enumerate(rest)]
        return [each[3] for each in told(f"lines: [{', '.join(lines)}]") if "twice" in each[2]]

    assert doubled("positions: [a]", "positions: [b]") == []
    assert doubled("months: [1]", "months: [2]") == []
    assert doubled("positions: [a, b]", "positions: [b]") == [
        "A sale that counts for labour sales (“l0”) counts for labour sales as well."
    ]
    assert len(doubled("months: [1]", "months: [1, 2]")) == 1
    grouped = f"{{group: g, positions: [a], lines: [{{line: in, {LABOUR}}}]}}"
    assert "paid twice" not in str(told(f"lines: [{grouped}, {{line: out, positions: [b], {LABOUR}}}]"))


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        (
            (
                "{factor: {indicator: rework_rate, bands: [{up_to: 3 %, factor: 1}, {above: 3 %, factor: 0.9}]}}",
                "{deduct: {measure: {indicator: returned_vehicles}, each: 100}}",
            ),
            "Rework rate and Vehicles returned after inspection come from the same cause and both count against the same amount.",
        ),
        (
            ("{gate: {indicator: six_s_score, from: 80 %}}", "{factor: {kind: score, per: 100, cap: 1}}"),
            "6S score and score of the month come from the same cause and both count against the same amount.",
        ),
        (
            (
                "{gate: {indicator: rework_rate, up_to: 2 %}}",
                "{deduct: {measure: {indicator: rework_hours}, each: 10}}",
            ),
            "Rework rate and “rework hours” come from the same cause and both count against the same amount.",
        ),
    ],
)
def test_one_cause_must_not_cost_twice_under_two_names(steps: tuple[str, ...], sentence: str) -> None:
    found = [each for each in told(line(LABOUR, *steps), WARNING) if "same cause" in each[2]]
    assert [(each[1], each[2]) for each in found] == [("lines[0].then[1]", sentence)]
    assert found[0][3].startswith("At “part” · step 1 it can leave ")


def test_two_good_indicators_that_share_a_word_are_two_causes() -> None:
    gates = ("{gate: {target_met: revenue_per_repair_order}}", "{gate: {target_met: revenue_per_insurance_order}}")
    assert "same cause" not in str(told(line(LABOUR, *gates)))


def test_team_and_personal_gate_on_one_indicator_are_told() -> None:
    plan = (
        "lines: [{pool: team, lines: [{line: part, fixed: 1000}], then: [{gate: {indicator: csi, of: store, from: 93 %}}],"
        " share_then: [{gate: {indicator: csi, from: 93 %}}]}]"
    )
    assert [(each[1], each[2]) for each in told(plan, WARNING)] == [
        ("lines[0].share_then[0]", "Customer satisfaction (CSI) counts twice against the same amount.")
    ]


def test_a_weight_and_a_step_by_the_same_score_count_twice() -> None:
    plan = (
        "lines: [{pool: team, lines: [{line: part, fixed: 1000}], share: [{kind: score}],"
        " share_then: [{gate: {kind: score, from: 60}}]}]"
    )
    assert "score of the month counts twice against the same amount." in [each[2] for each in told(plan, WARNING)]


def test_a_band_picked_by_another_measure_judges_like_a_factor() -> None:
    bands = "[{below: 93 %, rate: 5 %}, {from: 93 %, rate: 8 %}]"
    gate = "{gate: {indicator: csi, from: 90 %}}"
    other = f"measure: {{kind: amount}}, tiers: {{reads: whole, by: {{indicator: csi}}, bands: {bands}}}"
    assert [each[1] for each in told(line(other, gate), WARNING) if "twice" in each[2]] == ["lines[0].then[0]"]
    own = "measure: {kind: amount}, tiers: {reads: each_band, bands: [{up_to: 9, rate: 5 %}, {above: 9, rate: 8 %}]}"
    assert "twice" not in str(told(line(own, "{gate: {kind: amount, from: 90}}")))


# --- later months and names ------------------------------------------------------------------------------


def test_a_fault_that_only_begins_later_is_found_with_its_month() -> None:
    history = "parameters: {least: [{from: 2026-01-01, value: 90 %}, {from: 2027-01-15, value: 96 %}]}"
    gates = ("{gate: {indicator: csi, from: $least}}", "{gate: {indicator: csi, up_to: 95 %}}")
    never = [
        each
        for each in told(f"{line('fixed: 300', *gates)}\n{history}", ERROR)
        if each[2] == "These conditions can never hold together."
    ]
    assert [each[3] for each in never] == [
        "From 2027-02 on: Customer satisfaction (CSI) cannot be ≥ “least” 96 % (at “part” · step 1) and ≤ 95 %: nothing is ever paid."
    ]


def test_what_holds_all_along_is_told_once_and_what_is_over_not_at_all() -> None:
    history = "parameters: {piece: [{from: 2026-01-01, value: -5}, {from: 2026-10-01, value: 5}, {from: 2027-01-01, value: 6}]}"
    assert told(f"{line('fixed: $piece')}\n{history}", ERROR, WARNING) == []
    later = "parameters: {piece: [{from: 2026-01-01, value: 5}, {from: 2027-01-01, value: -6}]}"
    assert told(f"{line('fixed: $piece')}\n{later}", ERROR, WARNING) == [
        (WARNING, "lines[0].fixed", "Pay can become negative.", "From 2027-01 on: The plan itself says “piece” -6.")
    ]


IMPOSSIBLE = """
parameters: {nothing: 0}
measures:
  endless: {kind: amount, divided_by: $nothing}
  beyond: {kind: amount, divided_by: endless}
"""


@pytest.mark.parametrize(
    "gate",
    [
        "{uplift: csi, baseline: $nothing, from: 10 %}",
        "{attainment: rework_rate, up_to: 0 %}",
        "{kind: amount, divided_by: $nothing, from: 10}",
        "{kind: quantity, divided_by: endless, from: 10}",
        "{kind: quantity, divided_by: beyond, from: 10}",
    ],
)
def test_a_gate_that_cannot_be_worked_out_claims_nothing(gate: str) -> None:
    plan = f"{line('fixed: 300', f'{{gate: {gate}}}')}{IMPOSSIBLE}"
    assert told(plan, ERROR, WARNING) == []


def test_a_gate_on_a_quotient_is_tried_with_the_divisor_left_alone() -> None:
    per = "{kind: amount, divided_by: received, from: 500}"
    plan = f"{line('fixed: 300', f'{{gate: {per}}}')}\nmeasures: {{received: {{indicator: vehicles_received}}}}"
    assert [each[2:] for each in told(plan)] == [
        (
            "There is a cliff at 500.00.",
            "With Vehicles received 100: 499.00 pays 0.00 and 500.00 pays 300.00: that step is worth 300.00.",
        )
    ]


def test_a_gate_with_two_edges_has_two_cliffs_and_falls_beyond_the_second() -> None:
    found = told(line("fixed: 300", "{gate: {indicator: vehicles_washed, from: 400, up_to: 500}}"))
    assert [(each[0], each[2]) for each in found] == [
        (ERROR, FALLS),
        (NOTE, "There is a cliff at 400."),
        (NOTE, "There is a cliff at 500."),
    ]
    assert found[0][3] == "Vehicles washed: 501 pays 0.00, less than the 300.00 of 500."


def test_a_target_that_must_be_passed_has_its_cliff_just_above() -> None:
    visits = {"visits": Indicator("visits", Label("Visits", "台次"), Unit.NUMBER, Better.HIGHER, Comparison.ABOVE)}
    plan = load(f"plan: above\nname: Above\n{line('fixed: 300', '{gate: {target_met: visits}}')}").plan
    cliffs = [str(each.case) for each in check(plan, OCTOBER, (), Catalogue(visits)) if "cliff" in str(each.sentence)]
    assert cliffs == ["With target of Visits 100: 100 pays 0.00 and 101 pays 300.00: that step is worth 300.00."]


def test_measures_that_disagree_on_what_is_better_claim_no_fall() -> None:
    one = "{factor: {attainment: vehicles_washed, better: lower}}"
    other = "{factor: {attainment: vehicles_washed, better: higher, cap: 50 %}}"
    assert FALLS not in [each[2] for each in told(line("fixed: 300", one, other))]
    assert FALLS not in [each[2] for each in told(line("fixed: 300", one))]


@pytest.mark.parametrize("start", ["1000-01-01", "2100-12-02", "9999-12-31", "2100-12-01"])
def test_a_parameter_far_away_is_checked_as_far_as_months_are_kept(start: str) -> None:
    history = f"parameters: {{piece: [{{from: 2000-01-01, value: 5}}, {{from: {start}, value: -6}}]}}"
    negative = [each[3] for each in told(f"{line('fixed: $piece')}\n{history}", WARNING)]
    assert negative == (["From 2100-12 on: The plan itself says “piece” -6."] if start == "2100-12-01" else [])


NAMED = """
plan: named
name: Named
lines:
  - {line: own, measure: {indicator: nowhere}, each: 1, positions: [adviser, advisor]}
  - {line: list, measure: {kind: quantity, but_product: wax}, by_product: {rates: {film: 9 per unit}}}
  - line: sold
    measure: {kind: amount, category: [accessories, acessories], role: [seller, cashier], campaign: trade-in}
    rate: 1 %
    then: [{factor: {indicator: vehicles_washed, of: department, department: wash, cap: 1}}]
  - pool: team
    lines: [{line: part, fixed: 1}]
    share: [{coefficients: {positions: {adviser: 1, 服务顾: 1}, people: {"1002": 1, "1020": 1}}}]
    share_then: [{gate: {target_met: visits}}]
  - group: kitchen
    lines: [{line: meals, fixed: 1, positions: [cook]}]
then:
  - gate: {indicator: anywhere, from: 1}
"""
EVERYTHING = {
    "positions": {"adviser": Label("Service adviser", "服务顾问"), "washer": Label("Washer", "洗车工")},
    "departments": {"washing": Label("Washing", "洗车组")},
    "people": {"1002": Label("Lin", "林")},
    "roles": {"seller": Label("Seller", "销售人")},
    "categories": {"accessories": Label("Accessories", "精品")},
    "products": {"wax": Label("Wax", "蜡")},
    "campaigns": {"trade-in-2026": Label("trade-in-2026", "trade-in-2026")},
}
NOBODY = "Nobody can ever be paid by it: correct the code, or add it first."
UNSOLD = "If it is not new but a slip, nobody will ever be paid by it."


def _store() -> Names:
    has = {kind: {code: each.sentence() for code, each in named.items()} for kind, named in EVERYTHING.items()}
    return Names(
        positions=has["positions"],
        departments=has["departments"],
        people=has["people"],
        roles=has["roles"],
        categories=has["categories"],
        products=has["products"],
        campaigns=has["campaigns"],
    )


def _names_found(names: Names) -> list[tuple[Severity, str, str, str]]:
    found = check(load(NAMED).plan, OCTOBER, (), catalogue(), names)
    words = ("not known here", "No sale so far")
    return [
        (each.severity, each.path, str(each.sentence), str(each.case))
        for each in found
        if any(word in str(each.sentence) for word in words)
    ]


def test_names_that_the_store_does_not_have_are_found_with_the_nearest_that_it_has() -> None:
    def meant(case: str, code: str, name: str) -> str:
        return f"{case} The nearest that is known is “{code}”: {name}."

    adviser = meant(NOBODY, "adviser", "Service adviser")
    assert _names_found(_store()) == [
        (ERROR, "lines[0]", "The position “advisor” is not known here.", adviser),
        (ERROR, "lines[0]", "The indicator “nowhere” is not known here.", NOBODY),
        (ERROR, "lines[2]", "The earning role “cashier” is not known here.", NOBODY),
        (
            ERROR,
            "lines[2].then[0]",
            "The department “wash” is not known here.",
            meant(NOBODY, "washing", "Washing"),
        ),
        (ERROR, "lines[3].share[0]", "The position “服务顾” is not known here.", adviser),
        (ERROR, "lines[3].share[0]", "The employee “1020” is not known here.", meant(NOBODY, "1002", "Lin")),
        (ERROR, "lines[3].share_then[0]", "The indicator “visits” is not known here.", NOBODY),
        (ERROR, "lines[4].lines[0]", "The position “cook” is not known here.", NOBODY),
        (ERROR, "then[0]", "The indicator “anywhere” is not known here.", NOBODY),
        (WARNING, "lines[1]", "No sale so far has the product “film”.", UNSOLD),
        (
            WARNING,
            "lines[2]",
            "No sale so far has the category “acessories”.",
            meant(UNSOLD, "accessories", "Accessories"),
        ),
        (
            WARNING,
            "lines[2]",
            "No sale so far has the campaign “trade-in”.",
            meant(UNSOLD, "trade-in-2026", "trade-in-2026"),
        ),
    ]


def test_of_what_is_absent_no_name_is_asked() -> None:
    assert [each[2] for each in _names_found(Names())] == [
        f"The indicator “{code}” is not known here." for code in ("nowhere", "visits", "anywhere")
    ]
    assert "not known here" not in str([each.sentence for each in check(load(NAMED).plan, OCTOBER)])
    nothing_there = [each for each in _names_found(Names(positions={})) if "“cook”" in each[2]]
    assert [each[3] for each in nothing_there] == [NOBODY]


def test_a_profit_as_a_factor_can_turn_the_amount_round() -> None:
    step = "{factor: {kind: profit, per: 10000}}"
    negative = [each for each in told(line("fixed: 300", step), WARNING) if each[2] == "Pay can become negative."]
    assert [each[3] for each in negative] == ["A profit below zero turns the amount round; say floor: 0."]
    assert checked(line("fixed: 300", "{factor: {kind: profit, per: 10000, floor: 0}}"), ERROR, WARNING) == []


def test_the_size_of_a_cliff_is_the_step_and_not_what_is_paid() -> None:
    bands = "[{below: 80 %, amount: 1500}, {from: 80 %, amount: 3000}]"
    plan = line(f"tiers: {{reads: whole, by: {{attainment: workshop_revenue}}, bands: {bands}}}")
    assert told(plan) == [
        (
            NOTE,
            "lines[0].tiers",
            "There is a cliff at 80 %.",
            "79 % pays 1,500.00 and 80 % pays 3,000.00: that step is worth 1,500.00.",
        )
    ]


@pytest.mark.parametrize(
    ("coefficients", "finding"),
    [
        ("positions: {a: 60 %, b: 0.4}", (WARNING, "Some coefficients are percents and some are not.", "60 % stands beside 0.4.")),
        ("positions: {a: 0}", (ERROR, "Nobody has a share.", "Every coefficient that is said is zero.")),
    ],
)  # fmt: skip
def test_coefficients_that_say_nothing_are_told_where_they_stand(
    coefficients: str, finding: tuple[Severity, str, str]
) -> None:
    plan = f"lines: [{{pool: p, lines: [{{line: l, fixed: 1}}], share: {{coefficients: {{{coefficients}}}}}}}]"
    severity, sentence, case = finding
    assert told(plan) == [(severity, "lines[0].share[0].coefficients", sentence, case)]


@pytest.mark.parametrize(
    ("worth", "path", "sentence", "case"),
    [
        ("measure: {kind: amount}, each: 2", "lines[0]", "Yuan per unit are paid for money.", "Each yuan of sales amount counts as a unit."),
        ("measure: {kind: quantity}, rate: 5 %", "lines[0]", "A percent is taken of something that is no money.", "pieces is not counted in yuan."),
    ],
)  # fmt: skip
def test_a_rate_that_does_not_fit_is_told_with_its_measure(worth: str, path: str, sentence: str, case: str) -> None:
    assert told(line(worth), WARNING) == [(WARNING, path, sentence, case)]


def test_an_indicator_is_only_asked_about_where_the_store_may_have_more() -> None:
    found = check(load(NAMED).plan, OCTOBER, (), catalogue(), Names(more_indicators=True))
    asked = [(each.severity, str(each.sentence)) for each in found if "comes with" in str(each.sentence)]
    codes = ("nowhere", "visits", "anywhere")
    assert asked == [(WARNING, f"“{code}” is none of the indicators that the product comes with.") for code in codes]
