"""Evidence is kept if it is a picture or a harmless PDF, and refused in a sentence otherwise."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from incentives.core.errors import DomainError, NotFound
from incentives.exchange import papers
from incentives.exchange.papers import Sent, as_attachment, keep_papers, load_paper

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n"


def picture() -> bytes:
    file = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    Image.new("RGB", (20, 10), "red").save(file, "JPEG", exif=exif)
    return file.getvalue()


def test_a_picture_loses_what_the_camera_wrote_and_a_pdf_stays_as_it_came(app: Flask) -> None:
    with app.app_context():
        kept = keep_papers(1, [Sent("C:\\photos\\bay 3.jpg", picture()), Sent("合同.pdf", PDF)])
        assert [(each.name, each.mime) for each in kept] == [("bay 3.jpg", "image/jpeg"), ("合同.pdf", papers.PDF)]
        assert b"where I live" not in load_paper(kept[0].stored_as, kept[0].mime)
        assert load_paper(kept[1].stored_as, kept[1].mime) == PDF


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<script>alert(1)</script>", "not a picture"),
        (b"", "not a picture"),
        (b"%PDF-1.7\n" + b"x" * 2000, "not whole"),
        (PDF.replace(b"/Catalog", b"/Catalog /Encrypt 3 0 R"), "locked by a password"),
        (PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript >>"), "carries programs"),
        (PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /J#61vaScript /J#53 (a) >>"), "carries programs"),
        (PDF.replace(b"/Catalog", b"/Catalog /Encr#79pt 3 0 R"), "locked by a password"),
        (PDF.replace(b"/Catalog", b"/Catalog /Names << /EmbeddedFiles 4 0 R >>"), "carries programs"),
        (b"%PDF-1.7\n" + b"x" * papers.MOST_BYTES + b"%%EOF", "larger than 10 MB"),
    ],
)
def test_what_cannot_be_evidence_is_refused_and_nothing_of_the_rest_is_kept(app: Flask, data: bytes, says: str) -> None:
    with app.app_context(), pytest.raises(DomainError, match=says):
        keep_papers(1, [Sent("good.pdf", PDF), Sent("bad", data)])
    folder = app.config["SETTINGS"].files
    assert not list(folder.glob("uploads/1/*"))


def test_too_many_files_are_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises(DomainError, match="At most 6"):
        keep_papers(1, [Sent("a.pdf", PDF)] * 7)


def test_a_file_that_is_gone_looks_like_none(app: Flask) -> None:
    with app.app_context(), pytest.raises(NotFound):
        load_paper("1/nothing", papers.PDF)


def test_evidence_is_saved_and_never_shown_inside_a_page() -> None:
    answer = as_attachment(PDF, papers.PDF, "合同.pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
