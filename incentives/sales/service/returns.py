"""Take a sale back, cancel it, undo a return. Nothing is edited: each is a line of its own.

A sale entered by mistake is cancelled: a line takes back all that is left of it, on the sale's own day while that
month is open, else on the day of cancelling, like a return. A return entered by mistake is undone the same way.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import func, select

from incentives.core.credits import Figures, left_after_return
from incentives.core.errors import Conflict, DomainError, say
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import db
from incentives.periods import service as periods
from incentives.sales.models import LineKind, SaleLine
from incentives.sales.service.lines import NewLine, Share, credited
from incentives.sales.service.lookup import article_of, left_of, movements_of, sale_of, sale_to_change
from incentives.sales.service.writing import next_ids, tell_trail, write


def record_return(
    store_id: int, line_id: int, *, quantity: int, received: Money, day: date, maker_id: int, today: date
) -> int:
    """Take all or part of a sale back; the id of the return.

    It counts in the sale's own month with the sale's own split, and closed pay is restated from there.

    Args:
        quantity: thousandths that come back.
        received: what is paid back.

    Raises:
        DomainError: more than is left, before the sale, in the future, or in a month being reviewed.
        NotFound: no such sale here.
    """
    sale = sale_to_change(store_id, line_id)
    if day < sale.business_date:
        raise DomainError(say("A return cannot be dated before its sale of {day}.", day=sale.business_date.isoformat()))
    if day > today:
        raise DomainError(say("{day} is still to come.", day=day.isoformat()))
    left = left_of(sale)
    after = left_after_return(sale.figures, left, quantity=quantity, received=received.fen)
    line = _movement(sale, LineKind.RETURN, left, after, day)
    return _take(store_id, line, "sales.returned", maker_id)


def cancel(store_id: int, line_id: int, *, maker_id: int, today: date) -> int:
    """Cancel a sale that was entered by mistake: a line takes back all that is left; its id.

    Raises:
        DomainError: nothing is left of it, or today's month is being reviewed.
        NotFound: no such sale here.
    """
    sale = sale_to_change(store_id, line_id)
    left = left_of(sale)
    if not (left.quantity or left.received):
        raise Conflict(say("Nothing is left of this sale: all of it has been taken back."))
    after = left_after_return(sale.figures, left, quantity=left.quantity, received=left.received)
    day = sale.business_date if periods.is_open(store_id, Month.of(sale.business_date)) else today
    return _take(store_id, _movement(sale, LineKind.CANCELLATION, left, after, day), "sales.cancelled", maker_id)


def undo_return(store_id: int, line_id: int, *, maker_id: int, today: date) -> int:
    """Undo a return that was entered by mistake; the id of the line that does.

    Raises:
        DomainError: it is no return, was undone already, the sale has been cancelled since, or its month is over.
        NotFound: no such line here.
    """
    wrong = sale_of(store_id, line_id)
    if wrong.kind is not LineKind.RETURN or wrong.returns_id is None:
        raise DomainError(say("Only a return can be undone."))
    sale = sale_to_change(store_id, wrong.returns_id)
    movements = movements_of(sale)
    if any(movement.undoes_id == wrong.id for movement in movements):
        raise Conflict(say("This return has been undone already."))
    if any(movement.kind is LineKind.CANCELLATION for movement in movements):
        raise DomainError(say("The sale has been cancelled since; there is nothing to give back."))
    left = left_of(sale)
    day = wrong.business_date if periods.is_open(store_id, Month.of(wrong.business_date)) else today
    line = _movement(sale, LineKind.RETURN_UNDONE, left, left - wrong.figures, day)
    return _take(store_id, replace(line, undoes_id=wrong.id), "sales.return_undone", maker_id)


def _movement(sale: SaleLine, kind: LineKind, before: Figures, after: Figures, day: date) -> NewLine:
    shares = [Share(earner.employee_id, earner.role, earner.weight) for earner in sale.earners]
    return NewLine(
        id=next_ids(1)[0],
        document=sale.document,
        line_number=_next_line_number(sale),
        business_date=day,
        sold_on=sale.business_date,
        article=article_of(sale),
        figures=after - before,
        credits=credited(shares, before, after),
        kind=kind,
        plate=sale.plate,
        named=sale.named,
        returns_id=sale.id,
    )


def _next_line_number(sale: SaleLine) -> int:
    last = db.session.scalar(
        select(func.max(SaleLine.line_number)).where(
            SaleLine.store_id == sale.store_id, SaleLine.document == sale.document
        )
    )
    return (last or 0) + 1


def _take(store_id: int, line: NewLine, act: str, maker_id: int) -> int:
    periods.require_takes_facts(store_id, Month.of(line.business_date))
    write(store_id, [line], maker_id=maker_id)
    tell_trail(act, store_id, maker_id, line)
    return line.id
