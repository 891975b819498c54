"""How plans pay: each part of a plan at work, on small facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

import pytest

from incentives.commissions.format import load
from incentives.core.answer import Step, arithmetic
from incentives.core.attainment import Better, Comparison
from incentives.core.catalogue import Catalogue, Indicator, Unit
from incentives.core.errors import DomainError
from incentives.core.keys import MeasureKey
from incentives.core.measure import Given, Kind, Label, Whose
from incentives.core.money import Money
from incentives.core.needs import needed
from incentives.core.pay import PlanResult, calculate
from incentives.core.period import Month
from incentives.core.plan import Plan
from incentives.core.reading import Member
from incentives.core.samples import Example, SampleFacts, SamplePerson, SampleReading, mismatches, run

OCTOBER = Month(2026, 10)
CATALOGUE = Catalogue(
    {
        "csi": Indicator("csi", Label("CSI", "满意度"), Unit.PERCENT),
        "revenue": Indicator("revenue", Label("Revenue", "产值"), Unit.MONEY),
        "rework": Indicator("rework", Label("Rework rate", "返修率"), Unit.PERCENT, Better.LOWER, Comparison.BELOW),
    }
)


def plan_of(lines: str) -> Plan:
    return load(f"plan: tried\nname: Tried\n{lines}").plan


def line(worth: str, then: str = "") -> Plan:
    return plan_of(
        f"lines:\n  - {{line: part, {worth}, then: [{then}]}}\n" if then else f"lines: [{{line: part, {worth}}}]"
    )


def anna(**facts: int) -> Member:
    return Member(1, "E1", "adviser", facts.get("days", 31), 31)


def paid(plan: Plan, month: Month = OCTOBER, member: Member | None = None, **figures: str | int) -> PlanResult:
    """The result for one member; a figure is named by its kind or its indicator, a target by ``target_`` before it."""
    return paid_with(plan, figures, month, member)


def paid_with(
    plan: Plan, figures: Mapping[str, str | int], month: Month = OCTOBER, member: Member | None = None
) -> PlanResult:
    people = [member or anna()]
    sums = {key: answer for key in needed(plan, month, people) if (answer := _named(key, figures)) is not None}
    return calculate(plan, month, people, sums, CATALOGUE)


def _named(key: MeasureKey, figures: Mapping[str, str | int]) -> Fraction | None:
    name = {Kind.INDICATOR: key.indicator, Kind.TARGET: f"target_{key.indicator}"}.get(key.kind, key.kind.value)
    dated = f"{name}_{key.last.month}"
    found = figures.get(dated, figures.get(name))
    return None if found is None else Fraction(found)


def amount(result: PlanResult) -> str:
    assert not result.missing, [str(missing.sentence) for missing in result.missing]
    return result.total_of(1).plain()


def waits_for(result: PlanResult) -> list[str]:
    assert all(not entry.payable and entry.explanation is None for entry in result.lines)
    assert result.total_of(1) == Money(0)
    return [str(missing.sentence) for missing in result.missing]


def told(result: PlanResult, code: str = "part") -> str:
    (found,) = (entry.explanation for entry in result.lines if entry.code == code)
    assert found is not None
    return "\n".join(_sentences(arithmetic(found).steps))


def _sentences(steps: Iterable[Step]) -> list[str]:
    return [line for step in steps for line in (str(step.in_full), *_sentences(step.steps))]


# --- order and rounding ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "pay"),
    [
        ("{deduct: 20}, {factor: 0.9}", "72.00"),
        ("{factor: 0.9}, {deduct: 20}", "70.00"),
        ("{cap: 50}, {factor: 2}", "100.00"),
        ("{factor: 2}, {cap: 50}", "50.00"),
        ("{floor: 150}, {factor: 0.5}", "75.00"),
    ],
)
def test_steps_work_in_the_order_written(steps: str, pay: str) -> None:
    assert amount(paid(line("fixed: 100.00", steps))) == pay


@pytest.mark.parametrize(("fen", "pay"), [(5330, "2.67"), (-5330, "-2.67"), (5329, "2.66"), (0, "0.00")])
def test_a_line_is_rounded_once_half_away_from_zero(fen: int, pay: str) -> None:
    assert amount(paid(line("measure: {kind: amount}, rate: 5 %"), amount=fen)) == pay


def test_nothing_is_rounded_between_the_steps() -> None:
    plan = line("measure: {kind: amount, divided_by: 3}, rate: 100 %", "{factor: 3}")
    result = paid(plan, amount=100)
    assert amount(result) == "1.00"
    assert "0.3333…" in told(result)


# --- deductions, floors, gates ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fen", "steps", "pay"),
    [
        (8000, "{deduct: 100}", "0.00"),
        (8000, "{deduct: 100}, {floor: -50}", "-20.00"),
        (8000, "{deduct: 200}, {floor: -50}", "-50.00"),
        (-8000, "{deduct: 100}", "-80.00"),
        (-8000, "{gate: {indicator: csi, from: 99 %}}", "-80.00"),
        (8000, "{gate: {indicator: csi, from: 99 %}}", "0.00"),
        (8000, "{gate: {indicator: csi, from: 95 %}}", "80.00"),
        (8000, "{gate: {indicator: csi, above: 95 %}}", "0.00"),
        (8000, "{gate: {any: [{indicator: csi, from: 99 %}, {indicator: csi, up_to: 95 %}]}}", "80.00"),
        (8000, "{gate: {all: [{indicator: csi, from: 99 %}, {indicator: csi, up_to: 95 %}]}}", "0.00"),
    ],
)
def test_deductions_and_gates_take_what_was_earned_and_never_wipe_a_debt(fen: int, steps: str, pay: str) -> None:
    assert amount(paid(line("measure: {kind: amount}, rate: 100 %", steps), amount=fen, csi="19/20")) == pay


def test_a_deduction_that_takes_everything_says_so() -> None:
    assert "Less: Fixed amount: 80.00 − 100.00 at least 0.00 = 0.00" in told(paid(line("fixed: 80", "{deduct: 100}")))


@pytest.mark.parametrize(("rework", "pay"), [("19/1000", "100.00"), ("2/100", "0.00"), ("21/1000", "0.00")])
def test_a_target_is_met_by_the_indicators_own_comparison(rework: str, pay: str) -> None:
    plan = line("fixed: 100.00", "{gate: {target_met: rework}}")
    assert amount(paid(plan, rework=rework, target_rework="2/100")) == pay


@pytest.mark.parametrize(
    ("better", "visits", "pay"), [("higher", 4, "1.00"), ("lower", 4, "1.00"), ("lower", 5, "0.00")]
)
def test_a_target_of_an_uncatalogued_indicator_is_met_at_equality(better: str, visits: int, pay: str) -> None:
    plan = line("fixed: 1.00", f"{{gate: {{target_met: visits, better: {better}}}}}")
    assert amount(paid(plan, visits=visits, target_visits=4)) == pay


@pytest.mark.parametrize(("days", "pay"), [(31, "3100.00"), (10, "1000.00"), (0, "0.00")])
def test_fixed_amounts_floors_and_caps_go_by_days_in_the_posting(days: int, pay: str) -> None:
    prorated = "{amount: 3100, prorated: yes}"
    for plan in (
        line(f"fixed: {prorated}"),
        line("fixed: 0", f"{{floor: {prorated}}}"),
        line("fixed: 9999", f"{{cap: {prorated}}}"),
    ):
        assert amount(paid(plan, member=anna(days=days))) == pay


# --- attainment and other factors ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factor", "actual", "pay"),
    [
        ("attainment: revenue", 150, "150.00"),
        ("attainment: revenue, cap: 120 %", 150, "120.00"),
        ("attainment: revenue, floor: 50 %", 10, "50.00"),
        ("attainment: revenue, floor: 50 %, cap: 120 %", 80, "80.00"),
        ("indicator: revenue, per: 50", 100, "200.00"),
        ("attainment: rework", 200, "50.00"),
        ("attainment: rework", 0, "150.00"),
        ("attainment: rework, cap: 120 %", 0, "120.00"),
        ("uplift: revenue, baseline: 50", 75, "50.00"),
    ],
)
def test_a_factor_follows_its_measure_between_floor_and_cap(factor: str, actual: int, pay: str) -> None:
    plan = line("fixed: 100.00", f"{{factor: {{{factor}}}}}")
    figures = {"revenue": actual, "rework": actual, "target_revenue": 100, "target_rework": 100}
    assert amount(paid_with(plan, figures)) == pay


def test_percentage_points_above_the_target_are_paid_by_the_point() -> None:
    bands = "[{up_to: 100, each: 0}, {above: 100, rate: 100.00 per point}]"
    measure = "measure: {attainment: revenue, divided_by: 1 %}"
    result = paid(line(f"{measure}, tiers: {{reads: each_band, bands: {bands}}}"), revenue=105, target_revenue=100)
    assert amount(result) == "500.00"
    assert "attainment of Revenue, each band at its own rate" in told(result)


def test_a_rate_on_what_exceeds_the_target_deducts_the_targets_own_part() -> None:
    plan = line("measure: {indicator: revenue}, rate: 3 %", "{deduct: {measure: {target: revenue}, rate: 3 %}}")
    assert amount(paid(plan, revenue=120000, target_revenue=100000)) == "600.00"
    assert amount(paid(plan, revenue=90000, target_revenue=100000)) == "0.00"


def test_an_actual_of_zero_against_a_target_of_zero_is_just_reached() -> None:
    plan = line("fixed: 100.00", "{factor: {attainment: rework}}")
    assert amount(paid(plan, rework=0, target_rework=0)) == "100.00"


def test_uplift_looks_back_to_an_earlier_month() -> None:
    plan = line("fixed: 100.00", "{factor: {uplift: revenue, baseline: {months_back: 2}}}")
    assert amount(paid(plan, revenue_8=820, revenue_10=1066)) == "30.00"


@pytest.mark.parametrize(
    ("rate", "pay"), [("3/100", "100.00"), ("31/1000", "95.00"), ("5/100", "95.00"), ("6/100", "90.00")]
)
def test_a_step_table_knows_to_whom_its_edges_belong(rate: str, pay: str) -> None:
    table = "[{up_to: 3 %, factor: 1}, {above: 3 %, up_to: 5 %, factor: 0.95}, {above: 5 %, factor: 0.9}]"
    assert amount(paid(line("fixed: 100.00", f"{{factor: {{indicator: rework, bands: {table}}}}}"), rework=rate)) == pay


# --- tiers -----------------------------------------------------------------------------------------------

TABLE = "bands: [{from: 0, below: 100, rate: 10 %}, {from: 100, up_to: 200, rate: 20 %}, {above: 300, rate: 50 %}]"


@pytest.mark.parametrize(
    ("reads", "fen", "pay"),
    [
        ("whole", 9999, "10.00"),
        ("whole", 10000, "20.00"),
        ("whole", 25000, "0.00"),
        ("whole", 40000, "200.00"),
        ("whole", -5000, "-5.00"),
        ("each_band", 9999, "10.00"),
        ("each_band", 15000, "20.00"),
        ("each_band", 25000, "30.00"),
        ("each_band", 40000, "80.00"),
        ("each_band", -5000, "-5.00"),
        ("each_band", 0, "0.00"),
    ],
)
def test_tiers_are_read_as_the_plan_says(reads: str, fen: int, pay: str) -> None:
    plan = line(f"measure: {{kind: amount}}, tiers: {{reads: {reads}, {TABLE}}}")
    assert amount(paid(plan, amount=fen)) == pay


def test_a_value_in_no_band_says_so() -> None:
    plan = line(f"measure: {{kind: amount}}, tiers: {{reads: whole, {TABLE}}}")
    assert "lies in no band: nothing is paid" in told(paid(plan, amount=25000))


@pytest.mark.parametrize(("csi", "pay"), [("9/10", "5.00"), ("95/100", "8.00")])
def test_another_measure_may_pick_the_rate(csi: str, pay: str) -> None:
    bands = "[{below: 93 %, rate: 5 %}, {from: 93 %, rate: 8 %}]"
    plan = line(f"measure: {{kind: amount}}, tiers: {{reads: whole, by: {{indicator: csi}}, bands: {bands}}}")
    assert amount(paid(plan, amount=10000, csi=csi)) == pay


# --- what is not there -----------------------------------------------------------------------------------


@pytest.mark.parametrize("fixed", ["10000000000000.01", "-10000000000000.01"])
def test_an_amount_beyond_all_sense_is_not_payable(fixed: str) -> None:
    assert waits_for(paid(line(f"fixed: {fixed}"))) == ["part comes to more than any amount kept here."]
    assert amount(paid(line("fixed: 10000000000000.00"))) == "10000000000000.00"


def test_no_sales_are_a_result() -> None:
    assert amount(paid(line("measure: {kind: amount}, rate: 5 %"))) == "0.00"


@pytest.mark.parametrize(
    ("plan", "figures", "sentence"),
    [
        (line("measure: {indicator: csi}, each: 1"), {}, "There is no reading of CSI for 2026-10."),
        (line("measure: {kind: score}, each: 1"), {}, "There is no score for 2026-10."),
        (line("measure: {attainment: csi}, each: 1"), {"csi": 1}, "There is no target of CSI for 2026-10."),
        (line("measure: {attainment: csi}, each: 1"), {"csi": 1, "target_csi": 0}, "the target is zero"),
        (line("measure: {uplift: csi, baseline: {months_back: 1}}, each: 1"), {"csi_10": 1}, "of CSI for 2026-09."),
        (line("measure: {uplift: csi, baseline: {months_back: 1}}, each: 1"), {"csi": 0}, "the baseline is zero"),
        (
            line("measure: {kind: amount, divided_by: {kind: orders}}, each: 1"),
            {"amount": 5},
            "sales amount cannot be divided by zero.",
        ),
        (
            line("fixed: 1", "{factor: {indicator: csi, bands: [{below: 93 %, factor: 1}]}}"),
            {"csi": 1},
            "CSI 100 % lies in no band of the table of factors.",
        ),
    ],
)
def test_a_line_waits_for_what_nobody_knows(plan: Plan, figures: dict[str, int], sentence: str) -> None:
    (told_once,) = waits_for(paid_with(plan, figures))
    assert sentence in told_once


def test_the_change_to_the_sum_waits_for_the_lines_below_it_and_for_its_own_figures() -> None:
    plan = plan_of("lines: [{line: part, measure: {indicator: csi}, each: 1}]\nthen: [{factor: {kind: score}}]")
    assert waits_for(paid(plan)) == ["There is no reading of CSI for 2026-10.", "There is no score for 2026-10."]
    assert [entry.payable for entry in paid(plan, csi=1).lines] == [True, False]
    undefined = plan_of("lines: [{line: part, fixed: 1}]\nthen: [{factor: {attainment: csi}}]")
    assert [entry.payable for entry in paid(undefined, csi=1, target_csi=0).lines] == [True, False]


def test_a_parameter_without_a_value_in_the_month_refuses_the_calculation() -> None:
    plan = plan_of("lines: [{line: part, fixed: $piece}]\nparameters: {piece: [{from: 2026-10-02, value: 5}]}")
    with pytest.raises(DomainError, match=r"The parameter “piece” has no value for 2026-10."):
        paid(plan)
    assert amount(paid(plan, Month(2026, 11))) == "5.00"


@pytest.mark.parametrize(
    "worth",
    [
        "measure: {indicator: csi, divided_by: $none}, each: 1",
        "fixed: 1, then: [{factor: {indicator: csi, per: $none}}]",
    ],
)
def test_a_parameter_of_zero_divides_nothing(worth: str) -> None:
    plan = plan_of(f"lines: [{{line: part, {worth}}}]\nparameters: {{none: 0}}")
    assert waits_for(paid(plan, csi=1)) == ["CSI cannot be divided by zero."]


def test_the_parameter_that_holds_on_the_first_day_counts() -> None:
    history = "[{from: 2026-01-01, value: 5}, {from: 2026-10-01, value: 6}, {from: 2026-10-15, value: 7}]"
    plan = plan_of(f"lines: [{{line: part, fixed: $piece}}]\nparameters: {{piece: {history}}}")
    result = paid(plan)
    assert amount(result) == "6.00"
    assert "Fixed amount (“piece”): 6.00" in told(result)


# --- months, positions, spans ----------------------------------------------------------------------------


def test_a_line_is_there_only_in_its_months_and_for_its_positions() -> None:
    plan = plan_of(
        "lines:\n"
        "  - {line: quarterly, fixed: 1, months: [3, 6, 9, 12]}\n"
        "  - {line: masters, measure: {indicator: csi}, each: 1, positions: [body-master]}\n"
        "  - {group: both, lines: [{line: a, fixed: 5}, {line: b, fixed: 7, positions: [body-master]}]}\n"
        "  - {pool: seasonal, lines: [{line: c, fixed: 9, months: [12]}, {line: d, fixed: 2}], months: [10, 12]}\n"
    )
    assert [(entry.code, entry.amount.plain()) for entry in paid(plan).lines] == [
        ("both", "5.00"),
        ("seasonal", "2.00"),
    ]
    assert paid(plan, Month(2026, 11)).pools == ()
    assert amount(paid(plan, Month(2026, 12))) == "17.00"


def test_measures_over_quarter_and_year_ask_from_their_first_month_on() -> None:
    plan = plan_of("lines: [{line: a, measure: {indicator: csi, over: quarter}, each: 1},"
                   " {line: b, measure: {indicator: csi, over: year}, each: 1}]")  # fmt: skip
    keys = needed(plan, Month(2026, 11), [anna()])
    assert {str(key.first) for key in keys} == {"2026-10", "2026-01"}
    assert {str(key.last) for key in keys} == {"2026-11"}


def test_the_same_question_is_asked_once_however_it_is_written() -> None:
    plan = plan_of(
        "lines:\n"
        "  - {line: a, measure: {kind: amount, category: [parts, labour], price: '> 80 %'}, rate: 5 %}\n"
        "  - {line: b, measure: {kind: amount, category: [labour, parts], price: {above: 0.8}, name: B}, rate: 6 %}\n"
    )
    assert len(needed(plan, OCTOBER, [anna()])) == 1


def test_a_department_is_the_persons_own_unless_it_is_named() -> None:
    plan = plan_of(
        "lines:\n"
        "  - {line: a, measure: {indicator: csi, of: department}, each: 1}\n"
        "  - {line: b, measure: {indicator: csi, of: department, department: parts}, each: 1}\n"
    )
    people = [anna(), Member(2, "E2", "adviser", 31, 31)]
    asked = sorted((key.person or 0, key.department, key.of) for key in needed(plan, OCTOBER, people))
    assert asked == [(0, "parts", Whose.DEPARTMENT), (1, "", Whose.DEPARTMENT), (2, "", Whose.DEPARTMENT)]


# --- pools -----------------------------------------------------------------------------------------------

PEOPLE = [Member(7, "E2", "adviser", 31, 31), Member(3, "E1", "manager", 31, 31), Member(5, "E3", "washer", 10, 31)]


def shared(share: str, share_then: str = "", fixed: str = "100.00") -> Plan:
    after = f", share_then: [{share_then}]" if share_then else ""
    return plan_of(f"lines: [{{pool: bonus, lines: [{{line: part, fixed: {fixed}}}], share: {share}{after}}}]")


def shares(plan: Plan, members: list[Member] | None = None, **facts: dict[int, int]) -> dict[str, str]:
    people = members or PEOPLE
    keys = needed(plan, OCTOBER, people)
    sums = {key: facts[key.indicator or "score"][key.person or 0] for key in keys}
    result = calculate(plan, OCTOBER, people, sums)
    return {
        member.number: result.total_of(member.id).plain() for member in sorted(people, key=lambda each: each.number)
    }


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        ("equal", ["33.34", "33.33", "33.33"]),
        ("{days: posting}", ["43.06", "43.05", "13.89"]),
        ("{coefficients: {positions: {manager: 2}, default: 1}}", ["50.00", "25.00", "25.00"]),
        ("{coefficients: {positions: {manager: 2}, people: {E1: 0}, default: 1}}", ["0.00", "50.00", "50.00"]),
        ("[{coefficients: {default: 1}}, {days: posting}]", ["43.06", "43.05", "13.89"]),
    ],
)
def test_a_pool_is_shared_by_its_weights(share: str, expected: list[str]) -> None:
    assert list(shares(shared(share)).values()) == expected


def test_days_present_are_read_and_own_coefficients_come_with_the_member() -> None:
    people = [Member(1, "E1", "a", 31, 31), Member(2, "E2", "a", 31, 31), Member(3, "E3", "a", 20, 31)]
    present = {1: 5, 2: 15, 3: 20}
    assert list(shares(shared("{days: present}"), people, days_present=present).values()) == ["12.50", "37.50", "50.00"]
    own = [Member(1, "E1", "a", 31, 31, coefficient=Fraction(3)), Member(2, "E2", "a", 31, 31)]
    assert list(shares(shared("{coefficients: {default: 1}}"), own).values()) == ["75.00", "25.00"]


def test_a_pool_by_days_present_waits_until_everybodys_are_known() -> None:
    """Whoever's days nobody has entered was not there all month: that would take from the others."""
    plan = shared("{days: present}")
    keys = sorted(needed(plan, OCTOBER, PEOPLE), key=lambda key: key.person or 0)
    assert [(key.indicator, key.person) for key in keys] == [
        ("days_present", 3),
        ("days_present", 5),
        ("days_present", 7),
    ]
    (pool,) = calculate(plan, OCTOBER, PEOPLE, dict.fromkeys(keys[:2], 20)).pools
    assert [str(each.sentence) for each in pool.missing] == ["There is no reading of “days present” for 2026-10."]
    assert not pool.shares


