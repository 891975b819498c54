"""Which days are worked: China's statutory holidays and make-up workdays, and what the store says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays
from sqlalchemy import select

from incentives.audit import service as audit
from incentives.core.period import Span
from incentives.db import db
from incentives.targets.models import WorkdayOverride

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Workdays:
    """How many working days a period has, and how many have come, today included."""

    elapsed: int
    all: int


@cache
def _statutory(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year)


def is_statutory_workday(day: date) -> bool:
    """Monday to Friday without the holidays, and the weekend days that make up for one.

    The make-up days of a year are known once the State Council has announced them.
    """
    calendar = _statutory(day.year)
    if day in calendar.weekend_workdays:
        return True
    return day.weekday() < SATURDAY and day not in calendar


def overrides(store_id: int, span: Span) -> Mapping[date, bool]:
    """What the store says of days in a span."""
    found = select(WorkdayOverride.day, WorkdayOverride.works).where(
        WorkdayOverride.store_id == store_id, WorkdayOverride.day >= span.start, WorkdayOverride.day < span.end
    )
    return {row.day: row.works for row in db.session.execute(found)}


def workdays(store_id: int, span: Span, today: date) -> Workdays:
    """The working days of a span, and how many of them have come by today."""
    said = overrides(store_id, span)
    worked = [day for day in span.each_day() if said.get(day, is_statutory_workday(day))]
    return Workdays(elapsed=sum(day <= today for day in worked), all=len(worked))


def after_workdays(store_id: int, day: date, count: int) -> date:
    """The last of so many working days that follow a day; the day itself does not count.

    No run of holidays stretches ``count`` working days beyond sixty calendar days; the sixtieth is the latest answer.
    """
    span = Span(day + timedelta(days=1), day + timedelta(days=61))
    said = overrides(store_id, span)
    worked = [each for each in span.each_day() if said.get(each, is_statutory_workday(each))]
    return worked[count - 1] if len(worked) >= count else span.end - timedelta(days=1)


def override(store_id: int, day: date, *, works: bool, note: str, actor_id: int) -> None:
    """Say that a day is worked or not. Saying what the calendar says anyway takes the store's word back.

    Saying the same again changes nothing.
    """
    found = db.session.scalars(
        select(WorkdayOverride)
        .where(WorkdayOverride.store_id == store_id, WorkdayOverride.day == day)
        .with_for_update()
    ).one_or_none()
    before = is_statutory_workday(day) if found is None else found.works
    if before is works and (found is None or found.note == note):
        return
    if found is not None and works is is_statutory_workday(day):
        db.session.delete(found)
    elif found is not None:
        found.works, found.note = works, note
    else:
        db.session.add(WorkdayOverride(store_id=store_id, day=day, works=works, note=note))
    db.session.flush()
    audit.record(
        "targets.workday_set",
        store_id=store_id,
        actor_id=actor_id,
        subject=day.isoformat(),
        changes={"works": (before, works)},
    )
