"""Whom a rule concerns: never a frozen list, always asked anew of the rooms above, who know assignments and postings.

So somebody who joins late, moves into a position or is newly named is concerned by himself, and who leaves drops out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

from flask import Flask, current_app
from sqlalchemy import CTE, Date, Select, and_, exists, func, literal, null, select, type_coerce, union_all
from sqlalchemy.orm import aliased

from incentives.adoptions.models import Adoption, Subject
from incentives.db import MonthType
from incentives.people.models import Employee

KEY = "incentives-concern"

Concern: TypeAlias = Callable[[date], Select[*tuple[Any, ...]]]
"""Called with a day: whom the rules of a kind concern then, as a statement with the columns ``subject_id``,
``store_id``, ``employee_id``, ``since_day`` (a day: when the person came to be there) and ``since_month`` (a month, or
null: from which the rule is meant for the person). A person may stand in several rows."""


def offer_concern(app: Flask, subject: Subject, concern: Concern) -> None:
    """Say whom a kind of rules concerns. Features do so when the application is put together."""
    app.extensions.setdefault(KEY, {})[subject] = concern


def concerned(day: date) -> CTE:
    """Who is concerned by which adoption on a day, once each: ``adoption_id``, ``employee_id``, ``since_day``,
    ``since_month``. Only the latest adoption of a rule concerns anybody.
    """  # noqa: D205 (the columns are the summary)
    known: Mapping[Subject, Concern] = current_app.extensions.get(KEY, {})
    parts = [_of_subject(subject, concern, day) for subject, concern in known.items()]
    return (union_all(*parts) if parts else _nobody()).cte("concerned")


def _of_subject(subject: Subject, concern: Concern, day: date) -> Select[*tuple[Any, ...]]:
    who = concern(day).subquery()
    return (
        select(
            Adoption.id.label("adoption_id"),
            who.c.employee_id,
            type_coerce(func.min(who.c.since_day), Date).label("since_day"),
            type_coerce(func.min(who.c.since_month), MonthType).label("since_month"),
        )
        .join(
            who,
            and_(
                Adoption.subject == subject,
                Adoption.subject_id == who.c.subject_id,
                Adoption.store_id == who.c.store_id,
            ),
        )
        .where(~exists().where(*_later(Adoption)))
        .group_by(Adoption.id, who.c.employee_id)
    )


def _later(adoption: type[Adoption]) -> tuple[Any, ...]:
    """Conditions on an adoption of the same rule that followed."""
    other = aliased(Adoption)
    return (
        other.store_id == adoption.store_id,
        other.subject == adoption.subject,
        other.subject_id == adoption.subject_id,
        other.number > adoption.number,
    )


def _nobody() -> Select[*tuple[Any, ...]]:
    return select(
        Adoption.id.label("adoption_id"),
        Employee.id.label("employee_id"),
        Employee.hired_on.label("since_day"),
        type_coerce(null(), MonthType).label("since_month"),
    ).where(literal(value=False))
