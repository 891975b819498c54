"""Find the plan table in a sheet: under titles, beside remarks, months down or across, in 万 or in yuan.

Nothing is corrected here. Rows keep their number in the file, so that every finding can be looked up there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import zip_longest

from incentives.core.errors import DomainError, say
from incentives.core.plan_table import PlanTable, number_in, read_month, read_table
from incentives.exchange.sheets import Cell, Sheet, Unreadable

FEWEST_MONTHS = 3
"""With fewer rows of months it is no plan of a year."""
YUAN_FROM = 100_000
"""Without a word about the unit, a table with figures as large as this is in yuan, any other in 万."""
MOST_LINES, MOST_COLUMNS = 200, 40

_NO_TABLE = say("This is not a plan table: it needs headings, and a row for each month.")
_ASIDE = re.compile(r"占比|比例|百分比|share|备注|序号|说明|%|remark|note", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """A plan table's cells as written, headings first; lines that are not part of it are empty. ``wan``: in 万."""

    lines: list[list[str]]
    wan: bool

    def table(self) -> PlanTable:
        """The table in them."""
        return read_table(self.lines)


def find_plan(sheet: Sheet) -> PlanSheet:
    """Find the table.

    Raises:
        DomainError: there is none, or it is far larger than a plan of a year.
    """
    texts = [[_text(cell) for cell in row] for row in sheet.rows]
    if len(texts) > MOST_LINES or max(map(len, texts), default=0) > MOST_COLUMNS:
        raise DomainError(say("This is far larger than a plan of a year: {rows} rows.", rows=len(texts)))
    if _months_across(texts):
        texts = [list(column) for column in zip_longest(*texts, fillvalue="")]
    label = _label_column(texts)
    first = next(number for number, row in enumerate(texts) if _month_at(row, label))
    heading = next((n for n in range(first - 1, -1, -1) if sum(map(bool, texts[n])) > 1), None)
    if heading is None:
        raise DomainError(_NO_TABLE)
    columns = _columns(texts, label, heading)
    lines = [_line(row, label, columns) if number >= heading else [] for number, row in enumerate(texts)]
    lines[heading][0] = lines[heading][0] or "月份"
    found = PlanSheet([line if _belongs(line, n, heading) else [] for n, line in enumerate(lines)], wan=False)
    return PlanSheet(found.lines, _in_wan(texts[: heading + 1], found.table()))


def _text(cell: Cell) -> str:
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, Unreadable):
        return "?"
    if isinstance(cell, date):
        return f"{cell:%Y-%m}"
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell).strip()


def _month_at(row: Sequence[str], column: int) -> int | None:
    return read_month(row[column]) if column < len(row) and row[column] else None


def _months_across(texts: Sequence[Sequence[str]]) -> bool:
    """Whether one line holds the months, so that the table lies on its side."""
    across = max((len({month for cell in row if (month := _named(cell))}) for row in texts), default=0)
    return across > FEWEST_MONTHS * 2 and across > _months_down(texts, _best_column(texts))


def _named(cell: str) -> int | None:
    """A month that is written as one; a bare number might be a figure."""
    return None if cell.isdecimal() else read_month(cell)


def _months_down(texts: Sequence[Sequence[str]], column: int) -> int:
    return len({month for row in texts if (month := _month_at(row, column))})


def _best_column(texts: Sequence[Sequence[str]]) -> int:
    """The column with the most months; between a counter and the labels, the one with a total or months in words."""
    width = max(map(len, texts), default=0)
    worded = [sum(bool(row[n:]) and _named(row[n]) is not None for row in texts) for n in range(width)]
    return max(range(width), key=lambda n: (_months_down(texts, n), worded[n], -n), default=0)


def _label_column(texts: Sequence[Sequence[str]]) -> int:
    column = _best_column(texts)
    if _months_down(texts, column) < FEWEST_MONTHS:
        raise DomainError(_NO_TABLE)
    return column


def _columns(texts: Sequence[Sequence[str]], label: int, heading: int) -> list[int]:
    """The columns of figures: those after the labels that hold a number, but for shares, counters and remarks."""
    body = read_table([["", *map(str, range(MOST_COLUMNS))], *(["", *_padded(row)] for row in texts[heading + 1 :])])
    numbered = {n for n in range(MOST_COLUMNS) if any(number_in(row, n) is not None for row in body.rows)}
    headings = _padded(texts[heading])
    return [n for n in sorted(numbered) if n > label and not _ASIDE.search(headings[n])]


def _padded(row: Sequence[str]) -> list[str]:
    return [*row, *[""] * (MOST_COLUMNS - len(row))]


def _line(row: Sequence[str], label: int, columns: Sequence[int]) -> list[str]:
    cells = _padded(row)
    return [cells[label], *(cells[column] for column in columns)]


def _belongs(line: Sequence[str], number: int, heading: int) -> bool:
    """Footnotes do not: they name no month and hold no figure."""
    return number == heading or any(line[1:]) or bool(line and read_month(line[0]))


def _in_wan(above: Sequence[Sequence[str]], table: PlanTable) -> bool:
    words = "".join(cell for row in above for cell in row)
    if "万" in words or "元" in words or "yuan" in words.casefold():
        return "万" in words
    numbers = [number for row in table.rows for n in range(len(table.columns)) if (number := number_in(row, n))]
    return max(numbers, default=0) < YUAN_FROM
