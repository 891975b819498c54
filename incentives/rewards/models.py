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
    """What a record moves: points, variable pay by a rule adopted beforehand, or the compensation of a proven loss."""

    POINTS = "points", say("points")
    PAY = "pay", say("variable pay")
    LOSS = "loss", say("compensation of a proven loss")


class Direction(Spoken):
    """Whether it gives or takes."""

    REWARD = "reward", say("reward")
    PENALTY = "penalty", say("penalty")


class ReasonCode(Base):
    """A reason that records name, with what it usually comes to.

    A penalty of pay counts only from the adoption of its rule on; a reason of 6S or conduct never reaches pay.
    """

    __tablename__ = "reason_code"
    __table_args__ = (
        UniqueConstraint("group_id", "code"),
        CheckConstraint(
            "NOT (conduct AND direction = 'penalty' AND instrument = 'pay')", name="conduct_never_reaches_pay"
        ),
        CheckConstraint("instrument = 'points' OR points IS NULL", name="points_of_points"),
        CheckConstraint("instrument = 'pay' OR amount_fen IS NULL", name="amount_of_pay"),
        CheckConstraint("instrument <> 'loss' OR (direction = 'penalty' AND NOT conduct)", name="loss_takes"),
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
    active: Mapped[bool] = mapped_column(default=True)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), comment="none: it was there from the start")

    terms: Mapped[list[ReasonTerms]] = relationship(order_by="(ReasonTerms.starts, ReasonTerms.id)", lazy="selectin")

    def usual(self, day: date) -> int | Money | None:
        """What it comes to on a day, without a sign: the latest terms by then, or those it was added with."""
        held = [each for each in self.terms if each.starts <= day]
        figure = held[-1] if held else self
        return figure.points if self.instrument is Instrument.POINTS else figure.amount

    @property
    def says(self) -> Sentence:
        """Its name in the reader's language."""
        return Label(en=self.name_en or self.name, zh=self.name).sentence()


class ReasonTerms(Base):
    """What a reason comes to from a day on. Records made before keep what held then."""

    __tablename__ = "reason_terms"
    __table_args__ = (
        CheckConstraint("(points IS NULL) <> (amount_fen IS NULL)", name="one_figure"),
        Index("ix_reason_terms_reason", "reason_id", "starts"),
    )

    id: Mapped[IntPk]
    reason_id: Mapped[int] = mapped_column(ForeignKey("reason_code.id"))
    starts: Mapped[date]
    points: Mapped[int | None]
    amount: Mapped[Money | None] = mapped_column("amount_fen")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    made_at: Mapped[datetime]


class RewardRecord(Base):
    """One reward or penalty of one person."""

    __tablename__ = "reward_record"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("(instrument = 'points') = (points IS NOT NULL)", name="points_of_points"),
        CheckConstraint("(instrument = 'pay') = (amount_fen IS NOT NULL)", name="amount_of_pay"),
        CheckConstraint("NOT (conduct AND amount_fen < 0 AND reverses_id IS NULL)", name="conduct_never_reaches_pay"),
        CheckConstraint("(instrument = 'loss') = (loss_fen IS NOT NULL)", name="loss_of_loss"),
        CheckConstraint("loss_fen IS NULL OR (loss_fen > 0 AND NOT conduct)", name="conduct_is_no_loss"),
        CheckConstraint("approver_id IS NULL OR approver_id <> maker_id", name="second_person"),
        CheckConstraint("approver_id IS NULL OR approver_id <> employee_id", name="not_for_oneself"),
        UniqueConstraint("reverses_id"),
        Index("ix_reward_record_pay_month", "store_id", "pay_month"),
        Index("ix_reward_record_month", "store_id", "month", "state"),
        Index("ix_reward_record_employee", "employee_id", "month"),
        Index("ix_reward_record_cause", "store_id", "cause"),
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
    loss: Mapped[Money | None] = mapped_column("loss_fen", comment="proven, above zero: taken from the wage by finance")
    cause: Mapped[str] = mapped_column(
        String(120), default="", comment="what happened: records with one cause share it"
    )
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
    evidence: Mapped[list[Evidence]] = relationship(order_by="Evidence.id")
    claim: Mapped[LossClaim | None] = relationship()
    notice: Mapped[RewardNotice | None] = relationship()

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
    answer_by: Mapped[date | None] = mapped_column(comment="the head office decides too, once this day has passed")
    appealed_at: Mapped[datetime]
    granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(String(1000), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    decided_at: Mapped[datetime | None]


class Purpose(Spoken):
    """What a piece of evidence was given for."""

    PROPOSAL = "proposal", say("with the proposal")
    APPEAL = "appeal", say("with the appeal")
    RECEIPT = "receipt", say("receipt of the notice")


class Evidence(Base):
    """A picture or PDF of a record. Never deleted or changed: a better one supersedes it, and both stay."""

    __tablename__ = "reward_evidence"
    __table_args__ = (
        UniqueConstraint("supersedes_id"),
        CheckConstraint("supersedes_id IS NULL OR supersedes_id <> id", name="supersedes_another"),
        Index("ix_reward_evidence_record", "record_id"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    record_id: Mapped[int] = mapped_column(ForeignKey("reward_record.id"))
    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose))
    name: Mapped[str] = mapped_column(String(120), comment="as it was sent; shown, never used as a path")
    mime: Mapped[str] = mapped_column(String(40))
    stored_as: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(comment="bytes")
    sha256: Mapped[str] = mapped_column(String(64))
    added_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    added_at: Mapped[datetime]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("reward_evidence.id"))

    adder: Mapped[Employee | None] = relationship()


