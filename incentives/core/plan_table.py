"""A plan table: months down, columns across, a total below; kept as it was written.

Source: product.md §3 (import of a plan table). Reading never corrects anything: text that is no number stays
text, a month may be missing or stand there twice. :mod:`incentives.core.proofreading` says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from incentives.core.errors import DomainError, Sentence, say
from incentives.core.period import MONTHS_IN_YEAR

Cell: TypeAlias = "Fraction | str | None"
"""An exact number, text that is none, or nothing."""

TOTAL = 0
"""Stands in the place of a month's number for the total row."""

MONTH_NAMES: tuple[Sentence, ...] = (
    say("total"),
    say("January"),
    say("February"),
    say("March"),
    say("April"),
    say("May"),
    say("June"),
    say("July"),
    say("August"),
    say("September"),
    say("October"),
    say("November"),
    say("December"),
)
"""The name of a row by its month's number; the total at :data:`TOTAL`."""

_TOTAL_LABELS = frozenset({"总计", "合计", "共计", "总和", "全年", "年度合计", "total", "sum", "year", "grandtotal"})
_CHINESE_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERED_MONTH = re.compile(r"(?:\d{4}\s*[-/.年]\s*)?(\d{1,2})(?:\.0)?\s*月?份?")
_ENGLISH_MONTH = re.compile(r"([a-z]{3})[a-z]*\.?")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,12})?")
MOST_COLUMNS, MOST_ROWS = 40, 60
"""Larger tables are no plan of a department's year."""

LONGEST_NUMBER = 30
MOST_PLACES = 12
"""Longer or finer figures are no plan's."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it was written. ``month`` is 1 to 12, :data:`TOTAL`, or ``None`` for neither."""

    line: int
    label: str
    month: int | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class PlanTable:
    """The columns' names, and all rows in the order they were written."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def months(self) -> tuple[Row, ...]:
        """The rows of months, repeated ones too, in the order written."""
        return tuple(row for row in self.rows if row.month)

    def row(self, month: int) -> Row | None:
        """The first row of a month, or of the total."""
        return next((row for row in self.rows if row.month == month), None)

    def number(self, month: int, column: int) -> Fraction | None:
        """The number in a place; ``None`` if there is none."""
        row = self.row(month)
        return number_in(row, column) if row else None

    def months_sum(self, column: int) -> Fraction:
        """What the months of a column add up to, as far as they are numbers."""
        return sum((number_in(row, column) or Fraction(0) for row in self.months()), Fraction(0))

    def places(self, column: int) -> int:
        """The most decimals written in a column: the resolution at which it is checked and corrected."""
        numbers = (number_in(row, column) for row in self.rows)
        return max((_decimals(number) for number in numbers if number is not None), default=0)


def number_in(row: Row, column: int) -> Fraction | None:
    """The number in a row's cell; ``None`` if it is text or empty."""
    cell = row.cells[column]
    return cell if isinstance(cell, Fraction) else None


def _decimals(number: Fraction) -> int:
    return next((places for places in range(MOST_PLACES) if (number * 10**places).denominator == 1), MOST_PLACES)


def read_table(lines: Sequence[Sequence[str]]) -> PlanTable:
    """Read a table from its cells' text: headings first, row labels in the first column. Empty lines are skipped.

    Rows keep their line number, counted from 1, so that a fault can be found in the file.

    Raises:
        DomainError: there are no columns of numbers or no rows, two columns have the same name or none, or there are too many.
    """
    cleaned = [(number, _cleaned(line)) for number, line in enumerate(lines, start=1)]
    filled = [(number, cells) for number, cells in cleaned if cells]
    width = max((len(cells) for _, cells in filled), default=0)
    if len(filled) < 2 or width < 2:
        raise DomainError(say("This is not a plan table: it needs headings, and a row for each month."))
    if width > MOST_COLUMNS + 1 or len(filled) > MOST_ROWS + 1:
        raise DomainError(
            say("A plan table has at most {columns} columns and {rows} rows.", columns=MOST_COLUMNS, rows=MOST_ROWS)
        )
    (_, headings), *body = [(number, cells + [""] * (width - len(cells))) for number, cells in filled]
    return PlanTable(_columns(headings[1:]), tuple(_row(number, cells) for number, cells in body))


def _cleaned(line: Sequence[str]) -> list[str]:
    """Cells without full-width characters and outer blanks, and without empty cells at the end."""
    cells = [unicodedata.normalize("NFKC", cell).strip() for cell in line]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _columns(names: Sequence[str]) -> tuple[str, ...]:
    if "" in names:
        raise DomainError(say("A column has no heading."))
    doubled = next((name for name, times in Counter(names).items() if times > 1), None)
    if doubled:
        raise DomainError(say("Two columns are called “{column}”.", column=doubled))
    return tuple(names)


def _row(line: int, cells: Sequence[str]) -> Row:
    label, *figures = cells
    return Row(line, label, read_month(label), tuple(_cell(text) for text in figures))


def _cell(text: str) -> Cell:
    if len(text) <= LONGEST_NUMBER and _NUMBER.fullmatch(text):
        return Fraction(text.replace(",", ""))
    return text or None


def read_month(label: str) -> int | None:
    """The month's number a row label means: ``4``, ``4月``, ``四月``, ``Apr``, ``2026-04``; or :data:`TOTAL`."""
    text = label.casefold().replace(" ", "")
    if text in _TOTAL_LABELS:
        return TOTAL
    if text.removesuffix("份").removesuffix("月") in _CHINESE_MONTHS:
        return _CHINESE_MONTHS.index(text.removesuffix("份").removesuffix("月")) + 1
    if (match := _ENGLISH_MONTH.fullmatch(text)) and match[1] in _ENGLISH_MONTHS:
        return _ENGLISH_MONTHS.index(match[1]) + 1
    match = _NUMBERED_MONTH.fullmatch(text)
    return int(match[1]) if match and 1 <= int(match[1]) <= MONTHS_IN_YEAR else None
