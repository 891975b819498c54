"""What is known of a store's year of training: its sessions, its quotas, and what the rosters say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, select

from incentives.core.attendance import Attendance as State
from incentives.core.attendance import SessionState
from incentives.core.period import Span
from incentives.core.quota import Outlook
from incentives.db import db
from incentives.training.models import Attendance, Quota, SessionAudience, TrainingKind, TrainingSession
from incentives.training.service.kinds import kinds_of
from incentives.training.service.quotas import quotas_of


class Held(NamedTuple):
    """A session of the year as far as quotas go by it."""

    id: int
    kind_id: int
    day: date
    is_closed: bool
    trainer_id: int | None
    position_ids: frozenset[int]


class Marked(NamedTuple):
    """What the roster of a closed session says of somebody."""

    session_id: int
    employee_id: int
    kind_id: int
    day: date
    state: State
    late_counts: bool


@dataclass(frozen=True, slots=True)
class Year:
    """A store's year as it is known on a day."""

    span: Span
    today: date
    kinds: Sequence[TrainingKind]
    quotas: Mapping[int, Quota]
    sessions: Sequence[Held]
    marks: Mapping[tuple[int, int], Sequence[Marked]]

    def outlook(self, days: Span, planned: int) -> Outlook:
        """What is left of these days: those before today have passed."""
        passed = Span(days.start, min(max(self.today, days.start), days.end)).days
        return Outlook(planned, passed, days.days)

    def planned(self, kind_id: int, position_id: int | None = None) -> int:
        """Sessions of a kind still to come, of all or of those that call a position."""
        return sum(
            session.kind_id == kind_id
            and not session.is_closed
            and session.day >= self.today
            and (position_id is None or position_id in session.position_ids)
            for session in self.sessions
        )

    def held(self, kind_id: int, until: date) -> int:
        """Sessions of a kind closed up to and including a day."""
        return sum(each.kind_id == kind_id and each.is_closed and each.day <= until for each in self.sessions)


def gather(store_id: int, group_id: int, year: int, today: date, only: int | None) -> Year:
    """Read a year in four queries; ``only`` leaves the other people's rosters out."""
    span = Span(date(year, 1, 1), date(year + 1, 1, 1))
    sessions = _sessions(store_id, span)
    quotas = quotas_of(store_id, year)
    used = set(quotas) | {session.kind_id for session in sessions}
    return Year(
        span=span,
        today=today,
        kinds=[kind for kind in kinds_of(group_id, also_former=True) if kind.id in used],
        quotas=quotas,
        sessions=sessions,
        marks=_marks(store_id, span, only),
    )


def _sessions(store_id: int, span: Span) -> list[Held]:
    """The year's sessions, each with the positions it calls; cancelled ones left out."""
    rows = db.session.execute(
        select(TrainingSession, SessionAudience.position_id)
        .outerjoin(SessionAudience, SessionAudience.session_id == TrainingSession.id)
        .where(
            TrainingSession.store_id == store_id,
            TrainingSession.business_date >= span.start,
            TrainingSession.business_date < span.end,
            TrainingSession.state != SessionState.CANCELLED,
        )
        .order_by(TrainingSession.id)
    )
    called: dict[TrainingSession, set[int]] = defaultdict(set)
    for session, position_id in rows:
        called[session].update(() if position_id is None else (position_id,))
    return [
        Held(
            session.id,
            session.kind_id,
            session.business_date,
            session.state is SessionState.CLOSED,
            session.trainer_id,
            frozenset(position_ids),
        )
        for session, position_ids in called.items()
    ]


def _marks(store_id: int, span: Span, only: int | None) -> dict[tuple[int, int], list[Marked]]:
    statement = (
        select(
            TrainingSession.id,
            Attendance.employee_id,
            TrainingSession.kind_id,
            TrainingSession.business_date,
            Attendance.state,
            TrainingSession.late_counts,
        )
        .join(Attendance.session)
        .where(*closed_in(store_id, span))
    )
    if only is not None:
        statement = statement.where(Attendance.employee_id == only)
    found: dict[tuple[int, int], list[Marked]] = defaultdict(list)
    for row in db.session.execute(statement):
        mark = Marked(*row)
        found[mark.employee_id, mark.kind_id].append(mark)
    return found


def closed_in(store_id: int, span: Span) -> tuple[ColumnElement[bool], ...]:
    """The conditions for the sessions that a store held in a span."""
    return (
        TrainingSession.store_id == store_id,
        TrainingSession.state == SessionState.CLOSED,
        TrainingSession.business_date >= span.start,
        TrainingSession.business_date < span.end,
    )
