"""Checklists in versions, areas with who answers for them, inspections that stay as submitted, and findings."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incentives.core import inspection as core
from incentives.core.errors import say
from incentives.core.inspection import FindingAction, FindingState, Level
from incentives.core.period import Month
from incentives.core.spoken import Spoken
from incentives.db import Base, IntPk, enum_column, lasting
from incentives.people.models import Employee


class Section(Spoken):
    """The six S."""

    SORT = "sort", say("Sort")
    SET_IN_ORDER = "set_in_order", say("Set in order")
    SHINE = "shine", say("Shine")
    STANDARDISE = "standardise", say("Standardise")
    SUSTAIN = "sustain", say("Sustain")
    SAFETY = "safety", say("Safety")


class ConductFault(Spoken):
    """What a conduct finding is about (plan-facts.md §5)."""

    CHERRY_PICKING = "cherry_picking", say("cherry-picking of repair jobs")
    POOR_WASHING = "poor_washing", say("car not washed well enough")
    UNCOOPERATIVE = "uncooperative", say("uncooperative")


class Checklist(Base):
    """What is looked at, the same in every store of the group. Its items stand in its versions."""

    __tablename__ = "checklist"
    __table_args__ = (UniqueConstraint("group_id", "code"),)

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60), default="")

    versions: Mapped[list[ChecklistVersion]] = relationship(
        back_populates="checklist", order_by="ChecklistVersion.number"
    )


class ChecklistVersion(Base):
    """The items as published from a day on, until the next version. Never edited: a change is a new version."""

    __tablename__ = "checklist_version"
    __table_args__ = (UniqueConstraint("checklist_id", "number"), CheckConstraint("number >= 1", name="number"))

    id: Mapped[IntPk]
    checklist_id: Mapped[int] = mapped_column(ForeignKey("checklist.id"))
    number: Mapped[int]
    published_from: Mapped[date]

    checklist: Mapped[Checklist] = relationship(back_populates="versions")
    items: Mapped[list[ChecklistItem]] = relationship(order_by="ChecklistItem.place")


class ChecklistItem(Base):
    """A line of a version. The code stays the same over the versions, so that repeats are known."""

    __tablename__ = "checklist_item"
    __table_args__ = (
        UniqueConstraint("version_id", "code"),
        CheckConstraint("maximum BETWEEN 1 AND 10", name="maximum"),
        CheckConstraint("weight BETWEEN 1 AND 10", name="weight"),
    )

    id: Mapped[IntPk]
    version_id: Mapped[int] = mapped_column(ForeignKey("checklist_version.id"))
    code: Mapped[str] = mapped_column(String(40))
    place: Mapped[int]
    section: Mapped[Section] = mapped_column(enum_column(Section))
    text: Mapped[str] = mapped_column(String(200))
    text_en: Mapped[str] = mapped_column(String(200), default="")
    guidance: Mapped[str] = mapped_column(String(300), default="")
    guidance_en: Mapped[str] = mapped_column(String(300), default="")
    maximum: Mapped[int]
    weight: Mapped[int]
    must: Mapped[bool]

    @property
    def as_core(self) -> core.Item:
        """The item as the rules see it."""
        return core.Item(self.code, self.section, self.maximum, self.weight, self.must)


class Area(Base):
    """A part of a store that somebody answers for."""

    __tablename__ = "area"
    __table_args__ = (UniqueConstraint("store_id", "code"),)

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    checklist_id: Mapped[int] = mapped_column(ForeignKey("checklist.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    order: Mapped[int] = mapped_column(default=0)

    checklist: Mapped[Checklist] = relationship()


class AreaResponsibility(Base):
    """Who answers for an area, as owner or as team lead, from a day to a day (included; none while it lasts)."""

    __tablename__ = "area_responsibility"
    __table_args__ = (
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="ends_after_start"),
        CheckConstraint("level IN ('owner', 'team_lead')", name="level"),
        Index("ix_area_responsibility_area", "area_id", "first_day"),
        Index("ix_area_responsibility_employee", "employee_id"),
    )

    id: Mapped[IntPk]
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    level: Mapped[Level] = mapped_column(enum_column(Level), default=Level.OWNER)
    first_day: Mapped[date]
    last_day: Mapped[date | None]

    area: Mapped[Area] = relationship()
    employee: Mapped[Employee] = relationship()


class Photo(Base):
    """A picture that was drawn anew and kept (:mod:`incentives.exchange.pictures`)."""

    __tablename__ = "photo"

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    stored_as: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64))
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    at: Mapped[datetime]


class Inspection(Base):
    """An inspection as submitted. Never changed: a correction is another one that names it."""

    __tablename__ = "inspection"
    __table_args__ = (
        UniqueConstraint("client_token"),
        UniqueConstraint("corrects_id"),
        CheckConstraint("possible > 0 AND reached BETWEEN 0 AND possible", name="reached"),
        Index("ix_inspection_store_month", "store_id", "month"),
        Index("ix_inspection_area", "area_id", "business_date"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("checklist_version.id"))
    inspector_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    business_date: Mapped[date]
    month: Mapped[Month]
    submitted_at: Mapped[datetime]
    client_token: Mapped[str] = mapped_column(String(64), comment="made with the form, so that it goes out once")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("inspection.id"))
    reached: Mapped[int] = mapped_column(comment="weighted points")
    possible: Mapped[int] = mapped_column(comment="weighted points of what applied")

    area: Mapped[Area] = relationship()
    version: Mapped[ChecklistVersion] = relationship()
    inspector: Mapped[Employee] = relationship()
    answers: Mapped[list[InspectionAnswer]] = relationship(order_by="InspectionAnswer.id")

    @property
    def value(self) -> Fraction:
        """Points reached of points possible, exact."""
        return Fraction(self.reached, self.possible)

    @property
    def band(self) -> core.Band:
        """The band of the exact score; an excellent one counts as clean."""
        return core.band(self.value)


class InspectionAnswer(Base):
    """What an item was given; no points is "not applicable"."""

    __tablename__ = "inspection_answer"
    __table_args__ = (
        UniqueConstraint("inspection_id", "item_id"),
        CheckConstraint("points IS NULL OR points >= 0", name="points"),
    )

    id: Mapped[IntPk]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("checklist_item.id"))
    points: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(500), default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"))

    item: Mapped[ChecklistItem] = relationship()

    @property
    def as_core(self) -> core.Answer:
        """The answer as the rules see it."""
        return core.Answer(self.item.as_core, self.points)


class Finding(Base):
    """A fault found in an area, or in somebody's conduct, until it is put right. It has no path to wages."""

    __tablename__ = "finding"
    __table_args__ = (
        CheckConstraint("(answer_id IS NULL) <> (conduct IS NULL)", name="item_or_conduct"),
        CheckConstraint("(answer_id IS NULL) = (area_id IS NULL)", name="area_of_item"),
        CheckConstraint("state <> 'closed' OR (closed_on IS NOT NULL AND evaluation <> '')", name="evaluated"),
        Index("ix_finding_store_state", "store_id", "state", "due_on"),
        Index("ix_finding_owner", "owner_id", "state"),
        Index("ix_finding_area", "area_id", "code", "business_date"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_answer.id"), unique=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    conduct: Mapped[ConductFault | None] = mapped_column(enum_column(ConductFault))
    code: Mapped[str] = mapped_column(String(40), comment="of the item or the conduct: what a repeat is known by")
    reason: Mapped[str] = mapped_column(String(500), default="", comment="what the inspector saw")
    raised_by: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    business_date: Mapped[date]
    month: Mapped[Month]
    owner_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    level: Mapped[Level] = mapped_column(enum_column(Level), default=Level.OWNER, comment="above owner: a repeat")
    escalated_to_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    due_on: Mapped[date]
    state: Mapped[FindingState] = mapped_column(enum_column(FindingState), default=FindingState.OPEN)
    answer_text: Mapped[str] = mapped_column(String(500), default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    answered_on: Mapped[date | None]
    evaluation: Mapped[str] = mapped_column(String(500), default="", comment="of the inspector, when it was closed")
    closed_on: Mapped[date | None]
    photo_before_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"))
    photo_after_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"))
    version: Mapped[int] = mapped_column(default=1, comment="grows with each change; a stale form is refused")

    answer: Mapped[InspectionAnswer | None] = relationship()
    area: Mapped[Area | None] = relationship()
    owner: Mapped[Employee] = relationship(foreign_keys=owner_id)
    escalated_to: Mapped[Employee | None] = relationship(foreign_keys=escalated_to_id)
    events: Mapped[list[FindingEvent]] = relationship(order_by="FindingEvent.id")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it once)


class FindingEvent(Base):
    """Each step of a finding, with who and when. Only ever added to."""

    __tablename__ = "finding_event"
    __table_args__ = (Index("ix_finding_event_finding", "finding_id", "id"),)

    id: Mapped[IntPk]
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"))
    action: Mapped[FindingAction] = mapped_column(enum_column(FindingAction))
    before: Mapped[FindingState] = mapped_column(enum_column(FindingState))
    after: Mapped[FindingState] = mapped_column(enum_column(FindingState))
    note: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    at: Mapped[datetime]

    by: Mapped[Employee] = relationship()


lasting(*(model.__table__ for model in (Inspection, InspectionAnswer, ChecklistVersion, ChecklistItem, FindingEvent)))
