"""Hiring, moving, leaving, and who worked where on which days. History is never rewritten."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from incentives.audit import service as audit
from incentives.core.access import Role
from incentives.core.errors import Conflict, DomainError, NotFound, say
from incentives.core.period import Month, Span, prorated
from incentives.db import db
from incentives.people.models import Account, Employee, Position, Posting, RoleGrant, Store
from incentives.people.names import initials_of, pinyin_of
from incentives.people.telling import posting_changed

SEARCHED = (Employee.number, Employee.name, Employee.pinyin, Employee.initials)
"""What a search for a person looks into."""
JOINED_PINYIN = func.replace(Employee.pinyin, " ", "")
"""Pinyin written without blanks, as people type it."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who worked in a store on days of a span, as one posting after another."""

    employee_id: int
    number: str
    name: str
    department_id: int
    position_id: int
    position_code: str
    days: Span
    hired_on: date

    def part_of(self, month: Month) -> Fraction:
        """The part of a month that was worked here as this, by calendar days."""
        return prorated(self.days, month.span)


def members(store_id: int, span: Span) -> list[Member]:
    """Everybody posted to the store on a day of the span, one entry for each posting, by employee number.

    The days are those within the span, cut at hiring and leaving. One query.
    """
    rows = db.session.execute(
        select(Posting, Employee, Position.code)
        .join(Employee, Employee.id == Posting.employee_id)
        .join(Position, Position.id == Posting.position_id)
        .where(Posting.store_id == store_id, Posting.first_day < span.end, _not_over_before(span.start))
        .order_by(Employee.number, Posting.first_day)
    )
    found = [_member(posting, employee, code, span) for posting, employee, code in rows]
    return [member for member in found if member.days.days]


def _not_over_before(day: date) -> ColumnElement[bool]:
    return or_(Posting.last_day.is_(None), Posting.last_day >= day)


def _member(posting: Posting, employee: Employee, code: str, span: Span) -> Member:
    end = span.end if employee.left_on is None else min(span.end, employee.left_on + timedelta(days=1))
    return Member(
        employee_id=employee.id,
        number=employee.number,
        name=employee.name,
        department_id=posting.department_id,
        position_id=posting.position_id,
        position_code=code,
        days=posting.span.overlap(Span(max(span.start, employee.hired_on), max(end, span.start))),
        hired_on=employee.hired_on,
    )


def posting_on(employee_id: int, day: date) -> Posting | None:
    """Where and as what somebody worked on a day."""
    return db.session.scalars(
        select(Posting)
        .where(Posting.employee_id == employee_id, Posting.first_day <= day, _not_over_before(day))
        .order_by(Posting.first_day.desc())
        .limit(1)
    ).first()


def postings_on(employee_ids: Collection[int], day: date) -> dict[int, Posting]:
    """The same for several people, in one query."""
    found = select(Posting).where(
        Posting.employee_id.in_(employee_ids), Posting.first_day <= day, _not_over_before(day)
    )
    return {posting.employee_id: posting for posting in db.session.scalars(found.order_by(Posting.first_day))}


def working_at(store_id: int, day: date) -> Select[Employee]:
    """The people who work in a store on a day, as a statement to be listed, searched and counted."""
    here = and_(Posting.employee_id == Employee.id, Posting.store_id == store_id, Posting.first_day <= day)
    present = or_(Employee.left_on.is_(None), Employee.left_on >= day)
    return (
        select(Employee)
        .join(Posting, here)
        .where(_not_over_before(day), present)
        .options(selectinload(Employee.postings))
    )


def choices(store_id: int, day: date) -> list[tuple[int, str]]:
    """The people of a store for a select field, by number."""
    rows = db.session.execute(
        working_at(store_id, day)
        .with_only_columns(Employee.id, Employee.number, Employee.name)
        .order_by(Employee.number)
    )
    return [(number, f"{name} · {code}") for number, code, name in rows]


