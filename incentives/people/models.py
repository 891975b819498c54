"""Who works where, as what, and who may do what. Nothing here is ever deleted: people leave, postings end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incentives import clock
from incentives.core.access import Role
from incentives.core.money import Money
from incentives.core.period import Month, Span
from incentives.db import Base, IntPk, enum_column

FAR_FUTURE = date(9999, 1, 1)


class Language(StrEnum):
    """The languages of the pages."""

    CHINESE = "zh"
    ENGLISH = "en"


class SizeClass(StrEnum):
    """Stores of one class are compared in a league."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class Group(Base):
    """Several stores under one head office."""

    __tablename__ = "group"

    id: Mapped[IntPk]
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100), default="")


class Store(Base):
    """A dealership. Its time zone makes its days and months."""

    __tablename__ = "store"
    __table_args__ = (
        UniqueConstraint("group_id", "code"),
        CheckConstraint("minimum_wage_fen >= 0", name="minimum_wage"),
    )

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    code: Mapped[str] = mapped_column(String(20), unique=True, comment="stands in addresses: letters, digits, hyphen")
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100), default="")
    province: Mapped[str] = mapped_column(String(40), default="")
    city: Mapped[str] = mapped_column(String(40), default="")
    zone: Mapped[str] = mapped_column(String(40), default=clock.DEFAULT_ZONE)
    size_class: Mapped[SizeClass] = mapped_column(enum_column(SizeClass), default=SizeClass.MEDIUM)
    minimum_wage: Mapped[Money] = mapped_column("minimum_wage_fen", default=Money(0), comment="monthly, of the place")
    show_ranks: Mapped[bool] = mapped_column(default=True, comment="off: progress only, no places")


class Department(Base):
    """前台, 机电, 钣喷 …; the same words in every store of the group, so that stores can be compared."""

    __tablename__ = "department"
    __table_args__ = (UniqueConstraint("group_id", "code"),)

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    order: Mapped[int] = mapped_column(default=0)


class Position(Base):
    """What somebody does there. Decides which quotas, targets, plans and leaderboards apply."""

    __tablename__ = "position"
    __table_args__ = (UniqueConstraint("group_id", "code"),)

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    order: Mapped[int] = mapped_column(default=0)

    department: Mapped[Department] = relationship()


class Employee(Base):
    """A person. The number is unique in the group and never given twice."""

    __tablename__ = "employee"
    __table_args__ = (
        UniqueConstraint("group_id", "number"),
        CheckConstraint("left_on IS NULL OR left_on >= hired_on", name="leaves_after_hire"),
        Index("ix_employee_names", "group_id", "name"),
    )

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    number: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    pinyin: Mapped[str] = mapped_column(String(120), default="", comment="editable: surnames are often read wrong")
    initials: Mapped[str] = mapped_column(String(20), default="")
    hired_on: Mapped[date]
    left_on: Mapped[date | None] = mapped_column(comment="last working day")
    version: Mapped[int] = mapped_column(default=1, comment="grows with each change; a stale form is refused")

    postings: Mapped[list[Posting]] = relationship(back_populates="employee", order_by="Posting.first_day")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it once)


class Posting(Base):
    """Where and as what somebody works, from–to. Moving ends one and begins another; history stays."""

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="ends_after_start"),
        Index("ix_posting_store_days", "store_id", "first_day", "last_day"),
        Index("ix_posting_employee_days", "employee_id", "first_day"),
    )

    id: Mapped[IntPk]
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    first_day: Mapped[date]
    last_day: Mapped[date | None] = mapped_column(comment="included; none while it lasts")

    employee: Mapped[Employee] = relationship(back_populates="postings")
    store: Mapped[Store] = relationship()
    department: Mapped[Department] = relationship()
    position: Mapped[Position] = relationship()

    @property
    def span(self) -> Span:
        """Its days, half-open; without a last day it runs on."""
        return Span(self.first_day, FAR_FUTURE if self.last_day is None else self.last_day + timedelta(days=1))


class Account(Base):
    """What a person signs in with. The epoch grows when password, roles or standing change: older sessions end."""

    __tablename__ = "account"

    id: Mapped[IntPk]
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), unique=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200), default="", comment="argon2id; empty until first set")
    must_change: Mapped[bool] = mapped_column(default=False, comment="a password somebody else has seen")
    active: Mapped[bool] = mapped_column(default=True)
    epoch: Mapped[int] = mapped_column(default=1)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    language: Mapped[Language] = mapped_column(enum_column(Language), default=Language.CHINESE)

    employee: Mapped[Employee] = relationship()


class RoleGrant(Base):
    """A role held in a store. Every employee is one without a grant."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("employee_id", "store_id", "role"), Index("ix_role_grant_store", "store_id"))

    id: Mapped[IntPk]
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    granted_at: Mapped[datetime]

    store: Mapped[Store] = relationship()


class HeadcountPlan(Base):
    """Planned people of a position in a store from a month on, until a later row says otherwise."""

    __tablename__ = "headcount_plan"
    __table_args__ = (
        UniqueConstraint("store_id", "position_id", "from_month"),
        CheckConstraint("planned >= 0", name="planned"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    from_month: Mapped[Month]
    planned: Mapped[int]
    note: Mapped[str] = mapped_column(String(200), default="", comment="the planned change, in words")

    position: Mapped[Position] = relationship()
