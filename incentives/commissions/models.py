"""Pay plans in versions, whom they pay, and the lines worked out for each person and month."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from incentives.adoptions.models import Adoption, Subject
from incentives.core.approval import PlanState
from incentives.core.errors import say
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.spoken import Spoken
from incentives.db import Base, IntPk, enum_column, lasting
from incentives.people.models import Employee, Store


class PayPlan(Base):
    """A scheme of a store, such as the front desk's. Its rules stand in its versions."""

    __tablename__ = "pay_plan"
    __table_args__ = (UniqueConstraint("store_id", "code"),)

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100), default="")

    store: Mapped[Store] = relationship()
    versions: Mapped[list[PlanVersion]] = relationship(back_populates="plan", order_by="PlanVersion.number")
    assignments: Mapped[list[PlanAssignment]] = relationship(back_populates="plan", order_by="PlanAssignment.id")


class PlanVersion(Base):
    """The rules as written. An adopted version never changes; it holds from its month until the next one's.

    Until then its month is what the drafter wishes; the adoption may move it later, never earlier.
    """

    __tablename__ = "plan_version"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("number >= 1", name="counts_from_one"),
    )

    id: Mapped[IntPk]
    plan_id: Mapped[int] = mapped_column(ForeignKey("pay_plan.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text, comment="YAML, as docs/guide/plan-format.md describes it")
    from_month: Mapped[Month]
    state: Mapped[PlanState] = mapped_column(enum_column(PlanState), default=PlanState.DRAFT)
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    drafted_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    decided_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(
        default=1, comment="grows with each change of a draft; a stale form is refused"
    )

    plan: Mapped[PayPlan] = relationship(back_populates="versions")
    drafter: Mapped[Employee | None] = relationship(foreign_keys=[drafted_by])
    decider: Mapped[Employee | None] = relationship(foreign_keys=[decided_by])
    adoptions: Mapped[list[Adoption]] = relationship(
        primaryjoin=lambda: and_(
            foreign(Adoption.subject_id) == PlanVersion.id, Adoption.subject == Subject.PLAN_VERSION
        ),
        order_by=Adoption.number,
        viewonly=True,
    )
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (SQLAlchemy reads it once)


class PlanDeed(Spoken):
    """What was done to a version."""

    DRAFTED = "drafted", say("drafted")
    REWRITTEN = "rewritten", say("changed")
    SUBMITTED = "submit", say("submitted")
    SENT_BACK = "send_back", say("sent back")
    APPROVED = "approve", say("approved")
    ADOPTED = "adopt", say("adopted")
    WITHDRAWN = "withdraw", say("withdrawn")


class PlanMove(Base):
    """One deed in the life of a version: who did it, when, and from which month it was to hold. Never changed."""

    __tablename__ = "plan_move"
    __table_args__ = (Index("ix_plan_move_version", "version_id"),)

    id: Mapped[IntPk]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    deed: Mapped[PlanDeed] = mapped_column(enum_column(PlanDeed))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    from_month: Mapped[Month]
    reason: Mapped[str] = mapped_column(String(500), default="")

    actor: Mapped[Employee | None] = relationship()


class PlanCheck(Base):
    """What the plan check found when a version was submitted or approved. Written once, never changed."""

    __tablename__ = "plan_check"
    __table_args__ = (Index("ix_plan_check_version", "version_id"),)

    id: Mapped[IntPk]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    text_digest: Mapped[str] = mapped_column(String(64), comment="of the text that was checked")
    rules_digest: Mapped[str] = mapped_column(String(64), comment="of the rule book by which it was checked")
    checked_at: Mapped[datetime]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    findings: Mapped[list[Any]] = mapped_column(JSON, comment="severity, path, row, sentence, case and reason of each")


class FindingReason(Base):
    """Why a warning of the plan check is meant, as the drafter wrote it beside that very finding."""

    __tablename__ = "finding_reason"
    __table_args__ = (UniqueConstraint("version_id", "finding"),)

    id: Mapped[IntPk]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    finding: Mapped[str] = mapped_column(String(64), comment="digest of the line, the sentence and the case")
    reason: Mapped[str] = mapped_column(String(500))
    given_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    given_at: Mapped[datetime]


class PlanSheet(Base):
    """A person's working copy of a plan: what is typed is kept here at once, sense or not, until it becomes a draft."""

    __tablename__ = "plan_sheet"
    __table_args__ = (Index("ix_plan_sheet_owner", "store_id", "owner_id"),)

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("pay_plan.id"), comment="of which it is a new version")
    version_id: Mapped[int | None] = mapped_column(ForeignKey("plan_version.id"), comment="the draft that it changes")
    seen_revision: Mapped[int] = mapped_column(default=0, comment="of that draft, when it was copied")
    text: Mapped[str] = mapped_column(Text, comment="what it began with; kept as written while nothing is changed")
    from_month: Mapped[Month]
    at: Mapped[int] = mapped_column(comment="the step that is shown; later ones can be done again")
    sample: Mapped[dict[str, Any]] = mapped_column(
        JSON, comment="who and which month it is tried on, and what was typed"
    )
    reasons: Mapped[dict[str, str]] = mapped_column(
        JSON, default=dict, server_default="{}", comment="why a warning is meant, by the digest of the finding"
    )
    page: Mapped[str] = mapped_column(
        String(32),
        default="",
        server_default="",
        comment="the window that wrote last; another one is told before it writes over it",
    )
    changed_at: Mapped[datetime]


class PlanSheetStep(Base):
    """The plan after one change on a sheet, as plain texts, lists and mappings."""

    __tablename__ = "plan_sheet_step"
    __table_args__ = (UniqueConstraint("sheet_id", "number"),)

    id: Mapped[IntPk]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("plan_sheet.id"))
    number: Mapped[int]
    tree: Mapped[dict[str, Any]] = mapped_column(JSON)
    typed_only: Mapped[bool] = mapped_column(comment="nothing but figures and words; more typing joins the same step")


