"""CSV and other text tables: which characters, which separator, which rows."""

from __future__ import annotations

import csv
import io
from enum import StrEnum

from incentives.core.errors import DomainError, Sentence, say
from incentives.exchange.limits import LONGEST_CELL
from incentives.exchange.sheets import Cell, Sheet, refuse_size

SEPARATORS = (",", "\t", ";")
SAMPLE_LINES = 20
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Encoding(StrEnum):
    """How the bytes of a text file are read."""

    AUTO = "auto"
    UTF8 = "utf-8"
    GB18030 = "gb18030"


def read_text(data: bytes, encoding: Encoding = Encoding.AUTO) -> Sheet:
    """Read a table of text. Every cell is text or nothing.

    Raises:
        DomainError: the bytes are no text, or the table is broken or too large.
    """
    text = decode(data, encoding)
    csv.field_size_limit(LONGEST_CELL * 10)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=False)
    rows: list[list[Cell]] = []
    try:
        for line in reader:
            refuse_size(len(rows) + 1, len(line))
            rows.append([cell.strip() or None for cell in line])
    except csv.Error as fault:
        raise DomainError(
            say("Row {row} cannot be read: a quotation mark is open, or a cell is far too long.", row=len(rows) + 1)
        ) from fault
    return Sheet("CSV", rows)


def decode(data: bytes, encoding: Encoding = Encoding.AUTO) -> str:
    """The text: a byte order mark decides, then strict UTF-8, then GB18030 (which holds GBK and GB2312).

    Raises:
        DomainError: it is none of them, or not as chosen.
    """
    for mark, name in _MARKS:
        if encoding is Encoding.AUTO and data.startswith(mark):
            return _strictly(data, name, _NO_TEXT)
    if encoding is not Encoding.AUTO:
        refusal = say(
            "The file is not written in {encoding}. Choose another encoding.", encoding=encoding.value.upper()
        )
        return _strictly(data, encoding.value, refusal).removeprefix("\ufeff")
    try:
        return _strictly(data, "utf-8", _NO_TEXT)
    except DomainError:
        return _strictly(data, "gb18030", _NO_TEXT)


_NO_TEXT = say("This is neither a spreadsheet nor a text file. Export it again as .xlsx or .csv.")


def _strictly(data: bytes, name: str, refusal: Sentence) -> str:
    try:
        text = data.decode(name)
    except UnicodeDecodeError as fault:
        raise DomainError(refusal) from fault
    if "\0" in text:
        raise DomainError(_NO_TEXT)
    return text


def _separator(text: str) -> str:
    """The one that stands most evenly in the first lines; a comma if none does."""
    lines = [line for line in text[:20_000].splitlines()[:SAMPLE_LINES] if line.strip()]
    counts = {mark: sorted(line.count(mark) for line in lines) for mark in SEPARATORS}
    return max(SEPARATORS, key=lambda mark: counts[mark][len(lines) // 2] if lines else 0)
