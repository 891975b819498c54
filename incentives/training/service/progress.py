"""How the quotas of a year stand: each person × kind, the department's side, and the way through the year.

A person's requirement is prorated by the calendar days of the year in each posting; his pace is measured against the
days of the year in this store. Who has left or moved away is no longer shown; what he attended stays on record.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from incentives.core.attendance import Attendance as State
from incentives.core.attendance import Invitation, Summary, summary
from incentives.core.errors import Sentence
from incentives.core.period import MONTHS_IN_YEAR, Month, Span, prorated
from incentives.core.quota import (
    STATUS_RULES,
    DepartmentQuota,
    PersonQuota,
    QuotaStatus,
    prorated_quota,
    status,
)
from incentives.db import db
from incentives.people.service.staff import Member, members
from incentives.training.models import Attendance, TrainingKind, TrainingSession
from incentives.training.service.quotas import asked_of
from incentives.training.service.year import Marked, Year, closed_in, gather

URGENCY: Sequence[QuotaStatus] = (
    QuotaStatus.IMPOSSIBLE,
    QuotaStatus.AT_RISK,
    QuotaStatus.ON_COURSE,
    QuotaStatus.DONE,
)
"""The order in which statuses want to be seen."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A person × kind. ``status`` is none where nothing is asked."""

    kind: TrainingKind
    quota: PersonQuota
    attendance: Summary
    status: QuotaStatus | None
    days: Span
    planned: int

    @property
    def is_relevant(self) -> bool:
        """Whether there is anything to show."""
        return self.status is not None or bool(self.attendance.attended)

    @property
    def rule(self) -> Sentence | None:
        """Why it stands so."""
        return None if self.status is None else STATUS_RULES[self.status]


@dataclass(frozen=True, slots=True)
class Row:
    """A person with a cell for each kind, in the order of the kinds."""

    member: Member
    cells: Sequence[Cell]

    @property
    def urgency(self) -> tuple[int, ...]:
        """Sorts the rows that need something first: more red cells, then more that are at risk."""
        counts = Counter(cell.status for cell in self.cells)
        return tuple(-counts[each] for each in URGENCY[:2])


@dataclass(frozen=True, slots=True)
class DepartmentSide:
    """Sessions of a kind held, of those the store is to hold."""

    kind: TrainingKind
    quota: DepartmentQuota
    status: QuotaStatus
    planned: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """The quotas of a store and year on a day."""

    year: int
    kinds: Sequence[TrainingKind]
    rows: Sequence[Row]
    department: Sequence[DepartmentSide]
    burn_down: Sequence[Burn]
    given: Mapping[int, int]
    """Sessions each trainer gave: the contribution of those who teach."""

    @property
    def shown_kinds(self) -> Sequence[TrainingKind]:
        """The kinds that say something of anybody: those for customers only have the department's side."""
        shown = {cell.kind.id for row in self.rows for cell in row.cells if cell.is_relevant}
        return [kind for kind in self.kinds if kind.id in shown]

    def of(self, employee_id: int) -> Row | None:
        """Somebody's row."""
        return next((row for row in self.rows if row.member.employee_id == employee_id), None)


class Burn(NamedTuple):
    """Sessions still to be held at the end of a month: by an even pace, and in fact (none: still to come)."""

    month: Month
    even: Fraction
    left: int | None


@dataclass(frozen=True, slots=True)
class MakeUp:
    """Who still needs sessions of a kind for which too few are planned: the proposal of a make-up session."""

    kind: TrainingKind
    people: Sequence[tuple[Member, Cell]]

    @property
    def position_ids(self) -> set[int]:
        """Whom the make-up session would call."""
        return {member.position_id for member, _cell in self.people}

    @property
    def sessions(self) -> int:
        """How many sessions would help everybody."""
        return max(cell.quota.needed - cell.planned for _member, cell in self.people)


def matrix(store_id: int, group_id: int, year: int, today: date, *, only: int | None = None) -> Matrix:
    """How everybody stands, the most urgent first, then by number. Five queries, however many people there are.

    Args:
        only: the one person wanted.
    """
    known = gather(store_id, group_id, year, today, only)
    here = min(max(today, known.span.start), known.span.end - timedelta(days=1))
    by_person: dict[int, list[Member]] = defaultdict(list)
    for member in members(store_id, known.span):
        if only in (None, member.employee_id):
            by_person[member.employee_id].append(member)
    rows = [_row(known, postings) for postings in by_person.values() if here in postings[-1].days]
    return Matrix(
        year=year,
        kinds=known.kinds,
        rows=sorted(rows, key=lambda row: (row.urgency, row.member.number)),
        department=[_department(known, kind) for kind in known.kinds if kind.id in known.quotas],
        burn_down=_burn_down(known, year),
        given=Counter(each.trainer_id for each in known.sessions if each.is_closed and each.trainer_id is not None),
    )


