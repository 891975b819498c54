"""What everybody is paid for a month, line by line, as it was reviewed; closings; payroll files."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incentives.core.approval import ProposalState
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import Base, IntPk, enum_column


class StatementState(StrEnum):
    """What was decided about somebody's statement."""

    WAITING = "waiting"
    APPROVED = "approved"
    HELD = "held"
    RELEASED = "released"
    PAID_LATER = "paid_later"


class LineKind(StrEnum):
    """What a statement line is, in the order in which statements show them."""

    CARRIED_IN = "carried_in"
    PAY = "pay"
    REWARD = "reward"
    PENALTY = "penalty"
    ADJUSTMENT = "adjustment"
    CARRIED_OUT = "carried_out"


class Statement(Base):
    """What somebody earned in a month at a store. Made when the review begins; approval binds to its digest."""

    __tablename__ = "statement"
    __table_args__ = (
        UniqueConstraint("store_id", "month", "round", "employee_id"),
        CheckConstraint("state <> 'held' OR reason <> ''", name="held_with_a_reason"),
        Index("ix_statement_employee", "employee_id", "month"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    month: Mapped[Month]
    round: Mapped[int] = mapped_column(comment="1 for the first review, 2 after it was sent back …; the latest counts")
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    total: Mapped[Money] = mapped_column("total_fen")
    digest: Mapped[str] = mapped_column(String(64), comment="of all lines: what approval binds to")
    state: Mapped[StatementState] = mapped_column(enum_column(StatementState), default=StatementState.WAITING)
    reason: Mapped[str] = mapped_column(String(500), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    decided_at: Mapped[datetime | None]

    lines: Mapped[list[StatementLine]] = relationship(back_populates="statement", order_by="StatementLine.place")


class StatementLine(Base):
    """One line of a statement, as it was reviewed."""

    __tablename__ = "statement_line"
    __table_args__ = (UniqueConstraint("statement_id", "place"), Index("ix_statement_line_pay_line", "pay_line_id"))

    id: Mapped[IntPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"))
    place: Mapped[int]
    kind: Mapped[LineKind] = mapped_column(enum_column(LineKind))
    name: Mapped[dict[str, Any]] = mapped_column(JSON, comment="a sentence")
    amount: Mapped[Money] = mapped_column("amount_fen")
    for_month: Mapped[Month] = mapped_column(comment="an adjustment names the month that it corrects")
    pay_line_id: Mapped[int | None] = mapped_column(
        ForeignKey("pay_line.id", ondelete="SET NULL"), comment="the line it pays or corrects"
    )
    source_id: Mapped[int | None] = mapped_column(comment="the reward or penalty it pays")
    missing: Mapped[bool] = mapped_column(default=False, comment="cannot be paid until something is known")

    statement: Mapped[Statement] = relationship(back_populates="lines")


class Closing(Base):
    """A month closed by finance, and confirmed by the head office. Kept when the month is reopened."""

    __tablename__ = "closing"
    __table_args__ = (UniqueConstraint("store_id", "month", "number"),)

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    month: Mapped[Month]
    number: Mapped[int] = mapped_column(comment="the round of the statements that it paid")
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    closed_at: Mapped[datetime]
    people: Mapped[int]
    total: Mapped[Money] = mapped_column("total_fen")
    digest: Mapped[str] = mapped_column(String(64), comment="of all statements paid")
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    confirmed_at: Mapped[datetime | None]


class Reopening(Base):
    """A proposal to reopen a closed month, and what a second person made of it."""

    __tablename__ = "reopening"
    __table_args__ = (CheckConstraint("reason <> ''", name="has_a_reason"),)

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    month: Mapped[Month]
    reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[ProposalState] = mapped_column(enum_column(ProposalState), default=ProposalState.PROPOSED)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    decided_at: Mapped[datetime | None]
