"""A person's own training, in whichever store it was."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

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
            contains_eager(Attendance.session).options(joinedload(TrainingSession.trainer)),
        )
    )
