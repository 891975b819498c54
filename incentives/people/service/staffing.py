"""人员定编: planned against actual headcount by position, and the gap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from incentives.audit import service as audit
from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import HeadcountPlan, Position, Posting, Store
from incentives.people.service.staff import positions


@dataclass(frozen=True, slots=True)
class Staffing:
    """A position of a store: how many are planned (none: not planned), how many there are, and the gap."""

    position: Position
    planned: int | None
    actual: int
    note: str

    @property
    def gap(self) -> int | None:
        """People still wanted (positive) or above plan (negative)."""
        return None if self.planned is None else self.planned - self.actual


def staffing(store: Store, day: date) -> list[Staffing]:
    """Each position that is planned or held on the day."""
    plans = _plans(store.id, Month.of(day))
    actual = _actual(store.id, day)
    found = []
    for position in positions(store.group_id):
        plan = plans.get(position.id)
        if plan is not None or actual.get(position.id):
            planned, note = (plan.planned, plan.note) if plan else (None, "")
            found.append(Staffing(position, planned, actual.get(position.id, 0), note))
    return found


def _plans(store_id: int, month: Month) -> dict[int, HeadcountPlan]:
    found = select(HeadcountPlan).where(HeadcountPlan.store_id == store_id, HeadcountPlan.from_month <= month)
    return {plan.position_id: plan for plan in db.session.scalars(found.order_by(HeadcountPlan.from_month))}


def _actual(store_id: int, day: date) -> dict[int, int]:
    lasting = or_(Posting.last_day.is_(None), Posting.last_day >= day)
    rows = db.session.execute(
        select(Posting.position_id, func.count(Posting.employee_id.distinct()))
        .where(Posting.store_id == store_id, Posting.first_day <= day, lasting)
        .group_by(Posting.position_id)
    )
    return {position: int(count) for position, count in rows}


def plan_headcount(store: Store, position: Position, *, month: Month, planned: int, note: str, actor_id: int) -> None:
    """Plan so many people of a position from a month on; the same month again replaces the plan."""
    found = db.session.scalars(
        select(HeadcountPlan).where(
            HeadcountPlan.store_id == store.id,
            HeadcountPlan.position_id == position.id,
            HeadcountPlan.from_month == month,
        )
    ).one_or_none()
    before = found.planned if found else None
    if found is None:
        found = HeadcountPlan(store_id=store.id, position_id=position.id, from_month=month)
        db.session.add(found)
    found.planned, found.note = planned, note
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {"planned": (before, planned), "from": (None, month)}
    audit.record(
        "people.headcount_planned", store_id=store.id, actor_id=actor_id, subject=position.name, changes=changes
    )
