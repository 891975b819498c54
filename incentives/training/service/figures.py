"""What indicators and scores read of training: sessions held, and attendance of each person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from incentives.core.attendance import Attendance as State
from incentives.core.attendance import SessionState, is_countable
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger.service.derived import NOWHERE, DerivedFigure, Elsewhere, on_own_days
from incentives.training.models import Attendance, TrainingKind, TrainingSession

HUNDREDTHS = 100
"""Both sides of a ratio's figure are given in hundredths."""


def held(
    store_id: int, first: Month, last: Month, _elsewhere: Elsewhere = NOWHERE, *, kind: str = ""
) -> Iterable[DerivedFigure]:
    """Sessions the store held in each month, of all kinds or of the kind with that code; nobody's in person."""
    days = select(TrainingSession.business_date).where(*closed(store_id, first, last))
    if kind:
        days = days.join(TrainingSession.kind).where(TrainingKind.code == kind)
    by_month = Counter(Month.of(day) for day in db.session.scalars(days))
    return [DerivedFigure(month, None, None, count, facts=count) for month, count in sorted(by_month.items())]


def attendance(store_id: int, first: Month, last: Month, elsewhere: Elsewhere = NOWHERE) -> Iterable[DerivedFigure]:
    """Each person's sessions attended, of those that count. Excused and not recorded are in neither.

    Sessions of days ``elsewhere`` do not count for their person.
    """
    countable = [state for state in State if is_countable(state)]
    found = db.session.execute(
        select(
            Attendance.department_id,
            Attendance.employee_id,
            TrainingSession.business_date,
            func.sum(case((_attended(), 1), else_=0)),
            func.count(),
        )
        .join(Attendance.session)
        .where(
            *closed(store_id, first, last),
            Attendance.state.in_(countable),
            on_own_days(Attendance.employee_id, TrainingSession.business_date, elsewhere),
        )
        .group_by(Attendance.department_id, Attendance.employee_id, TrainingSession.business_date)
    )
    attended: Counter[tuple[Month, int, int]] = Counter()
    base: Counter[tuple[Month, int, int]] = Counter()
    for department_id, employee_id, day, yes, every in found:
        key = (Month.of(day), department_id, employee_id)
        attended[key] += int(yes)
        base[key] += int(every)
    return [
        DerivedFigure(*key, value=attended[key] * HUNDREDTHS, base=count * HUNDREDTHS, facts=count)
        for key, count in sorted(base.items())
    ]


def closed(store_id: int, first: Month, last: Month) -> tuple[ColumnElement[bool], ...]:
    """The sessions that count: those that were held in these months and whose roster is closed."""
    return (
        TrainingSession.store_id == store_id,
        TrainingSession.state == SessionState.CLOSED,
        TrainingSession.business_date.between(first.first, last.last),
    )


def _attended() -> ColumnElement[bool]:
    late = and_(Attendance.state == State.LATE, TrainingSession.late_counts)
    return or_(Attendance.state == State.PRESENT, late)
