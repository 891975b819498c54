"""Who needs help: people whose own targets are further away than they should be by today."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from incentives.core.attainment import Better
from incentives.db import db
from incentives.people.models import Employee
from incentives.targets.models import Level
from incentives.targets.scopes import bounds, scope_from
from incentives.targets.service.attainment import Attainment, Outlook

MOST = 10


@dataclass(frozen=True, slots=True)
class Behind:
    """A person and the figure that is furthest behind. ``part`` is what is there of what is due, 1 is on pace."""

    employee_id: int
    name: str
    number: str
    figure: Attainment
    part: Fraction


def needing_help(found: Outlook, *, most: int = MOST) -> list[Behind]:
    """People below pace in the period, the furthest behind first; equal ones by employee number.

    Each person once, with the indicator that is furthest behind. One query for their names.
    """
    furthest = _furthest_behind(found)
    if not furthest:
        return []
    people = select(Employee.id, Employee.name, Employee.number).where(Employee.id.in_(furthest))
    behind = [Behind(row.id, row.name, row.number, *furthest[row.id]) for row in db.session.execute(people)]
    return sorted(behind, key=lambda each: (each.part, each.number))[:most]


def _furthest_behind(found: Outlook) -> dict[int, tuple[Attainment, Fraction]]:
    """For each person with a target of the period the figure that is furthest behind, if any is."""
    first, last = bounds(found.period)
    people = {scope for _, _, text in found.holding.by_place if (scope := scope_from(text)).level is Level.PERSON}
    furthest: dict[int, tuple[Attainment, Fraction]] = {}
    for indicator in found.catalogue if people else ():
        actuals = found.figures.by_person(indicator, first, last)
        for scope in people:
            target, person = found.holding.target(indicator, found.period, scope), scope.id or 0
            figure = Attainment(indicator, actuals.get(person, Fraction(0)), target, found.days)
            part = _part_of_due(figure)
            if part is not None and (person not in furthest or part < furthest[person][1]):
                furthest[person] = figure, part
    return furthest


def _part_of_due(figure: Attainment) -> Fraction | None:
    """What is there of what is due by today, if it is less than all of it."""
    if figure.behind is None or figure.behind <= 0:
        return None
    due, actual = figure.due or Fraction(0), figure.actual or Fraction(0)
    over, under = (actual, due) if figure.indicator.better is Better.HIGHER else (due, actual)
    return over / under if under else None
