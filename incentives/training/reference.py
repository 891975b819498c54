"""The kinds of training that every group has from the start, read from ``seeds/reference/training.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, event, insert
from sqlalchemy.orm import Mapper

from incentives.config import resource
from incentives.people.models import Group
from incentives.training.models import TrainingKind

FILE = "training.toml"
EVERYBODY = "*"
CAR_LECTURE, TECHNICAL_LECTURE = "car_lecture", "technical_lecture"
"""Kinds that the annual plan also counts among its indicators (plan-facts.md §1, 6 and 8)."""


@dataclass(frozen=True, slots=True)
class Known:
    """A kind as the file has it, with the sample plan's quota for a year."""

    code: str
    name: str
    name_en: str
    departments: tuple[str, ...]
    held: int
    attended: int
    for_customers: bool

    def is_for(self, department: str) -> bool:
        """Whether the plan asks people of that department to attend."""
        return EVERYBODY in self.departments or department in self.departments


@cache
def known_kinds() -> tuple[Known, ...]:
    """All of the file, in its order."""
    with (resource("seeds") / "reference" / FILE).open("rb") as file:
        entries = tomllib.load(file)["kind"]
    return tuple(
        Known(
            code=entry["code"],
            name=entry["name"],
            name_en=entry["name_en"],
            departments=tuple(entry["departments"]),
            held=entry["held"],
            attended=entry["attended"],
            for_customers=entry.get("for_customers", False),
        )
        for entry in entries
    )


@event.listens_for(Group, "after_insert")
def _give_kinds(_mapper: Mapper[Group], connection: Connection, group: Group) -> None:
    """A new group has them in the same transaction, whoever makes the group."""
    rows = [
        {
            "group_id": group.id,
            "code": known.code,
            "name": known.name,
            "name_en": known.name_en,
            "late_counts": True,
            "for_customers": known.for_customers,
            "order": order,
            "active": True,
            "version": 1,
        }
        for order, known in enumerate(known_kinds())
    ]
    connection.execute(insert(TrainingKind), rows)
