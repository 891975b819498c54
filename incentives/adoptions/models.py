"""Adoption records of rules, their evidence, and who has acknowledged them. Nothing here is ever changed or deleted."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incentives.core.errors import Sentence, from_plain, say
from incentives.core.spoken import Spoken
from incentives.db import Base, IntPk, enum_column, lasting
from incentives.people.models import Employee


class Subject(Spoken):
    """The kinds of rules that are adopted; the id is that of the pay plan's version, or of the reason."""

    PLAN_VERSION = "plan_version", say("pay plan")
    REWARD_REASON = "reward_reason", say("rule of rewards and penalties")


class Way(Spoken):
    """How the staff were heard."""

    MEETING = "meeting", say("staff meeting")
    UNION = "union", say("trade union or staff representatives")
    NOTICE = "notice", say("notice with time for objections")


class FileKind(StrEnum):
    """What a piece of evidence is kept as."""

    PICTURE = "picture"
    PDF = "pdf"


class Adoption(Base):
    """One rule as it was made known in one store: heard, published, and the day from which it counts.

    The words of the rule are kept as they were read, so that what somebody acknowledged can be shown for good. A rule
    that changes is adopted anew, with the next number; the latest record is the one that holds.
    """

    __tablename__ = "adoption"
    __table_args__ = (
        UniqueConstraint("store_id", "subject", "subject_id", "number"),
        CheckConstraint("number >= 1", name="counts_from_one"),
        CheckConstraint("consulted <> '' AND published_where <> ''", name="says_who_and_where"),
        CheckConstraint("consulted_on <= published_on", name="heard_before_published"),
        CheckConstraint("published_on <= counts_from AND recorded_on <= counts_from", name="never_backdated"),
        Index("ix_adoption_subject", "subject", "subject_id"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    subject: Mapped[Subject] = mapped_column(enum_column(Subject))
    subject_id: Mapped[int]
    number: Mapped[int] = mapped_column(comment="1 for the first adoption of this subject, 2 after it changed …")
    before_id: Mapped[int | None] = mapped_column(ForeignKey("adoption.id"), comment="what this one follows")
    title: Mapped[dict[str, Any]] = mapped_column(JSON, comment="a sentence")
    rule: Mapped[list[dict[str, Any]]] = mapped_column(JSON, comment="sentences, as read aloud when adopted")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of title and rule")
    meant: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON,
        default=list,
        server_default="[]",
        comment="what the plan check warned of and why it is meant, as sentences",
    )
    consulted: Mapped[str] = mapped_column(Text, comment="who was heard, by name")
    way: Mapped[Way] = mapped_column(enum_column(Way))
    consulted_on: Mapped[date]
    published_on: Mapped[date]
    published_where: Mapped[str] = mapped_column(String(200))
    counts_from: Mapped[date]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    recorded_on: Mapped[date] = mapped_column(comment="the store's day")
    recorded_at: Mapped[datetime]

    before: Mapped[Adoption | None] = relationship(remote_side="Adoption.id")
    recorder: Mapped[Employee | None] = relationship()
    files: Mapped[list[AdoptionFile]] = relationship(order_by="AdoptionFile.id")

    @property
    def warned_of(self) -> list[Sentence]:
        """What the plan check warned of and why it is meant, in the reader's language."""
        return [from_plain(each) for each in self.meant]

    @property
    def says(self) -> Sentence:
        """What the rule is called, in the reader's language."""
        return from_plain(self.title)

    @property
    def sentences(self) -> list[Sentence]:
        """The rule, in the reader's language."""
        return [from_plain(each) for each in self.rule]


class AdoptionFile(Base):
    """A piece of evidence: minutes, a photo of the notice board. More can be added, none is taken away."""

    __tablename__ = "adoption_file"

    id: Mapped[IntPk]
    adoption_id: Mapped[int] = mapped_column(ForeignKey("adoption.id"), index=True)
    kind: Mapped[FileKind] = mapped_column(enum_column(FileKind))
    name: Mapped[str] = mapped_column(String(120), comment="as it was sent; shown, never used as a path")
    stored_as: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(comment="bytes")
    sha256: Mapped[str] = mapped_column(String(64))
    added_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    added_at: Mapped[datetime]


class Acknowledgement(Base):
    """Somebody has read a rule and says so, once; the digest is that of the words that were on the page."""

    __tablename__ = "acknowledgement"
    __table_args__ = (
        UniqueConstraint("adoption_id", "employee_id"),
        Index("ix_acknowledgement_employee", "employee_id"),
    )

    id: Mapped[IntPk]
    adoption_id: Mapped[int] = mapped_column(ForeignKey("adoption.id"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

    adoption: Mapped[Adoption] = relationship()
    employee: Mapped[Employee] = relationship()


class Reminder(Base):
    """Somebody was asked again to acknowledge a rule; at most once a day."""

    __tablename__ = "acknowledgement_reminder"
    __table_args__ = (UniqueConstraint("adoption_id", "employee_id", "day"),)

    id: Mapped[IntPk]
    adoption_id: Mapped[int] = mapped_column(ForeignKey("adoption.id"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    day: Mapped[date]
    reminded_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))


lasting(Adoption.__table__, AdoptionFile.__table__, Acknowledgement.__table__)
