"""What the demo's files say, and when things happen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from incentives.clock import DEFAULT_ZONE
from incentives.config import resource
from incentives.core.period import Month
from incentives.people.models import Employee, Position, Store

MONTHS_BACK = 12
"""One full year before the running month."""


@cache
def told(name: str) -> Any:  # noqa: ANN401 (what a file says)
    """One of the demo's files."""
    return yaml.safe_load((resource("seeds") / "demo" / f"{name}.yaml").read_text(encoding="utf-8"))


@dataclass
class Person:
    """Somebody of the demo, and how well things usually go (100 is usual)."""

    employee: Employee
    position: str
    skill: int
    first_day: date
    last_day: date | None = None

    @property
    def id(self) -> int:
        """The employee's id."""
        return self.employee.id

    def works_on(self, day: date) -> bool:
        """Whether the person is there on a day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass
class Shop:
    """A store of the demo with its people, in the size that its figures have (100 is the plan's store)."""

    store: Store
    scale: int
    people: list[Person] = field(default_factory=list)

    def of(self, *positions: str, day: date) -> list[Person]:
        """Those who work in these positions on a day."""
        return [person for person in self.people if person.position in positions and person.works_on(day)]

    @property
    def manager(self) -> Employee:
        """Who manages it."""
        return next(person.employee for person in self.people if person.position == "manager")


@dataclass
class Story:
    """The whole cast and the months of the year."""

    today: date
    shops: list[Shop] = field(default_factory=list)
    positions: dict[str, Position] = field(default_factory=dict)

    @property
    def running(self) -> Month:
        """The month under way."""
        return Month.of(self.today)

    @property
    def months(self) -> list[Month]:
        """From a year ago to the running one."""
        return [self.running.plus(-back) for back in range(MONTHS_BACK, -1, -1)]

    def number(self, number: str) -> Employee:
        """Somebody by number."""
        return next(each.employee for shop in self.shops for each in shop.people if each.employee.number == number)

    def days(self, month: Month) -> list[date]:
        """The days of a month that have come."""
        return [day for day in month.span.each_day() if day <= self.today]


def chance(*of: object) -> Random:
    """Chance that is the same each time for the same thing."""
    return Random(":".join(str(each) for each in of))  # noqa: S311 (invented figures, not secrets)


def noon(day: date) -> datetime:
    """Noon of a day in the stores' zone."""
    return datetime.combine(day, time(12), ZoneInfo(DEFAULT_ZONE))