def test_an_example_says_days_present_as_a_reading_or_in_one_word_else_they_are_those_of_the_posting() -> None:
    """100.00 by 10, 20, 19 and 31 days of 80."""
    plan = shared("{days: present}")
    ten = SampleFacts(readings=(SampleReading("days_present", Given(Fraction(10))),))
    people = (
        SamplePerson("E1", days=30, present=25, facts=ten),
        SamplePerson("E2", days=30, present=20),
        SamplePerson("E3", days=19),
        SamplePerson("E4"),
    )
    result = run(plan, Example(Label("days", "天数"), OCTOBER, people))
    assert [result.total_of(place).plain() for place in range(4)] == ["12.50", "25.00", "23.75", "38.75"]


def test_a_weight_may_be_a_score_and_a_negative_one_counts_as_zero() -> None:
    assert list(shares(shared("{kind: score}"), score={3: 30, 7: 10, 5: -4}).values()) == ["75.00", "25.00", "0.00"]


def test_a_forfeited_share_is_shown_and_not_handed_round() -> None:
    plan = shared("equal", "{gate: {indicator: attendance, from: 1}}", fixed="90.00")
    keys = needed(plan, OCTOBER, PEOPLE)
    result = calculate(plan, OCTOBER, PEOPLE, {key: int(key.person != 3) for key in keys})
    (pool,) = result.pools
    assert [result.total_of(person).plain() for person in (3, 7, 5)] == ["0.00", "30.00", "30.00"]
    assert (pool.amount.plain(), pool.forfeited.plain()) == ("90.00", "30.00")
    assert [entry.forfeited.plain() for entry in result.lines] == ["30.00", "0.00", "0.00"]


