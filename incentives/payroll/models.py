"""What everybody is paid for a month, line by line, as it was reviewed; closings; payroll files."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incentives.core.approval import ProposalState
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.questions import ANSWER_WORKDAYS, WINDOW_DAYS, Cause, Level, QuestionState
from incentives.db import Base, IntPk, enum_column
from incentives.people.models import Employee


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
    SUPPLEMENT = "supplement"
    CARRIED_OUT = "carried_out"
    LOSS = "loss"

    @property
    def is_paid(self) -> bool:
        """Whether it counts in what is paid. A loss does not: finance takes it from the wage."""
        return self is not LineKind.LOSS


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
    version_id: Mapped[int | None] = mapped_column(
        ForeignKey("plan_version.id"), comment="with the code: which line of which plan it pays or corrects"
    )
    code: Mapped[str] = mapped_column(String(60), default="")
    explanation: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="of what is no line of a plan itself; that has its own"
    )
    source_id: Mapped[int | None] = mapped_column(comment="the reward or penalty it pays")
    missing: Mapped[bool] = mapped_column(default=False, comment="cannot be paid until something is known")

    statement: Mapped[Statement] = relationship(back_populates="lines")


class RestatedLine(Base):
    """What a line of a closed month comes to with today's facts, where that is not what was posted for it.

    Worked out anew when facts of the month change; the open month posts the difference.
    """

    __tablename__ = "restated_line"
    __table_args__ = (UniqueConstraint("store_id", "month", "employee_id", "version_id", "code"),)

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    month: Mapped[Month]
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[dict[str, Any]] = mapped_column(JSON, comment="a sentence")
    amount: Mapped[Money] = mapped_column("amount_fen")
    explanation: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="none: nothing is earned for the line any more"
    )


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
    open_questions: Mapped[int | None] = mapped_column(comment="as it was closed; none: before questions were kept")


class SentBack(Base):
    """A statement that was under review and went when the month was sent back: what an approval may still name."""

    __tablename__ = "statement_sent_back"
    __table_args__ = (Index("ix_statement_sent_back_digest", "store_id", "month", "digest"),)

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    month: Mapped[Month]
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    digest: Mapped[str] = mapped_column(String(64))
    lines: Mapped[list[Any]] = mapped_column(JSON, comment="name and fen of each")


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


class QuestionRules(Base):
    """What a store settled about questions; without a row the usual rules hold."""

    __tablename__ = "question_rules"
    __table_args__ = (
        UniqueConstraint("store_id"),
        CheckConstraint("answer_workdays BETWEEN 1 AND 30", name="answer_workdays"),
        CheckConstraint("window_days BETWEEN 5 AND 366", name="window_days"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    answer_workdays: Mapped[int] = mapped_column(default=ANSWER_WORKDAYS)
    window_days: Mapped[int] = mapped_column(default=WINDOW_DAYS, comment="after the month's last day")
    hold_closing: Mapped[bool] = mapped_column(default=False, comment="a month with open questions is not closed")


class Question(Base):
    """An employee's question to a line of the own pay, or to the whole statement; what was answered, what came of it."""

    __tablename__ = "question"
    __table_args__ = (
        CheckConstraint("words <> ''", name="has_words"),
        CheckConstraint("state NOT IN ('rejected', 'accepted', 'settled') OR answer <> ''", name="answered"),
        CheckConstraint("answered_by IS NULL OR answered_by <> employee_id", name="not_for_oneself"),
        Index("ix_question_store", "store_id", "state", "due_on"),
        Index("ix_question_month", "store_id", "month", "state"),
        Index("ix_question_employee", "employee_id", "id"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    month: Mapped[Month]
    line_key: Mapped[str] = mapped_column(String(160), comment="which line; empty: the whole statement")
    line_name: Mapped[dict[str, Any]] = mapped_column(JSON, comment="a sentence, as it stood when it was asked")
    amount: Mapped[Money] = mapped_column("amount_fen", comment="as it stood when it was asked")
    pay_line_id: Mapped[int | None] = mapped_column(ForeignKey("pay_line.id", ondelete="SET NULL"))
    estimate: Mapped[bool] = mapped_column(comment="the month was still open when it was asked")
    cause: Mapped[Cause] = mapped_column(enum_column(Cause))
    document: Mapped[str] = mapped_column(String(60), default="", comment="the sale it is about, if it is about one")
    words: Mapped[str] = mapped_column(String(1000))
    evidence: Mapped[str] = mapped_column(String(200), default="", comment="name of the kept picture")
    state: Mapped[QuestionState] = mapped_column(enum_column(QuestionState), default=QuestionState.OPEN)
    level: Mapped[Level] = mapped_column(enum_column(Level), comment="who answers first; it goes up after due_on")
    times: Mapped[int] = mapped_column(default=1, comment="how often it was raised")
    about_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), comment="whose decision it questions")
    raised_at: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(comment="the last day to answer, by the store's working days")
    answer: Mapped[str] = mapped_column(String(1000), default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    answered_at: Mapped[datetime | None]
    again_until: Mapped[date | None] = mapped_column(comment="the last day to raise it again")
    settled_line_id: Mapped[int | None] = mapped_column(ForeignKey("statement_line.id"))
    token: Mapped[str] = mapped_column(String(64), unique=True, comment="a button pressed twice asks once")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it once)

    employee: Mapped[Employee] = relationship(foreign_keys=[employee_id])
    settled_line: Mapped[StatementLine | None] = relationship()
    events: Mapped[list[QuestionEvent]] = relationship(order_by="QuestionEvent.id")


