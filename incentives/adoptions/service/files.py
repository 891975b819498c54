"""Evidence of an adoption: pictures are drawn anew, PDF files kept as they came and only ever served as attachments."""

from __future__ import annotations

from sqlalchemy import select

from incentives import clock
from incentives.adoptions.models import Adoption, AdoptionFile, FileKind
from incentives.audit import service as audit
from incentives.core.errors import DomainError, NotFound, say
from incentives.db import db
from incentives.exchange import pictures, store
from incentives.exchange.papers import require_pdf

ACCEPT = f"{pictures.ACCEPT},application/pdf"
"""What a file field offers to choose."""
PDF_HEAD = b"%PDF-"
MOST_FILES = 20
"""Of one adoption."""
LONGEST_NAME = 120


def attach(adoption: Adoption, name: str, data: bytes, *, actor_id: int | None) -> AdoptionFile:
    """Add a piece of evidence.

    Raises:
        DomainError: it is no picture and no PDF that is taken in, too large, or one too many.
    """
    if len(adoption.files) >= MOST_FILES:
        raise DomainError(say("An adoption record holds at most {most} files.", most=MOST_FILES))
    kind, stored_as, size, sha256 = _keep(adoption.store_id, data)
    file = AdoptionFile(
        kind=kind,
        name=name[-LONGEST_NAME:],
        stored_as=stored_as,
        size=size,
        sha256=sha256,
        added_by=actor_id,
        added_at=clock.now(),
    )
    adoption.files.append(file)
    db.session.flush()
    audit.record(
        "adoptions.evidence_added",
        store_id=adoption.store_id,
        actor_id=actor_id,
        subject=str(adoption.says),
        changes={"sha256": (None, sha256)},
    )
    return file


def _keep(store_id: int, data: bytes) -> tuple[FileKind, str, int, str]:
    if data.startswith(PDF_HEAD):
        require_pdf(data)
        kept = store.keep(store_id, data)
        return FileKind.PDF, kept.stored_as, kept.size, kept.sha256
    picture = pictures.keep_picture(store_id, data)
    return FileKind.PICTURE, picture.stored_as, len(pictures.load_picture(picture.stored_as)), picture.sha256


def file_of(adoption: Adoption, file_id: int) -> AdoptionFile:
    """A piece of an adoption's evidence.

    Raises:
        NotFound: it has none of that id.
    """
    found = db.session.scalars(
        select(AdoptionFile).where(AdoptionFile.adoption_id == adoption.id, AdoptionFile.id == file_id)
    ).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def content_of(file: AdoptionFile) -> bytes:
    """What a piece of evidence holds.

    Raises:
        NotFound: it is gone from the disk.
    """
    if file.kind is FileKind.PICTURE:
        return pictures.load_picture(file.stored_as)
    try:
        return store.load(file.stored_as)
    except OSError as gone:
        raise NotFound(say("There is no such page, or it is not for you to see.")) from gone
