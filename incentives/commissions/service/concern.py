"""Whom a version of a plan concerns: everybody it pays, by position or by name, for as long as it holds or is to hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, tuple_
from sqlalchemy.orm import aliased

from incentives.commissions.models import PayPlan, PlanAssignment, PlanVersion
from incentives.core.approval import PlanState
from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import Employee, Posting


def concern(day: date) -> Select[*tuple[Any, ...]]:
    """The adopted versions that hold on a day or are to hold later, and whom each pays, as adoptions ask for it."""
    return (
        _paid(day)
        .join(PlanVersion, PlanVersion.plan_id == PayPlan.id)
        .with_only_columns(
            PlanVersion.id.label("subject_id"),
            PayPlan.store_id,
            Posting.employee_id,
            Posting.first_day.label("since_day"),
            PlanAssignment.from_month.label("since_month"),
        )
        .where(PlanVersion.state == PlanState.ADOPTED, ~_superseded(Month.of(day)))
    )


def _paid(day: date) -> Select[*tuple[Any, ...]]:
    """Plans joined with the people who work in a paid position, or are named, on a day."""
    named = or_(Posting.position_id == PlanAssignment.position_id, Posting.employee_id == PlanAssignment.employee_id)
    return (
        select(PayPlan)
        .join(PlanAssignment, PlanAssignment.plan_id == PayPlan.id)
        .join(Posting, and_(Posting.store_id == PayPlan.store_id, named))
        .join(Employee, Employee.id == Posting.employee_id)
        .where(
            or_(PlanAssignment.to_month.is_(None), PlanAssignment.to_month >= Month.of(day)),
            Posting.first_day <= day,
            or_(Posting.last_day.is_(None), Posting.last_day >= day),
            or_(Employee.left_on.is_(None), Employee.left_on >= day),
        )
    )


def _superseded(month: Month) -> ColumnElement[bool]:
    """Whether a later version of the same plan holds in a month already."""
    other = aliased(PlanVersion)
    return exists().where(
        other.plan_id == PlanVersion.plan_id,
        other.state == PlanState.ADOPTED,
        other.from_month <= month,
        tuple_(other.from_month, other.number) > tuple_(PlanVersion.from_month, PlanVersion.number),
    )


def is_paid_by(plan: PayPlan, employee_id: int, day: date) -> bool:
    """Whether a plan pays somebody on a day."""
    found = _paid(day).with_only_columns(Employee.id).where(PayPlan.id == plan.id, Employee.id == employee_id)
    return db.session.scalars(found.limit(1)).one_or_none() is not None
