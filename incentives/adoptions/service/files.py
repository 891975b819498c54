"""Evidence of an adoption: a picture or PDF that is kept as all evidence is, and never taken away."""

from __future__ import annotations

from sqlalchemy import select

from incentives import clock
from incentives.adoptions.models import Adoption, AdoptionFile, FileKind
from incentives.audit import service as audit
from incentives.core.errors import DomainError, NotFound, say
from incentives.db import db
from incentives.exchange.papers import PDF, Sent, keep_papers, load_paper
from incentives.exchange.pictures import MIME_TYPE

MOST_FILES = 20
"""Of one adoption."""
MIME_TYPES = {FileKind.PICTURE: MIME_TYPE, FileKind.PDF: PDF}


def attach(adoption: Adoption, name: str, data: bytes, *, actor_id: int | None) -> AdoptionFile:
    """Add a piece of evidence.

    Raises:
        DomainError: it is no picture and no PDF that is taken in, too large, or one too many.
    """
    if len(adoption.files) >= MOST_FILES:
        raise DomainError(say("An adoption record holds at most {most} files.", most=MOST_FILES))
    (paper,) = keep_papers(adoption.store_id, [Sent(name, data)])
    file = AdoptionFile(
        kind=FileKind.PDF if paper.mime == PDF else FileKind.PICTURE,
        name=paper.name,
        stored_as=paper.stored_as,
        size=paper.size,
        sha256=paper.sha256,
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
        changes={"sha256": (None, paper.sha256)},
    )
    return file


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
    return load_paper(file.stored_as, MIME_TYPES[file.kind])
