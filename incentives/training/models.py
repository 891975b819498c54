"""Kinds of training, quotas by year and position, sessions, and what the roster says of each person."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incentives.core.attendance import Attendance as State
from incentives.core.attendance import SessionState
from incentives.core.errors import say
from incentives.core.period import Month
from incentives.core.spoken import Spoken
from incentives.db import Base, IntPk, enum_column
from incentives.people.models import Employee, Position


class TrainerKind(Spoken):
    """Where a trainer comes from. A guest belongs to another department than all who are taught."""

    OWN = "own", say("own department")
    GUEST = "guest", say("guest")
    EXTERNAL = "external", say("from outside")


class TrainingKind(Base):
    """A kind of training, the same in every store of the group."""

    __tablename__ = "training_kind"
    __table_args__ = (UniqueConstraint("group_id", "code"),)

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    late_counts: Mapped[bool] = mapped_column(default=True, comment="whether late counts as attended")
    for_customers: Mapped[bool] = mapped_column(default=False, comment="held by staff, attended by customers")
    order: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it once)


class Quota(Base):
    """What a store asks of a kind in a year: sessions held by the department, and attended by each person."""

    __tablename__ = "training_quota"
    __table_args__ = (
        UniqueConstraint("store_id", "year", "kind_id"),
        CheckConstraint("held_required >= 0", name="held_required"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("training_kind.id"))
    year: Mapped[int]
    held_required: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    positions: Mapped[list[QuotaPosition]] = relationship(cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (the same)


class QuotaPosition(Base):
    """How many sessions somebody of a position attends in the year, at least."""

    __tablename__ = "training_quota_position"
    __table_args__ = (CheckConstraint("attended_required > 0", name="attended_required"),)

    quota_id: Mapped[int] = mapped_column(ForeignKey("training_quota.id"), primary_key=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), primary_key=True)
    attended_required: Mapped[int]


class TrainingSession(Base):
    """One session 培训场次, planned or held."""

    __tablename__ = "training_session"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        CheckConstraint("(trainer_id IS NULL) = (trainer_name <> '')", name="one_trainer"),
        CheckConstraint("(trainer_id IS NULL) = (trainer_kind = 'external')", name="trainer_kind"),
        Index("ix_training_session_store_day", "store_id", "business_date"),
        Index("ix_training_session_trainer", "trainer_id"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("training_kind.id"))
    topic: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(120), default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    business_date: Mapped[date]
    trainer_kind: Mapped[TrainerKind] = mapped_column(enum_column(TrainerKind))
    trainer_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    trainer_name: Mapped[str] = mapped_column(String(60), default="", comment="of somebody from outside")
    capacity: Mapped[int | None]
    notes: Mapped[str] = mapped_column(String(2000), default="")
    late_counts: Mapped[bool] = mapped_column(comment="as the kind said when the session was planned")
    state: Mapped[SessionState] = mapped_column(enum_column(SessionState), default=SessionState.PLANNED)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, comment="grows with each change; a stale form is refused")

    kind: Mapped[TrainingKind] = relationship()
    trainer: Mapped[Employee | None] = relationship(foreign_keys=trainer_id)
    audience: Mapped[list[SessionAudience]] = relationship(cascade="all, delete-orphan")
    walk_ins: Mapped[list[WalkIn]] = relationship(order_by="WalkIn.id")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (the same)

    @property
    def month(self) -> Month:
        """The month it belongs to."""
        return Month.of(self.business_date)

    @property
    def position_ids(self) -> set[int]:
        """The positions that are called to attend."""
        return {row.position_id for row in self.audience}

    @property
    def given_by(self) -> str:
        """The trainer's name."""
        return self.trainer.name if self.trainer else self.trainer_name


class SessionAudience(Base):
    """A position that is called to a session."""

    __tablename__ = "training_session_audience"

    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"), primary_key=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), primary_key=True)

    position: Mapped[Position] = relationship()


class Attendance(Base):
    """What the roster of a session says of a person. Once a session has started, everybody called has a row."""

    __tablename__ = "training_attendance"
    __table_args__ = (
        UniqueConstraint("session_id", "employee_id"),
        Index("ix_training_attendance_employee", "employee_id"),
    )

    id: Mapped[IntPk]
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), comment="on the day of the session")
    state: Mapped[State] = mapped_column(enum_column(State), default=State.NOT_RECORDED)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), comment="none: called, or the trainer")
    recorded_at: Mapped[datetime | None]
    changes: Mapped[int] = mapped_column(default=0, comment="how often the state was changed")
    counts: Mapped[bool] = mapped_column(default=False, comment="for points and boards, now")
    earned_key: Mapped[str] = mapped_column(String(120), default="", comment="of the points last earned; empty: never")

    session: Mapped[TrainingSession] = relationship()
    employee: Mapped[Employee] = relationship(foreign_keys=employee_id)


class AttendanceChange(Base):
    """Each change of a roster, with who and when; after the session was closed, with a reason. Only ever added to."""

    __tablename__ = "training_attendance_change"
    __table_args__ = (
        CheckConstraint("before <> after", name="changes_something"),
        Index("ix_training_attendance_change_row", "attendance_id", "id"),
    )

    id: Mapped[IntPk]
    attendance_id: Mapped[int] = mapped_column(ForeignKey("training_attendance.id"))
    before: Mapped[State] = mapped_column(enum_column(State))
    after: Mapped[State] = mapped_column(enum_column(State))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), comment="none: a rule")
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200), default="")

    attendance: Mapped[Attendance] = relationship()
    by: Mapped[Employee | None] = relationship()


class WalkIn(Base):
    """Somebody who came without being known: the name now, the person later."""

    __tablename__ = "training_walk_in"
    __table_args__ = (Index("ix_training_walk_in_session", "session_id"),)

    id: Mapped[IntPk]
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    name: Mapped[str] = mapped_column(String(60), comment="as it was said")
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), comment="none until linked")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    recorded_at: Mapped[datetime]
    linked_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    linked_at: Mapped[datetime | None]

    employee: Mapped[Employee | None] = relationship(foreign_keys=employee_id)