def make_ups(found: Matrix) -> list[MakeUp]:
    """The kinds for which somebody needs more sessions than are planned, with those people."""
    wanting = (QuotaStatus.AT_RISK, QuotaStatus.IMPOSSIBLE)
    proposals = []
    for place, kind in enumerate(found.kinds):
        cells = [(row.member, row.cells[place]) for row in found.rows]
        people = [(member, cell) for member, cell in cells if cell.status in wanting]
        if people:
            proposals.append(MakeUp(kind, people))
    return proposals


def behind(store_id: int, year: int, kind_id: int, employee_id: int) -> list[Attendance]:
    """The rows behind a cell, by day."""
    return list(
        db.session.scalars(
            select(Attendance)
            .join(Attendance.session)
            .where(
                *closed_in(store_id, Span(date(year, 1, 1), date(year + 1, 1, 1))),
                TrainingSession.kind_id == kind_id,
                Attendance.employee_id == employee_id,
            )
            .options(contains_eager(Attendance.session))
            .order_by(TrainingSession.starts_at)
        )
    )


def _row(known: Year, postings: Sequence[Member]) -> Row:
    return Row(postings[-1], [_cell(known, kind, postings) for kind in known.kinds])


def _cell(known: Year, kind: TrainingKind, postings: Sequence[Member]) -> Cell:
    days = Span(postings[0].days.start, postings[-1].days.end)
    attendance = _summary(known, kind, postings[0].employee_id, days.start)
    required = _required(asked_of(known.quotas.get(kind.id)), postings, known.span)
    quota = PersonQuota.of(attendance, required)
    planned = known.planned(kind.id, postings[-1].position_id)
    stands = status(quota.attended, required, known.outlook(days, planned)) if required else None
    return Cell(kind, quota, attendance, stands, days, planned)


def _summary(known: Year, kind: TrainingKind, employee_id: int, joined: date) -> Summary:
    """Somebody's sessions of a kind; those held before he joined the store are named apart.

    Whether late counts was settled with each session, so the parts are added up by that.
    """
    marks = known.marks.get((employee_id, kind.id), ())
    before = [
        Invitation(session.day, State.NOT_RECORDED)
        for session in known.sessions
        if session.kind_id == kind.id and session.is_closed and session.day < joined
    ]
    lenient = summary([*_invitations(marks, late_counts=True), *before], joined=joined)
    strict = summary(_invitations(marks, late_counts=False), joined=joined, late_counts=False)
    return Summary(
        attended=lenient.attended + strict.attended,
        countable=lenient.countable + strict.countable,
        excused=lenient.excused + strict.excused,
        not_recorded=lenient.not_recorded + strict.not_recorded,
        before_joining=lenient.before_joining + strict.before_joining,
    )


def _invitations(marks: Iterable[Marked], *, late_counts: bool) -> list[Invitation]:
    return [Invitation(mark.day, mark.state) for mark in marks if mark.late_counts is late_counts]


def _required(asked: Mapping[int, int], postings: Iterable[Member], year: Span) -> int:
    """What the postings ask together. Days that ask the same are added up before they are rounded."""
    parts: dict[int, Fraction] = defaultdict(Fraction)
    for posting in postings:
        parts[asked.get(posting.position_id, 0)] += prorated(posting.days, year)
    return sum(prorated_quota(required, part) for required, part in parts.items())


def _department(known: Year, kind: TrainingKind) -> DepartmentSide:
    held = known.held(kind.id, known.span.end)
    planned = known.planned(kind.id)
    quota = DepartmentQuota(held, known.quotas[kind.id].held_required)
    return DepartmentSide(kind, quota, status(held, quota.required, known.outlook(known.span, planned)), planned)


def _burn_down(known: Year, year: int) -> list[Burn]:
    """Over all kinds with a quota. Sessions beyond a kind's quota do not make up for another kind."""
    required = {kind_id: quota.held_required for kind_id, quota in known.quotas.items()}
    total = sum(required.values())
    found = []
    for number in range(1, MONTHS_IN_YEAR + 1):
        month = Month(year, number)
        even = Fraction(total * (MONTHS_IN_YEAR - number), MONTHS_IN_YEAR)
        left = sum(max(0, count - known.held(kind_id, month.last)) for kind_id, count in required.items())
        found.append(Burn(month, even, left if month.first <= known.today else None))
    return found
