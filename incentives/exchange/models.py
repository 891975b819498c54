"""Files that were sent in, headings that a store once explained, and long work with its state."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from incentives.db import Base, IntPk, enum_column
from incentives.exchange.texts import Encoding


class UploadState(StrEnum):
    """Where a file is on its way in."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    FAULTY = "faulty"
    READY = "ready"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    DISCARDED = "discarded"


APPLIED_ONLY = text("state = 'applied'")


class Upload(Base):
    """A file that somebody sent in. Of the same file, importer and store only one is ever applied."""

    __tablename__ = "upload"
    __table_args__ = (
        Index("ix_upload_store", "store_id", "created_at"),
        Index(
            "uq_upload_applied",
            "store_id",
            "importer",
            "sha256",
            unique=True,
            sqlite_where=APPLIED_ONLY,
            postgresql_where=APPLIED_ONLY,
        ),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("rows_total >= 0", name="rows_total"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    importer: Mapped[str] = mapped_column(String(40))
    state: Mapped[UploadState] = mapped_column(enum_column(UploadState), default=UploadState.UPLOADED)
    file_name: Mapped[str] = mapped_column(String(200), comment="as it was called where it came from")
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(comment="bytes")
    stored_as: Mapped[str] = mapped_column(String(100), comment="below the folder of uploads")
    encoding: Mapped[Encoding] = mapped_column(enum_column(Encoding), default=Encoding.AUTO)
    sheet: Mapped[str | None] = mapped_column(String(100), comment="the chosen sheet; none for the first that fits")
    columns: Mapped[dict[str, int | None] | None] = mapped_column(
        JSON(none_as_null=True), comment="field → column, once chosen"
    )
    answers: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict, comment="kind → token → answer")
    rows_total: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, comment="see exchange.report.Report")
    maker_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    maker_name: Mapped[str] = mapped_column(String(60), comment="as it was then")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(comment="applied, failed or discarded")
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), comment="the latest work on it")


class HeadingChoice(Base):
    """What a heading means in a store's files of one kind; an empty field means that the column is not read."""

    __tablename__ = "heading_choice"
    __table_args__ = (UniqueConstraint("store_id", "importer", "heading"),)

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    importer: Mapped[str] = mapped_column(String(40))
    heading: Mapped[str] = mapped_column(String(100), comment="normalised")
    field: Mapped[str] = mapped_column(String(40))


class JobState(StrEnum):
    """Where long work is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """Long work. It may be started again from its beginning at any time, because it lands whole or not at all."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state", "state"), Index("ix_job_store", "store_id", "created_at"))

    id: Mapped[IntPk]
    store_id: Mapped[int | None] = mapped_column(ForeignKey("store.id"), comment="none: the whole group's")
    kind: Mapped[str] = mapped_column(String(40))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[JobState] = mapped_column(enum_column(JobState), default=JobState.QUEUED)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), comment="a sentence, at the end")
    maker_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
