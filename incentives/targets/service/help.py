"""Who needs help: people whose own targets are further away than they should be by today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select

from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import Employee
from incentives.targets.models import Level
from incentives.targets.scopes import of_person, scope_from
from incentives.targets.service.attainment import Attainment
from incentives.targets.service.catalogue import indicators
from incentives.targets.service.figures import figures
from incentives.targets.service.holding import held
from incentives.targets.service.workdays import workdays

MOST = 10


@dataclass(frozen=True, slots=True)
class Behind:
    """A person and the figure that is furthest behind. ``part`` is what is there of what is due, 1 is on pace."""

    employee_id: int
    name: str
    number: str
    figure: Attainment
    part: Fraction


def needing_help(store_id: int, month: Month, *, today: date, most: int = MOST) -> list[Behind]:
    """People below pace in a month, the furthest behind first; equal ones by employee number.

    Each person once, with the indicator that is furthest behind. Four queries, however many people.
    """
    found = _furthest_behind(store_id, month, today)
    names = {
        row.id: row
        for row in db.session.execute(
            select(Employee.id, Employee.name, Employee.number).where(Employee.id.in_(found.keys()))
        )
    }
    behind = [
        Behind(person, names[person].name, names[person].number, figure, part)
        for person, (part, figure) in found.items()
    ]
    return sorted(behind, key=lambda each: (each.part, each.number))[:most]


def _furthest_behind(store_id: int, month: Month, today: date) -> dict[int, tuple[Fraction, Attainment]]:
    catalogue = indicators(store_id)
    holding = held(store_id, {month.year})
    people = {
        scope.id
        for _, _, text in holding.by_place
        if (scope := scope_from(text)).level is Level.PERSON and scope.id is not None
    }
    if not people:
        return {}
    sums, days = figures(store_id, catalogue, month, month, people=True), workdays(store_id, month.span, today)
    furthest: dict[int, tuple[Fraction, Attainment]] = {}
    for indicator in catalogue:
        actuals = sums.by_person(indicator, month, month)
        for person in people:
            target = holding.target(indicator, month, of_person(person))
            figure = Attainment(indicator, actuals.get(person, Fraction(0)), target, days)
            part = _part_of_due(figure)
            if part is not None and (person not in furthest or part < furthest[person][0]):
                furthest[person] = part, figure
    return furthest


def _part_of_due(figure: Attainment) -> Fraction | None:
    """What is there of what is due by today, if it is less than all of it."""
    if figure.behind is None or figure.behind <= 0 or (not figure.actual and not figure.due):
        return None
    due, actual = figure.due or Fraction(0), figure.actual or Fraction(0)
    over, under = (actual, due) if figure.indicator.better.value == "higher" else (due, actual)
    return over / under if under else None
