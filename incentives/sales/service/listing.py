"""Statements behind the lists of sales."""

from __future__ import annotations

from functools import reduce
from operator import add

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import selectinload

from incentives.core.errors import say
from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import Employee
from incentives.people.service.staff import JOINED_PINYIN, SEARCHED
from incentives.periods.checks import Lack
from incentives.sales.models import Earner, LineKind, SaleLine

_words = reduce(add, [column + literal(" ") for column in (*SEARCHED, JOINED_PINYIN)])
earned_by = (
    select(func.aggregate_strings(_words, " "))
    .join(Earner, Earner.employee_id == Employee.id)
    .where(Earner.sale_line_id == SaleLine.id)
    .correlate(SaleLine)
    .scalar_subquery()
)
"""Names, numbers and pinyin of a line's earners in one text, to be searched."""


def lines_of(store_id: int) -> Select[SaleLine]:
    """All lines of a store with their earners."""
    return (
        select(SaleLine)
        .where(SaleLine.store_id == store_id)
        .options(selectinload(SaleLine.earners).joinedload(Earner.employee))
    )


def credits_of_person(employee_id: int) -> Select[Earner]:
    """All credits of a person, wherever earned, with their lines."""
    return select(Earner).join(Earner.line).where(Earner.employee_id == employee_id).options(selectinload(Earner.line))


def is_unmatched() -> ColumnElement[bool]:
    """A sale that nobody earned yet: a file named nobody known here."""
    return (SaleLine.kind == LineKind.SALE) & ~SaleLine.earners.any()


def unmatched(store_id: int, month: Month) -> int:
    """How many sales of a month nobody earned yet; the month's cockpit asks."""
    counted = select(func.count()).where(SaleLine.store_id == store_id, SaleLine.counts_in == month, is_unmatched())
    return int(db.session.scalar(counted) or 0)


def lacking(store_id: int, month: Month) -> list[Lack]:
    """Sales of the month that nobody earned yet, for its cockpit."""
    return [Lack(say("Sales without anybody who earns them"), unmatched(store_id, month), "sales.index")]


def months_with_sales(store_id: int) -> list[Month]:
    """The months that hold lines of a store, latest first."""
    held = select(SaleLine.counts_in).where(SaleLine.store_id == store_id).distinct()
    return sorted(db.session.scalars(held), reverse=True)
