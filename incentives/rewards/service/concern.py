"""Whom the rule behind a reason concerns: everybody who works at the store where it was adopted."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, null, or_, select

from incentives.adoptions.models import Adoption, Subject
from incentives.people.models import Employee, Posting


def concerned_by_reasons(day: date) -> Select[*tuple[Any, ...]]:
    """Who works at a store on a day, for each reason adopted there."""
    return (
        select(
            Adoption.subject_id,
            Adoption.store_id,
            Posting.employee_id,
            Posting.first_day.label("since_day"),
            null().label("since_month"),
        )
        .join(Posting, Posting.store_id == Adoption.store_id)
        .join(Employee, Employee.id == Posting.employee_id)
        .where(
            Adoption.subject == Subject.REWARD_REASON,
            Posting.first_day <= day,
            or_(Posting.last_day.is_(None), Posting.last_day >= day),
            or_(Employee.left_on.is_(None), Employee.left_on >= day),
        )
    )
