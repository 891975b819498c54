"""The proof-reader of plan tables: the department's own plan, and any other (product.md §3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.attainment import Comparison
from incentives.core.plan_mending import edit
from incentives.core.plan_splits import Split, steady_splits, whole_splits
from incentives.core.plan_table import TOTAL, PlanTable, read_table
from incentives.core.proofreading import Finding, Kind, proofread, sense_of_product, sense_of_target
from tests.core.cases import annual_plan, worked_case

TEN_THOUSAND = Fraction(10_000)


def sentences(found: Sequence[Finding]) -> list[str]:
    return [str(finding.sentence) for finding in found]


def plan(columns: Mapping[str, Sequence[str]]) -> PlanTable:
    """A table of twelve months, and of a total where a thirteenth figure is given."""
    rows = max(len(cells) for cells in columns.values())
    labels = [*map(str, range(1, 13)), "总计"]
    body = [[labels[n], *(cells[n] for cells in columns.values())] for n in range(rows)]
    return read_table([["月份", *columns], *body])


def year_of(*figures: float, total: str = "") -> list[str]:
    """Twelve months' figures (the first ones repeated) and a total."""
    months = [str(figures[n % len(figures)]) for n in range(12)]
    return [*months, total] if total else months


@pytest.fixture(name="department")
def _department() -> PlanTable:
    return read_table(annual_plan())


def test_the_worked_plan_table_gives_exactly_its_findings(department: PlanTable) -> None:
    assert sentences(proofread(department)) == worked_case("other.toml", "plan-table-proof-reading")["finds"]


def test_each_finding_names_its_place_and_amount(department: PlanTable) -> None:
    reception, insurance, april = proofread(department)
    assert (reception.line, reception.month, reception.columns) == (14, TOTAL, ("接车前台",))
    assert reception.differences == (Fraction("-0.9"),)
    assert insurance.differences == (Fraction("0.9"),)
    assert (april.line, april.month, april.columns) == (5, 4, ("接车前台", "保险理赔续保"))
    assert april.differences == (Fraction("-0.9"), Fraction("0.9"))


def test_the_table_itself_shows_what_makes_up_what_and_in_which_shares(department: PlanTable) -> None:
    assert whole_splits(department) == (Split(0, (1, 2)),)
    (steady,) = steady_splits(department)
    assert (steady.parts, steady.shares) == ((1, 2), (Fraction(7, 10), Fraction(3, 10)))


def test_the_plan_is_held_against_the_other_indicators(department: PlanTable) -> None:
    factors = [Fraction(650), Fraction(12), Fraction(800)]
    senses = [
        sense_of_product("总产值目标", factors, TEN_THOUSAND),
        sense_of_target("保险理赔续保", Fraction(220), Comparison.AT_LEAST),
        sense_of_target("精品配件", Fraction(30), Comparison.AT_LEAST),
        sense_of_target("不在表中", Fraction(1), Comparison.AT_LEAST),
    ]
    total, insurance = [finding for finding in proofread(department, senses) if finding.kind is Kind.SENSE]
    assert str(total.sentence) == (
        "总产值目标: 650 × 12 × 800 gives 624.0, but 600.0 is planned in all (difference -24.0)"
    )
    assert str(insurance.sentence) == (
        "保险理赔续保: 180.0 is planned in all, but the indicator's target is >= 220.0 (difference -40.0)"
    )
    assert (insurance.line, insurance.differences) == (14, (Fraction(-40),))


def test_a_total_that_follows_from_the_indicators_makes_sense(department: PlanTable) -> None:
    agreeing = [sense_of_product("总产值目标", [Fraction(625), Fraction(12), Fraction(800)], TEN_THOUSAND)]
    assert not [finding for finding in proofread(department, agreeing) if finding.kind is Kind.SENSE]


def test_without_a_total_row_the_months_are_held_against_the_indicators() -> None:
    (finding,) = proofread(plan({"产值": year_of(50)}), [sense_of_target("产值", Fraction(700), Comparison.AT_LEAST)])
    assert (finding.line, finding.differences) == (None, (Fraction(-100),))


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        pytest.param(
            {},
            [],
            id="a sound table has no findings",
        ),
        pytest.param(
            {"全店": year_of(100, total="1201")},
            ["全店: months add up to 1,200, total says 1,201 (difference -1)", "total: 机电 and 钣喷 add up to 1,200, 全店 says 1,201 (difference -1)"],
            id="a wrong total is wrong down and across",
        ),
        pytest.param(
            {"机电": [*year_of(60)[:6], "61", *year_of(60)[7:], "721"]},
            [
                "July: 机电 and 钣喷 add up to 101, 全店 says 100 (difference +1)",
                "total: 机电 and 钣喷 add up to 1,201, 全店 says 1,200 (difference +1)",
                "July: 61 and 40 where the 60/40 share of every other month gives 60 and 40",
            ],
            id="parts that do not make up the whole",
        ),
        pytest.param(
            {"机电": [*year_of(60)[:10], "50", "55", "705"], "钣喷": [*year_of(40)[:10], "50", "45", "495"]},
            [
                "November: 50 and 50 where the 60/40 share of most other months gives 60 and 40",
                "December: 55 and 45 where the 60/40 share of most other months gives 60 and 40",
            ],
            id="two months with other shares",
        ),
        pytest.param(
            {"精品": [*year_of(5)[:11], "9", "64"]},
            ["December: 9 where the 5 % share of every other month gives 5"],
            id="a steady share of one column alone",
        ),
    ],
)  # fmt: skip
def test_any_other_table_is_read_by_its_own_rules(broken: dict[str, list[str]], found: list[str]) -> None:
    sound = {"全店": year_of(100, total="1200"), "机电": year_of(60, total="720"), "钣喷": year_of(40, total="480")}
    assert sentences(proofread(plan(sound | broken))) == found


