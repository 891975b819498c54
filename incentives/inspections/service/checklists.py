"""The group's checklist: what stands in it, and a new version of it. What was published is never edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from incentives.audit import service as audit
from incentives.core.errors import Conflict, DomainError, say
from incentives.db import db
from incentives.inspections.models import Checklist, ChecklistItem, ChecklistVersion, Section

MOST_ITEMS = 80


@dataclass(frozen=True, slots=True)
class Line:
    """An item as it is to be published. A code is kept from version to version, so that repeats are known."""

    code: str
    section: Section
    text: str
    text_en: str = ""
    guidance: str = ""
    guidance_en: str = ""
    maximum: int = 2
    weight: int = 1
    must: bool = False


def checklist_of(group_id: int) -> Checklist:
    """The group's checklist with all its versions and their items; every group has one from the start."""
    found = (
        select(Checklist)
        .where(Checklist.group_id == group_id)
        .order_by(Checklist.id)
        .limit(1)
        .options(selectinload(Checklist.versions).selectinload(ChecklistVersion.items))
    )
    return db.session.scalars(found).one()


def publish(
    checklist: Checklist, lines: Sequence[Line], *, day: date, today: date, seen: int, actor_id: int | None
) -> ChecklistVersion:
    """Publish a new version that holds from a day on; inspections of earlier days keep the version of their day.

    Args:
        checklist: the one to be changed.
        lines: all its items, in order; lines without a code are new items.
        day: the first day it holds, not before ``today`` nor the latest version's.
        today: the business day now running.
        seen: the number of the latest version that was on the page.
        actor_id: who publishes it.

    Raises:
        Conflict: somebody else has published a version since the page was loaded.
        DomainError: there is no item or too many, a day lies too early, or two items have one code.
    """
    latest = _latest(checklist)
    if latest.number != seen:
        raise Conflict(say("Somebody else has published a version in the meantime. Load the page again."))
    earliest = max(today, latest.published_from)
    if day < earliest:
        raise DomainError(say("A version begins on {day} at the earliest.", day=str(earliest)))
    if not 0 < len(lines) <= MOST_ITEMS:
        raise DomainError(say("A checklist has 1 to {most} items.", most=MOST_ITEMS))
    version = ChecklistVersion(checklist_id=checklist.id, number=latest.number + 1, published_from=day)
    version.items = _items(lines, version.number)
    db.session.add(version)
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {
        "version": (latest.number, version.number),
        "items": (len(latest.items), len(lines)),
    }
    audit.record(
        "inspections.published_checklist", store_id=None, actor_id=actor_id, subject=checklist.name, changes=changes
    )
    return version


def _latest(checklist: Checklist) -> ChecklistVersion:
    db.session.execute(select(Checklist.id).where(Checklist.id == checklist.id).with_for_update())
    found = select(ChecklistVersion).where(ChecklistVersion.checklist_id == checklist.id)
    return db.session.scalars(found.order_by(ChecklistVersion.number.desc()).limit(1)).one()


def _items(lines: Sequence[Line], number: int) -> list[ChecklistItem]:
    codes = [line.code or f"v{number}-{place}" for place, line in enumerate(lines, start=1)]
    if len(set(codes)) < len(codes):
        raise DomainError(say("Two items have the same code."))
    return [
        ChecklistItem(
            code=code,
            place=place,
            section=line.section,
            text=line.text,
            text_en=line.text_en,
            guidance=line.guidance,
            guidance_en=line.guidance_en,
            maximum=line.maximum,
            weight=line.weight,
            must=line.must,
        )
        for place, (code, line) in enumerate(zip(codes, lines, strict=True))
    ]
