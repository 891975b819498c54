"""Base wages by month, entered or imported by finance: without one, nothing may be taken for a loss.

The wage of a month is the base wage and the month's variable pay (docs/decisions). Rows are appended: the latest row of
the latest month holds.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ScalarSelect, Select, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager

from incentives import clock
from incentives.audit import service as audit
from incentives.core.errors import DomainError, say
from incentives.core.money import ZERO, Money
from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import Employee
from incentives.people.service import staff
from incentives.rewards.models import BaseWage

MOST = Money(100_000_00)
"""A hundred thousand yuan a month; beyond it somebody mistyped."""


def wages_in(employee_ids: Collection[int], month: Month) -> dict[int, Money]:
    """The base wages that hold in a month; nobody without one. One query."""
    rows = db.session.scalars(
        select(BaseWage)
        .where(BaseWage.employee_id.in_(employee_ids), BaseWage.starts <= month)
        .order_by(BaseWage.starts, BaseWage.id)
    )
    return {row.employee_id: row.amount for row in rows}


def wage_at(employee_id: InstrumentedAttribute[int], month: Month) -> ScalarSelect[Money]:
    """The base wage that holds in a month, within a statement about the person; nothing while none is known."""
    found = (
        select(BaseWage.amount)
        .where(BaseWage.employee_id == employee_id, BaseWage.starts <= month)
        .order_by(BaseWage.starts.desc(), BaseWage.id.desc())
        .limit(1)
    )
    return found.scalar_subquery()


def enter(
    store_id: int, employee_id: int, *, starts: Month, amount: Money, source: str, actor_id: int | None
) -> BaseWage:
    """Enter a base wage from a month on.

    Raises:
        NotFound: the person never worked here.
        DomainError: the amount is out of bounds or has no source.
    """
    employee = staff.employee_of(store_id, employee_id)
    require_amount(amount)
    if not source:
        raise DomainError(say("Say where the wage comes from: the contract, or the file."))
    before = wages_in([employee_id], starts).get(employee_id)
    row = BaseWage(
        employee_id=employee_id, starts=starts, amount=amount, source=source, made_by=actor_id, made_at=clock.now()
    )
    db.session.add(row)
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {str(starts): (before, amount)}
    audit.record("rewards.wage_entered", store_id=store_id, actor_id=actor_id, subject=employee.number, changes=changes)
    return row


def require_amount(amount: Money) -> None:
    """A wage that can be meant.

    Raises:
        DomainError: it is negative or beyond :data:`MOST`.
    """
    if not ZERO <= amount <= MOST:
        raise DomainError(say("A base wage lies between 0 and {most} yuan.", most=str(MOST)))


def wages_of(store_id: int) -> Select[BaseWage]:
    """All rows of those who ever worked at a store, with the person."""
    here = staff.ever_at(store_id).with_only_columns(Employee.id).order_by(None)
    return (
        select(BaseWage)
        .join(BaseWage.employee)
        .where(BaseWage.employee_id.in_(here))
        .options(contains_eager(BaseWage.employee))
    )
