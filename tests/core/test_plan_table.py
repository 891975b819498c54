"""Reading a plan table without correcting anything (product.md §3)."""

from __future__ import annotations

from fractions import Fraction

import pytest

from incentives.core.errors import DomainError
from incentives.core.plan_table import MOST_PLACES, TOTAL, PlanTable, read_month, read_table
from tests.core.cases import annual_plan


def read(text: str) -> PlanTable:
    return read_table([line.split("|") for line in text.strip().splitlines()])


def test_the_department_s_plan_is_read_as_written() -> None:
    table = read_table(annual_plan())
    assert table.columns == ("总产值目标", "接车前台", "保险理赔续保", "精品配件")
    assert [row.month for row in table.rows] == [*range(1, 13), TOTAL]
    assert table.number(4, 1) == 32
    assert table.months_sum(1) == Fraction("419.1")
    assert [table.places(column) for column in range(4)] == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("label", "month"),
    [
        *[pytest.param(label, 4, id=label) for label in ("4", "04", "4月", "4 月", "4月份", "四月", "4.0")],
        *[pytest.param(label, 4, id=label) for label in ("Apr", "April", "apr.", "2026-04", "2026年4月", "2026/4")],
        *[pytest.param(label, 11, id=label) for label in ("十一月", "十一", "NOV")],
        *[pytest.param(label, TOTAL, id=label) for label in ("总计", "合 计", "Total", "全年")],
        *[pytest.param(label, None, id=label or "nothing") for label in ("", "0", "13", "备注", "十三月", "Foo", "-4")],
    ],
)
def test_the_month_a_row_label_means(label: str, month: int | None) -> None:
    assert read_month(label) == month


@pytest.mark.parametrize(
    ("cell", "read_as"),
    [
        pytest.param(" 1,234.5 ", Fraction("1234.5"), id="separators and blanks"),
        pytest.param("３５.０", Fraction(35), id="full-width digits"),
        pytest.param("-3", Fraction(-3), id="a negative number is kept, and reported"),
        pytest.param("", None, id="nothing"),
        pytest.param("约50", "约50", id="text stays text"),
        pytest.param("1e5", "1e5", id="an exponent is text"),
        pytest.param("NaN", "NaN", id="not a number is text"),
        pytest.param("9" * 31, "9" * 31, id="an endless number is text"),
    ],
)
def test_a_cell_is_an_exact_number_or_stays_text(cell: str, read_as: Fraction | str | None) -> None:
    table = read_table([["月份", "a", "b"], ["1", cell, "0"]])
    assert table.rows[0].cells[0] == read_as


def test_empty_lines_and_outer_columns_are_left_out_and_line_numbers_kept() -> None:
    table = read_table([["", ""], ["月份", "a", "", ""], ["", ""], ["1", "5", "", ""], ["2"]])
    assert [(row.line, row.cells) for row in table.rows] == [(4, (Fraction(5),)), (5, (None,))]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        pytest.param("", "not a plan table", id="nothing"),
        pytest.param("月份|a", "not a plan table", id="headings only"),
        pytest.param("月份\n1", "not a plan table", id="no columns"),
        pytest.param("月份|a||b\n1|1|2|3", "no heading", id="a column without a heading"),
        pytest.param("月份|a\n1|1|2", "no heading", id="a number beyond the headings"),
        pytest.param("月份|a|a\n1|1|2", "called “a”", id="two columns of one name"),
        pytest.param("月份" + "|a" * 41 + "\n1|1", "at most 40 columns", id="more columns than any plan has"),
        pytest.param("月份|a" + "\n1|1" * 61, "60 rows", id="more rows than any plan has"),
    ],
)
def test_what_is_no_table_is_refused(text: str, refusal: str) -> None:
    with pytest.raises(DomainError, match=refusal):
        read(text)


def test_a_place_without_a_row_has_no_number() -> None:
    assert read("月份|a\n1|5").number(2, 0) is None


@pytest.mark.parametrize(
    ("written", "places"), [("5", 0), ("5.10", 1), ("5.123456789012", MOST_PLACES), ("x", 0)], ids=lambda v: f"{v}"
)
def test_a_column_has_the_decimals_that_were_written(written: str, places: int) -> None:
    assert read(f"月份|a\n1|{written}").places(0) == places
