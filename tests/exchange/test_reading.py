from __future__ import annotations

import io
import struct
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from incentives.core.errors import DomainError
from incentives.exchange import limits
from incentives.exchange.reading import read
from incentives.exchange.sheets import Cell, Unreadable, column_index, column_letter
from incentives.exchange.texts import Encoding
from tests.exchange.wares import HEADINGS, ROWS, csv_file, workbook

OLD_WORKBOOK = Path(__file__).parent / "sales.xls"
"""Three sales as an old program exports them, with a second sheet of remarks."""


def first_rows(data: bytes) -> list[list[Cell]]:
    return [list(row) for row in read(data).rows]


def refusal(data: bytes, **how: Encoding) -> str:
    with pytest.raises(DomainError) as caught:
        read(data, **how)
    return str(caught.value)


def with_part(data: bytes, name: str, change: tuple[bytes, bytes]) -> bytes:
    """The workbook with one part changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == name:
                assert change[0] in text
                text = text.replace(*change, 1)
            new.writestr(part.filename, text)
    return target.getvalue()


def test_a_workbook_gives_exact_numbers_days_and_texts_as_written() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("销售")
    day, moment = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_string(0, 0, "0012")
    sheet.write_number(0, 1, 53.3)
    sheet.write_number(0, 2, 3880)
    sheet.write_datetime(0, 3, datetime(2026, 11, 3), day)  # noqa: DTZ001 (files know no zone)
    sheet.write_datetime(0, 4, datetime(2026, 11, 3, 9, 30), moment)  # noqa: DTZ001 (the same)
    sheet.write_boolean(0, 5, True)
    sheet.write_string(0, 6, "  尾 ")
    sheet.write_string(0, 8, "x")
    book.close()
    assert first_rows(target.getvalue()) == [
        ["0012", Decimal("53.3"), 3880, date(2026, 11, 3), datetime(2026, 11, 3, 9, 30), True, "尾", None, "x"]  # noqa: DTZ001 (the same)
    ]


def test_rows_keep_their_numbers_though_the_sheet_begins_further_down() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.add_worksheet("a").write_string(3, 1, "x")
    book.close()
    assert [row for row in first_rows(target.getvalue()) if any(row)] == [[None, "x"]]
    assert len(first_rows(target.getvalue())) == 4


def test_an_old_workbook_is_read() -> None:
    found = read(OLD_WORKBOOK.read_bytes())
    assert found.others == ("销售明细", "备注")
    assert list(found.rows[1]) == ["0001", date(2026, 11, 3), "林小满", 2, 1944]
    assert list(found.rows[2])[4] == Decimal("-53.3")
    assert list(read(OLD_WORKBOOK.read_bytes(), sheet="备注").rows) == [["第二张表"]]


@pytest.mark.parametrize(
    "data",
    [
        csv_file(encoding="utf-8"),
        csv_file(encoding="utf-8-sig"),
        csv_file(encoding="gb18030"),
        csv_file(encoding="utf-16"),
        csv_file().replace(b",", b";"),
        csv_file().replace(b",", b"\t"),
        csv_file().replace(b"\r\n", b"\n"),
        csv_file().replace(b"\r\n", b"\r"),
        csv_file().replace(b"\r\n", b"\n", 1),
    ],
    ids=["utf-8", "mark", "gb18030", "utf-16", "semicolons", "tabs", "newlines", "returns", "mixed line ends"],
)
def test_a_text_table_is_read_however_it_is_written(data: bytes) -> None:
    assert first_rows(data) == [list(HEADINGS), *([str(cell) for cell in row] for row in ROWS)]


def test_quoted_cells_may_hold_separators_and_line_ends() -> None:
    assert first_rows(b'a,b\r\n"1,2","x\ny"\r\n')[1] == ["1,2", "x\ny"]


def test_the_encoding_can_be_forced() -> None:
    data = csv_file(encoding="gb18030")
    assert "UTF-8" in refusal(data, encoding=Encoding.UTF8)
    assert read(data, encoding=Encoding.GB18030).rows[0][0] == "单号"


def test_gb18030_holds_rare_names() -> None:
    assert first_rows("姓名\n𠮷野\n".encode("gb18030"))[1] == ["𠮷野"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b" \r\n\r\n", "The file is empty."),
        (b",,\r\n,,\r\n", "is empty"),
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "web page"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><Workbook/>", "web page"),
        (b"%PDF-1.7 ...", "neither a spreadsheet nor a text file"),
        (b"a,b\x00c\n", "neither a spreadsheet nor a text file"),
        (b"\xff\xff\xff\xff", "neither a spreadsheet nor a text file"),
        (b"PK\x03\x04 and nothing", "damaged"),
        (workbook()[:-200], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2048, "damaged"),
        (b'a,b\n"' + b"x" * 30_000 + b"\n", "Row 2 cannot be read"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_a_zip_of_something_else_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert "not an .xlsx workbook" in refusal(target.getvalue())


def test_a_formula_without_a_value_is_named_by_its_cell_and_no_other_suffers() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["B1"], sheet["B3"] = "金额", "单号", "=1+1"
    sheet["A2"] = 5
    target = io.BytesIO()
    book.save(target)
    rows = first_rows(target.getvalue())
    assert rows[1][0] == 5
    assert isinstance(rows[2][1], Unreadable)
    assert "has no value" in str(rows[2][1].reason)


def test_a_formula_with_its_value_counts_as_the_value_even_if_that_is_no_text() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_formula(0, 0, "=1+1", None, 2)
    sheet.write_formula(0, 1, '=""', None, "")
    sheet.write_string(0, 2, "x")
    book.close()
    data = with_part(target.getvalue(), "xl/worksheets/sheet1.xml", (b'<c r="B1"', b'<c r="B1" t="str"'))
    assert first_rows(data) == [[2, None, "x"]]


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!"])
def test_a_cell_that_shows_an_error_is_not_an_empty_one(error: str) -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, "a")
    sheet.write_formula(1, 1, "=1/0", None, error)
    book.close()
    cell = first_rows(target.getvalue())[1][1]
    assert isinstance(cell, Unreadable)
    assert error in str(cell.reason)


def test_an_error_in_an_old_workbook_is_not_an_empty_cell() -> None:
    data = OLD_WORKBOOK.read_bytes()
    name = data.index(struct.pack("<HHHH", 0xFD, 10, 2, 2))
    error = struct.pack("<HHHHHBBH", 0x0205, 10, 2, 2, 0, 0x2A, 1, 0)
    cell = read(data[:name] + error + data[name + len(error) :]).rows[2][2]
    assert isinstance(cell, Unreadable)
    assert "#N/A" in str(cell.reason)


def test_a_number_that_is_none_is_not_read() -> None:
    data = with_part(workbook(), "xl/worksheets/sheet1.xml", (b"<v>-1</v>", b"<v>NaN</v>"))
    cell = first_rows(data)[2][3]
    assert isinstance(cell, Unreadable)
    assert "NaN" in str(cell.reason)


def test_a_long_number_that_has_lost_digits_is_not_read() -> None:
    cell = first_rows(workbook([(202_611_030_000_123_456, "2026-11-03")]))[1][0]
    assert isinstance(cell, Unreadable)
    assert "15 digits" in str(cell.reason)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/workbook.xml", b" " * (limits.SMALL_PART * 40))
    assert len(target.getvalue()) < limits.MEGABYTE
    assert "unpacks to far more" in refusal(target.getvalue())


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    data = workbook()
    honest = zipfile.ZipFile(io.BytesIO(data)).getinfo("xl/worksheets/sheet1.xml").file_size
    lying = data.replace(struct.pack("<I", honest), struct.pack("<I", 10))
    assert lying != data
    assert "damaged" in refusal(lying)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"])
def test_xml_that_declares_entities_is_refused(part: str) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    data = workbook()
    start = zipfile.ZipFile(io.BytesIO(data)).read(part).split(b"?>", 1)[0] + b"?>"
    assert "damaged" in refusal(with_part(data, part, (start, bomb)))


@pytest.mark.parametrize(
    "corner",
    [b'r="XFD1048576"', b'r="xfd2"', b'r="GZ2"', b'r="B200001"', b"r='A9999999'", b'r = "XFD3"', b'\nr="XFD3"'],
)
def test_a_cell_at_the_far_corner_does_not_fill_the_memory(corner: bytes) -> None:
    data = with_part(workbook(), "xl/worksheets/sheet1.xml", (b'r="D3"', corner))
    assert "more than" in refusal(data)


def test_cells_that_do_not_say_where_they_are_do_not_fill_the_memory_either() -> None:
    wide = b'<row r="1">' + b"<c><v>1</v></c>" * 300 + b'</row><row r="199999"><c><v>1</v></c></row></sheetData>'
    assert "more than" in refusal(with_part(workbook(), "xl/worksheets/sheet1.xml", (b"</sheetData>", wide)))


def test_cells_that_do_not_say_where_they_are_are_read_in_order() -> None:
    more = b'<row r="4"><c t="inlineStr"><is><t>SO3</t></is></c><c><v>5</v></c></row></sheetData>'
    data = with_part(workbook(), "xl/worksheets/sheet1.xml", (b"</sheetData>", more))
    assert first_rows(data)[3][:2] == ["SO3", 5]


def test_an_old_workbook_with_a_far_cell_is_refused() -> None:
    data = bytearray(OLD_WORKBOOK.read_bytes())
    cell = data.index(b"\xfd\x00\x0a\x00\x01\x00\x00\x00")
    data[cell + 6 : cell + 8] = struct.pack("<H", 60_000)
    assert "more than" in refusal(bytes(data))


def test_formatted_empty_rows_to_the_end_of_the_sheet_are_no_rows() -> None:
    empty = b'<row r="1048576"><c r="A1048576" s="1"/></row></sheetData>'
    data = with_part(workbook(), "xl/worksheets/sheet1.xml", (b"</sheetData>", empty))
    assert len([row for row in read(data).rows if any(row)]) == 3


def test_a_locked_workbook_is_refused_by_name() -> None:
    data = bytearray(OLD_WORKBOOK.read_bytes())
    name = "Workbook".encode("utf-16-le")
    assert name in data
    locked = "EncryptedPackage".encode("utf-16-le")
    place = data.index(name)
    data[place : place + len(locked)] = locked
    data[place + 64 : place + 66] = struct.pack("<H", len(locked) + 2)
    assert "password" in refusal(bytes(data))


def test_an_old_workbook_that_is_cut_off_anywhere_is_refused_in_a_sentence() -> None:
    data = OLD_WORKBOOK.read_bytes()
    for length in range(8, len(data), 97):
        try:
            read(data[:length])
        except DomainError as refused:
            assert str(refused)  # noqa: PT017 (some cuts only lose the last, empty sectors)


def test_too_many_rows_are_refused() -> None:
    assert "more than 200,000 rows" in refusal(b"a\n" * (limits.MOST_ROWS + 1))


def test_too_many_columns_are_refused() -> None:
    assert "columns" in refusal(b"a," * limits.MOST_COLUMNS + b"a\n")


def test_another_sheet_can_be_asked_for_and_hidden_ones_cannot() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.add_worksheet("空")
    book.add_worksheet("数据").write_string(0, 0, "x")
    hidden = book.add_worksheet("内部")
    hidden.write_string(0, 0, "secret")
    hidden.hide()
    book.close()
    found = read(target.getvalue())
    assert (found.name, found.others) == ("数据", ("空", "数据"))
    with pytest.raises(DomainError, match="no sheet"):
        read(target.getvalue(), sheet="内部")


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_the_letters_of_a_spreadsheet(index: int, letters: str) -> None:
    assert (column_letter(index), column_index(letters)) == (letters, index)


def test_a_sheet_whose_elements_carry_a_prefix_is_looked_at_just_as_closely() -> None:
    sheet = (
        b'<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<x:sheetData><x:row r="1"><x:c r="A1"><x:v>7</x:v></x:c><x:c r="B1"><x:f>1+1</x:f></x:c>'
        b'<x:c r="C1" t="e"><x:v>#N/A</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    data = workbook()
    old = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    rows = first_rows(with_part(data, "xl/worksheets/sheet1.xml", (old, sheet)))
    assert rows[0][0] == 7
    assert isinstance(rows[0][1], Unreadable)
    assert isinstance(rows[0][2], Unreadable)