class PlanAssignment(Base):
    """A plan pays a position, or one person, from a month to a month (included; none: until further notice)."""

    __tablename__ = "plan_assignment"
    __table_args__ = (
        CheckConstraint("(position_id IS NULL) <> (employee_id IS NULL)", name="position_or_person"),
        CheckConstraint("to_month IS NULL OR to_month >= from_month", name="ends_after_start"),
        Index("ix_plan_assignment_store", "store_id", "from_month"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("pay_plan.id"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    from_month: Mapped[Month]
    to_month: Mapped[Month | None]

    plan: Mapped[PayPlan] = relationship(back_populates="assignments")


class PayLine(Base):
    """What one line of a plan comes to for one person in a month, with the arithmetic. An estimate until approval.

    Worked out anew whenever facts of an open month change; the lines of a closed month stay as they were approved.
    """

    __tablename__ = "pay_line"
    __table_args__ = (
        UniqueConstraint("store_id", "month", "employee_id", "version_id", "code"),
        Index("ix_pay_line_person", "employee_id", "month"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    month: Mapped[Month]
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    code: Mapped[str] = mapped_column(String(60))
    place: Mapped[int] = mapped_column(comment="order on the statement")
    name: Mapped[dict[str, Any]] = mapped_column(JSON, comment="a sentence")
    amount: Mapped[Money] = mapped_column("amount_fen")
    forfeited: Mapped[Money] = mapped_column("forfeited_fen", comment="taken from a pool's share; nobody else gets it")
    explanation: Mapped[dict[str, Any] | None] = mapped_column(JSON, comment="none while something is missing")
    missing: Mapped[list[Any]] = mapped_column(JSON, comment="sentences: what must be known before it can be paid")
    digest: Mapped[str] = mapped_column(String(64), comment="of everything that the line says")

    version: Mapped[PlanVersion] = relationship()


class Calculation(Base):
    """When a month was last worked out, and whether facts have changed since."""

    __tablename__ = "calculation"
    __table_args__ = (UniqueConstraint("store_id", "month"),)

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    month: Mapped[Month]
    worked_out_at: Mapped[datetime | None]
    stale: Mapped[bool] = mapped_column(default=True)


class PlanFigures(Base):
    """Whom a plan version paid in a month and every figure it asked for, as of when the month was last worked out."""

    __tablename__ = "plan_figures"
    __table_args__ = (UniqueConstraint("store_id", "month", "version_id"),)

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    month: Mapped[Month]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    members: Mapped[list[Any]] = mapped_column(JSON, comment="id, number, position and days of each")
    figures: Mapped[list[Any]] = mapped_column(JSON, comment="pairs of a key and its figure; fractions as text")


lasting(PlanMove.__table__)
