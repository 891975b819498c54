"""The indicators that every group has from the start, read from ``seeds/reference/indicators.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, event, insert
from sqlalchemy.orm import Mapper

from incentives.config import resource
from incentives.core.attainment import Aggregation, Better, Comparison
from incentives.people.models import Group
from incentives.targets.models import Indicator, Source
from incentives.targets.units import Unit

FILE = "indicators.toml"


@dataclass(frozen=True, slots=True)
class Known:
    """An indicator as the file has it; ``year`` and ``month`` are the sample plan's targets, as typed."""

    code: str
    name: str
    name_en: str
    unit: Unit
    aggregation: Aggregation
    better: Better
    comparison: Comparison
    measure: str
    headings: tuple[str, ...]
    parent: str
    total: str
    count: str
    year: str
    month: str


@cache
def known_indicators() -> tuple[Known, ...]:
    """All of the file, in its order. An indicator stands below its parent and whatever else it names."""
    with (resource("seeds") / "reference" / FILE).open("rb") as file:
        return tuple(_known(entry) for entry in tomllib.load(file)["indicator"])


def _known(entry: dict[str, Any]) -> Known:
    plan = entry.get("plan", {})
    return Known(
        code=entry["code"],
        name=entry["name"],
        name_en=entry["name_en"],
        unit=Unit(entry["unit"]),
        aggregation=Aggregation(entry.get("aggregation", "sum")),
        better=Better(entry.get("better", "higher")),
        comparison=Comparison(entry.get("comparison", ">=")),
        measure=entry.get("measure", ""),
        headings=tuple(entry.get("headings", ())),
        parent=entry.get("parent", ""),
        total=entry.get("total", ""),
        count=entry.get("count", ""),
        year=plan.get("year", ""),
        month=plan.get("month", ""),
    )


@event.listens_for(Group, "after_insert")
def _give_indicators(_mapper: Mapper[Group], connection: Connection, group: Group) -> None:
    """A new group has its catalogue in the same transaction, whoever makes the group."""
    ids: dict[str, int] = {}
    for order, known in enumerate(known_indicators()):
        made = connection.execute(insert(Indicator).values(**_columns(known, ids), group_id=group.id, order=order))
        ids[known.code] = int(made.inserted_primary_key.id)  # type: ignore[union-attr]  # one row was inserted


def _columns(known: Known, ids: dict[str, int]) -> dict[str, object]:
    return {
        "code": known.code,
        "name": known.name,
        "name_en": known.name_en,
        "unit": known.unit,
        "aggregation": known.aggregation,
        "better": known.better,
        "comparison": known.comparison,
        "source": Source.DERIVED if known.measure else Source.TYPED,
        "measure": known.measure,
        "headings": list(known.headings),
        "parent_id": ids.get(known.parent),
        "total_id": ids.get(known.total),
        "count_id": ids.get(known.count),
        "active": True,
        "version": 1,
    }
