"""What the check of a plan finds, each with the concrete case that shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from incentives.commissions.format import load
from incentives.core.attainment import Better, Comparison
from incentives.core.catalogue import Catalogue, Indicator, Unit
from incentives.core.checker import check
from incentives.core.errors import say
from incentives.core.findings import Finding, Severity
from incentives.core.measure import Label
from incentives.core.period import Month

CATALOGUE = Catalogue(
    {
        "csi": Indicator("csi", Label("CSI", "满意度"), Unit.PERCENT),
        "rework": Indicator("rework", Label("Rework rate", "返修率"), Unit.PERCENT, Better.LOWER, Comparison.AT_MOST),
        "revenue": Indicator("revenue", Label("Revenue", "产值"), Unit.MONEY),
    }
)
SAMPLES = sorted((Path(__file__).parents[2] / "seeds" / "reference" / "plans").glob("*.yaml"))
ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


def found(text: str, *severities: Severity) -> list[Finding]:
    document = load(f"plan: checked\nname: Checked\n{text}")
    every = check(document.plan, Month(2026, 10), document.examples, CATALOGUE)
    every = [finding for finding in every if "is not known here" not in str(finding.sentence)]
    return [finding for finding in every if finding.severity in (severities or (ERROR, WARNING))]


def told(text: str, *severities: Severity) -> list[tuple[str, str, str]]:
    return [(each.path, str(each.sentence), str(each.case)) for each in found(text, *severities)]


def tiers(reads: str, *bands: str, measure: str = "measure: {kind: labour}") -> str:
    rows = ", ".join(f"{{{band}}}" for band in bands)
    return f"lines: [{{line: part, {measure}, tiers: {{reads: {reads}, bands: [{rows}]}}}}]"


def then(*steps: str, of: str = "fixed: 100") -> str:
    return f"lines: [{{line: part, {of}, then: [{', '.join(steps)}]}}]"


def pool(rest: str) -> str:
    return f"lines: [{{pool: bonus, lines: [{{line: part, fixed: 100}}], {rest}}}]"


BODY_AND_PAINT = (
    "up_to: 100000, rate: 25 %",
    "above: 100000, up_to: 120000, rate: 22 %",
    "above: 120000, rate: 19 %",
)


def test_body_and_paint_read_as_whole_pays_less_for_more() -> None:
    assert told(tiers("whole", *BODY_AND_PAINT)) == [
        (
            "lines[0].tiers",
            "Pay falls as results get better.",
            "130,000.00 pays 24,700.00, less than the 25,000.00 of 100,000.00.",
        ),
        (
            "lines[0].tiers",
            "Pay falls as results get better.",
            "130,000.00 pays 24,700.00, less than the 26,400.00 of 120,000.00.",
        ),
    ]


def test_body_and_paint_read_band_by_band_is_sound() -> None:
    assert found(tiers("each_band", *BODY_AND_PAINT)) == []


def test_a_cliff_says_what_one_more_yuan_is_worth() -> None:
    assert told(tiers("whole", "below: 10000, rate: 5 %", "from: 10000, rate: 8 %"), NOTE)[0] == (
        "lines[0].tiers",
        "There is a cliff at 10,000.00.",
        "9,999.00 pays 499.95 and 10,000.00 pays 800.00: that step is worth 300.05.",
    )


def test_a_cliff_whose_edge_belongs_below_is_shown_from_the_edge_on() -> None:
    ((_, _, case),) = told(tiers("whole", "up_to: 10000, rate: 5 %", "above: 10000, rate: 8 %"), NOTE)[:1]
    assert case == "10,000.00 pays 500.00 and 10,001.00 pays 800.08: that step is worth 300.08."


def test_a_rate_picked_by_another_measure_is_tried_out_on_a_round_amount() -> None:
    by = "reads: whole, by: {indicator: csi}, bands: [{below: 93 %, rate: 5 %}, {from: 93 %, rate: 8 %}]"
    ((_, sentence, case),) = told(f"lines: [{{line: part, measure: {{kind: amount}}, tiers: {{{by}}}}}]", NOTE)[:1]
    assert sentence == "There is a cliff at 93 %."
    assert case == "Out of 10,000.00: 92 % pays 500.00 and 93 % pays 800.00: that step is worth 300.00."


@pytest.mark.parametrize(
    ("bands", "sentence", "case"),
    [
        (
            ("below: 100, rate: 5 %", "from: 200, rate: 8 %"),
            "There is a gap between 100.00 and 200.00.",
            "labour sales of 150.00 lies in no band.",
        ),
        (("below: 100, rate: 5 %", "above: 100, rate: 8 %"), "The edge 100.00 belongs to no band.", "labour sales of 100.00"),
        (("up_to: 100, rate: 5 %", "from: 100, rate: 8 %"), "The edge 100.00 belongs to two bands.", "lies in two bands."),
        (
            ("below: 200, rate: 5 %", "from: 100, rate: 8 %"),
            "The bands < 200.00 and ≥ 100.00 overlap.",
            "labour sales of 100.00 lies in two bands.",
        ),
    ],
)  # fmt: skip
def test_every_value_must_lie_in_just_one_band(bands: tuple[str, ...], sentence: str, case: str) -> None:
    for reads in ("whole", "each_band"):
        errors = told(tiers(reads, *bands), ERROR)
        assert sentence in [each[1] for each in errors]
        assert any(case in each[2] for each in errors)


def test_an_open_end_is_a_warning() -> None:
    ends = told(tiers("each_band", "from: 100, below: 200, rate: 5 %"), WARNING)
    assert [each[1] for each in ends] == ["There is no band below 100.00.", "There is no band above 200.00."]
    assert found(tiers("each_band", "from: 0, rate: 5 %")) == []
    assert found(tiers("each_band", "rate: 5 %")) == []


def test_the_factor_of_a_lower_is_better_indicator_may_fall_as_it_rises() -> None:
    table = "bands: [{up_to: 3 %, factor: 1}, {above: 3 %, factor: 0.9}]"
    assert found(then(f"{{factor: {{indicator: rework, {table}}}}}")) == []
    assert found(then(f"{{factor: {{indicator: uncatalogued, {table}}}}}")) == []
    assert told(then(f"{{factor: {{indicator: csi, {table}}}}}")) == [
        (
            "lines[0].then[0].factor",
            "The factor falls as results get better.",
            "≤ 3 % gives 1 and > 3 % gives 0.9.",
        )
    ]


def test_fixed_amounts_may_fall_where_less_is_better() -> None:
    table = "bands: [{below: 2 %, amount: 500}, {from: 2 %, amount: 0}]"
    for indicator, findings in (("rework", 0), ("uncatalogued", 0), ("csi", 1)):
        plan = f"lines: [{{line: part, tiers: {{reads: whole, by: {{indicator: {indicator}}}, {table}}}}}]"
        assert len(found(plan)) == findings
        assert "There is a cliff at" in str(found(plan, NOTE)) or indicator == "csi"


@pytest.mark.parametrize(
    ("plan", "path"),
    [
        (then("{factor: -1}"), "lines[0].then[0].factor"),
        (then("{deduct: 10}", "{floor: -50}"), "lines[0].then[1].floor"),
        (then("{cap: -5}"), "lines[0].then[0].cap"),
        (then("{factor: {uplift: csi, baseline: 90 %}}"), "lines[0].then[0].factor"),
        (then("{factor: {indicator: csi, bands: [{factor: -1}]}}"), "lines[0].then[0].factor.bands[0]"),
        ("lines: [{line: part, fixed: -5}]", "lines[0].fixed"),
        ("lines: [{line: part, measure: {kind: amount}, rate: -5 %}]", "lines[0].rate"),
        (tiers("each_band", "rate: -5 %"), "lines[0].tiers.bands[0]"),
        (tiers("whole", "amount: -5"), "lines[0].tiers.bands[0]"),
        (
            "lines: [{line: part, measure: {kind: quantity}, by_product: {rates: {mats: -5 per unit}}}]",
            "lines[0].by_product",
        ),
    ],
)
def test_pay_that_can_become_negative_is_found_where_it_does(plan: str, path: str) -> None:
    negative = [each for each in found(plan) if str(each.sentence) == "Pay can become negative."]
    assert [each.path for each in negative] == [path]


def test_profit_without_a_floor_is_noted() -> None:
    profit = "measure: {kind: profit}, rate: 20 %"
    assert "profit can be below zero, and no floor holds this line." in {
        case for _, _, case in told(f"lines: [{{line: part, {profit}}}]", NOTE)
    }
    assert "below zero" not in str(told(then("{floor: 0}", of=profit), NOTE))


def test_an_uplift_with_a_floor_cannot_turn_the_amount_round() -> None:
    assert found(then("{factor: {uplift: csi, baseline: 90 %, floor: 0}}")) == []


def test_shares_written_as_percents_must_add_up() -> None:
    assert found(pool("share: {coefficients: {positions: {leader: 60 %, helper: 40 %}}}")) == []
    assert told(pool("share: {coefficients: {positions: {leader: 50 %, helper: 40 %}}}")) == [
        (
            "lines[0].share[0].coefficients",
            "The shares do not add up to 100 %.",
            "They add up to 90 %; a share of 50 % is paid as 50 % of 90 %.",
        )
    ]


@pytest.mark.parametrize(
    ("coefficients", "findings"),
    [
        ("{positions: {leader: 60 %}, default: 40 %}", []),
        ("{positions: {leader: 60 %, helper: 40 %}, people: {E1: 70 %, E2: 30 %}}", []),
        ("{positions: {leader: 60 %}, people: {E1: 40 %}}", []),
        ("{positions: {leader: 60 %}, default: 50 %}", [(ERROR, "They add up to 110 %; a share of 60 % is paid as 60 % of 110 %.")]),
        ("{positions: {leader: 60 %, helper: 0.4}}", [(WARNING, "60 % stands beside 0.4.")]),
        ("{positions: {leader: 1.3, helper: 1}}", []),
    ],
)  # fmt: skip
def test_coefficients_are_numbers_or_percents_that_add_up(
    coefficients: str, findings: list[tuple[Severity, str]]
) -> None:
    shares = found(pool(f"share: {{coefficients: {coefficients}}}"))
    assert [(each.severity, str(each.case)) for each in shares] == findings
    assert {each.path for each in shares} <= {"lines[0].share[0].coefficients"}


def test_a_pool_without_any_share_is_an_error() -> None:
    assert [each.severity for each in found(pool("share: {coefficients: {positions: {leader: 0}}}"))] == [ERROR]
    assert found(pool("share: {coefficients: {default: 1}}")) == []


@pytest.mark.parametrize(
    ("step", "severity", "case"),
    [
        ("{factor: 1.2}", ERROR, "Of a pool of 10,000.00, 12,000.00 can be paid."),
        ("{factor: {kind: score, per: 100}}", WARNING, "The factor has no cap, so a share can grow without end."),
        ("{factor: {kind: score, per: 100, cap: 1.5}}", ERROR, "Of a pool of 10,000.00, 15,000.00 can be paid."),
        ("{floor: 800}", WARNING, "Of a pool of 0.00, 800.00 is paid to each."),
        (
            "{factor: {indicator: csi, bands: [{below: 93 %, factor: 1}, {from: 93 %, factor: 1.1}]}}",
            ERROR,
            "Of a pool of 10,000.00, 11,000.00 can be paid.",
        ),
    ],
)
def test_more_than_the_pool_can_be_paid_out(step: str, severity: Severity, case: str) -> None:
    (finding,) = found(pool(f"share_then: [{step}]"))
    assert finding == Finding(
        severity, "lines[0].share_then[0]", say("More than the pool can be paid out."), finding.case
    )
    assert str(finding.case) == case


def test_what_one_step_raises_another_may_have_lowered_before() -> None:
    assert found(pool("share_then: [{factor: 0.5}, {factor: 1.2}]")) == []
    (finding,) = found(pool("share_then: [{factor: 0.9}, {factor: 1.2}]"))
    assert (finding.path, str(finding.case)) == (
        "lines[0].share_then[1]",
        "Of a pool of 10,000.00, 10,800.00 can be paid.",
    )


def test_a_group_around_a_pool_can_pay_out_more_than_it_holds_as_well() -> None:
    inner = "{pool: bonus, lines: [{line: part, fixed: 100}]}"
    (finding,) = found(f"lines: [{{group: all, lines: [{inner}], then: [{{factor: 1.5}}]}}]")
    assert (finding.severity, finding.path) == (WARNING, "lines[0].then[0]")
    assert str(finding.case) == "Of a pool of 10,000.00, 15,000.00 can be paid."
    assert found("lines: [{group: all, lines: [{line: part, fixed: 100}], then: [{factor: 1.5}]}]") == []


def test_steps_that_only_lower_a_share_are_sound() -> None:
    steps = "{factor: {kind: score, per: 100, cap: 1}}, {gate: {indicator: csi, from: 93 %}}, {factor: 0.9}"
    assert found(pool(f"share_then: [{steps}]")) == []


def test_the_table_of_a_weight_is_checked_like_any_other() -> None:
    table = "{indicator: csi, bands: [{below: 93 %, factor: 1}, {above: 93 %, factor: 1}]}"
    assert [each.path for each in found(pool(f"share: {table}"), ERROR)] == ["lines[0].share[0]"]


def test_the_same_thing_must_not_count_twice_against_an_amount() -> None:
    table = "bands: [{below: 93 %, factor: 0.8}, {from: 93 %, factor: 1}]"
    factor = f"{{factor: {{indicator: csi, {table}}}}}"
    grouped = f"lines: [{{group: all, lines: [{{line: part, fixed: 1, then: [{factor}]}}], then: [{factor}]}}]"
    assert told(grouped) == [
        (
            "lines[0].then[0]",
            "CSI counts twice against the same amount.",
            "At “all” · “part” · step 1 it can leave 80 %, and at “all” · step 1 80 % of that.",
        )
    ]


@pytest.mark.parametrize(
    "steps",
    [
        ("{gate: {indicator: csi, from: 93 %}}", "{factor: {attainment: csi, floor: 50 %}}"),
        ("{deduct: {measure: {indicator: rework}, each: 1}}", "{gate: {target_met: rework}}"),
        ("{factor: {kind: score, per: 100}}", "{gate: {kind: score, from: 60}}"),
    ],
)
def test_gates_deductions_and_scores_count_as_well(steps: tuple[str, ...]) -> None:
    (finding,) = found(then(*steps))
    assert "counts twice against the same amount" in str(finding.sentence)


def test_the_whole_plan_and_a_personal_step_are_part_of_the_chain() -> None:
    gate = "{gate: {indicator: csi, from: 93 %}}"
    assert len(found(f"{pool(f'share_then: [{gate}]')}\nthen: [{gate}]")) == 1
    apart = f"lines: [{{line: a, fixed: 1, then: [{gate}]}}, {{line: b, fixed: 1, then: [{gate}]}}]"
    assert found(apart) == []


@pytest.mark.parametrize(
    ("worth", "sentence"),
    [
        ("measure: {kind: amount}, each: 2", "Yuan per unit are paid for money."),
        ("measure: {kind: quantity}, rate: 5 %", "A percent is taken of something that is no money."),
        ("measure: {indicator: csi}, rate: 5 %", "A percent is taken of something that is no money."),
    ],
)
def test_rates_and_measures_must_go_together(worth: str, sentence: str) -> None:
    assert [str(each.sentence) for each in found(f"lines: [{{line: part, {worth}}}]")] == [sentence]


@pytest.mark.parametrize(
    ("step", "sentence", "case"),
    [
        ("{gate: {indicator: csi, from: 93}}", "CSI is a percent, but the edge 93 is none.", "93 is 9,300 %."),
        ("{gate: {indicator: revenue, from: 80 %}}", "Revenue is no percent, but the edge 80 % is.", "80 % is 0.8."),
        (
            "{factor: {attainment: csi, bands: [{below: 90, factor: 0.9}, {from: 90, factor: 1}]}}",
            "attainment of CSI is a percent, but the edge 90 is none.",
            "90 is 9,000 %.",
        ),
    ],
)
def test_percents_are_compared_with_percents(step: str, sentence: str, case: str) -> None:
    assert [(str(each.sentence), str(each.case)) for each in found(then(step))] == [(sentence, case)]


def test_an_edge_of_a_few_whole_times_a_target_may_be_written_as_a_number() -> None:
    assert found(then("{gate: {attainment: csi, from: 1.2}}")) == []
    assert found(then("{gate: {any: [{indicator: uncatalogued, from: 80 %}, {target_met: csi}]}}")) == []


def test_an_indicator_that_is_not_catalogued_is_given_the_benefit_of_the_doubt() -> None:
    assert found("lines: [{line: part, measure: {indicator: uncatalogued}, rate: 5 %}]") == []


FIXED = "lines: [{line: part, fixed: 100}]"
EXAMPLE = "examples: [{name: E, month: 2026-10, people: [{number: E1, expect: 90, readings: {csi: 90 %}}]}]"


def test_an_example_that_does_not_come_out_is_an_error_with_both_amounts() -> None:
    assert told(f"{FIXED}\n{EXAMPLE}") == [
        ("examples[0]", "The plan does not reproduce this example.", "E1: expected 90.00, the plan gives 100.00.")
    ]
    waiting = "lines: [{line: part, measure: {kind: score}, each: 1}]"
    ((_, _, case),) = told(f"{waiting}\n{EXAMPLE}")
    assert case == "E1: expected 90.00, the plan gives nothing that can be paid yet. There is no score for 2026-10."
    assert found(f"lines: [{{line: part, fixed: 90}}]\n{EXAMPLE}", *Severity) == []


def test_a_plan_without_an_example_is_noted() -> None:
    assert [each.path for each in found(FIXED, NOTE)] == ["examples"]


def test_a_parameter_without_a_value_is_an_error() -> None:
    history = "parameters: {piece: [{from: 2026-12-01, value: 5}]}"
    ((path, sentence, _),) = told(f"lines: [{{line: part, fixed: $piece}}]\n{history}")
    assert (path, sentence) == ("parameters", "The parameter “piece” has no value for 2026-10.")
    later = "parameters: {piece: [{from: 2026-10-01, value: 90}]}"
    early = EXAMPLE.replace("2026-10", "2026-09")
    assert [each.path for each in found(f"lines: [{{line: part, fixed: $piece}}]\n{later}\n{early}", ERROR)] == [
        "examples[0]"
    ]


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_the_sample_plans_have_no_error(file: Path) -> None:
    document = load(file.read_text(encoding="utf-8"))
    errors = [each for each in check(document.plan, Month(2026, 10), document.examples) if each.severity is ERROR]
    assert errors == []
