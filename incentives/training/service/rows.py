"""The rows of a roster: who is called, the trainer's own, and how a row changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incentives import clock
from incentives.core.attendance import Attendance as State
from incentives.core.period import Span
from incentives.db import db
from incentives.people.models import Employee
from incentives.people.service import staff
from incentives.training.models import Attendance, AttendanceChange, TrainingSession


def rows_of(session_id: int) -> Sequence[Attendance]:
    """The roster by employee number."""
    found = select(Attendance).join(Attendance.employee).where(Attendance.session_id == session_id)
    return db.session.scalars(found.options(joinedload(Attendance.employee)).order_by(Employee.number)).all()


def expected(session: TrainingSession) -> dict[int, int]:
    """Who is called, with the department on that day: posted here in a position of the audience. Not the trainer."""
    day = Span(session.business_date, session.business_date + timedelta(days=1))
    positions = session.position_ids
    return {
        member.employee_id: member.department_id
        for member in staff.members(session.store_id, day)
        if member.position_id in positions and member.employee_id != session.trainer_id
    }


def call(session: TrainingSession) -> None:
    """Give everybody called a row that says *not recorded*. Rows that are there stay as they are."""
    known = set(db.session.scalars(select(Attendance.employee_id).where(Attendance.session_id == session.id)))
    for employee_id, department_id in expected(session).items():
        if employee_id not in known:
            add(session, employee_id, department_id)
    db.session.flush()


def add(session: TrainingSession, employee_id: int, department_id: int) -> Attendance:
    """A fresh row."""
    row = Attendance(
        session_id=session.id, employee_id=employee_id, department_id=department_id, state=State.NOT_RECORDED
    )
    db.session.add(row)
    db.session.flush()
    return row


def record_trainer(session: TrainingSession) -> None:
    """Whoever teaches what he is himself called to attend has attended it; no one needs to say so.

    Recorded by nobody: it follows from the session. A guest from another department is not called and gets no row.
    """
    if session.trainer_id is None:
        return
    posting = staff.posting_on(session.trainer_id, session.business_date)
    if posting is None or posting.position_id not in session.position_ids:
        return
    row = row_of(session.id, session.trainer_id) or add(session, session.trainer_id, posting.department_id)
    put(row, State.PRESENT, by_id=None)


def row_of(session_id: int, employee_id: int) -> Attendance | None:
    """Somebody's row, if there is one."""
    found = select(Attendance).where(Attendance.session_id == session_id, Attendance.employee_id == employee_id)
    return db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def put(row: Attendance, state: State, *, by_id: int | None, reason: str = "") -> None:
    """Write a state and keep what was before. The same state again changes nothing."""
    if row.state is state:
        return
    now = clock.now()
    db.session.add(
        AttendanceChange(attendance_id=row.id, before=row.state, after=state, by_id=by_id, at=now, reason=reason)
    )
    row.state, row.recorded_by, row.recorded_at, row.changes = state, by_id, now, row.changes + 1
    db.session.flush()


def changes_of(session_id: int) -> Sequence[AttendanceChange]:
    """Every change of a session's roster, the latest first."""
    found = (
        select(AttendanceChange)
        .join(AttendanceChange.attendance)
        .where(Attendance.session_id == session_id)
        .options(
            joinedload(AttendanceChange.attendance).joinedload(Attendance.employee), joinedload(AttendanceChange.by)
        )
    )
    return db.session.scalars(found.order_by(AttendanceChange.id.desc())).all()
