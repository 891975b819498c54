"""A person's own training, in whichever store it was."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, selectinload

from incentives.core.attendance import SessionState
from incentives.db import db
from incentives.training.models import Attendance, TrainingSession


def attendance_of(employee_id: int) -> Select[Attendance]:
    """All rosters a person stands on, with their sessions, as a statement to be listed."""
    return (
        select(Attendance)
        .join(Attendance.session)
        .join(TrainingSession.kind)
        .where(Attendance.employee_id == employee_id)
        .options(
            contains_eager(Attendance.session).contains_eager(TrainingSession.kind),
            contains_eager(Attendance.session).options(selectinload(TrainingSession.trainer)),
        )
    )


def given(employee_id: int, year: int) -> int:
    """How many sessions a person gave in a year: the trainer's own contribution."""
    counted = select(func.count()).where(
        TrainingSession.trainer_id == employee_id,
        TrainingSession.state == SessionState.CLOSED,
        TrainingSession.business_date.between(date(year, 1, 1), date(year, 12, 31)),
    )
    return int(db.session.scalar(counted) or 0)