class LossClaim(Base):
    """What a proven loss was, and the clause of the contract by which it is to be made good."""

    __tablename__ = "loss_claim"
    __table_args__ = (
        UniqueConstraint("record_id"),
        CheckConstraint("what <> '' AND clause <> '' AND contract <> ''", name="says_what_and_why"),
    )

    id: Mapped[IntPk]
    record_id: Mapped[int] = mapped_column(ForeignKey("reward_record.id"))
    what: Mapped[str] = mapped_column(String(300))
    contract: Mapped[str] = mapped_column(String(200), comment="which contract, with its day or number")
    clause: Mapped[str] = mapped_column(String(500), comment="the clause, word for word")


class LossDeduction(Base):
    """What a closed month took for a loss, negative where it paid back. Set aside when the month is reopened."""

    __tablename__ = "loss_deduction"
    __table_args__ = (
        CheckConstraint("amount_fen <> 0", name="moves_something"),
        Index("ix_loss_deduction_record", "record_id"),
        Index("ix_loss_deduction_month", "store_id", "month"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"), comment="whose payroll took it")
    record_id: Mapped[int] = mapped_column(ForeignKey("reward_record.id"))
    month: Mapped[Month]
    amount: Mapped[Money] = mapped_column("amount_fen")
    says: Mapped[dict[str, Any]] = mapped_column(JSON, comment="a sentence: how it was worked out")
    taken_at: Mapped[datetime]
    reopened_at: Mapped[datetime | None]


class RewardNotice(Base):
    """The written notice of a penalty or a compensation as it was issued, and who received it when."""

    __tablename__ = "reward_notice"
    __table_args__ = (
        UniqueConstraint("record_id"),
        CheckConstraint("(received_on IS NULL) = (received_how = '')", name="received_somehow"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    record_id: Mapped[int] = mapped_column(ForeignKey("reward_record.id"))
    issued_on: Mapped[date]
    last_day: Mapped[date | None] = mapped_column(comment="to appeal, as the notice says")
    stored_as: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(comment="bytes")
    sha256: Mapped[str] = mapped_column(String(64))
    received_on: Mapped[date | None]
    received_how: Mapped[str] = mapped_column(String(300), default="")
    recorded_by: Mapped[int | None] = mapped_column(
        ForeignKey("employee.id"), comment="the person, or who handed it over"
    )


class ProvinceProfile(Base):
    """What is allowed at a store from a day on, as its operator had it confirmed. Appended, never changed."""

    __tablename__ = "province_profile"
    __table_args__ = (
        CheckConstraint("loss_percent BETWEEN 0 AND 20", name="share_of_the_wage"),
        CheckConstraint("appeal_workdays BETWEEN 1 AND 30", name="days_to_appeal"),
        CheckConstraint("minimum_wage_fen IS NULL OR (minimum_wage_fen > 0 AND source <> '')", name="has_a_source"),
        CheckConstraint("(confirmed_by = '') = (confirmed_on IS NULL)", name="confirmed_whole"),
        Index("ix_province_profile_store", "store_id", "starts"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    starts: Mapped[date]
    province: Mapped[str] = mapped_column(String(40))
    city_class: Mapped[str] = mapped_column(String(40), default="", comment="of the minimum wage, such as 一类")
    minimum_wage: Mapped[Money | None] = mapped_column("minimum_wage_fen", comment="a month; none: not known")
    source: Mapped[str] = mapped_column(
        String(200), default="", comment="where the minimum wage was published, with its day"
    )
    loss_percent: Mapped[int] = mapped_column(default=20, comment="of the month's wage, at most")
    appeal_workdays: Mapped[int] = mapped_column(default=5)
    pay_penalties: Mapped[bool] = mapped_column(default=False, comment="whether a rule may take variable pay at all")
    consultation: Mapped[bool] = mapped_column(
        default=True, comment="whether such a rule needs the staff's representatives"
    )
    confirmed_by: Mapped[str] = mapped_column(String(100), default="", comment="the lawyer, by name")
    confirmed_on: Mapped[date | None]
    confirmed_document: Mapped[str] = mapped_column(String(200), default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    made_at: Mapped[datetime]

    maker: Mapped[Employee | None] = relationship()


class BaseWage(Base):
    """Somebody's wage of a month without variable pay, from a month on. Appended, never changed: the latest row holds."""

    __tablename__ = "base_wage"
    __table_args__ = (
        CheckConstraint("amount_fen >= 0", name="not_negative"),
        Index("ix_base_wage_employee", "employee_id", "starts"),
    )

    id: Mapped[IntPk]
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    starts: Mapped[Month]
    amount: Mapped[Money] = mapped_column("amount_fen")
    source: Mapped[str] = mapped_column(String(200), comment="the contract or file it comes from")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    made_at: Mapped[datetime]

    employee: Mapped[Employee] = relationship(foreign_keys=[employee_id])
