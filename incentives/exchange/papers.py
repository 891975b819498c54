"""Evidence that people send in: a picture, drawn anew, or a PDF, checked and kept as it came.

A PDF cannot be drawn anew without losing what it proves. It is therefore served as an attachment only, never shown
inside a page, and refused if it carries programs or files of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Response

from incentives.core.errors import DomainError, NotFound, say
from incentives.exchange import pictures, store
from incentives.exchange.kept import Paper
from incentives.exchange.limits import MEGABYTE

ACCEPT: Final = f"{pictures.ACCEPT},application/pdf"
"""What a file field offers to choose."""
PDF: Final = "application/pdf"
MOST_BYTES: Final = 10 * MEGABYTE
"""Of a PDF as sent."""
MOST_AT_ONCE: Final = 6
"""Files sent with one form."""
LONGEST_NAME: Final = 120
_END_WITHIN: Final = 1024
"""Bytes from the end of a PDF within which it says that it ends."""
_ACTIVE: Final = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
"""A letter of a name may stand as its number: ``/J#53`` is ``/JS``. Source: ISO 32000-1, 7.3.5."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent."""

    name: str
    data: bytes


def keep_papers(store_id: int, sent: Sequence[Sent]) -> list[Paper]:
    """Check every file, then keep all of them.

    Raises:
        DomainError: there are too many, or one is neither a picture nor a PDF that can be kept. Nothing is kept then.
    """
    if len(sent) > MOST_AT_ONCE:
        raise DomainError(say("At most {most} files at once.", most=MOST_AT_ONCE))
    for each in sent:
        if _looks_like_pdf(each.data):
            require_pdf(each.data)
        else:
            pictures.redraw(each.data)
    return [_keep(store_id, each) for each in sent]


def _keep(store_id: int, sent: Sent) -> Paper:
    name = " ".join(sent.name.replace("\\", "/").rsplit("/", 1)[-1].split())[-LONGEST_NAME:]
    if _looks_like_pdf(sent.data):
        kept = store.keep(store_id, sent.data)
        return Paper(name, PDF, kept.stored_as, kept.size, kept.sha256)
    picture = pictures.keep_picture(store_id, sent.data)
    size = len(pictures.load_picture(picture.stored_as))
    return Paper(name, pictures.MIME_TYPE, picture.stored_as, size, picture.sha256)


def _looks_like_pdf(data: bytes) -> bool:
    return data[:5] == b"%PDF-"


def require_pdf(data: bytes) -> None:
    """A PDF that may be kept.

    Raises:
        DomainError: it is too large, cut short, locked by a password, or carries programs or files.
    """
    if len(data) > MOST_BYTES:
        raise DomainError(say("The PDF is larger than {most} MB.", most=MOST_BYTES // MEGABYTE))
    if b"%%EOF" not in data[-_END_WITHIN:]:
        raise DomainError(say("The PDF is not whole: save it again and send it anew."))
    spelled = _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), data)
    if b"/Encrypt" in spelled:
        raise DomainError(say("The PDF is locked by a password: send one that can be opened."))
    if _ACTIVE.search(spelled):
        raise DomainError(say("The PDF carries programs or files of its own: print it to a new PDF and send that."))


def load_paper(stored_as: str, mime: str) -> bytes:
    """Read a kept file.

    Raises:
        NotFound: it is gone from the disk.
    """
    if mime != PDF:
        return pictures.load_picture(stored_as)
    try:
        return store.load(stored_as)
    except OSError as gone:
        raise NotFound(say("There is no such page, or it is not for you to see.")) from gone


def forget_paper(stored_as: str, mime: str) -> bool:
    """Delete a kept file; whether there was one."""
    return store.forget(stored_as) if mime == PDF else pictures.forget_picture(stored_as)


def as_attachment(data: bytes, mime: str, name: str) -> Response:
    """An answer that a browser saves and never shows inside a page."""
    response = Response(data, mimetype=mime)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
