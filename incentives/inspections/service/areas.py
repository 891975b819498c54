"""Areas, who answers for them on which days, and the checklist that is in force."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import selectinload

from incentives.audit import service as audit
from incentives.core.errors import Conflict, DomainError, NotFound, say
from incentives.core.inspection import Level
from incentives.db import db
from incentives.inspections.models import Area, AreaResponsibility, Checklist, ChecklistVersion, Inspection
from incentives.inspections.reference import known_areas
from incentives.people.models import Store
from incentives.people.service import staff

NONE_OR_HIDDEN = say("There is no such page, or it is not for you to see.")


@dataclass(frozen=True, slots=True)
class LastSeen:
    """An area with its latest inspection that was not corrected."""

    area: Area
    last: Inspection | None


def area_of(store_id: int, area_id: int) -> Area:
    """An area of the store.

    Raises:
        NotFound: the store has none of that id.
    """
    found = db.session.scalars(select(Area).where(Area.store_id == store_id, Area.id == area_id)).one_or_none()
    if found is None:
        raise NotFound(NONE_OR_HIDDEN)
    return found


def areas_of(store_id: int) -> Sequence[Area]:
    """The store's areas in their order."""
    return db.session.scalars(select(Area).where(Area.store_id == store_id).order_by(Area.order, Area.id)).all()


def last_seen(store_id: int) -> list[LastSeen]:
    """Each area with its latest inspection; three queries, whatever the history."""
    latest = (
        select(func.max(Inspection.id))
        .where(Inspection.store_id == store_id, not_corrected())
        .group_by(Inspection.area_id)
    )
    rows = db.session.scalars(select(Inspection).where(Inspection.id.in_(latest)))
    by_area = {row.area_id: row for row in rows}
    return [LastSeen(area, by_area.get(area.id)) for area in areas_of(store_id)]


def not_corrected() -> ColumnElement[bool]:
    """The condition that no later record corrects the inspection."""
    return Inspection.id.not_in(select(Inspection.corrects_id).where(Inspection.corrects_id.is_not(None)))


def open_area(store: Store, *, name: str, name_en: str, actor_id: int | None) -> Area:
    """Add an area to a store.

    Raises:
        Conflict: the store has one of that name.
    """
    present = areas_of(store.id)
    if any(area.name == name for area in present):
        raise Conflict(say("There is an area of that name already: {name}.", name=name))
    return _open(store, f"area-{len(present) + 1}", name, name_en, len(present), actor_id)


def open_usual_areas(store: Store, *, actor_id: int | None) -> int:
    """Give the store the usual areas it has not got; how many were added. Repeating adds none."""
    present = {area.code for area in areas_of(store.id)}
    missing = [known for known in known_areas() if known.code not in present]
    for order, known in enumerate(missing, start=len(present)):
        _open(store, known.code, known.name, known.name_en, order, actor_id)
    return len(missing)


def _open(store: Store, code: str, name: str, name_en: str, order: int, actor_id: int | None) -> Area:
    checklist = select(Checklist.id).where(Checklist.group_id == store.group_id).order_by(Checklist.id).limit(1)
    area = Area(
        store_id=store.id,
        checklist_id=db.session.execute(checklist).scalar_one(),
        code=code,
        name=name,
        name_en=name_en,
        order=order,
    )
    db.session.add(area)
    db.session.flush()
    audit.record("inspections.opened_area", store_id=store.id, actor_id=actor_id, subject=name)
    return area


def version_on(area: Area, day: date) -> ChecklistVersion:
    """The version of the area's checklist that holds on a day, with its items.

    Raises:
        DomainError: none was published yet.
    """
    found = db.session.scalars(
        select(ChecklistVersion)
        .where(ChecklistVersion.checklist_id == area.checklist_id, ChecklistVersion.published_from <= day)
        .order_by(ChecklistVersion.number.desc())
        .limit(1)
        .options(selectinload(ChecklistVersion.items))
    ).first()
    if found is None:
        raise DomainError(say("No checklist is published for that day."))
    return found


def make_responsible(
    area: Area, employee_id: int, *, level: Level, day: date, actor_id: int | None
) -> AreaResponsibility:
    """Let somebody answer for an area from a day on; whoever did so at that level before ends the day before.

    Raises:
        NotFound: the person does not belong to the store.
        DomainError: the person is not there on that day, or the present one began on that day or later.
    """
    employee = staff.employee_of(area.store_id, employee_id)
    posting = staff.posting_on(employee_id, day)
    if posting is None or posting.store_id != area.store_id:
        raise DomainError(say("{name} does not work here on that day.", name=employee.name))
    for present in db.session.scalars(select(AreaResponsibility).where(*_on(day, [area.id], level)).with_for_update()):
        _end(present, day)
    _refuse_later(area, level, day)
    fresh = AreaResponsibility(area_id=area.id, employee_id=employee_id, level=level, first_day=day)
    db.session.add(fresh)
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {level.value: (None, employee.number), "from": (None, day)}
    audit.record(
        "inspections.made_responsible", store_id=area.store_id, actor_id=actor_id, subject=area.name, changes=changes
    )
    return fresh


def _end(present: AreaResponsibility, day: date) -> None:
    if present.first_day >= day:
        raise DomainError(say("It must begin after the present one, which began on {day}.", day=str(present.first_day)))
    present.last_day = day - timedelta(days=1)


def _refuse_later(area: Area, level: Level, day: date) -> None:
    later = select(AreaResponsibility.first_day).where(
        AreaResponsibility.area_id == area.id, AreaResponsibility.level == level, AreaResponsibility.first_day > day
    )
    begun = db.session.scalar(later.limit(1))
    if begun is not None:
        raise DomainError(say("It must begin after the present one, which began on {day}.", day=str(begun)))


def responsible_on(area_ids: Collection[int], day: date, level: Level) -> dict[int, int]:
    """Area → the employee who answers for it at that level on a day."""
    rows = db.session.scalars(select(AreaResponsibility).where(*_on(day, area_ids, level)))
    return {row.area_id: row.employee_id for row in rows}


def responsibilities(store_id: int) -> dict[int, list[AreaResponsibility]]:
    """Area → everybody who answers or answered for it, the latest first; one query and the people."""
    rows = db.session.scalars(
        select(AreaResponsibility)
        .join(Area, Area.id == AreaResponsibility.area_id)
        .where(Area.store_id == store_id)
        .order_by(AreaResponsibility.first_day.desc())
        .options(selectinload(AreaResponsibility.employee))
    )
    found: dict[int, list[AreaResponsibility]] = {}
    for row in rows:
        found.setdefault(row.area_id, []).append(row)
    return found


def _on(day: date, area_ids: Collection[int], level: Level) -> list[ColumnElement[bool]]:
    return [
        AreaResponsibility.area_id.in_(area_ids),
        AreaResponsibility.level == level,
        AreaResponsibility.first_day <= day,
        or_(AreaResponsibility.last_day.is_(None), AreaResponsibility.last_day >= day),
    ]
