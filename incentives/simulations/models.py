"""Simulations and what came out of them: month by month, person by person. Nothing here is ever paid."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.simulation import Service
from incentives.db import Base, IntPk, enum_column


class SimulationState(StrEnum):
    """Where a simulation is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Simulation(Base):
    """A text replayed over some months: for one store, or store by store for the whole group."""

    __tablename__ = "simulation"
    __table_args__ = (
        CheckConstraint("last_month >= first_month", name="ends_after_start"),
        Index("ix_simulation_store", "group_id", "store_id", "created_at"),
        Index("ix_simulation_text", "text_digest"),
    )

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    store_id: Mapped[int | None] = mapped_column(ForeignKey("store.id"), comment="none: the whole group's")
    code: Mapped[str] = mapped_column(String(60), comment="of the plan, as the text says it")
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100), default="")
    text: Mapped[str] = mapped_column(Text)
    text_digest: Mapped[str] = mapped_column(String(64))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("plan_version.id"), comment="none: a text of no version")
    from_month: Mapped[Month] = mapped_column(comment="when the text would begin to hold")
    first_month: Mapped[Month]
    last_month: Mapped[Month]
    positions: Mapped[list[int]] = mapped_column(JSON, comment="whom it pays; empty: as the plan is assigned")
    replaces: Mapped[list[str]] = mapped_column(JSON, comment="codes of the plans in whose place it stands")
    state: Mapped[SimulationState] = mapped_column(enum_column(SimulationState), default=SimulationState.WAITING)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    maker_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    maker_name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    facts_as_of: Mapped[datetime | None] = mapped_column(comment="when the first facts were read")
    finished_at: Mapped[datetime | None]
    stores_total: Mapped[int] = mapped_column(default=0)
    stores_done: Mapped[int] = mapped_column(default=0)
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), comment="figures of the whole")
    refusal: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), comment="a sentence, if it failed")


class SimulatedMonth(Base):
    """A store's month: what those who can be compared come to, and what could not be worked out."""

    __tablename__ = "simulated_month"
    __table_args__ = (UniqueConstraint("simulation_id", "store_id", "month"),)

    id: Mapped[IntPk]
    simulation_id: Mapped[int] = mapped_column(ForeignKey("simulation.id"))
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    month: Mapped[Month]
    worked_out: Mapped[bool] = mapped_column(comment="no: the month is in none of the figures, the problems say why")
    people: Mapped[int]
    left_out: Mapped[int] = mapped_column(comment="people for whom a figure is missing")
    before: Mapped[Money] = mapped_column("before_fen")
    after: Mapped[Money] = mapped_column("after_fen")
    kept: Mapped[Money | None] = mapped_column("kept_fen", comment="what was approved then; none: nothing was yet")
    missing: Mapped[list[Any]] = mapped_column(JSON, comment="pairs of a sentence and how many people wait for it")
    problems: Mapped[list[Any]] = mapped_column(JSON, comment="sentences: why the month could not be worked out")


class SimulatedPay(Base):
    """Somebody's month on both sides."""

    __tablename__ = "simulated_pay"
    __table_args__ = (
        UniqueConstraint("simulation_id", "store_id", "employee_id", "month"),
        Index("ix_simulated_pay_groups", "simulation_id", "position_id"),
    )

    id: Mapped[IntPk]
    simulation_id: Mapped[int] = mapped_column(ForeignKey("simulation.id"))
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    month: Mapped[Month]
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    service: Mapped[Service] = mapped_column(enum_column(Service))
    before: Mapped[Money] = mapped_column("before_fen")
    after: Mapped[Money] = mapped_column("after_fen")
    kept: Mapped[Money | None] = mapped_column("kept_fen", comment="what was approved then; none: nothing was yet")
    missing: Mapped[bool] = mapped_column(comment="a figure is missing on one side: not compared")


class SimulatedPerson(Base):
    """Somebody's months at a store together, as far as they can be compared."""

    __tablename__ = "simulated_person"
    __table_args__ = (
        UniqueConstraint("simulation_id", "store_id", "employee_id"),
        Index("ix_simulated_person_change", "simulation_id", "change_fen"),
    )

    id: Mapped[IntPk]
    simulation_id: Mapped[int] = mapped_column(ForeignKey("simulation.id"))
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), comment="in the last of the months")
    months: Mapped[int] = mapped_column(comment="that were compared")
    left_out: Mapped[int] = mapped_column(comment="months for which a figure is missing")
    before: Mapped[Money] = mapped_column("before_fen")
    after: Mapped[Money] = mapped_column("after_fen")
    change: Mapped[Money] = mapped_column("change_fen")
    band: Mapped[int] = mapped_column(comment="core.simulation.change_band; 0 also where nothing was compared")
