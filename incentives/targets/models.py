"""Indicators, their readings and targets, the days that are worked, and plan tables as they were sent.

Readings and targets are never changed: a new version takes the place of the old one, which stays. Figures are whole
numbers of the unit's smallest part (:mod:`incentives.targets.units`).
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incentives.core.approval import ProposalState
from incentives.core.attainment import Aggregation, Better, Comparison
from incentives.core.errors import say
from incentives.core.period import Month
from incentives.core.spoken import Spoken
from incentives.db import Base, IntPk, enum_column
from incentives.people.models import Department, Employee
from incentives.targets.units import Unit

ONE_SCOPE = "employee_id IS NULL OR department_id IS NULL"


class Source(StrEnum):
    """Where an indicator's figures come from."""

    TYPED = "typed"
    DERIVED = "derived"


class Origin(Spoken):
    """How a reading or target came in."""

    TYPED = "typed", say("typed in")
    IMPORTED = "imported", say("from a file")
    SHARED_OUT = "shared_out", say("shared out")
    PLAN_TABLE = "plan_table", say("from the plan table")


class Level(StrEnum):
    """Whose figure it is."""

    STORE = "store"
    DEPARTMENT = "department"
    PERSON = "person"


class Indicator(Base):
    """Something that is measured: how it adds up, which way is better, and when its target is met."""

    __tablename__ = "indicator"
    __table_args__ = (
        UniqueConstraint("group_id", "code"),
        CheckConstraint("(source = 'derived') = (measure <> '')", name="derived_from_a_measure"),
        CheckConstraint("(total_id IS NULL) = (count_id IS NULL)", name="total_by_count"),
    )

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    store_id: Mapped[int | None] = mapped_column(ForeignKey("store.id"), comment="none: every store of the group's")
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    unit: Mapped[Unit] = mapped_column(enum_column(Unit))
    aggregation: Mapped[Aggregation] = mapped_column(enum_column(Aggregation))
    better: Mapped[Better] = mapped_column(enum_column(Better))
    comparison: Mapped[Comparison] = mapped_column(enum_column(Comparison))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("indicator.id"), comment="what it is a part of")
    total_id: Mapped[int | None] = mapped_column(
        ForeignKey("indicator.id"), comment="of a ratio: the total that ratio x count gives, for the proof-reader"
    )
    count_id: Mapped[int | None] = mapped_column(
        ForeignKey("indicator.id"), comment="of a ratio: what it is a ratio per"
    )
    source: Mapped[Source] = mapped_column(enum_column(Source), default=Source.TYPED)
    measure: Mapped[str] = mapped_column(String(60), default="", comment="the ledger's measure a derived one reads")
    headings: Mapped[list[str]] = mapped_column(JSON, default=list, comment="what plan tables usually call it")
    order: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1, comment="grows with each change; a stale form is refused")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it once)


