"""Old workbooks (.xls): their container and records are walked here first, so that the parser meets no trap.

A record can claim a cell at column 65,535 and make the parser fill a rectangle of billions of cells; the stream can
be locked; a cell can hold an error. Source of the layouts: Microsoft's [MS-CFB] and [MS-XLS].
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from incentives.core.errors import DomainError, say
from incentives.exchange.parsing import BROKEN, LOCKED, choose, error_cell, guarded_parser, parse, put
from incentives.exchange.sheets import Sheet, refuse_size

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_COLUMNS_OF_XLS = 256
LAST_SECTOR = 0xFFFFFFFA
SMALL_STREAM = 4096
ENTRY = 128

FILE_PASS, BOUND_SHEET, STRINGS = 0x2F, 0x85, 0xFC
FORMULA, BOOL_OR_ERROR = 0x06, 0x0205
CELLS = frozenset({FORMULA, BOOL_OR_ERROR, 0xBD, 0xBE, 0xD6, 0xFD, 0x0201, 0x0203, 0x0204, 0x027E})
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


@dataclass(frozen=True, slots=True)
class _Walk:
    """What the records say: where each sheet begins, and which cells hold errors, by their place in the stream."""

    starts: list[int]
    errors: list[tuple[int, int, int, str]]


def read_xls(data: bytes, wanted: str | None = None) -> Sheet:
    """Read one sheet: the named one, else the first visible one that holds anything.

    Raises:
        DomainError: it is damaged, locked or hostile.
    """
    walk = _walk(_stream(data))
    names, visible = _names(data)
    for name in choose(visible, wanted):
        rows = parse(data, name)
        for row, column, shown in _errors_of(walk, names.index(name)):
            put(rows, row, column, error_cell(shown))
        if wanted is not None or any(rows):
            return Sheet(name, rows, tuple(visible))
    raise DomainError(say("The workbook is empty."))


def _names(data: bytes) -> tuple[list[str], list[str]]:
    with guarded_parser():
        found = CalamineWorkbook.from_filelike(io.BytesIO(data)).sheets_metadata
    visible = [
        sheet.name
        for sheet in found
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    return [sheet.name for sheet in found], visible


def _errors_of(walk: _Walk, place: int) -> Iterator[tuple[int, int, str]]:
    """Errors between the sheet's beginning and the next one's."""
    if place >= len(walk.starts):
        return
    start = walk.starts[place]
    end = min((other for other in walk.starts if other > start), default=1 << 32)
    for offset, row, column, shown in walk.errors:
        if start <= offset < end:
            yield row, column, shown


def _walk(stream: bytes) -> _Walk:
    """Look at every record once.

    Raises:
        DomainError: the workbook is locked, or a record claims what cannot be.
    """
    found = _Walk([], [])
    for offset, kind, body in _records(stream):
        if kind == FILE_PASS:
            raise DomainError(LOCKED)
        if kind == BOUND_SHEET and len(body) >= 4:
            found.starts.append(int.from_bytes(body[:4], "little"))
        elif kind == STRINGS and int.from_bytes(body[4:8], "little") > len(stream):
            raise DomainError(BROKEN)
        elif kind in CELLS and len(body) >= 6:
            row, column = struct.unpack_from("<HH", body)
            refuse_size(row + 1, 0 if column < MOST_COLUMNS_OF_XLS else column)
            if shown := _error(kind, body):
                found.errors.append((offset, row, column, shown))
    return found


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    offset = 0
    while offset + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, offset)
        yield offset, kind, stream[offset + 4 : offset + 4 + length]
        offset += 4 + length


def _error(kind: int, body: bytes) -> str:
    """The error a cell shows, or nothing."""
    if kind == BOOL_OR_ERROR and len(body) >= 8 and body[7]:
        return ERRORS.get(body[6], "#N/A")
    if kind == FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        return ERRORS.get(body[8], "#N/A")
    return ""


def _stream(data: bytes) -> bytes:
    """The workbook's stream out of its container.

    Raises:
        DomainError: the container is damaged, or holds a locked workbook, or none.
    """
    try:
        return _Container(data).workbook()
    except (struct.error, IndexError, ValueError) as fault:
        raise DomainError(BROKEN) from fault


class _Container:
    """A compound file: sectors chained by a table, and a directory of named streams."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._sector = 1 << min(struct.unpack_from("<H", data, 30)[0], 12)
        table = [number for number in struct.unpack_from("<109I", data, 76) if number < LAST_SECTOR]
        table += self._further_table(*struct.unpack_from("<2I", data, 68))
        self._next = [following for number in table for following in self._numbers(number)]
        self._entries = dict(self._directory(struct.unpack_from("<I", data, 48)[0]))

    def workbook(self) -> bytes:
        """The stream of a workbook, long or short."""
        if "EncryptedPackage" in self._entries:
            raise DomainError(LOCKED)
        found = self._entries.get("Workbook") or self._entries.get("Book")
        if found is None:
            raise DomainError(say("This is not an Excel workbook. Open it in Excel or WPS and save it as .xlsx."))
        start, size = found
        if size >= SMALL_STREAM:
            return self._chain(start)[:size]
        return self._short(start)[:size]

    def _at(self, number: int) -> bytes:
        return self._data[(number + 1) * self._sector : (number + 2) * self._sector]

    def _numbers(self, number: int) -> tuple[int, ...]:
        found = self._at(number)
        return struct.unpack(f"<{len(found) // 4}I", found[: len(found) // 4 * 4])

    def _further_table(self, start: int, count: int) -> list[int]:
        """Parts of the table beyond the 109 that the header names; the last number of each leads on."""
        found: list[int] = []
        for _ in range(min(count, len(self._data) // self._sector)):
            if start >= LAST_SECTOR:
                break
            *numbers, start = self._numbers(start)
            found += [number for number in numbers if number < LAST_SECTOR]
        return found

    def _chain(self, start: int) -> bytes:
        parts: list[bytes] = []
        number = start
        while number < LAST_SECTOR:
            if len(parts) > len(self._next):
                raise ValueError("the chain bites its tail")
            parts.append(self._at(number))
            number = self._next[number]
        return b"".join(parts)

    def _short(self, start: int) -> bytes:
        """A stream kept in pieces of 64 bytes inside the root's."""
        table = self._chain(struct.unpack_from("<I", self._data, 60)[0])
        following = struct.unpack(f"<{len(table) // 4}I", table)
        root = self._chain(self._entries["Root Entry"][0])
        parts: list[bytes] = []
        number = start
        while number < LAST_SECTOR and len(parts) <= len(following):
            parts.append(root[number * 64 : number * 64 + 64])
            number = following[number]
        return b"".join(parts)

    def _directory(self, start: int) -> Iterator[tuple[str, tuple[int, int]]]:
        entries = self._chain(start)
        for offset in range(0, len(entries) - ENTRY + 1, ENTRY):
            length = struct.unpack_from("<H", entries, offset + 64)[0]
            name = entries[offset : offset + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            yield name, struct.unpack_from("<II", entries, offset + 116)
