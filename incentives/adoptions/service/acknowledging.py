"""Acknowledging a rule, who has not done so yet, and asking again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import CTE, Select, and_, func, insert, select

from incentives import clock
from incentives.adoptions.concern import concerned
from incentives.adoptions.models import Acknowledgement, Adoption, Reminder
from incentives.adoptions.service.adopting import require_seen
from incentives.audit import service as audit
from incentives.core.errors import NotFound, say
from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import Employee


class Missing(NamedTuple):
    """Somebody who has not acknowledged a rule that concerns him."""

    adoption: Adoption
    employee: Employee
    since_day: date
    since_month: Month | None
    reminded_on: date | None

    @property
    def since(self) -> date:
        """Since when it is waited for: adopted, posted there, and meant for the person."""
        days = [self.adoption.recorded_on, self.since_day]
        return max(days if self.since_month is None else [*days, self.since_month.first])


def missing(day: date) -> Select[*tuple[Any, ...]]:
    """Everybody concerned on a day who has not acknowledged, as rows of :class:`Missing`, to be narrowed and listed."""
    who, last = concerned(day), _last_reminders()
    return (
        select(Adoption, Employee, who.c.since_day, who.c.since_month, last.c.day)
        .select_from(who)
        .join(Adoption, Adoption.id == who.c.adoption_id)
        .join(Employee, Employee.id == who.c.employee_id)
        .outerjoin(Acknowledgement, _of(who))
        .outerjoin(last, and_(last.c.adoption_id == who.c.adoption_id, last.c.employee_id == who.c.employee_id))
        .where(Acknowledgement.id.is_(None))
    )


def _of(who: CTE) -> Any:  # noqa: ANN401 (a condition)
    return and_(
        Acknowledgement.adoption_id == who.c.adoption_id,
        Acknowledgement.employee_id == who.c.employee_id,
    )


def _last_reminders() -> CTE:
    return (
        select(Reminder.adoption_id, Reminder.employee_id, func.max(Reminder.day).label("day"))
        .group_by(Reminder.adoption_id, Reminder.employee_id)
        .cte("last_reminder")
    )


def unacknowledged(store_id: int, day: date, adoption_id: int | None = None) -> list[Missing]:
    """The chase list of a store, or of one adoption: rule by rule, by employee number. One query."""
    found = missing(day).where(Adoption.store_id == store_id).order_by(Adoption.id, Employee.number)
    if adoption_id is not None:
        found = found.where(Adoption.id == adoption_id)
    return [Missing._make(row) for row in db.session.execute(found)]


def waiting_for(employee_id: int, day: date) -> list[Missing]:
    """What somebody has still to acknowledge, the oldest first. One query."""
    found = missing(day).where(Employee.id == employee_id).order_by(Adoption.id)
    return [Missing._make(row) for row in db.session.execute(found)]


def count_waiting(employee_id: int, day: date) -> Select[int]:
    """How many rules somebody has still to acknowledge, as a statement to be asked with others."""
    return missing(day).where(Employee.id == employee_id).with_only_columns(func.count(Adoption.id))


def count_missing(store_id: int, day: date) -> Select[int]:
    """How many acknowledgements a store still lacks, as a statement to be asked with others."""
    return missing(day).where(Adoption.store_id == store_id).with_only_columns(func.count(Adoption.id))


class Tally(NamedTuple):
    """How many of those concerned have acknowledged."""

    done: int
    of: int


def tallies(store_id: int, day: date, adoption_ids: Collection[int] | None = None) -> dict[int, Tally]:
    """For each adoption of a store, or for some: how many are concerned, and how many of them have acknowledged.

    Who left, or moved to other work, is not counted any more; the record of the acknowledgement stays. One query.
    """
    who = concerned(day)
    found = (
        select(who.c.adoption_id, func.count(Acknowledgement.id), func.count())
        .select_from(who)
        .join(Adoption, Adoption.id == who.c.adoption_id)
        .outerjoin(Acknowledgement, _of(who))
        .where(Adoption.store_id == store_id)
        .group_by(who.c.adoption_id)
    )
    if adoption_ids is not None:
        found = found.where(who.c.adoption_id.in_(adoption_ids))
    return {adoption_id: Tally(done, of) for adoption_id, done, of in db.session.execute(found)}


def acknowledged_by(employee_id: int) -> Select[*tuple[Any, ...]]:
    """What somebody has acknowledged, wherever, as rows of acknowledgement and adoption."""
    return (
        select(Acknowledgement, Adoption)
        .join(Adoption, Adoption.id == Acknowledgement.adoption_id)
        .where(Acknowledgement.employee_id == employee_id)
    )


def own(employee_id: int, adoption_id: int) -> tuple[Acknowledgement, Adoption]:
    """One of them.

    Raises:
        NotFound: this person has acknowledged no such adoption.
    """
    row = db.session.execute(acknowledged_by(employee_id).where(Adoption.id == adoption_id)).one_or_none()
    if row is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    done, adoption = row
    return done, adoption


def acknowledgements(adoption_id: int) -> Sequence[tuple[Acknowledgement, Employee]]:
    """Who has acknowledged an adoption, leavers included, by employee number."""
    rows = db.session.execute(
        select(Acknowledgement, Employee)
        .join(Employee, Employee.id == Acknowledgement.employee_id)
        .where(Acknowledgement.adoption_id == adoption_id)
        .order_by(Employee.number)
    )
    return [(done, person) for done, person in rows]


def acknowledge(adoption_id: int, *, employee_id: int, digest: str, today: date) -> bool:
    """Somebody has read a rule that concerns him. A second press changes nothing; returns whether anything did.

    Raises:
        NotFound: there is no such adoption, or it does not concern this person.
        Conflict: the words on the page were others.
    """
    adoption = db.session.scalars(select(Adoption).where(Adoption.id == adoption_id).with_for_update()).one_or_none()
    if adoption is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    if _has_acknowledged(adoption_id, employee_id):
        return False
    if all(each.adoption.id != adoption_id for each in waiting_for(employee_id, today)):
        raise NotFound(say("There is no such page, or it is not for you to see."))
    require_seen(adoption, digest)
    db.session.add(Acknowledgement(adoption_id=adoption_id, employee_id=employee_id, digest=digest, at=clock.now()))
    db.session.flush()
    audit.record(
        "adoptions.acknowledged",
        store_id=adoption.store_id,
        actor_id=employee_id,
        subject=str(adoption.says),
        changes={"digest": (None, digest)},
    )
    return True


def _has_acknowledged(adoption_id: int, employee_id: int) -> bool:
    found = select(Acknowledgement.id).where(
        Acknowledgement.adoption_id == adoption_id, Acknowledgement.employee_id == employee_id
    )
    return db.session.scalar(found) is not None


def remind(
    store_id: int,
    *,
    today: date,
    actor_id: int,
    adoption_id: int | None = None,
    employee_id: int | None = None,
) -> int:
    """Ask again those who have not acknowledged, once a day at most; returns how many were asked now.

    All of the store's, or only one rule's, or only one person's.
    """
    fresh = [
        each
        for each in unacknowledged(store_id, today)
        if each.reminded_on != today
        and adoption_id in {None, each.adoption.id}
        and employee_id in {None, each.employee.id}
    ]
    if not fresh:
        return 0
    rows = [
        {"adoption_id": each.adoption.id, "employee_id": each.employee.id, "day": today, "reminded_by": actor_id}
        for each in fresh
    ]
    db.session.execute(insert(Reminder), rows)
    names = "、".join(dict.fromkeys(each.employee.name for each in fresh))
    audit.record("adoptions.reminded", store_id=store_id, actor_id=actor_id, subject=names[:200])
    return len(fresh)
