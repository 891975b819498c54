"""The sale lines behind what a seller has on a board, and behind the points of a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from incentives.core.answer import Fact
from incentives.core.credits import Figures
from incentives.core.measure import Kind
from incentives.core.period import Span
from incentives.db import db
from incentives.sales.models import Earner
from incentives.sales.service.figures import BOARDS
from incentives.sales.service.measures import Counted
from incentives.sales.service.telling import as_facts


def on_board(measure: str, employee_id: int, span: Span, counts: Callable[[int, date], bool]) -> tuple[list[Fact], int]:
    """The lines behind what a seller has on a board in these days, and their sum: fen, or pieces in thousandths."""
    offered = BOARDS[measure]
    found = (
        select(Earner)
        .join(Earner.line)
        .where(
            Earner.employee_id == employee_id,
            Earner.business_date >= span.start,
            Earner.business_date < span.end,
            Earner.leads.is_(True),
            offered.counts,
        )
        .options(contains_eager(Earner.line))
        .order_by(Earner.business_date, Earner.id)
    )
    led = [each for each in db.session.scalars(found) if counts(each.store_id, each.business_date)]
    kind = Kind.QUANTITY if offered.pieces else Kind.AMOUNT
    whole = sum(each.quantity if offered.pieces else each.received.fen for each in led)
    return _led(led, kind), whole


def sold_on(store_id: int, employee_id: int, day: date) -> list[Fact]:
    """The lines that a seller's points of a day are given for: what was sold on it, and what came back of that."""
    found = (
        select(Earner)
        .join(Earner.line)
        .where(
            Earner.store_id == store_id,
            Earner.employee_id == employee_id,
            Earner.sold_on == day,
            Earner.leads.is_(True),
        )
        .options(contains_eager(Earner.line))
        .order_by(Earner.business_date, Earner.id)
    )
    return _led(db.session.scalars(found).all(), Kind.AMOUNT)


def _led(led: Sequence[Earner], kind: Kind) -> list[Fact]:
    return as_facts([Counted(each.line, Figures(each.received.fen, each.quantity)) for each in led], kind, own=True)
