"""Where each measure's facts are kept, so that the standings can be proved from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from flask import current_app
from sqlalchemy import func as sql
from sqlalchemy import select

from incentives.db import db
from incentives.ledger.models import PointsLine
from incentives.ledger.service.tally import POINTS, Fact, Value

FACTS_KEY = "incentives-standings-facts"
VALUES_KEY = "incentives-standings-values"

Facts: TypeAlias = Callable[[], Iterable[Fact]]
"""Every fact that was ever tallied, summed by person, store and day as the database likes."""

Values: TypeAlias = Callable[[], Iterable[tuple[str, str, Value]]]
"""Every value that was put: measure, period, and the person's value."""


def facts_from(measure: str, source: Facts) -> None:
    """Register where a tallied measure is kept, in the running application."""
    current_app.extensions.setdefault(FACTS_KEY, {})[measure] = source


def values_from(name: str, source: Values) -> None:
    """Register where measures are kept that are put, such as scores."""
    current_app.extensions.setdefault(VALUES_KEY, {})[name] = source


def all_facts() -> Iterator[tuple[str, Fact]]:
    """Every fact of every registered measure; points are always among them."""
    sources: dict[str, Facts] = {POINTS: points_by_day, **current_app.extensions.get(FACTS_KEY, {})}
    for measure, source in sources.items():
        for fact in source():
            yield measure, fact


def all_values() -> Iterator[tuple[str, str, Value]]:
    """Every value of every registered source of values."""
    sources: dict[str, Values] = current_app.extensions.get(VALUES_KEY, {})
    for source in sources.values():
        yield from source()


def tallied_measures() -> set[str]:
    """The measures that are sums of facts and can be proved."""
    return {POINTS, *current_app.extensions.get(FACTS_KEY, {})}


def points_by_day() -> Iterator[Fact]:
    """The points ledger, added up by the database."""
    statement = select(
        PointsLine.employee_id, PointsLine.store_id, PointsLine.counts_on, sql.sum(PointsLine.points)
    ).group_by(PointsLine.employee_id, PointsLine.store_id, PointsLine.counts_on)
    for employee_id, store_id, day, points in db.session.execute(statement):
        yield employee_id, store_id, day, int(points)