def named(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Number and name of each, in one query."""
    found = select(Employee.id, Employee.number, Employee.name).where(Employee.id.in_(set(ids)))
    return {employee_id: (number, name) for employee_id, number, name in db.session.execute(found)}


def searchable(store_id: int, day: date) -> list[tuple[int, str, str]]:
    """The same people with the words by which they are looked for: name, number, pinyin with and without spaces, initials."""
    columns = (Employee.id, Employee.number, Employee.name, Employee.pinyin, Employee.initials)
    rows = db.session.execute(working_at(store_id, day).with_only_columns(*columns).order_by(Employee.number))
    return [
        (number, f"{name} · {code}", f"{name} {code} {pinyin} {pinyin.replace(' ', '')} {initials}".lower())
        for number, code, name, pinyin, initials in rows
    ]


def managers_of(store_id: int) -> set[int]:
    """Employee ids of those who manage a store."""
    found = select(RoleGrant.employee_id).where(RoleGrant.store_id == store_id, RoleGrant.role == Role.MANAGER)
    return set(db.session.scalars(found))


def ever_at(store_id: int) -> Select[Employee]:
    """Everybody who ever worked in a store, once, as a statement."""
    here = and_(Posting.employee_id == Employee.id, Posting.store_id == store_id)
    latest = select(func.max(Posting.id)).where(here).correlate(Employee).scalar_subquery()
    return select(Employee).join(Posting, Posting.id == latest).options(selectinload(Employee.postings))


def posting_at(employee: Employee, store_id: int) -> Posting:
    """The latest of somebody's postings at a store where there is one."""
    return next(posting for posting in reversed(employee.postings) if posting.store_id == store_id)


def employee_of(store_id: int, employee_id: int) -> Employee:
    """A person who works or worked in the store.

    Raises:
        NotFound: nobody of that id ever did.
    """
    found = db.session.scalars(
        select(Employee)
        .join(Posting, Posting.employee_id == Employee.id)
        .where(Employee.id == employee_id, Posting.store_id == store_id)
        .options(selectinload(Employee.postings))
        .distinct()
    ).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def hire(
    *, store: Store, number: str, name: str, position: Position, day: date, actor_id: int | None, pinyin: str = ""
) -> Employee:
    """Take somebody on, from a day, in a position.

    Raises:
        Conflict: the number is somebody else's.
    """
    taken = select(Employee.id).where(Employee.group_id == store.group_id, Employee.number == number)
    if db.session.scalar(taken) is not None:
        raise Conflict(say("Number {number} belongs to somebody else. A number is never given twice.", number=number))
    spelt = pinyin.strip().lower() or pinyin_of(name)
    employee = Employee(
        group_id=store.group_id,
        number=number,
        name=name,
        pinyin=spelt,
        initials=initials_of(spelt),
        hired_on=day,
        postings=[_posting(store, position, day)],
    )
    db.session.add(employee)
    db.session.flush()
    posting_changed({store.id}, day)
    audit.record(
        "people.hired", store_id=store.id, actor_id=actor_id, subject=f"{number} {name}", changes={"from": (None, day)}
    )
    return employee


def _posting(store: Store, position: Position, day: date) -> Posting:
    return Posting(store_id=store.id, department_id=position.department_id, position_id=position.id, first_day=day)


def rename(employee: Employee, *, name: str, pinyin: str, seen: int, store_id: int, actor_id: int) -> None:
    """Correct a name or its reading.

    Raises:
        Conflict: somebody else changed the person since the page was loaded.
    """
    _require_version(employee, seen)
    changes: dict[str, tuple[object, object]] = {"name": (employee.name, name), "pinyin": (employee.pinyin, pinyin)}
    employee.name, employee.pinyin, employee.initials = name, pinyin.lower(), initials_of(pinyin)
    db.session.flush()
    audit.record("people.renamed", store_id=store_id, actor_id=actor_id, subject=employee.number, changes=changes)


def _require_version(employee: Employee, seen: int) -> None:
    if employee.version != seen:
        raise Conflict(
            say("Somebody else changed {name} while you were typing. Load the page again.", name=employee.name)
        )


def move(employee: Employee, *, store: Store, position: Position, day: date, actor_id: int | None, at: int) -> Posting:
    """Move somebody to another store or position from a day on. The posting before ends the day before.

    Args:
        at: the store where the move is recorded.

    Raises:
        DomainError: the person has left, or the day does not lie after the present posting's first.
    """
    last = employee.postings[-1]
    if employee.left_on is not None:
        raise DomainError(say("{name} has left. Take the person on again instead.", name=employee.name))
    if day <= last.first_day:
        first = last.first_day.isoformat()
        raise DomainError(say("The new posting must begin after the present one, which began on {first}.", first=first))
    if (last.store_id, last.position_id) == (store.id, position.id) and last.last_day is None:
        raise DomainError(say("{name} already works there as that.", name=employee.name))
    last.last_day = day - timedelta(days=1)
    fresh = _posting(store, position, day)
    employee.postings.append(fresh)
    employee.version += 1
    _end_sessions(employee.id)
    db.session.flush()
    posting_changed({last.store_id, store.id}, day)
    changes: dict[str, tuple[object, object]] = {"posting": (last.position_id, position.id), "from": (None, day)}
    audit.record(
        "people.moved", store_id=at, actor_id=actor_id, subject=f"{employee.number} {employee.name}", changes=changes
    )
    return fresh


def leave(employee: Employee, *, last_day: date, store_id: int, actor_id: int | None) -> None:
    """Record somebody's last day. The record and what is still owed stay; the account ends with that day.

    Raises:
        DomainError: the day lies before the present posting began.
    """
    posting = employee.postings[-1]
    if last_day < posting.first_day:
        first = posting.first_day.isoformat()
        raise DomainError(say("The last day cannot lie before {first}, when the present posting began.", first=first))
    before = employee.left_on
    employee.left_on = posting.last_day = last_day
    employee.version += 1
    _end_sessions(employee.id)
    db.session.flush()
    posting_changed({posting.store_id}, min(last_day, before or last_day))
    changes: dict[str, tuple[object, object]] = {"left_on": (before, last_day)}
    audit.record(
        "people.left",
        store_id=store_id,
        actor_id=actor_id,
        subject=f"{employee.number} {employee.name}",
        changes=changes,
    )


def _end_sessions(employee_id: int) -> None:
    for account in db.session.scalars(select(Account).where(Account.employee_id == employee_id)):
        account.epoch += 1


def positions(group_id: int) -> Sequence[Position]:
    """The positions of the group in their usual order."""
    found: Select[Any] = select(Position).where(Position.group_id == group_id).order_by(Position.order, Position.id)
    return db.session.scalars(found.options(joinedload(Position.department))).all()
