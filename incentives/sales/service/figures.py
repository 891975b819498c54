"""What indicators and boards read of sales.

Shown, a return lowers the month and the day it is dated in, never an earlier one. Paid, it lowers the month of the sale
that it takes back: pay of that month is worked out again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from incentives.core.errors import Sentence, say
from incentives.core.period import Month
from incentives.core.reading import THOUSANDTHS
from incentives.db import db
from incentives.ledger.service.derived import Elsewhere, Statement, added_up, month_of, on_own_days
from incentives.people.models import Posting
from incentives.sales.models import Category, Earner, SaleLine
from incentives.sales.service.counting import ACCESSORY_QUANTITY, ACCESSORY_REVENUE, RENEWALS, REVENUE
from incentives.sales.service.filters import fen


@dataclass(frozen=True, slots=True)
class Offered:
    """A figure of a month: amounts in fen, or pieces, of one category or of all."""

    title: Sentence
    category: Category | None = None
    pieces: bool = False

    def value(self, of: type[SaleLine | Earner]) -> ColumnElement[int]:
        """What is added up."""
        return func.sum(of.quantity if self.pieces else fen(of.received))

    @property
    def parts(self) -> int:
        """How many parts of what is added up make one: pieces are kept in thousandths."""
        return THOUSANDTHS if self.pieces else 1

    @property
    def counts(self) -> ColumnElement[bool]:
        """Which lines."""
        return SaleLine.id.is_not(None) if self.category is None else SaleLine.category == self.category


ON_OFFER: Mapping[str, Offered] = {
    "sales": Offered(say("Sales received")),
    "accessory_sales": Offered(say("Accessories sold"), Category.ACCESSORIES),
    "care_product_sales": Offered(say("Care products sold"), Category.CARE_PRODUCTS),
    "labour_sales": Offered(say("Labour received"), Category.LABOUR),
    "renewals_sold": Offered(say("Renewals sold, contracts"), Category.RENEWALS, pieces=True),
}
"""The measures that an indicator may be derived from."""


def add_up(
    offered: Offered, store_id: int, first: Month, last: Month, elsewhere: Elsewhere, *, for_pay: bool = False
) -> Iterator[Statement]:
    """The store's figure of each month, and each person's by the department on the day.

    A sale of a day ``elsewhere`` does not count for its person; a return goes with the day of its sale, and ``for_pay``
    with its month too.
    """
    yield _of_store(offered, store_id, _Months(SaleLine, first, last, for_pay=for_pay))
    yield _of_people(offered, store_id, _Months(Earner, first, last, for_pay=for_pay), elsewhere)


class _Months:
    """In which month a line counts, and that this is one of those asked for."""

    def __init__(self, of: type[SaleLine | Earner], first: Month, last: Month, *, for_pay: bool) -> None:
        self.month: ColumnElement[Any] = of.counts_in.expression if for_pay else month_of(of.business_date.expression)
        self.are_asked_for = counted_within(of, first, last, for_pay=for_pay)


def counted_within(of: type[SaleLine | Earner], first: Month, last: Month, *, for_pay: bool) -> ColumnElement[bool]:
    """That a line counts in one of these months, as it is shown or as it is paid."""
    return of.counts_in.between(first, last) if for_pay else of.business_date.between(first.first, last.last)


def _of_store(offered: Offered, store_id: int, months: _Months) -> Statement:
    return (
        added_up(months.month, offered.value(SaleLine), parts=offered.parts)
        .where(SaleLine.store_id == store_id, months.are_asked_for, offered.counts)
        .group_by(months.month)
    )


def _of_people(offered: Offered, store_id: int, months: _Months, elsewhere: Elsewhere) -> Statement:
    department, person = Posting.department_id.expression, Earner.employee_id.expression
    return (
        added_up(months.month, offered.value(Earner), department=department, person=person, parts=offered.parts)
        .select_from(Earner)
        .join(SaleLine, SaleLine.id == Earner.sale_line_id)
        .join(Posting, posted_on_the_day())
        .where(
            Earner.store_id == store_id,
            months.are_asked_for,
            Earner.leads.is_(True),
            offered.counts,
            on_own_days(Earner.employee_id, Earner.sold_on, elsewhere),
        )
        .group_by(months.month, department, person)
    )


def posted_on_the_day() -> ColumnElement[bool]:
    """The posting of a credit's earner on the day of the sale."""
    return and_(
        Posting.employee_id == Earner.employee_id,
        Posting.store_id == Earner.store_id,
        Posting.first_day <= Earner.sold_on,
        or_(Posting.last_day.is_(None), Posting.last_day >= Earner.sold_on),
    )


BOARDS: Mapping[str, Offered] = {
    REVENUE: ON_OFFER["sales"],
    ACCESSORY_REVENUE: ON_OFFER["accessory_sales"],
    ACCESSORY_QUANTITY: Offered(say("Accessories sold"), Category.ACCESSORIES, pieces=True),
    RENEWALS: ON_OFFER["renewals_sold"],
}


def board_facts() -> Iterator[tuple[str, Callable[[Collection[int]], Iterator[tuple[int, int, date, int]]]]]:
    """Each measure that sales tally, with where its facts are kept, so that the standings can be proved."""
    for measure, offered in BOARDS.items():
        yield measure, partial(_facts, offered)


def _facts(offered: Offered, people: Collection[int]) -> Iterator[tuple[int, int, date, int]]:
    statement = (
        select(Earner.employee_id, Earner.store_id, Earner.business_date, offered.value(Earner))
        .join(SaleLine, SaleLine.id == Earner.sale_line_id)
        .where(Earner.employee_id.in_(people), Earner.leads.is_(True), offered.counts)
        .group_by(Earner.employee_id, Earner.store_id, Earner.business_date)
    )
    for employee_id, store_id, day, value in db.session.execute(statement):
        yield employee_id, store_id, day, int(value)
