"""What inspections come to: the 6S score of a person and of the store, the heat map, and what a month lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from incentives import clock
from incentives.core.errors import say
from incentives.core.inspection import Band, FindingState, Level, band
from incentives.core.period import Month
from incentives.db import db
from incentives.inspections.models import Area, AreaResponsibility, Finding, Inspection
from incentives.inspections.service.areas import not_corrected
from incentives.ledger.service.derived import NOBODY, Elsewhere, Statement, added_up, on_own_days
from incentives.people.models import Posting
from incentives.periods.checks import Lack

HUNDREDTHS = 100
WEEKS_SHOWN = 12


def scores(store_id: int, first: Month, last: Month, elsewhere: Elsewhere) -> Iterator[Statement]:
    """Points reached of points possible: of the store, and of each owner in the areas held on the day of inspection.

    A department's are those of the owners who were posted to it on the day. Inspections of days ``elsewhere`` do not
    count for the owner.
    """
    of_store = [Inspection.store_id == store_id, Inspection.month.between(first, last), not_corrected()]
    owner, department = AreaResponsibility.employee_id.expression, Posting.department_id.expression
    own_days = on_own_days(AreaResponsibility.employee_id, Inspection.business_date, elsewhere)
    yield _points().where(*of_store).group_by(Inspection.month)
    for statement, whose in ((_points(department=department), department), (_points(person=owner), owner)):
        yield (
            statement.join(AreaResponsibility, held_on_the_day())
            .join(Posting, posted_on_the_day())
            .where(*of_store, own_days)
            .group_by(Inspection.month, whose)
        )


def _points(*, department: ColumnElement[Any] = NOBODY, person: ColumnElement[Any] = NOBODY) -> Statement:
    reached, possible = func.sum(Inspection.reached) * HUNDREDTHS, func.sum(Inspection.possible) * HUNDREDTHS
    points = added_up(Inspection.month.expression, reached, department=department, person=person, base=possible)
    return points.select_from(Inspection)


def held_on_the_day() -> ColumnElement[bool]:
    """Who owned the inspected area on the day."""
    return and_(
        AreaResponsibility.area_id == Inspection.area_id,
        AreaResponsibility.level == Level.OWNER,
        AreaResponsibility.first_day <= Inspection.business_date,
        or_(AreaResponsibility.last_day.is_(None), AreaResponsibility.last_day >= Inspection.business_date),
    )


def posted_on_the_day() -> ColumnElement[bool]:
    """Where the owner was posted on the day."""
    return and_(
        Posting.employee_id == AreaResponsibility.employee_id,
        Posting.store_id == Inspection.store_id,
        Posting.first_day <= Inspection.business_date,
        or_(Posting.last_day.is_(None), Posting.last_day >= Inspection.business_date),
    )


def lacking(store_id: int, month: Month) -> Iterable[Lack]:
    """Findings of the month that are not closed, and how many of them are overdue."""
    rows = db.session.execute(
        select(Finding.due_on, func.count())
        .where(
            Finding.store_id == store_id,
            Finding.month == month,
            Finding.state.in_([FindingState.OPEN, FindingState.ANSWERED]),
        )
        .group_by(Finding.due_on)
    ).all()
    today = clock.today()
    overdue = sum(count for due, count in rows if due < today)
    yield Lack(say("6S findings that are overdue"), overdue, "inspections.findings")
    rest = sum(count for _due, count in rows) - overdue
    yield Lack(say("6S findings that are not closed yet"), rest, "inspections.findings")


@dataclass(frozen=True, slots=True)
class Cell:
    """An area in a week: the score of its inspections together, if there were any."""

    value: Fraction | None

    @property
    def band(self) -> Band | None:
        """The band of the score."""
        return None if self.value is None else band(self.value)


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Areas by weeks; each week is named by its Monday. ``whole`` is the store's score of each week."""

    weeks: list[date]
    rows: list[tuple[Area, list[Cell]]]
    whole: list[Cell]


def weeks(today: date) -> list[date]:
    """The Mondays of the last twelve weeks, the running one included and last."""
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=back) for back in reversed(range(WEEKS_SHOWN))]


def heat_map(store_id: int, areas: Iterable[Area], today: date) -> HeatMap:
    """The last twelve weeks, the running one included. One query."""
    shown = weeks(today)
    rows = db.session.execute(
        select(
            Inspection.area_id, Inspection.business_date, func.sum(Inspection.reached), func.sum(Inspection.possible)
        )
        .where(Inspection.store_id == store_id, Inspection.business_date >= shown[0], not_corrected())
        .group_by(Inspection.area_id, Inspection.business_date)
    ).all()
    sums: dict[tuple[int | None, date], tuple[int, int]] = {}
    for area_id, day, reached, possible in rows:
        week = day - timedelta(days=day.weekday())
        for key in ((area_id, week), (None, week)):
            before = sums.get(key, (0, 0))
            sums[key] = (before[0] + int(reached), before[1] + int(possible))

    def cells(area_id: int | None) -> list[Cell]:
        found = (sums.get((area_id, week)) for week in shown)
        return [Cell(Fraction(*both) if both else None) for both in found]

    return HeatMap(shown, [(area, cells(area.id)) for area in areas], cells(None))
