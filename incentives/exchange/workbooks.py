"""Workbooks (.xlsx): checked part by part and packed anew before they are parsed, so that nothing hostile gets that far.

A workbook is a zip of XML. The headers of a zip can lie, XML can name entities, a sheet can claim cells at its far
corner, and a formula can stand there without its value. So each part is unpacked here under a limit, and the parser
is given a new zip of only what was looked at; links to other files never reach it.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree as ET

from incentives.core.errors import DomainError, say
from incentives.exchange.limits import MOST_PACKED_TIMES, MOST_PARTS, MOST_UNPACKED, SMALL_PART
from incentives.exchange.parsing import BROKEN, choose, error_cell, parse, put
from incentives.exchange.sheets import Sheet, Unreadable, column_index, refuse_size

ZIP = b"PK\x03\x04"
BOOK = "xl/workbook.xml"
BOOK_LINKS = "xl/_rels/workbook.xml.rels"
SHARED = ("[Content_Types].xml", "_rels/.rels", BOOK, BOOK_LINKS, "xl/sharedStrings.xml", "xl/styles.xml")
LINK_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
NO_VALUE = say("The formula in this cell has no value. Open the file in Excel or WPS, save it, and send it again.")

_ROOT = re.compile(rb"<(\w+:)?worksheet\b")
_R = rb"""\br\s*=\s*["']"""
_PLACE = re.compile(_R + rb"([A-Za-z]{1,3})(\d{1,7})")
_WIDE_OR_FAR = re.compile(
    rb"""r\s*=\s*["']"""  # without the word's edge, which would take twice as long
    rb"(?:[A-Za-z]{2,}\d|[A-Za-z]?(?:[2-9]\d{5}|\d{7}))"
)
_ROW_NUMBER = re.compile(_R + rb"(\d{1,12})")


class _Patterns:
    """What to look for in a sheet whose elements carry this prefix (mostly none, some programs write ``x:``)."""

    def __init__(self, prefix: bytes) -> None:
        names = {b"c": b"<%sc" % prefix, b"/c": b"</%sc>" % prefix, b"f": b"<%sf" % prefix, b"v": b"<%sv" % prefix}
        formula = rb"%s\b[^<]*(?:</%sf>)?\s*" % (names[b"f"], prefix)
        nothing = rb"(?:%s\s*/>\s*|%s>\s*</%sv>\s*)?" % (names[b"v"], names[b"v"], prefix)
        unvalued = formula + nothing + names[b"/c"]
        self.any_unvalued = re.compile(unvalued)
        self.unvalued = re.compile(names[b"c"] + rb"(\s[^>]*[^>/])>\s*" + unvalued)
        error = rb"""(\s[^>]*\bt=["']e["'][^>]*)>\s*"""
        self.failed = re.compile(names[b"c"] + error + b"(?:" + formula + b")?" + names[b"v"] + rb">([^<]{1,20})")
        self.filled = re.compile(names[b"c"] + rb"\s[^>]*?" + _R + rb"""([A-Za-z]+)(\d+)["'][^>]*(?<!/)>""")
        self.unplaced = re.compile(names[b"c"] + rb"(?:>|\s(?!" + _R + rb")(?![^>]*" + _R + rb")[^>]*(?<!/)>)")
        self.row_end = re.compile(rb"</%srow\s*>" % prefix)


@cache
def _patterns(prefix: bytes) -> _Patterns:
    return _Patterns(prefix)


@dataclass(frozen=True, slots=True)
class _Book:
    """A workbook's visible sheets by name, and a way to its parts."""

    parts: _Parts
    sheets: dict[str, str]


class _Parts:
    """The parts of a zip, unpacked under limits that count over all of them."""

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError) as fault:
            raise DomainError(BROKEN) from fault
        self._left = MOST_UNPACKED
        _refuse_bombs(self._archive.infolist())

    def __contains__(self, name: str) -> bool:
        return name in self._archive.NameToInfo

    def xml(self, name: str) -> bytes:
        """A part of XML without any declaration of entities.

        Raises:
            DomainError: it is missing, damaged, too large or declares a document type.
        """
        try:
            with self._archive.open(name) as part:
                found = part.read(self._left + 1)
        except (
            KeyError,
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
        ) as fault:
            raise DomainError(BROKEN) from fault
        self._left -= len(found)
        if self._left < 0:
            raise DomainError(_BOMB)
        if b"<!DOCTYPE" in found or b"<!ENTITY" in found or b"\0" in found:
            raise DomainError(BROKEN)
        return found