def test_shares_that_were_rounded_when_written_are_steady() -> None:
    table = plan({"a": year_of(50, 49, 47), "b": year_of(33.3, 32.7, 31.3), "c": year_of(16.7, 16.3, 15.7)})
    assert proofread(table) == ()


def test_a_month_without_a_number_does_not_hide_the_rule_of_the_others() -> None:
    table = plan({"全店": year_of(100, 90), "机电": ["", *year_of(60, 54)[1:]], "钣喷": year_of(40, 36)})
    assert whole_splits(table) == (Split(0, (1, 2)),)
    assert sentences(proofread(table)) == ["Row 2, 机电: there is no number."]


def test_figures_without_any_rule_have_no_findings() -> None:
    table = plan({"a": year_of(50, 41, 47, 66), "b": year_of(3, 9, 4, 4, 8, 1)})
    assert proofread(table) == ()


def test_too_few_months_show_no_rule() -> None:
    table = read_table([["月份", "a", "b", "c"], ["1", "10", "6", "4"], ["2", "10", "6", "4"]])
    assert whole_splits(table) == ()
    assert steady_splits(table) == ()


def test_the_fewest_parts_are_taken_and_parts_may_have_parts() -> None:
    columns = {"全店": year_of(100, 90), "售后": year_of(70, 65), "机电": year_of(50, 40), "钣喷": year_of(20, 25)}
    table = plan({**columns, "精品": year_of(30, 25)})
    assert whole_splits(table) == (Split(0, (1, 4)), Split(1, (2, 3)))


def test_a_column_of_zeros_is_no_part() -> None:
    table = plan({"a": year_of(50, 41), "b": year_of(50, 41), "c": year_of(0)})
    assert whole_splits(table) == ()


def test_in_a_wide_table_neighbouring_columns_are_found_as_parts() -> None:
    people = {f"P{n}": year_of(n + 1, 2 * n + 3) for n in range(11)}
    table = plan({"all": year_of(66, 143), **people})
    assert whole_splits(table) == (Split(0, tuple(range(1, 12))),)


@pytest.mark.parametrize(
    ("lines", "kind", "found"),
    [
        pytest.param(["2|5"], Kind.MISSING_MONTH, "January is missing.", id="a month is missing"),
        pytest.param(["1|5", "1|6"], Kind.DOUBLED_MONTH, "January stands there twice, in rows 2 and 3.", id="doubled"),
        pytest.param(
            ["总计|5", "合计|6"], Kind.DOUBLED_MONTH, "total stands there twice, in rows 2 and 3.", id="two totals"
        ),
        pytest.param(["备注|5"], Kind.UNKNOWN_ROW, "Row 2: “备注” is neither a month nor a total.", id="a remark"),
        pytest.param(["1|约5"], Kind.NO_NUMBER, "Row 2, 产值: “约5” is not a number.", id="text for a number"),
        pytest.param(["1|"], Kind.NO_NUMBER, "Row 2, 产值: there is no number.", id="an empty cell"),
        pytest.param(["1|-5"], Kind.NEGATIVE, "Row 2, 产值: a planned figure cannot be negative.", id="below zero"),
    ],
)
def test_a_table_that_is_not_whole(lines: list[str], kind: Kind, found: str) -> None:
    table = read_table([["月份", "产值"], *(line.split("|") for line in lines)])
    assert sentences([finding for finding in proofread(table) if finding.kind is kind])[0] == found


def test_all_missing_months_are_named() -> None:
    table = read_table([["月份", "产值"], ["5", "1"], ["5", "1"]])
    missing = [finding.month for finding in proofread(table) if finding.kind is Kind.MISSING_MONTH]
    assert missing == [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12]


@given(month=st.integers(1, 12), slip=st.integers(1, 100))
def test_a_slip_in_any_month_of_the_plan_is_found_in_its_place(month: int, slip: int) -> None:
    table = read_table(annual_plan())
    steady = edit(table, {(4, "接车前台"): Fraction("32.9"), (4, "保险理赔续保"): Fraction("14.1")})
    right = steady.number(month, 1)
    assert right is not None
    slipped = edit(steady, {(month, "接车前台"): right + Fraction(slip, 10)})
    found = proofread(slipped)
    assert {finding.kind for finding in found} == {Kind.COLUMN_TOTAL, Kind.PARTS, Kind.STEADY_SHARE}
    assert {finding.month for finding in found} == {month, TOTAL}
