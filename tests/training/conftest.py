"""What the tests of training are told with: a store's sessions, planned and held in a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from incentives.core.attendance import Attendance as State
from incentives.db import db
from incentives.people.models import Employee
from incentives.training.models import Attendance, TrainingKind, TrainingSession
from incentives.training.service import roster, sessions
from incentives.training.service.roster import Mark
from incentives.training.service.sessions import Particulars
from tests.conftest import Cast

TODAY = date(2026, 11, 16)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


@dataclass
class School:
    """Store A01 as its trainer Qian sees it."""

    cast: Cast

    def kind(self, code: str) -> TrainingKind:
        found = select(TrainingKind).where(TrainingKind.group_id == self.cast.group.id, TrainingKind.code == code)
        return db.session.scalars(found).one()

    def particulars(
        self,
        kind: str = "workshop",
        day: date = TODAY,
        topic: str = "变速箱",
        trainer: Employee | None = None,
        positions: tuple[str, ...] = ("mechanic",),
    ) -> Particulars:
        return Particulars(
            kind_id=self.kind(kind).id,
            topic=topic,
            starts_at=at(day, 9),
            ends_at=at(day, 11),
            trainer_id=(trainer or self.cast.qian).id,
            position_ids=frozenset(self.cast.positions[code].id for code in positions),
        )

    def plan(self, **wanted: object) -> TrainingSession:
        particulars = self.particulars(**wanted)  # type: ignore[arg-type]  # handed on as they come
        return sessions.plan(self.cast.east, particulars, actor_id=self.cast.qian.id)

    def start(self, session: TrainingSession) -> TrainingSession:
        return sessions.start(self.cast.east.id, session.id, actor_id=self.cast.qian.id, today=TODAY)

    def running(self, **wanted: object) -> TrainingSession:
        return self.start(self.plan(**wanted))

    def record(self, session: TrainingSession, states: Mapping[Employee, State], by: Employee | None = None) -> int:
        marks = [Mark(person.id, self.state(session, person), state) for person, state in states.items()]
        return roster.save(self.cast.east.id, session.id, marks, actor_id=(by or self.cast.qian).id)

    def held(self, states: Mapping[Employee, State], **wanted: object) -> TrainingSession:
        session = self.running(**wanted)
        self.record(session, states)
        return sessions.close(self.cast.east.id, session.id, actor_id=self.cast.qian.id)

    def held_monthly(self, months: int, person: Employee, states: list[State], kind: str = "workshop") -> None:
        """A session a month from January on, in which a person was so."""
        for month, state in zip(range(1, months + 1), states, strict=True):
            self.held({person: state}, kind=kind, day=date(2026, month, 10), topic=f"{kind} {month}")

    def state(self, session: TrainingSession, person: Employee) -> State:
        return self.row(session, person).state

    def row(self, session: TrainingSession, person: Employee) -> Attendance:
        found = select(Attendance).where(Attendance.session_id == session.id, Attendance.employee_id == person.id)
        return db.session.scalars(found).one()

    def called(self, session: TrainingSession) -> set[int]:
        found = select(Attendance.employee_id).where(Attendance.session_id == session.id)
        return set(db.session.scalars(found))


def tomorrow() -> date:
    return TODAY + timedelta(days=1)


@pytest.fixture
def school(cast: Cast) -> School:
    return School(cast)
