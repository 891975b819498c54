"""What indicators and scores read of training: sessions held, and attendance of each person."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, case, func, or_

from incentives.core.attendance import Attendance as State
from incentives.core.attendance import SessionState, is_countable
from incentives.core.period import Month
from incentives.ledger.service.derived import Elsewhere, Statement, added_up, month_of, on_own_days
from incentives.training.models import Attendance, TrainingKind, TrainingSession

HUNDREDTHS = 100
"""Both sides of a ratio's figure are given in hundredths."""


def held(store_id: int, first: Month, last: Month, _elsewhere: Elsewhere, *, kind: str = "") -> Iterator[Statement]:
    """Sessions the store held in each month, of all kinds or of the kind with that code; nobody's in person."""
    month = month_of(TrainingSession.business_date.expression)
    sessions = added_up(month, func.count()).where(*closed(store_id, first, last)).group_by(month)
    yield sessions.join(TrainingSession.kind).where(TrainingKind.code == kind) if kind else sessions


def attendance(store_id: int, first: Month, last: Month, elsewhere: Elsewhere) -> Iterator[Statement]:
    """Each person's sessions attended, of those that count. Excused and not recorded are in neither.

    Sessions of days ``elsewhere`` do not count for their person.
    """
    countable = [state for state in State if is_countable(state)]
    month = month_of(TrainingSession.business_date.expression)
    department, person = Attendance.department_id.expression, Attendance.employee_id.expression
    attended, every = func.sum(case((_attended(), HUNDREDTHS), else_=0)), func.count() * HUNDREDTHS
    yield (
        added_up(month, attended, department=department, person=person, base=every)
        .select_from(Attendance)
        .join(Attendance.session)
        .where(
            *closed(store_id, first, last),
            Attendance.state.in_(countable),
            on_own_days(Attendance.employee_id, TrainingSession.business_date, elsewhere),
        )
        .group_by(month, department, person)
    )


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
