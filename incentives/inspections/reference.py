"""The checklist that every group has from the start, and the usual areas, from ``seeds/reference/checklist.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import yaml
from sqlalchemy import Connection, event, insert
from sqlalchemy.orm import Mapper

from incentives.config import resource
from incentives.core.period import FIRST_YEAR
from incentives.inspections.models import Checklist, ChecklistItem, ChecklistVersion, Section
from incentives.people.models import Group

FILE = "checklist.yaml"
POINTS = 2
"""Of an item in full: met 2, in part 1, not met 0."""


@dataclass(frozen=True, slots=True)
class KnownArea:
    """A usual area of an after-sales department."""

    code: str
    name: str
    name_en: str


@cache
def _file() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((resource("seeds") / "reference" / FILE).read_text(encoding="utf-8"))
    return found


@cache
def known_areas() -> tuple[KnownArea, ...]:
    """The usual areas, in their order."""
    return tuple(KnownArea(**entry) for entry in _file()["areas"])


@cache
def known_items() -> tuple[dict[str, Any], ...]:
    """The items as rows of the table, but for their version."""
    return tuple(
        {
            **entry,
            "section": Section(entry["section"]),
            "place": place,
            "maximum": POINTS,
            "weight": entry.get("weight", 1),
            "must": entry.get("must", False),
        }
        for place, entry in enumerate(_file()["items"])
    )


@event.listens_for(Group, "after_insert")
def _give_checklist(_mapper: Mapper[Group], connection: Connection, group: Group) -> None:
    """A new group has it in the same transaction, whoever makes the group."""
    head = {key: _file()[key] for key in ("code", "name", "name_en")}
    checklist = connection.execute(insert(Checklist).values(group_id=group.id, **head).returning(Checklist.id))
    version = connection.execute(
        insert(ChecklistVersion)
        .values(checklist_id=checklist.scalar_one(), number=1, published_from=date(FIRST_YEAR, 1, 1))
        .returning(ChecklistVersion.id)
    )
    version_id = version.scalar_one()
    connection.execute(insert(ChecklistItem), [{"version_id": version_id, **item} for item in known_items()])
