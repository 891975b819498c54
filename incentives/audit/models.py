"""The trail's only table, and the one row that says where it ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, JSON, CheckConstraint, ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column

from incentives.db import Base, IntPk


class AuditEntry(Base):
    """One act: who, where, what, old → new, and the hash that ties it to the act before."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_store", "store_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="1, 2, 3 … without a gap")
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    store_id: Mapped[int | None] = mapped_column(ForeignKey("store.id"))
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120), default="")
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    refused: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(String(64), default="", comment="network address of the request")
    before: Mapped[str] = mapped_column(String(64), comment="hash of the entry before")
    digest: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """Where the trail ends. Locked by whoever appends, so that entries never fork."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[IntPk]
    last: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))


FORBID_CHANGES = {
    "sqlite": (
        "CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
        "CREATE TRIGGER audit_entry_remains BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_entry_stays() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_stays()",
    ),
}
"""Statements that make the table append-only; the migration runs the same ones."""

BEGIN_HEAD = "INSERT INTO audit_head (id, last, digest) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000')"
"""The head stands from the first moment, so that the very first entries already queue behind it."""

for _dialect, _statements in FORBID_CHANGES.items():
    for _statement in _statements:
        _rule = DDL(_statement)  # type: ignore[no-untyped-call]  # SQLAlchemy's own
        event.listen(AuditEntry.__table__, "after_create", _rule.execute_if(dialect=_dialect))
event.listen(AuditHead.__table__, "after_create", DDL(BEGIN_HEAD))  # type: ignore[no-untyped-call]  # the same
