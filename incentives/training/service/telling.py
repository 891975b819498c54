"""Sessions and attendance as the facts behind a figure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from incentives.core.answer import Fact, Page
from incentives.core.attendance import Attendance as State
from incentives.core.attendance import is_countable
from incentives.core.errors import Sentence, say
from incentives.core.measure import Label
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger.service.derived import Whom
from incentives.people.models import Employee
from incentives.training.models import Attendance, TrainingKind, TrainingSession
from incentives.training.service.figures import closed


def sessions_behind(store_id: int, first: Month, last: Month, whom: Whom, *, kind: str = "") -> list[Fact]:
    """The sessions a store held, of all kinds or of the kind with that code. They are nobody's own."""
    if not whom.is_store:
        return []
    found = select(TrainingSession, Employee.name).outerjoin(Employee, Employee.id == TrainingSession.made_by)
    if kind:
        found = found.where(TrainingKind.code == kind)
    rows = db.session.execute(_held(found, store_id, first, last))
    return [_fact(session, _what(session), "1", name or "", session.made_at) for session, name in rows]


def attendance_behind(store_id: int, first: Month, last: Month, whom: Whom) -> list[Fact]:
    """The rosters on which somebody stands in a way that counts: 1 of 1 attended, or 0 of 1."""
    recorder = aliased(Employee)
    found = (
        select(TrainingSession, Attendance, recorder.name)
        .join(Attendance, Attendance.session_id == TrainingSession.id)
        .outerjoin(recorder, recorder.id == Attendance.recorded_by)
        .where(Attendance.state.in_([state for state in State if is_countable(state)]))
        .where(*whom.conditions(Attendance.department_id, Attendance.employee_id))
        .options(joinedload(Attendance.employee))
    )
    return [
        _fact(session, _roster(session, row), _counted(session, row), name or session.given_by, row.recorded_at)
        for session, row, name in db.session.execute(_held(found, store_id, first, last))
    ]


def _held(found: Select[*tuple[Any, ...]], store_id: int, first: Month, last: Month) -> Select[*tuple[Any, ...]]:
    return (
        found.join(TrainingSession.kind)
        .where(*closed(store_id, first, last))
        .options(contains_eager(TrainingSession.kind), joinedload(TrainingSession.trainer))
        .order_by(TrainingSession.business_date, TrainingSession.id)
    )


def _what(session: TrainingSession) -> Sentence:
    kind = Label(en=session.kind.name_en or session.kind.name, zh=session.kind.name).sentence()
    return say("{kind}: {topic}", kind=kind, topic=session.topic)


def _roster(session: TrainingSession, row: Attendance) -> Sentence:
    return say("{person}: {state}, {session}", person=row.employee.name, state=row.state.says, session=_what(session))


def _counted(session: TrainingSession, row: Attendance) -> str:
    attended = row.state is State.PRESENT or (row.state is State.LATE and session.late_counts)
    return "1 / 1" if attended else "0 / 1"


def _fact(session: TrainingSession, what: Sentence, counted: str, by: str, at: datetime | None) -> Fact:
    page = Page("training.session", {"session_id": session.id})
    return Fact(session.business_date, f"#{session.id}", what, counted, by, at, page)