class QuestionEvent(Base):
    """What was done to a question, by whom, with what words. Kept for good."""

    __tablename__ = "question_event"

    id: Mapped[IntPk]
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    before: Mapped[QuestionState] = mapped_column(enum_column(QuestionState))
    after: Mapped[QuestionState] = mapped_column(enum_column(QuestionState))
    escalated: Mapped[bool] = mapped_column(default=False, comment="it had gone up because nobody answered in time")
    comment: Mapped[str] = mapped_column(String(1000), default="")

    actor: Mapped[Employee | None] = relationship()


class OddityLook(Base):
    """Somebody looked at what is odd about a person's pay, or about the store's month, and noted why it is right."""

    __tablename__ = "oddity_look"
    __table_args__ = (
        CheckConstraint("note <> ''", name="has_a_note"),
        Index("ix_oddity_look_month", "store_id", "month"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    month: Mapped[Month]
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), comment="none: the store's month")
    digest: Mapped[str] = mapped_column(String(64), comment="of what was odd: when that changes, it is looked at anew")
    note: Mapped[str] = mapped_column(String(500))
    looked_by: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    looked_at: Mapped[datetime]


class Supplement(Base):
    """What is paid before the next closing: released statements and adjustments, prepared by one, approved by another."""

    __tablename__ = "supplement"
    __table_args__ = (
        UniqueConstraint("store_id", "month", "number"),
        CheckConstraint("decided_by IS NULL OR decided_by <> prepared_by", name="second_person"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    month: Mapped[Month] = mapped_column(comment="the open month in which it is posted")
    number: Mapped[int] = mapped_column(comment="counts from one in each month")
    state: Mapped[ProposalState] = mapped_column(enum_column(ProposalState), default=ProposalState.PROPOSED)
    people: Mapped[int]
    total: Mapped[Money] = mapped_column("total_fen")
    digest: Mapped[str] = mapped_column(String(64), comment="of all lines: what the second person approves")
    carried: Mapped[list[Any]] = mapped_column(
        JSON, comment="number, name and fen of each debt the month settles first"
    )
    prepared_by: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    prepared_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="", comment="why it was refused")

    lines: Mapped[list[SupplementLine]] = relationship(order_by="SupplementLine.place")


class SupplementLine(Base):
    """One line of a supplement. The month's statement shows it again and takes it off as paid already."""

    __tablename__ = "supplement_line"
    __table_args__ = (UniqueConstraint("supplement_id", "place"),)

    id: Mapped[IntPk]
    supplement_id: Mapped[int] = mapped_column(ForeignKey("supplement.id"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    place: Mapped[int]
    name: Mapped[dict[str, Any]] = mapped_column(JSON, comment="a sentence")
    amount: Mapped[Money] = mapped_column("amount_fen")
    for_month: Mapped[Month]
    pay_line_id: Mapped[int | None] = mapped_column(ForeignKey("pay_line.id", ondelete="SET NULL"))
    source_id: Mapped[int | None] = mapped_column(comment="the reward or penalty it pays")
