"""The state of a store's month: open 进行中 → in review 审核中 → approved 已批准 → closed 已结账. Without a row it is open."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incentives.core.approval import MonthState
from incentives.core.period import Month
from incentives.db import Base, IntPk, enum_column


class BusinessMonth(Base):
    """A month of a store that has left the state it began in."""

    __tablename__ = "business_month"
    __table_args__ = (UniqueConstraint("store_id", "month"),)

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    month: Mapped[Month]
    state: Mapped[MonthState] = mapped_column(enum_column(MonthState), default=MonthState.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it once)


class MonthMove(Base):
    """One change of a month's state. Kept for good, so a former closing stays on record."""

    __tablename__ = "month_move"

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"), index=True)
    month: Mapped[Month]
    before: Mapped[MonthState] = mapped_column(enum_column(MonthState))
    after: Mapped[MonthState] = mapped_column(enum_column(MonthState))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")
