"""Records of rewards and penalties. Instruments are never mixed, and a record is never edited once it is submitted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incentives.core.approval import RewardState
from incentives.core.errors import Sentence, say
from incentives.core.measure import Label
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.spoken import Spoken
from incentives.db import Base, IntPk, enum_column
from incentives.people.models import Employee


class Instrument(Spoken):
    """What a record moves: points, or variable pay decided by a rule published beforehand."""

    POINTS = "points", say("points")
    PAY = "pay", say("variable pay")


class Direction(Spoken):
    """Whether it gives or takes."""

    REWARD = "reward", say("reward")
    PENALTY = "penalty", say("penalty")


class ReasonCode(Base):
    """A reason that records name, with what it usually comes to.

    A penalty of pay counts only from the day its rule was published; a reason of 6S or conduct never reaches pay.
    """

    __tablename__ = "reason_code"
    __table_args__ = (
        UniqueConstraint("group_id", "code"),
        CheckConstraint(
            "NOT (conduct AND direction = 'penalty' AND instrument = 'pay')", name="conduct_never_reaches_pay"
        ),
        CheckConstraint("instrument = 'points' OR points IS NULL", name="points_of_points"),
        CheckConstraint("instrument = 'pay' OR amount_fen IS NULL", name="amount_of_pay"),
    )

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    direction: Mapped[Direction] = mapped_column(enum_column(Direction))
    instrument: Mapped[Instrument] = mapped_column(enum_column(Instrument))
    points: Mapped[int | None] = mapped_column(comment="usual, never negative: the direction gives the sign")
    amount: Mapped[Money | None] = mapped_column("amount_fen", comment="usual, never negative")
    conduct: Mapped[bool] = mapped_column(default=False, comment="of 6S or conduct: points only")
    published_on: Mapped[date | None] = mapped_column(comment="when its rule was made known")
    published_where: Mapped[str] = mapped_column(String(200), default="")
    active: Mapped[bool] = mapped_column(default=True)

    @property
    def says(self) -> Sentence:
        """Its name in the reader's language."""
        return Label(en=self.name_en or self.name, zh=self.name).sentence()


class RewardRecord(Base):
    """One reward or penalty of one person."""

    __tablename__ = "reward_record"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("(instrument = 'points') = (points IS NOT NULL)", name="points_of_points"),
        CheckConstraint("(instrument = 'pay') = (amount_fen IS NOT NULL)", name="amount_of_pay"),
        CheckConstraint("NOT (conduct AND amount_fen < 0 AND reverses_id IS NULL)", name="conduct_never_reaches_pay"),
        CheckConstraint("approver_id IS NULL OR approver_id <> maker_id", name="second_person"),
        CheckConstraint("approver_id IS NULL OR approver_id <> employee_id", name="not_for_oneself"),
        UniqueConstraint("reverses_id"),
        Index("ix_reward_record_pay_month", "store_id", "pay_month"),
        Index("ix_reward_record_month", "store_id", "month", "state"),
        Index("ix_reward_record_employee", "employee_id", "month"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    month: Mapped[Month]
    business_date: Mapped[date]
    reason_id: Mapped[int] = mapped_column(ForeignKey("reason_code.id"))
    instrument: Mapped[Instrument] = mapped_column(enum_column(Instrument))
    points: Mapped[int | None] = mapped_column(comment="negative for a penalty")
    amount: Mapped[Money | None] = mapped_column("amount_fen", comment="negative for a penalty")
    note: Mapped[str] = mapped_column(String(1000), default="", comment="what happened, in the maker's words")
    evidence: Mapped[str] = mapped_column(String(200), default="", comment="name of the kept picture")
    state: Mapped[RewardState] = mapped_column(enum_column(RewardState), default=RewardState.DRAFT)
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), comment="none: a rule proposed it")
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    decided_on: Mapped[date | None] = mapped_column(comment="the store's day of the decision: an appeal runs from it")
    pay_month: Mapped[Month | None] = mapped_column(comment="whose statements pay it; none: points, or not approved")
    postings: Mapped[int] = mapped_column(default=0, comment="how often it was posted; above one after an appeal")
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("reward_record.id"))
    conduct: Mapped[bool] = mapped_column(default=False, comment="as the reason said: points only")
    explanation: Mapped[dict[str, Any] | None] = mapped_column(JSON, comment="a sentence: why a rule proposed it")
    key: Mapped[str] = mapped_column(String(120), comment="a rule proposes the same thing once")
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it once)

    reason: Mapped[ReasonCode] = relationship()
    employee: Mapped[Employee] = relationship(foreign_keys=[employee_id])
    maker: Mapped[Employee | None] = relationship(foreign_keys=[maker_id])
    appeal: Mapped[Appeal | None] = relationship()
    events: Mapped[list[RewardEvent]] = relationship(order_by="RewardEvent.id")

    @property
    def says(self) -> Sentence:
        """Its reason in the reader's language."""
        return self.reason.says


class RewardEvent(Base):
    """What was done to a record, by whom, with what words. Kept for good."""

    __tablename__ = "reward_event"

    id: Mapped[IntPk]
    record_id: Mapped[int] = mapped_column(ForeignKey("reward_record.id"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    before: Mapped[RewardState] = mapped_column(enum_column(RewardState))
    after: Mapped[RewardState] = mapped_column(enum_column(RewardState))
    comment: Mapped[str] = mapped_column(String(1000), default="")

    actor: Mapped[Employee | None] = relationship()


class Appeal(Base):
    """An employee's appeal against a record, one for each, and what somebody else decided."""

    __tablename__ = "reward_appeal"
    __table_args__ = (
        UniqueConstraint("record_id"),
        CheckConstraint("words <> ''", name="has_words"),
        CheckConstraint("(granted IS NULL) = (decided_at IS NULL)", name="decided"),
        Index("ix_reward_appeal_store", "store_id", "decided_at"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    record_id: Mapped[int] = mapped_column(ForeignKey("reward_record.id"))
    words: Mapped[str] = mapped_column(String(1000))
    appealed_at: Mapped[datetime]
    granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(String(1000), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    decided_at: Mapped[datetime | None]
