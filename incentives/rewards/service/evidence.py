"""Evidence of a record: pictures and PDFs, added and superseded, never deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from incentives import clock
from incentives.audit import service as audit
from incentives.core.errors import Conflict, NotFound, say
from incentives.db import db
from incentives.exchange.kept import Paper
from incentives.rewards.models import Evidence, Purpose, RewardRecord


def attach(records: Iterable[RewardRecord], papers: Sequence[Paper], *, purpose: Purpose, actor_id: int | None) -> None:
    """Add kept files to records that were made together: each names all of them."""
    for record in records:
        for paper in papers:
            record.evidence.append(_row(record, paper, purpose, actor_id))
    db.session.flush()


def _row(record: RewardRecord, paper: Paper, purpose: Purpose, actor_id: int | None) -> Evidence:
    return Evidence(
        store_id=record.store_id,
        purpose=purpose,
        name=paper.name,
        mime=paper.mime,
        stored_as=paper.stored_as,
        size=paper.size,
        sha256=paper.sha256,
        added_by=actor_id,
        added_at=clock.now(),
    )


def add(
    record: RewardRecord, papers: Sequence[Paper], *, purpose: Purpose, actor_id: int, supersedes_id: int | None = None
) -> int:
    """Add further files to a record; returns how many. The first may take the place of an older one.

    Raises:
        NotFound: the record has no such older file.
        Conflict: the older file was superseded already.
    """
    if not papers:
        return 0
    older = None if supersedes_id is None else _to_supersede(record, supersedes_id)
    attach([record], papers, purpose=purpose, actor_id=actor_id)
    if older is not None:
        record.evidence[-len(papers)].supersedes_id = older.id
        db.session.flush()
    changes: dict[str, tuple[object, object]] = {"files": (None, " ".join(paper.sha256[:12] for paper in papers))}
    audit.record(
        "rewards.evidence_added", store_id=record.store_id, actor_id=actor_id, subject=f"#{record.id}", changes=changes
    )
    return len(papers)


def _to_supersede(record: RewardRecord, evidence_id: int) -> Evidence:
    older = file_of(record, evidence_id)
    if any(each.supersedes_id == older.id for each in record.evidence):
        raise Conflict(say("This file was superseded already."))
    return older


def file_of(record: RewardRecord, evidence_id: int) -> Evidence:
    """One of a record's files.

    Raises:
        NotFound: it has none of that id.
    """
    found = db.session.scalars(
        select(Evidence).where(Evidence.record_id == record.id, Evidence.id == evidence_id)
    ).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found