def test_a_share_that_grows_forfeits_nothing() -> None:
    plan = shared("equal", "{factor: 2}", fixed="90.00")
    result = calculate(plan, OCTOBER, PEOPLE, {})
    assert [entry.amount.plain() for entry in result.lines] == ["60.00"] * 3
    assert result.pools[0].forfeited == Money(0)


def test_only_the_member_whose_own_figure_is_missing_waits() -> None:
    plan = shared("equal", "{gate: {attainment: attendance, from: 1}}")
    keys = needed(plan, OCTOBER, PEOPLE)
    sums = {key: 0 if key.person == 5 else 1 for key in keys if key.person != 3}
    result = calculate(plan, OCTOBER, PEOPLE, sums)
    assert [entry.payable for entry in result.lines] == [False, True, False]
    assert result.lines[1].amount.plain() == "33.33"
    assert "the target is zero" in str(result.lines[2].missing[0].sentence)


def test_a_pool_waits_for_each_weight_and_for_what_forms_it() -> None:
    by_score = shared("{kind: score}")
    (missing,) = calculate(by_score, OCTOBER, PEOPLE, {}).missing[:1]
    assert str(missing.sentence) == "There is no score for 2026-10."
    no_table = calculate(shared("{coefficients: {positions: {manager: 2}}}"), OCTOBER, PEOPLE, {})
    assert "No coefficient is said for employee E2 (position “adviser”)." in {str(m.sentence) for m in no_table.missing}
    formed = plan_of("lines: [{pool: bonus, lines: [{line: part, measure: {indicator: csi, of: store}, each: 1}]}]")
    result = calculate(formed, OCTOBER, PEOPLE, {}, CATALOGUE)
    assert [entry.payable for entry in result.lines] == [False] * 3
    assert result.pools[0].explanation is None


