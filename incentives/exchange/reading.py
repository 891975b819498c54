"""Read any file that is taken in. Its first bytes tell what it is; its name is not asked."""

from __future__ import annotations

from incentives.core.errors import DomainError, say
from incentives.exchange.legacy import OLE, read_xls
from incentives.exchange.limits import MEGABYTE, MOST_BYTES
from incentives.exchange.sheets import Sheet
from incentives.exchange.texts import Encoding, read_text
from incentives.exchange.workbooks import ZIP, read_xlsx

KNOWN_AS_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


def read(data: bytes, *, encoding: Encoding = Encoding.AUTO, sheet: str | None = None) -> Sheet:
    """Read one sheet: the named one, else the first visible one that holds anything.

    Args:
        data: the file.
        encoding: of a text file; workbooks carry their own.
        sheet: the sheet's name in a workbook.

    Raises:
        DomainError: the file is empty, too large, broken, hostile, locked or of another kind.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise DomainError(say("The file is empty."))
    if len(data) > MOST_BYTES:
        raise DomainError(say("The file is larger than {most} MB.", most=MOST_BYTES // MEGABYTE))
    found = _read(data, encoding, sheet)
    if not any(cell is not None for row in found.rows for cell in row):
        raise DomainError(say("The sheet “{name}” is empty.", name=found.name[:60]))
    return found


def _read(data: bytes, encoding: Encoding, sheet: str | None) -> Sheet:
    if data.startswith(ZIP):
        return read_xlsx(data, sheet)
    if data.startswith(OLE):
        return read_xls(data, sheet)
    _refuse_others(data)
    return read_text(data, encoding)


def _refuse_others(data: bytes) -> None:
    start = data[:2_000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        raise DomainError(
            say("This is a web page with the name of a spreadsheet. Open it in Excel or WPS and save it as .xlsx.")
        )
    if start.startswith(KNOWN_AS_OTHERS):
        raise DomainError(say("This is neither a spreadsheet nor a text file. Export it again as .xlsx or .csv."))
