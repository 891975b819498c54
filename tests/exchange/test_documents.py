"""Documents as PDF: their text can be read, their fonts are embedded, and the same data give the same bytes."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from incentives.config import resource
from incentives.core.errors import Plain
from incentives.exchange import documents
from incentives.exchange.documents import as_pdf

LETTER = """#import "/documents/house.typ": *
#show: document-page
= #data.title
#facts(data.facts)
#rows(("项目", "金额"), data.rows, money: (1,), columns: (1fr, auto))
#signature("本人签字")
"""
ODD_NAME = "单曜堃 *粗* #panic() $x$"


@pytest.fixture(autouse=True)
def _letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of templates with the house's pieces and one letter."""
    templates = tmp_path / "templates"
    shutil.copytree(resource("templates") / "documents", templates / "documents")
    (templates / "letter.typ").write_text(LETTER, encoding="utf-8")
    monkeypatch.setattr(documents, "resource", lambda name: templates if name == "templates" else resource(name))


def _letter_of(rows: list[Plain], day: int = 1) -> bytes:
    facts: list[Plain] = [["姓名", ODD_NAME]]
    at = datetime(2026, 11, day, tzinfo=UTC)
    return as_pdf("letter", title="工资条", footer="一号店", lang="zh", at=at, data={"facts": facts, "rows": rows})


def test_a_document_can_be_read_and_a_name_is_never_markup() -> None:
    text = PdfReader(BytesIO(_letter_of([["精品提成 ≥ 80 %", "1,944.00"]]))).pages[0].extract_text()

    for said in ("工资条", ODD_NAME, "精品提成 ≥ 80 %", "1,944.00", "本人签字", "一号店", "1 / 1"):
        assert said in text


def test_every_font_is_embedded_so_that_no_phone_shows_boxes() -> None:
    page: Any = PdfReader(BytesIO(_letter_of([]))).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]

    assert fonts
    for font in fonts:
        below = font["/DescendantFonts"][0].get_object()
        assert "NotoSansCJKsc" in below["/BaseFont"]
        assert "/FontFile3" in below["/FontDescriptor"].get_object()


def test_the_same_data_give_the_same_bytes_and_a_new_page_carries_the_heading_again() -> None:
    rows: list[Plain] = [[f"第 {place} 行", "1.00"] for place in range(80)]

    assert _letter_of(rows) == _letter_of(rows)
    assert _letter_of(rows) != _letter_of(rows, day=2)
    pages = PdfReader(BytesIO(_letter_of(rows))).pages
    told = [page.extract_text() for page in pages if " 行" in page.extract_text()]
    assert len(told) > 1
    assert all("项目" in page for page in told)
