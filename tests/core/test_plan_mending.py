"""The three ways to settle a plan table: keep the months, keep the total, edit (product.md §3)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.errors import DomainError
from incentives.core.plan_mending import edit, keep_months, keep_total
from incentives.core.plan_table import TOTAL, PlanTable, read_table
from incentives.core.proofreading import Kind, proofread
from tests.core.cases import annual_plan


@pytest.fixture(name="department")
def _department() -> PlanTable:
    return read_table(annual_plan())


def plan(*columns: list[int], totals: list[str]) -> PlanTable:
    """Twelve months of columns a, b, c … with totals."""
    body = [[str(n + 1), *(str(column[n]) for column in columns)] for n in range(12)]
    return read_table([["月份", *"abcdef"[: len(columns)]], *body, ["总计", *totals]])


def months(table: PlanTable, column: int) -> list[Fraction | None]:
    return [table.number(month, column) for month in range(1, 13)]


def test_keeping_the_months_recomputes_the_totals(department: PlanTable) -> None:
    kept = keep_months(department)
    assert [kept.number(TOTAL, column) for column in range(4)] == [600, Fraction("419.1"), Fraction("180.9"), 58]
    assert months(kept, 1) == months(department, 1)


def test_keeping_the_months_leaves_april_as_it_was_written(department: PlanTable) -> None:
    assert [finding.kind for finding in proofread(keep_months(department))] == [Kind.STEADY_SHARE]


def test_keeping_the_months_gives_a_total_to_a_table_without_one() -> None:
    table = read_table([["月份", "a"], *([str(n), "5"] for n in range(1, 13))])
    assert keep_months(table).number(TOTAL, 0) == 60


def test_keeping_the_total_gives_april_its_steady_share_back(department: PlanTable) -> None:
    kept = keep_total(department)
    assert (kept.number(4, 1), kept.number(4, 2)) == (Fraction("32.9"), Fraction("14.1"))
    assert proofread(kept) == ()


def test_what_was_written_stays_as_it_was(department: PlanTable) -> None:
    keep_total(department)
    keep_months(department)
    assert department == read_table(annual_plan())


def test_keeping_the_total_scales_the_months_by_largest_remainder() -> None:
    kept = keep_total(plan([10] * 11 + [20], totals=["100"]))
    assert months(kept, 0) == [8] * 8 + [7] * 3 + [15]


def test_months_of_zero_take_the_total_evenly() -> None:
    assert months(keep_total(plan([0] * 12, totals=["25"])), 0) == [3] + [2] * 11


def test_a_month_whose_share_was_broken_on_purpose_keeps_it_if_the_totals_say_so() -> None:
    whole, first, second = [100] * 12, [60] * 11 + [50], [40] * 11 + [50]
    meant = plan(whole, first, second, totals=["1200", "710", "490"])
    assert keep_total(meant) == meant


def test_rows_go_on_adding_up_when_the_parts_are_scaled() -> None:
    kept = keep_total(plan([100, 90] * 6, [60, 55] * 6, [40, 35] * 6, totals=["1140", "720", "420"]))
    assert proofread(kept) == ()


def test_a_part_that_would_fall_below_zero_is_scaled_by_itself() -> None:
    kept = keep_total(plan([10] * 11 + [200], [9] * 11 + [1], [1] * 11 + [199], totals=["310", "300", "10"]))
    assert kept.months_sum(1) == 300
    assert kept.months_sum(2) == 10
    assert all((number or 0) >= 0 for number in months(kept, 2))


def test_a_column_without_a_stated_total_stays_as_it_is() -> None:
    table = plan([10] * 12, [7, 5] * 6, totals=["120", ""])
    assert months(keep_total(table), 1) == [7, 5] * 6


@given(st.lists(st.integers(0, 500), min_size=12, max_size=12), st.integers(0, 9000))
def test_a_kept_total_is_what_the_months_add_up_to(written: list[int], total: int) -> None:
    assert keep_total(plan(written, totals=[str(total)])).months_sum(0) == total


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([[str(n), "5"] for n in range(1, 12)], id="a missing month"),
        pytest.param([[str(max(n, 2)), "5"] for n in range(1, 13)], id="a doubled month"),
        pytest.param([[str(n), "约5"] for n in range(1, 13)], id="text for a number"),
        pytest.param([[str(n), "-5"] for n in range(1, 13)], id="a negative number"),
    ],
)
def test_a_table_that_is_not_whole_must_be_edited_first(lines: list[list[str]]) -> None:
    table = read_table([["月份", "a"], *lines])
    for decide in (keep_months, keep_total):
        with pytest.raises(DomainError, match="edit the table first"):
            decide(table)


def test_editing_puts_a_number_in_its_place(department: PlanTable) -> None:
    edited = edit(department, {(4, "接车前台"): Fraction("32.9"), (TOTAL, "精品配件"): Fraction(60)})
    assert (edited.number(4, 1), edited.number(TOTAL, 3)) == (Fraction("32.9"), Fraction(60))
    assert edited.number(3, 1) == Fraction("33.6")


def test_an_edited_table_has_each_month_once_and_in_order() -> None:
    jumbled = read_table([["月份", "a"], ["2", "5"], ["2", "6"], ["备注", "7"], *([str(n), "1"] for n in range(3, 13))])
    edited = edit(jumbled, {(1, "a"): Fraction(4)})
    assert [row.month for row in edited.rows] == [*range(1, 13), TOTAL]
    assert months(edited, 0)[:3] == [4, 5, 1]


@pytest.mark.parametrize("place", [(13, "接车前台"), (-1, "接车前台"), (4, "不在表中")])
def test_a_place_that_is_not_in_the_table_is_refused(department: PlanTable, place: tuple[int, str]) -> None:
    with pytest.raises(DomainError, match="no place"):
        edit(department, {place: Fraction(1)})
