"""Tables as files: .xlsx and .csv that never hold a live formula, whatever a cell says."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import TypeAlias

import xlsxwriter
from flask import Response
from werkzeug.utils import secure_filename

from incentives.core.money import FEN_PER_YUAN, Money
from incentives.core.period import Month

Cell: TypeAlias = "str | int | Money | Month | date | datetime | None"

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"xlsx": XLSX, "csv": "text/csv", "pdf": "application/pdf"}
FIXED_MOMENT = datetime(2000, 1, 1)  # noqa: DTZ001 (the file format knows no zone; a constant keeps the bytes equal)
LIVE = ("=", "+", "-", "@", "\t", "\r")
WIDEST = 40


@dataclass(frozen=True, slots=True)
class Table:
    """A heading and rows, with the name of the sheet. Rows may be a generator: they are written as they come."""

    name: str
    heading: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    notes: Sequence[Sequence[Cell]] = ()
    """Rows under the table, such as control totals."""


def as_xlsx(*tables: Table) -> bytes:
    """A workbook. The same tables give the same bytes."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    book.set_properties({"created": FIXED_MOMENT})
    bold, amount = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    for table in tables:
        sheet = book.add_worksheet(table.name[:31])
        sheet.freeze_panes(1, 0)
        for column, text in enumerate(table.heading):
            sheet.set_column(column, column, min(WIDEST, max(10, 2 * len(text))))
            sheet.write_string(0, column, text, bold)
        for number, row in enumerate(chain(table.rows, table.notes), start=1):
            _write_row(sheet, number, row, amount)
    book.close()
    return target.getvalue()


def _write_row(sheet: xlsxwriter.worksheet.Worksheet, number: int, row: Sequence[Cell], amount: object) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, Money):
            sheet.write_number(number, column, cell.fen / FEN_PER_YUAN, amount)
        elif isinstance(cell, int) and abs(cell) < 10**15:
            sheet.write_number(number, column, cell)
        elif cell is not None:
            sheet.write_string(number, column, as_text(cell))


def as_text(cell: Cell) -> str:
    """A cell as people and other programs read it."""
    if cell is None:
        return ""
    if isinstance(cell, Money):
        return cell.plain()
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark, as Excel in China expects it. Text that a spreadsheet would run gets an apostrophe."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(table.heading)
    for row in chain(table.rows, table.notes):
        writer.writerow([_harmless(cell) for cell in row])
    return target.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> str:
    text = as_text(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(LIVE) else text


def download(data: bytes, name: str, kind: str) -> Response:
    """An attachment. ``name`` without ending; Chinese names are kept for browsers that understand them."""
    response = Response(data, mimetype=TYPES[kind])
    plain = secure_filename(name) or "table"
    response.headers.set("Content-Disposition", "attachment", filename=f"{plain}.{kind}")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