_BOMB = say("The file unpacks to far more than a list can hold, so it was not opened.")


def _refuse_bombs(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise DomainError(_BOMB)
    for part in parts:
        if part.file_size > max(SMALL_PART, part.compress_size * MOST_PACKED_TIMES):
            raise DomainError(_BOMB)


def read_xlsx(data: bytes, wanted: str | None = None) -> Sheet:
    """Read one sheet of a workbook: the named one, else the first visible one that holds anything.

    Raises:
        DomainError: it is damaged, hostile, too large or no .xlsx.
    """
    book = _open(data)
    for name in choose(list(book.sheets), wanted):
        sheet = _read_sheet(book, name)
        if wanted is not None or any(sheet.rows):
            return sheet
    raise DomainError(say("The workbook is empty."))


def _open(data: bytes) -> _Book:
    parts = _Parts(data)
    if BOOK not in parts:
        raise DomainError(say("This is not an .xlsx workbook. Open it in Excel or WPS and save it as .xlsx."))
    links = {link.get("Id"): link.get("Target", "") for link in _parse(parts.xml(BOOK_LINKS))}
    sheets = {
        sheet.get("name", ""): posixpath.normpath(posixpath.join("/xl", links.get(sheet.get(LINK_ID), "")))[1:]
        for sheet in _parse(parts.xml(BOOK)).iter()
        if sheet.tag.endswith("}sheet") and sheet.get("state", "visible") == "visible"
    }
    return _Book(parts, {name: path for name, path in sheets.items() if path.startswith("xl/worksheets/")})


def _parse(xml: bytes) -> ET.Element:
    try:
        return ET.fromstring(xml)  # noqa: S314 (a document type was refused when the part was unpacked)
    except ET.ParseError as fault:
        raise DomainError(BROKEN) from fault


def _read_sheet(book: _Book, name: str) -> Sheet:
    path = book.sheets[name]
    xml = book.parts.xml(path)
    root = _ROOT.search(xml)
    if root is None:
        raise DomainError(BROKEN)
    patterns = _patterns(root[1] or b"")
    _refuse_far_cells(xml, patterns)
    rows = parse(_repacked(book.parts, path, xml), name)
    for row, column, cell in _unreadable(xml, patterns):
        put(rows, row, column, cell)
    return Sheet(name, rows, tuple(book.sheets))


def _refuse_far_cells(xml: bytes, patterns: _Patterns) -> None:
    """A sheet is held as a rectangle, so its outermost filled cells decide how much memory it takes.

    Cells may leave out where they are; such a one stands beside the cell before it.
    """
    unplaced = patterns.unplaced.search(xml) is not None
    if not unplaced and not _WIDE_OR_FAR.search(xml):
        return  # at most 26 columns and 200,000 rows
    places = patterns.filled.findall(xml)
    rows = max((int(row) for _, row in places), default=0)
    columns = max((column_index(letters.decode().upper()) + 1 for letters in {one for one, _ in places}), default=0)
    if unplaced:
        rows = max(rows, *map(int, _ROW_NUMBER.findall(xml)), 1)
        columns += max(len(patterns.unplaced.findall(line)) for line in patterns.row_end.split(xml))
    refuse_size(rows, columns)


def _repacked(parts: _Parts, path: str, xml: bytes) -> bytes:
    """A workbook of just this sheet and what it needs, as it was checked."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in SHARED:
            if name in parts:
                archive.writestr(name, parts.xml(name))
        archive.writestr(path, xml)
    return target.getvalue()


def _unreadable(xml: bytes, patterns: _Patterns) -> Iterator[tuple[int, int, Unreadable]]:
    """Formulas that were never calculated, and cells that show an error; the parser would call both empty."""
    if patterns.any_unvalued.search(xml):
        for match in patterns.unvalued.finditer(xml):
            if b't="str"' not in match[1]:  # a formula whose value is the empty text
                yield *_place(match[1]), Unreadable(NO_VALUE)
    if b't="e"' in xml or b"t='e'" in xml:
        for match in patterns.failed.finditer(xml):
            yield *_place(match[1]), error_cell(match[2].decode("utf-8", "replace"))


def _place(attributes: bytes) -> tuple[int, int]:
    found = _PLACE.search(attributes)
    if found is None:
        raise DomainError(BROKEN)
    return int(found[2]) - 1, column_index(found[1].decode().upper())
