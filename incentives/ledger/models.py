"""The ledger's tables: lines that are never changed or deleted, the points rules, and the standings read from them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.points import PointsFact
from incentives.db import Base, IntPk, enum_column, lasting


class MoneyKind(StrEnum):
    """Why an amount stands in the ledger."""

    PAY = "pay"
    ADJUSTMENT = "adjustment"
    REWARD = "reward"
    PENALTY = "penalty"
    CARRIED_OVER = "carried_over"
    LOSS = "loss"


PAID_KINDS = tuple(kind for kind in MoneyKind if kind is not MoneyKind.LOSS)
"""The kinds of variable pay. Compensation of a loss is taken from the wage by finance, and never mixed with them."""


class MoneyLine(Base):
    """An amount that somebody has earned or lost. Corrected by a reversing line only."""

    __tablename__ = "money_line"
    __table_args__ = (
        UniqueConstraint("key"),
        UniqueConstraint("reverses_id"),
        CheckConstraint("for_month <= month", name="corrects_the_past"),
        Index("ix_money_line_month", "store_id", "month", "employee_id"),
        Index("ix_money_line_for_month", "store_id", "for_month", "employee_id"),
        Index("ix_money_line_source", "source_kind", "source_id"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    month: Mapped[Month] = mapped_column(comment="the month it is posted and paid in")
    for_month: Mapped[Month] = mapped_column(comment="the month it was earned in, or that it corrects")
    kind: Mapped[MoneyKind] = mapped_column(enum_column(MoneyKind))
    amount: Mapped[Money] = mapped_column("amount_fen")
    source_kind: Mapped[str] = mapped_column(String(40), comment="what record it comes from")
    source_id: Mapped[int | None]
    what: Mapped[dict[str, Any]] = mapped_column(JSON, comment="a sentence")
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), comment="none: a rule made it")
    created_at: Mapped[datetime]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("money_line.id"))
    key: Mapped[str] = mapped_column(String(120), comment="the same key is never posted twice")


class PointsLine(Base):
    """Points that somebody has earned or lost. Corrected by a reversing line only."""

    __tablename__ = "points_line"
    __table_args__ = (
        UniqueConstraint("key"),
        UniqueConstraint("reverses_id"),
        Index("ix_points_line_month", "store_id", "month", "employee_id"),
        Index("ix_points_line_employee", "employee_id", "counts_on"),
        Index("ix_points_line_source", "source_kind", "source_id"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    business_date: Mapped[date] = mapped_column(comment="the day of the fact")
    month: Mapped[Month] = mapped_column(comment="the month it is posted in")
    counts_on: Mapped[date] = mapped_column(comment="its day on the boards: late facts count on a day that is open")
    points: Mapped[int]
    rule: Mapped[str] = mapped_column(String(40), default="", comment="code of the rule that gave them, if any")
    source_kind: Mapped[str] = mapped_column(String(40))
    source_id: Mapped[int | None]
    what: Mapped[dict[str, Any]] = mapped_column(JSON, comment="a sentence")
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), comment="none: a rule made it")
    created_at: Mapped[datetime]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("points_line.id"))
    key: Mapped[str] = mapped_column(String(120), comment="the same key is never posted twice")


class PublishedPointsRule(Base):
    """So many points for each full ``per`` of a kind of fact, from a day on until a later rule takes its place."""

    __tablename__ = "points_rule"
    __table_args__ = (
        UniqueConstraint("group_id", "code"),
        CheckConstraint("per > 0", name="per"),
        CheckConstraint("ends IS NULL OR ends > starts", name="ends_after_start"),
    )

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    code: Mapped[str] = mapped_column(String(40))
    fact: Mapped[PointsFact] = mapped_column(enum_column(PointsFact))
    points: Mapped[int]
    per: Mapped[int] = mapped_column(comment="yuan of a sale; one of anything else")
    published: Mapped[date]
    starts: Mapped[date]
    ends: Mapped[date | None]


class StandingBoard(Base):
    """A measure in a period among some people. Its version grows with each change, for the browsers' caches."""

    __tablename__ = "standing_board"
    __table_args__ = (UniqueConstraint("scope", "measure", "period"), Index("ix_standing_board_period", "period"))

    id: Mapped[IntPk]
    measure: Mapped[str] = mapped_column(String(60))
    period: Mapped[str] = mapped_column(String(10), comment="2026-11-23, 2026-W48, 2026-11, 2026-Q4 or 2026")
    scope: Mapped[str] = mapped_column(
        String(40), comment="s<store>, s<store>:d<department>, l<position>:<size>, g<group>"
    )
    version: Mapped[int] = mapped_column(default=1)
    people: Mapped[int] = mapped_column(default=0)


class Standing(Base):
    """A person's value on a board. Its second index is the ranking itself; no page ever sorts everybody."""

    __tablename__ = "standing"
    __table_args__ = ({"sqlite_with_rowid": False},)

    board_id: Mapped[int] = mapped_column(ForeignKey("standing_board.id"), primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True, index=True)
    value: Mapped[int] = mapped_column(BigInteger)


Index("ix_standing_rank", Standing.board_id, Standing.value.desc(), Standing.employee_id)


class StandingBucket(Base):
    """How many people of a board have a value from ``lowest`` up to the next bucket; a rank is a sum over these."""

    __tablename__ = "standing_bucket"
    __table_args__ = ({"sqlite_with_rowid": False},)

    board_id: Mapped[int] = mapped_column(ForeignKey("standing_board.id"), primary_key=True)
    lowest: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    people: Mapped[int]


class StandingSweep(Base):
    """Up to which day leavers have been taken off the boards."""

    __tablename__ = "standing_sweep"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[IntPk]
    swept_to: Mapped[date]


class StandingFrozen(Base):
    """A place as it stood when the store's month was closed. Never changed; a second closing adds its own rows."""

    __tablename__ = "standing_frozen"
    __table_args__ = (
        UniqueConstraint("store_id", "month", "closing", "scope", "measure", "employee_id"),
        Index("ix_standing_frozen_employee", "employee_id", "month"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    month: Mapped[Month]
    closing: Mapped[int] = mapped_column(comment="1 for the first closing, 2 after a reopening …")
    scope: Mapped[str] = mapped_column(String(40))
    measure: Mapped[str] = mapped_column(String(60))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    value: Mapped[int] = mapped_column(BigInteger)
    rank: Mapped[int]
    people: Mapped[int]
    frozen_at: Mapped[datetime]


lasting(MoneyLine.__table__, PointsLine.__table__, StandingFrozen.__table__)
