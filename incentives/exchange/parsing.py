"""From the spreadsheet parser's values to the house's cells: floats become exact numbers, blanks become nothing."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from incentives.core.errors import DomainError, say
from incentives.exchange.limits import MOST_EXACT
from incentives.exchange.sheets import Cell, Unreadable, refuse_size

Raw: TypeAlias = "str | int | float | bool | date | time | datetime | timedelta"

BROKEN = say("The file is damaged or was not saved completely. Open it, save it again as .xlsx, and send that.")
LOCKED = say("The file is locked with a password. Save it without one and send it again.")
NOT_FINITE = say("The cell holds no number that can be counted with (NaN or infinite).")
ROUNDED = say("Excel keeps only 15 digits of so long a number. Format the column as text and export it again.")


def parse(data: bytes, name: str) -> list[list[Cell]]:
    """The cells of one sheet from its very first row and column.

    Raises:
        DomainError: the parser cannot read it, or it is too large.
    """
    with guarded_parser():
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name)
        refuse_size(sheet.total_height, sheet.total_width)
        return [[_cell(raw) for raw in row] for row in sheet.to_python(skip_empty_area=False)]


@contextmanager
def guarded_parser() -> Iterator[None]:
    """Turn whatever the parser stumbles over into a sentence.

    Raises:
        DomainError: the file is locked or damaged.
    """
    try:
        yield
    except PasswordError as fault:
        raise DomainError(LOCKED) from fault
    except CalamineError as fault:
        raise DomainError(BROKEN) from fault
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # how a failure inside the Rust parser arrives
            raise
        raise DomainError(BROKEN) from fault


def choose(names: list[str], wanted: str | None) -> Iterator[str]:
    """The sheets to try, in order.

    Raises:
        DomainError: the wanted one is not there.
    """
    if wanted is None:
        yield from names
    elif wanted in names:
        yield wanted
    else:
        raise DomainError(say("The workbook has no sheet “{name}”.", name=wanted[:60]))


def _cell(raw: Raw) -> Cell:
    if isinstance(raw, str):
        return raw.strip() or None
    if isinstance(raw, float):
        return _number(raw)
    if isinstance(raw, (time, timedelta)):
        return str(raw)
    return raw


@lru_cache(maxsize=10_000)
def _number(raw: float) -> Cell:
    """The number that is written in the file: the shortest decimal that gives this float.

    Remembered, because lists repeat their numbers and an exact decimal takes its time to make.
    """
    if not math.isfinite(raw):
        return Unreadable(NOT_FINITE)
    if abs(raw) >= MOST_EXACT:
        return Unreadable(ROUNDED)
    return int(raw) if raw.is_integer() else Decimal(repr(raw))


def error_cell(shown: str) -> Unreadable:
    """A cell that shows an error such as #N/A."""
    return Unreadable(say("The cell shows the error {error}.", error=shown))


def put(rows: list[list[Cell]], row: int, column: int, cell: Cell) -> None:
    """Set a cell, wherever the rectangle ended that the parser gave."""
    refuse_size(row + 1, column + 1)
    rows.extend([] for _ in range(row + 1 - len(rows)))
    rows[row].extend(None for _ in range(column + 1 - len(rows[row])))
    rows[row][column] = cell
