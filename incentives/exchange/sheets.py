"""One sheet of any file as plain cells: what kind of file it is, is told by its first bytes, never by its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from incentives.core.errors import DomainError, Sentence, say
from incentives.exchange.limits import MOST_CELLS, MOST_COLUMNS, MOST_ROWS


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that holds no value, such as a formula that was never calculated; the reason counts only if the cell is needed."""

    reason: Sentence


Cell: TypeAlias = "str | int | Decimal | date | datetime | bool | Unreadable | None"
"""Text as written (leading zeros kept), whole numbers, exact decimals, days, moments without a zone; never a float."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its rows from the very first, so that row ``n`` of the file is ``rows[n - 1]``.

    Rows are as long as they are; the last ones that hold anything are not padded.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    others: tuple[str, ...] = ()
    """Names of all sheets one may choose instead, this one included."""


def column_letter(index: int) -> str:
    """The letters a spreadsheet gives the column: 0 → A, 25 → Z, 26 → AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The other way: A → 0, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def refuse_size(rows: int, columns: int) -> None:
    """Refuse a sheet that is larger than what is taken in.

    Raises:
        DomainError: too many rows or columns.
    """
    if rows > MOST_ROWS:
        raise DomainError(
            say("The sheet has more than {most} rows. Split it, by month for example.", most=f"{MOST_ROWS:,}")
        )
    if columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        raise DomainError(
            say("The sheet has more than {most} columns. Delete those that are not needed.", most=MOST_COLUMNS)
        )
