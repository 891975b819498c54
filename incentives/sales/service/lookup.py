"""One sale line with its earners, and what has become of it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from incentives.core.credits import Figures
from incentives.core.errors import DomainError, NotFound, say
from incentives.db import db
from incentives.people.models import Employee
from incentives.sales.models import Earner, LineKind, SaleLine
from incentives.sales.service.lines import Article


def sale_of(store_id: int, line_id: int, *, lock: bool = False) -> SaleLine:
    """A line of the store with its earners. ``lock`` holds it until the transaction ends.

    Raises:
        NotFound: there is none in this store.
    """
    found = select(SaleLine).where(SaleLine.store_id == store_id, SaleLine.id == line_id)
    found = found.options(selectinload(SaleLine.earners).selectinload(Earner.employee))
    line = db.session.scalars(found.with_for_update(of=SaleLine) if lock else found).one_or_none()
    if line is None:
        raise NotFound(say("There is no such sale in this store."))
    return line


def own_sale(employee_id: int, line_id: int) -> SaleLine:
    """A line that credits somebody, at whichever store.

    Raises:
        NotFound: there is none of that id, or it credits others only.
    """
    found = select(SaleLine).where(SaleLine.id == line_id, SaleLine.earners.any(Earner.employee_id == employee_id))
    line = db.session.scalars(found.options(selectinload(SaleLine.earners).selectinload(Earner.employee))).one_or_none()
    if line is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return line


def sale_to_change(store_id: int, line_id: int) -> SaleLine:
    """A sale, locked until the transaction ends.

    Raises:
        DomainError: the line is a return.
        NotFound: there is no such line in this store.
    """
    sale = sale_of(store_id, line_id, lock=True)
    if sale.kind is not LineKind.SALE:
        raise DomainError(say("Only a sale can be taken back, not a return."))
    return sale


def movements_of(sale: SaleLine) -> list[SaleLine]:
    """What has been taken back of a sale, and what was undone of that, oldest first."""
    return list(db.session.scalars(select(SaleLine).where(SaleLine.returns_id == sale.id).order_by(SaleLine.id)))


def left_of(sale: SaleLine) -> Figures:
    """What is left of a sale after all its returns."""
    return sum((movement.figures for movement in movements_of(sale)), sale.figures)


def article_of(line: SaleLine) -> Article:
    """What was sold, as the line keeps it."""
    return Article(
        name=line.product_name,
        category=line.category,
        code=line.product_code,
        subcategory=line.subcategory,
        campaign=line.campaign,
        list_price=line.list_price,
    )


def maker_name(line: SaleLine) -> str:
    """Who entered the line, or sent the file it came from."""
    return db.session.scalar(select(Employee.name).where(Employee.id == line.maker_id)) or ""
