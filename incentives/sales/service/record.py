"""Record a sale by hand: what it may hold, who may have earned it, and that it is there only once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from incentives.core.credits import Figures
from incentives.core.errors import Conflict, DomainError, say
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.reading import THOUSANDTHS
from incentives.db import db
from incentives.people.models import Employee, Posting
from incentives.periods import service as periods
from incentives.sales.models import SaleLine
from incentives.sales.service.lines import NOTHING, Article, NewLine, Share, credited
from incentives.sales.service.products import remember
from incentives.sales.service.writing import next_ids, tell_trail, write

LARGEST_LINE = Money(10**10)
"""A hundred million yuan: more on one line is a slip of the keyboard, and keeps every product of two figures whole."""
LARGEST_QUANTITY = 10**9
"""A million units, in thousandths."""


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale as somebody reports it. ``quantity`` in thousandths; ``received`` and ``cost`` for the whole line."""

    document: str
    day: date
    article: Article
    quantity: int
    received: Money
    cost: Money | None = None
    plate: str = ""
    line_number: int = 1

    @property
    def figures(self) -> Figures:
        """What is counted of it."""
        return Figures(self.received.fen, self.quantity, None if self.cost is None else self.cost.fen)


def record_sale(
    store_id: int, sale: Sale, earners: Sequence[Share], *, maker_id: int, group_id: int, today: date
) -> int:
    """Write a sale with its earners and let it count; its id. One of a closed month is late: the open month pays it.

    Raises:
        DomainError: a figure cannot be, the month is being reviewed, or an earner did not work here that day.
        Conflict: this line of the document is there already.
    """
    require_sensible(sale, today)
    periods.require_takes_facts(store_id, Month.of(sale.day))
    shares = in_order(store_id, earners, sale.day)
    _require_new(store_id, sale.document, sale.line_number)
    line = NewLine(
        id=next_ids(1)[0],
        document=sale.document,
        line_number=sale.line_number,
        business_date=sale.day,
        sold_on=sale.day,
        article=sale.article,
        figures=sale.figures,
        credits=credited(shares, NOTHING, sale.figures),
        plate=masked(sale.plate),
    )
    write(store_id, [line], maker_id=maker_id)
    remember(group_id, [sale.article])
    tell_trail("sales.recorded", store_id, maker_id, line)
    return line.id


def require_sensible(sale: Sale, today: date) -> None:
    """Refuse figures that no sale has.

    Raises:
        DomainError: with the reason.
    """
    if sale.day > today:
        raise DomainError(say("{day} is still to come.", day=sale.day.isoformat()))
    if not 0 < sale.quantity <= LARGEST_QUANTITY:
        raise DomainError(say("The quantity of a sale is above zero and at most {most}.", most="1,000,000"))
    for amount in (sale.received, sale.cost, sale.article.list_price):
        if amount is not None and not 0 <= amount.fen <= LARGEST_LINE.fen:
            raise DomainError(say("An amount of a sale is not negative and at most {most}.", most=str(LARGEST_LINE)))
    price = sale.article.list_price
    if price is not None and price.fen * sale.quantity > LARGEST_LINE.fen * THOUSANDTHS:
        raise DomainError(say("List price times quantity is more than {most}.", most=str(LARGEST_LINE)))


def in_order(store_id: int, earners: Sequence[Share], day: date) -> list[Share]:
    """The shares in order of employee number.

    Raises:
        DomainError: there is none, one is named twice in a role, or somebody did not work in the store that day.
    """
    if not earners:
        raise DomainError(say("Say who earned the sale."))
    if len({(share.employee_id, share.role) for share in earners}) < len(earners):
        raise DomainError(say("The same person stands twice in the same role."))
    if any(not 0 < share.weight <= 1_000_000 for share in earners):
        raise DomainError(say("A share is a number above zero."))
    numbers = _numbers(store_id, {share.employee_id for share in earners}, day)
    if any(share.employee_id not in numbers for share in earners):
        raise DomainError(say("Not everybody named here worked in this store on {day}.", day=day.isoformat()))
    return sorted(earners, key=lambda share: numbers[share.employee_id])


def _numbers(store_id: int, people: Collection[int], day: date) -> dict[int, str]:
    rows = db.session.execute(
        select(Employee.id, Employee.number)
        .join(Posting, Posting.employee_id == Employee.id)
        .where(
            Employee.id.in_(people),
            Posting.store_id == store_id,
            Posting.first_day <= day,
            (Posting.last_day.is_(None)) | (Posting.last_day >= day),
            (Employee.left_on.is_(None)) | (Employee.left_on >= day),
        )
    )
    return dict(rows.all())


def _require_new(store_id: int, document: str, line_number: int) -> None:
    known = select(SaleLine.business_date).where(
        SaleLine.store_id == store_id, SaleLine.document == document, SaleLine.line_number == line_number
    )
    if (day := db.session.scalar(known)) is not None:
        raise Conflict(
            say(
                "Line {line} of {document} is there already, dated {day}. A further line needs its own number.",
                line=line_number,
                document=document,
                day=day.isoformat(),
            )
        )


def masked(plate: str) -> str:
    """A number plate of which only the beginning and the end stay: 粤A12345 → 粤A***45."""
    known = plate.replace(" ", "").replace("·", "").upper()
    if not known or "*" in known:
        return known[:20]
    return f"{known[:2]}***{known[-2:]}" if len(known) > 4 else f"{known[:1]}***"
