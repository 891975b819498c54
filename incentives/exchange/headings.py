"""Which row holds the headings, and which column is which field. What a store once chose is remembered.

A heading counts by its words alone: case, blanks, width and units in brackets, as in “金额（元）”, do not matter. A
column that fits no field is kept aside; a field that fits several columns, or none, is for a person to decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from incentives.exchange.interface import Field
from incentives.exchange.limits import HEADING_WITHIN
from incentives.exchange.sheets import Cell, Sheet
from incentives.web.i18n import chinese

IGNORED = ""
"""What is remembered of a column that belongs to no field."""
_ASIDE = re.compile(r"\([^)]*\)|\[[^]]*\]|【[^】]*】|[\s:*_/.\-、,]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet is read.

    Args:
        row: number of the heading row, from one.
        headings: as written, one for each column.
        columns: field key → column, from zero; only decided ones.
        guesses: field key → column for fields that nobody has decided; a person must confirm them.
        doubtful: fields that fit several columns.
    """

    row: int
    headings: tuple[str, ...]
    columns: Mapping[str, int]
    guesses: Mapping[str, int]
    doubtful: tuple[str, ...] = ()

    def missing(self, fields: Sequence[Field]) -> list[Field]:
        """Required fields without a column."""
        return [field for field in fields if field.required and field.key not in self.columns]

    @property
    def ignored(self) -> list[str]:
        """Headings of columns that are not read."""
        taken = set(self.columns.values())
        return [text for place, text in enumerate(self.headings) if text and place not in taken]


def normalised(heading: str) -> str:
    """The heading's words alone: “ 金额（元） ” and “金额” are the same."""
    plain = unicodedata.normalize("NFKC", heading).casefold().replace("\N{FULLWIDTH LEFT PARENTHESIS}", "(")
    return _ASIDE.sub("", plain) or _ASIDE.sub("", plain.replace("(", "").replace(")", ""))


def find_layout(
    sheet: Sheet,
    fields: Sequence[Field],
    *,
    remembered: Mapping[str, str] | None = None,
    chosen: Mapping[str, int | None] | None = None,
) -> Layout:
    """Find the heading row and map its columns.

    Args:
        sheet: the file.
        fields: what may be found.
        remembered: normalised heading → field key (or :data:`IGNORED`), as the store chose before.
        chosen: field key → column (or None for no column), as chosen for this very file; it settles everything.
    """
    meanings = _meanings(fields)
    memory = dict(remembered or {})
    row = _heading_row(sheet, meanings, memory)
    headings = tuple(_heading(cell) for cell in sheet.rows[row - 1])
    if chosen is not None:
        columns = {key: place for key, place in chosen.items() if place is not None and place < len(headings)}
        return Layout(row, headings, columns, {})
    return _mapped(row, headings, fields, [_meaning(text, meanings, memory) for text in headings])


def _mapped(row: int, headings: tuple[str, ...], fields: Sequence[Field], found: Sequence[str | None]) -> Layout:
    columns: dict[str, int] = {}
    guesses: dict[str, int] = {}
    doubtful: list[str] = []
    for field in fields:
        places = [place for place, key in enumerate(found) if key == field.key]
        if len(places) == 1:
            columns[field.key] = places[0]
        elif places:
            doubtful.append(field.key)
            guesses[field.key] = places[0]
        elif (guess := _guess(field, headings, found)) is not None:
            guesses[field.key] = guess
    return Layout(row, headings, columns, guesses, tuple(doubtful))


def _guess(field: Field, headings: Sequence[str], found: Sequence[str | None]) -> int | None:
    """The only free column whose heading holds one of the field's names; nobody is asked about optional fields."""
    if not field.required:
        return None
    names = [normalised(name) for name in field.names]
    fitting = [
        place
        for place, text in enumerate(headings)
        if found[place] is None and any(name and name in normalised(text) for name in names)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _heading(cell: Cell) -> str:
    return " ".join(cell.split())[:100] if isinstance(cell, str) else "" if cell is None else str(cell)[:100]


def _meanings(fields: Sequence[Field]) -> dict[str, str]:
    """Normalised heading → field key. The first field that claims a heading has it."""
    found: dict[str, str] = {}
    for field in fields:
        for name in (*field.names, field.label.pattern, chinese().ugettext(field.label.pattern), field.key):
            found.setdefault(normalised(name), field.key)
    return found


def _meaning(heading: str, meanings: Mapping[str, str], memory: Mapping[str, str]) -> str | None:
    """The field a heading stands for, :data:`IGNORED` if the store said so, None if nobody knows."""
    name = normalised(heading)
    if not name:
        return IGNORED
    return memory.get(name, meanings.get(name))


def _heading_row(sheet: Sheet, meanings: Mapping[str, str], memory: Mapping[str, str]) -> int:
    """The row with the most known headings, the upper of equals; if none is known, the first with two texts."""

    def known(row: Sequence[Cell]) -> int:
        return len({_meaning(cell, meanings, memory) for cell in row if isinstance(cell, str)} - {None, IGNORED})

    candidates = sheet.rows[:HEADING_WITHIN]
    best = max(range(len(candidates)), key=lambda place: (known(candidates[place]), -place))
    if known(candidates[best]):
        return best + 1
    texts = (number for number, row in enumerate(candidates, 1) if sum(isinstance(cell, str) for cell in row) > 1)
    return next(texts, 1)
