"""Let attendance count: points, the boards, and the trainer's credit; and take it back when it is corrected."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import case, func, select

from incentives.core.attendance import attended
from incentives.core.errors import say
from incentives.core.points import PointsFact
from incentives.db import db
from incentives.ledger.service import EarningFact, changed, earn, take_back, tally
from incentives.ledger.service.tallying import Fact
from incentives.training.models import Attendance, TrainingSession

SESSIONS_ATTENDED = "sessions_attended"
"""The measure of the boards: sessions attended, each counting one."""
SOURCE = "training"


def count_closed(session: TrainingSession, rows: Sequence[Attendance]) -> None:
    """Count a session that has just been closed: attendance, and the trainer's credit."""
    _give_credit(session)
    recount(session, rows)


def recount(session: TrainingSession, rows: Iterable[Attendance]) -> None:
    """Bring points and boards in step with the rows of a closed session. What counts already is left alone."""
    facts: list[Fact] = []
    people = set()
    for row in rows:
        people.add(row.employee_id)
        counts = attended(row.state, late_counts=session.late_counts)
        if counts == row.counts:
            continue
        row.counts = counts
        if counts:
            _count(session, row)
        else:
            _uncount(row)
        facts.append((row.employee_id, session.store_id, session.business_date, 1 if counts else -1))
    tally(SESSIONS_ATTENDED, facts)
    if session.trainer_id is not None:
        people.add(session.trainer_id)
    changed(session.store_id, session.month, people)


def _give_credit(session: TrainingSession) -> None:
    if session.trainer_id is not None:
        earn([_fact(session, session.trainer_id, f"training-given:{session.id}", PointsFact.TRAINING_GIVEN)])


def _count(session: TrainingSession, row: Attendance) -> None:
    """A corrected row earns anew under a key of its own. The trainer's own row is paid by the credit for giving."""
    row.earned_key = f"training:{row.id}:{row.changes}"
    if row.employee_id != session.trainer_id:
        earn([_fact(session, row.employee_id, row.earned_key, PointsFact.ATTENDANCE)])


def _uncount(row: Attendance) -> None:
    take_back(row.earned_key, why=say("attendance corrected"), maker_id=row.recorded_by)


def _fact(session: TrainingSession, employee_id: int, key: str, fact: PointsFact) -> EarningFact:
    return EarningFact(
        key=key,
        fact=fact,
        store_id=session.store_id,
        employee_id=employee_id,
        day=session.business_date,
        source_kind=SOURCE,
        source_id=session.id,
    )


_now_counting = func.sum(case((Attendance.counts, 1), else_=0))
"""What was counted and taken back again is zero, not unknown: the person stays on the board."""


def counted_facts(people: Collection[int]) -> Iterable[Fact]:
    """What was ever tallied of these people, from the rosters themselves: the proof of the boards."""
    found = db.session.execute(
        select(Attendance.employee_id, TrainingSession.store_id, TrainingSession.business_date, _now_counting)
        .join(Attendance.session)
        .where(Attendance.employee_id.in_(people), Attendance.earned_key != "")
        .group_by(Attendance.employee_id, TrainingSession.store_id, TrainingSession.business_date)
    )
    for employee_id, store_id, day, times in found:
        yield employee_id, store_id, day, int(times)