def test_a_pool_that_nobody_has_a_weight_in_is_shown_as_not_shared() -> None:
    (pool,) = calculate(shared("{coefficients: {default: 0}}"), OCTOBER, PEOPLE, {}).pools
    assert pool.undistributed.plain() == "100.00"
    assert pool.forfeited == Money(0)


def test_a_group_may_hold_a_pool_and_has_steps_of_its_own() -> None:
    plan = plan_of(
        "lines:\n  - group: both\n    lines:\n"
        "      - {line: own, fixed: 10.00}\n"
        "      - {pool: bonus, lines: [{line: part, fixed: 100.00}]}\n"
        "    then: [{factor: 0.5}]\n"
    )
    assert list(shares(plan).values()) == ["21.67", "21.67", "21.67"]
    waiting = plan_of(
        "lines:\n  - group: both\n    lines:\n"
        "      - {line: own, fixed: 10.00}\n"
        "      - {pool: bonus, lines: [{line: part, measure: {indicator: csi, of: store}, each: 1}]}\n"
    )
    assert not any(entry.payable for entry in calculate(waiting, OCTOBER, PEOPLE, {}).lines)


# --- the whole -------------------------------------------------------------------------------------------


def test_the_change_to_the_sum_is_a_line_so_that_lines_add_up() -> None:
    plan = plan_of("lines: [{line: a, fixed: 33.33}, {line: b, fixed: 33.34}]\nthen: [{factor: 0.5}, {cap: 30}]")
    result = paid(plan)
    assert [(entry.code, entry.amount.plain()) for entry in result.lines] == [
        ("a", "33.33"), ("b", "33.34"), ("whole", "-36.67"),
    ]  # fmt: skip
    assert amount(result) == "30.00"
    assert "What that changes: 30.00 − 66.67 = -36.67" in told(result, "whole")


def test_nobody_has_a_change_to_the_sum_without_a_line() -> None:
    plan = plan_of("lines: [{line: a, fixed: 1, positions: [washer]}]\nthen: [{floor: 5}]")
    assert paid(plan).lines == ()


def test_an_example_that_the_plan_does_not_reproduce_is_told_with_both_amounts() -> None:
    text = (
        "plan: p\nname: P\nlines: [{line: a, measure: {kind: amount}, rate: 5 %},"
        " {pool: b, lines: [{line: c, measure: {indicator: csi, of: store}, each: 1}]}]\n"
        "examples: [{name: E, month: 2026-10, pools: {b: 1.00, gone: 2.00}, people:"
        " [{number: E1, sales: [{category: parts, received: 100}], expect: {total: 5.00, lines: {a: 6.00}}}]}]\n"
    )
    document = load(text)
    found = mismatches(document.plan, document.examples[0])
    assert [(each.what, str(each.expected), each.paid and str(each.paid)) for each in found] == [
        ("b", "1.00", None), ("gone", "2.00", None), ("E1: a", "6.00", "5.00"), ("E1", "5.00", None),
    ]  # fmt: skip
