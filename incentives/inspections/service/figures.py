"""What inspections come to: the 6S score of a person and of the store, the heat map, and what a month lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import ColumnElement, and_, func, or_, select

from incentives import clock
from incentives.core.errors import say
from incentives.core.inspection import Band, FindingState, Level, band
from incentives.core.period import Month
from incentives.db import db
from incentives.inspections.models import Area, AreaResponsibility, Finding, Inspection
from incentives.inspections.service.areas import not_corrected
from incentives.ledger.service.derived import NOWHERE, DerivedFigure, Elsewhere, on_own_days
from incentives.people.models import Posting
from incentives.periods.checks import Lack

HUNDREDTHS = 100
WEEKS_SHOWN = 12


def scores(store_id: int, first: Month, last: Month, elsewhere: Elsewhere = NOWHERE) -> Iterator[DerivedFigure]:
    """Points reached of points possible: of the store, and of each owner in the areas held on the day of inspection.

    A department's are those of the owners who were posted to it on the day. Inspections of days ``elsewhere`` do not
    count for the owner. Two queries.
    """
    of_store = [Inspection.store_id == store_id, Inspection.month.between(first, last), not_corrected()]
    whole = select(Inspection.month, *_SUMS).where(*of_store).group_by(Inspection.month)
    for month, reached, possible, count in db.session.execute(whole):
        yield _figure(month, None, None, (reached, possible, count))
    owner, department = AreaResponsibility.employee_id, Posting.department_id
    each = (
        select(Inspection.month, department, owner, *_SUMS)
        .join(AreaResponsibility, held_on_the_day())
        .join(Posting, posted_on_the_day())
    )
    departments: dict[tuple[Month, int], tuple[int, int, int]] = {}
    people: dict[tuple[Month, int], tuple[int, int, int]] = {}
    for month, where, who, reached, possible, count in db.session.execute(
        each.where(*of_store, on_own_days(owner, Inspection.business_date, elsewhere)).group_by(
            Inspection.month, department, owner
        )
    ):
        _add(departments, (month, where), (reached, possible, count))
        _add(people, (month, who), (reached, possible, count))
    yield from (_figure(month, where, None, sums) for (month, where), sums in departments.items())
    yield from (_figure(month, None, who, sums) for (month, who), sums in people.items())


_SUMS = (func.sum(Inspection.reached), func.sum(Inspection.possible), func.count())


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


def _add(sums: dict[tuple[Month, int], tuple[int, int, int]], key: tuple[Month, int], more: Sequence[int]) -> None:
    before = sums.get(key, (0, 0, 0))
    sums[key] = (before[0] + int(more[0]), before[1] + int(more[1]), before[2] + int(more[2]))


def _figure(
    month: Month, department_id: int | None, employee_id: int | None, sums: tuple[int, int, int]
) -> DerivedFigure:
    reached, possible, count = sums
    return DerivedFigure(
        month, department_id, employee_id, int(reached) * HUNDREDTHS, int(possible) * HUNDREDTHS, count
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
