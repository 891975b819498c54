"""Append to the trail, read it, and prove that nobody changed it.

Each entry's hash covers its own content and the hash before, so a changed or missing entry breaks the chain. The
head row and the seal — a file outside the database, signed with the secret key — catch what a chain alone cannot:
a cut tail, or the whole database put back to an older day.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import current_app, has_request_context, request
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from incentives import clock
from incentives.audit.models import AuditEntry, AuditHead
from incentives.config import Settings
from incentives.core.errors import Plain, Sentence
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import begin_writing, db

NOTHING = "0" * 64
SEAL = "audit.seal"
Changes = Mapping[str, tuple[object, object]]


def record(
    act: str,
    *,
    store_id: int | None,
    actor_id: int | None,
    subject: str = "",
    changes: Changes | None = None,
    refused: bool = False,
) -> AuditEntry:
    """Append one act, in the caller's transaction: it stands if, and only if, the act does.

    Args:
        act: ``feature.verb`` in the past tense, such as ``rewards.approved``.
        store_id: where it happened; none for the whole group.
        actor_id: the employee who did it; none for a stranger or the command line.
        subject: what it was done to, as people name it.
        changes: field → (old, new).
        refused: whether the product said no.
    """
    head = _locked_head()
    entry = AuditEntry(
        id=head.last + 1,
        at=clock.now(),
        actor_id=actor_id,
        store_id=store_id,
        act=act,
        subject=subject[:120],
        changes={name: [_plain(old), _plain(new)] for name, (old, new) in (changes or {}).items()},
        refused=refused,
        address=(request.remote_addr or "")[:64] if has_request_context() else "",
        before=head.digest,
        digest="",
    )
    entry.digest = _digest(entry)
    head.last, head.digest = entry.id, entry.digest
    db.session.add(entry)
    db.session.flush()
    db.session.info["sealed"] = (entry.id, entry.digest)
    return entry


def record_refusal(act: str, sentence: Sentence, *, store_id: int | None, actor_id: int | None) -> None:
    """Write down that the product said no, in a transaction of its own; the refused act was rolled back."""
    db.session.rollback()
    begin_writing()
    record(act, store_id=store_id, actor_id=actor_id, changes={"refused": (None, str(sentence))}, refused=True)
    db.session.commit()


def record_apart(act: str, *, store_id: int | None, actor_id: int | None, subject: str = "") -> None:
    """Record an act that changes nothing else, such as an export, out of a request that reads."""
    db.session.rollback()
    begin_writing()
    record(act, store_id=store_id, actor_id=actor_id, subject=subject)
    db.session.commit()


def _locked_head() -> AuditHead:
    return db.session.execute(
        select(AuditHead).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()


def _plain(value: object) -> Plain:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (Money, Month)):
        return value.plain() if isinstance(value, Money) else str(value)
    return str(value)


def _digest(entry: AuditEntry) -> str:
    content = [
        entry.id,
        entry.at.astimezone(UTC).isoformat(),
        entry.actor_id,
        entry.store_id,
        entry.act,
        entry.subject,
        entry.changes,
        entry.refused,
        entry.address,
        entry.before,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """Where the trail is not what it was, and how it shows."""

    entry: int
    reason: str


def verify() -> list[Break]:
    """Read the whole trail and name every place where it was changed, cut or put back. Empty means untouched."""
    breaks = list(_chain_breaks())
    sealed = _read_seal()
    if sealed is None:
        if _last_entry() is not None:
            breaks.append(Break(0, "the seal beside the database is missing or not signed with this secret key"))
    else:
        number, digest = sealed
        found = db.session.get(AuditEntry, number) if number else None
        if number and (found is None or found.digest != digest):
            breaks.append(Break(number, "the seal names an entry that is gone or different: a cut tail or a rollback"))
    return breaks


def _last_entry() -> AuditEntry | None:
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).first()


def _chain_breaks() -> Iterator[Break]:
    before, expected = NOTHING, 1
    for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000)):
        if entry.id != expected:
            yield Break(expected, f"entries {expected} to {entry.id - 1} are missing")
        elif entry.before != before:
            yield Break(entry.id, "it does not follow from the entry before")
        if entry.digest != _digest(entry):
            yield Break(entry.id, "its content was changed")
        before, expected = entry.digest, entry.id + 1
    head = db.session.get(AuditHead, 1)
    if head is not None and (head.last, head.digest) != (expected - 1, before):
        yield Break(head.last, "the end of the trail was cut off")


def _seal_path() -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.files / SEAL


def _sign(number: int, digest: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"{number}:{digest}".encode(), hashlib.sha256).hexdigest()


def _read_seal() -> tuple[int, str] | None:
    try:
        data: dict[str, Any] = json.loads(_seal_path().read_text(encoding="utf-8"))
        number, digest, signature = int(data["entry"]), str(data["digest"]), str(data["signature"])
    except (OSError, ValueError, KeyError):
        return None
    return (number, digest) if hmac.compare_digest(signature, _sign(number, digest)) else None


def _write_seal(number: int, digest: str) -> None:
    sealed = _read_seal()
    if sealed is not None and sealed[0] >= number:
        return  # another worker has already sealed a later entry
    path = _seal_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{SEAL}.{secrets.token_hex(8)}")
    fresh.write_text(
        json.dumps({"entry": number, "digest": digest, "signature": _sign(number, digest)}), encoding="utf-8"
    )
    fresh.replace(path)


@event.listens_for(Session, "after_commit")
def _seal_after_commit(session: Session) -> None:
    sealed = session.info.pop("sealed", None)
    if sealed is not None:
        _write_seal(*sealed)


@event.listens_for(Session, "after_rollback")
def _forget_after_rollback(session: Session) -> None:
    session.info.pop("sealed", None)


def since(moment: datetime) -> list[AuditEntry]:
    """The acts after a moment, oldest first; for tests and the command line."""
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.at > moment).order_by(AuditEntry.id)))