class Reading(Base):
    """What was measured on a day. A correction is a further version that names the one it replaces."""

    __tablename__ = "reading"
    __table_args__ = (
        UniqueConstraint("store_id", "indicator_id", "scope", "business_date", "version"),
        UniqueConstraint("replaces_id"),
        CheckConstraint("base IS NULL OR base >= 0", name="base"),
        Index("ix_reading_month", "store_id", "month", "indicator_id"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    level: Mapped[Level] = mapped_column(enum_column(Level))
    department_id: Mapped[int | None] = mapped_column(
        ForeignKey("department.id"), comment="of a person: the department of the posting on that day"
    )
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    scope: Mapped[str] = mapped_column(String(20), comment="s, d<department> or p<employee>: whose it is, in one word")
    business_date: Mapped[date]
    month: Mapped[Month]
    value: Mapped[int | None] = mapped_column(BigInteger, comment="none: taken back")
    base: Mapped[int | None] = mapped_column(BigInteger, comment="of a ratio: what the value is a part of")
    version: Mapped[int] = mapped_column(default=1)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("reading.id"))
    origin: Mapped[Origin] = mapped_column(enum_column(Origin), default=Origin.TYPED)
    upload_id: Mapped[int | None] = mapped_column(comment="the file it came in")
    note: Mapped[str] = mapped_column(String(200), default="")
    maker_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    created_at: Mapped[datetime]

    indicator: Mapped[Indicator] = relationship()
    department: Mapped[Department | None] = relationship()
    employee: Mapped[Employee | None] = relationship(foreign_keys=[employee_id])
    maker: Mapped[Employee] = relationship(foreign_keys=[maker_id])


class Target(Base):
    """What should be reached in a year or month. A change is a further version; in a running month it is proposed."""

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("store_id", "indicator_id", "period", "scope", "version"),
        CheckConstraint(ONE_SCOPE, name="one_scope"),
        CheckConstraint("decider_id IS NULL OR decider_id <> maker_id", name="second_person"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided"),
        Index("ix_target_year", "store_id", "year", "indicator_id"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    year: Mapped[int]
    month: Mapped[Month | None] = mapped_column(comment="none: the whole year")
    period: Mapped[str] = mapped_column(String(7), comment="2026 or 2026-11")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    scope: Mapped[str] = mapped_column(String(20), comment="s, d<department> or p<employee>")
    value: Mapped[int | None] = mapped_column(BigInteger, comment="none: no target any more")
    version: Mapped[int]
    state: Mapped[ProposalState] = mapped_column(enum_column(ProposalState))
    origin: Mapped[Origin] = mapped_column(enum_column(Origin), default=Origin.TYPED)
    plan_table_id: Mapped[int | None] = mapped_column(ForeignKey("plan_table.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    maker_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    created_at: Mapped[datetime]
    decider_id: Mapped[int | None] = mapped_column(
        ForeignKey("employee.id"), comment="none: no second person was needed"
    )
    decided_at: Mapped[datetime | None] = mapped_column(comment="since when it holds, or was refused or withdrawn")

    indicator: Mapped[Indicator] = relationship()
    department: Mapped[Department | None] = relationship()
    employee: Mapped[Employee | None] = relationship(foreign_keys=[employee_id])
    maker: Mapped[Employee] = relationship(foreign_keys=[maker_id])
    decider: Mapped[Employee | None] = relationship(foreign_keys=[decider_id])


class WorkdayOverride(Base):
    """A day that is worked, or is not, whatever the statutory calendar says."""

    __tablename__ = "workday_override"
    __table_args__ = (UniqueConstraint("store_id", "day"),)

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    day: Mapped[date]
    works: Mapped[bool]
    note: Mapped[str] = mapped_column(String(100), default="")


class PlanTableState(StrEnum):
    """A plan table is proof-read, then decided, then its figures are targets."""

    UNDECIDED = "undecided"
    APPLIED = "applied"


class PlanFile(Base):
    """A plan table as it was sent, and what was decided about it. What was written stays."""

    __tablename__ = "plan_table"
    __table_args__ = (UniqueConstraint("store_id", "year", "digest"),)

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    year: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the file")
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    lines: Mapped[list[list[str]]] = mapped_column(JSON, comment="the cells as written, headings first")
    edits: Mapped[list[list[Any]]] = mapped_column(JSON, default=list, comment="month, column, number: typed in later")
    wan: Mapped[bool] = mapped_column(comment="money is written in units of 10,000 yuan")
    state: Mapped[PlanTableState] = mapped_column(enum_column(PlanTableState), default=PlanTableState.UNDECIDED)
    decision: Mapped[str] = mapped_column(String(20), default="")
    maker_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    created_at: Mapped[datetime]
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    decided_at: Mapped[datetime | None]

    maker: Mapped[Employee] = relationship(foreign_keys=[maker_id])


class PlanColumn(Base):
    """What a store's plan tables mean by a heading; remembered for the next one."""

    __tablename__ = "plan_column"
    __table_args__ = (UniqueConstraint("store_id", "heading"),)

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    heading: Mapped[str] = mapped_column(String(100))
    indicator_id: Mapped[int | None] = mapped_column(ForeignKey("indicator.id"), comment="none: left out")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), comment="none: the whole store's")
