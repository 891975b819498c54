"""Where each measure's facts are kept, so that the standings can be proved from them.

A source is asked for some people at a time, so that proving needs little memory however many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TypeAlias

from flask import Flask, current_app
from sqlalchemy import func as sql
from sqlalchemy import select

from incentives.db import db
from incentives.ledger.models import PointsLine
from incentives.ledger.service.tallying import POINTS, Fact, Value

FACTS_KEY = "incentives-standings-facts"
VALUES_KEY = "incentives-standings-values"

Facts: TypeAlias = Callable[[Collection[int]], Iterable[Fact]]
"""Every fact of these people that was ever tallied; the database may have added them up by person, store and day."""

Values: TypeAlias = Callable[[Collection[int]], Iterable[tuple[str, str, Value]]]
"""Every value of these people that was put: measure, period, and the value."""


def facts_from(app: Flask, measure: str, source: Facts) -> None:
    """Say where a tallied measure is kept. Features do so when the application is put together."""
    app.extensions.setdefault(FACTS_KEY, {})[measure] = source


def values_from(app: Flask, prefix: str, source: Values) -> None:
    """Say where the measures are kept that begin so and are put, such as scores."""
    app.extensions.setdefault(VALUES_KEY, {})[prefix] = source


def facts_of(people: Collection[int]) -> Iterator[tuple[str, list[Fact]]]:
    """Each tallied measure with its facts; points are always among them."""
    yield POINTS, list(points_by_day(people))
    sources: dict[str, Facts] = current_app.extensions.get(FACTS_KEY, {})
    for measure, source in sources.items():
        yield measure, list(source(people))


def values_of_people(people: Collection[int]) -> Iterator[tuple[str, str, Value]]:
    """Every value of every registered source."""
    sources: dict[str, Values] = current_app.extensions.get(VALUES_KEY, {})
    for source in sources.values():
        yield from source(people)


def is_proved(measure: str) -> bool:
    """Whether a source is known for the measure."""
    prefixes = tuple(current_app.extensions.get(VALUES_KEY, {}))
    return measure == POINTS or measure in current_app.extensions.get(FACTS_KEY, {}) or measure.startswith(prefixes)


def points_by_day(people: Collection[int]) -> Iterator[Fact]:
    """The points ledger, added up by the database."""
    statement = (
        select(PointsLine.employee_id, PointsLine.store_id, PointsLine.counts_on, sql.sum(PointsLine.points))
        .where(PointsLine.employee_id.in_(people))
        .group_by(PointsLine.employee_id, PointsLine.store_id, PointsLine.counts_on)
    )
    for employee_id, store_id, day, points in db.session.execute(statement):
        yield employee_id, store_id, day, int(points)
