"""Which round of review counts: a month that was sent back or reopened is reviewed anew, and the latest one holds."""

from __future__ import annotations

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import aliased

from incentives.core.period import Month
from incentives.db import Given, db
from incentives.payroll.models import Statement


def latest_round(store_id: int, month: Month) -> int:
    """The round of review that counts; zero if there was none."""
    return db.session.scalar(select(newest_round(store_id, month))) or 0


def newest_round(store_id: Given[int], month: Given[Month]) -> ScalarSelect[int]:
    """The same within a statement, where it costs no query of its own."""
    found = select(func.max(Statement.round)).where(Statement.store_id == store_id, Statement.month == month)
    return found.scalar_subquery()


def is_newest(statement: type[Statement] = Statement) -> ColumnElement[bool]:
    """That a statement is of the round that counts in its month, where several months are asked for at once."""
    newer = aliased(Statement)
    newest = select(func.max(newer.round)).where(newer.store_id == statement.store_id, newer.month == statement.month)
    return statement.round == newest.correlate(statement).scalar_subquery()
