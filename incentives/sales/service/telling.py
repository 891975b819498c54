"""Sale lines as the facts behind a figure: what each adds to it, who entered it and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import chain

from sqlalchemy import ColumnElement, func, select

from incentives.core.answer import Fact, Page
from incentives.core.catalogue import Unit
from incentives.core.credits import Figures
from incentives.core.errors import Sentence, say
from incentives.core.keys import MeasureKey
from incentives.core.measure import MONEY_KINDS, Kind, Whose
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.reading import THOUSANDTHS
from incentives.core.wording import text_of
from incentives.db import db
from incentives.ledger.service.derived import Whom
from incentives.people.models import Employee, Posting
from incentives.sales.models import Earner, LineKind, SaleLine
from incentives.sales.service.figures import Offered, counted_within, posted_on_the_day
from incentives.sales.service.measures import Counted, Crew, facts


def told(store_id: int, asked: Sequence[tuple[MeasureKey, Crew]], *, most: int) -> list[list[Fact]]:
    """The sale lines behind the figure of each key, by day. Three queries, however many figures."""
    if not asked:
        return []
    found = facts(store_id, asked, most=most)
    names = _makers(chain.from_iterable(found))
    return [
        _facts(counted, key.kind, names, own=key.of is Whose.PERSON)
        for counted, (key, _crew) in zip(found, asked, strict=True)
    ]


def behind(
    offered: Offered, store_id: int, first: Month, last: Month, whom: Whom, *, for_pay: bool = False
) -> list[Fact]:
    """The sale lines behind a figure that an indicator reads, by day, as it is shown or as it is paid."""
    kind = Kind.QUANTITY if offered.pieces else Kind.AMOUNT
    if whom.is_store:
        found = _all(offered, store_id, counted_within(SaleLine, first, last, for_pay=for_pay))
    else:
        found = _of_people(offered, store_id, counted_within(Earner, first, last, for_pay=for_pay), whom)
    return as_facts(found, kind, own=whom.people is not None and len(whom.people) == 1)


def _all(offered: Offered, store_id: int, within: ColumnElement[bool]) -> list[Counted]:
    found = select(SaleLine).where(SaleLine.store_id == store_id, within, offered.counts)
    return [Counted(line, line.figures) for line in db.session.scalars(found.order_by(SaleLine.business_date))]


def _of_people(offered: Offered, store_id: int, within: ColumnElement[bool], whom: Whom) -> list[Counted]:
    found = (
        select(SaleLine, func.sum(Earner.received), func.sum(Earner.quantity))
        .join(Earner, SaleLine.id == Earner.sale_line_id)
        .join(Posting, posted_on_the_day())
        .where(
            Earner.store_id == store_id,
            within,
            Earner.leads.is_(True),
            offered.counts,
            *whom.conditions(Posting.department_id, Earner.employee_id),
        )
        .group_by(SaleLine.id)
        .order_by(SaleLine.business_date, SaleLine.id)
    )
    return [
        Counted(line, Figures(received.fen, int(quantity))) for line, received, quantity in db.session.execute(found)
    ]


def as_facts(counted: Sequence[Counted], kind: Kind, *, own: bool) -> list[Fact]:
    """Sale lines as facts, by a measure's unit. ``own``: each credits the very person, who may therefore open it."""
    return _facts(counted, kind, _makers(counted), own=own)


def _facts(counted: Sequence[Counted], kind: Kind, names: Mapping[int, str], *, own: bool) -> list[Fact]:
    return [
        Fact(
            day=each.line.business_date,
            document=f"{each.line.document}-{each.line.line_number}",
            what=_what(each.line),
            counted=_counted(each.figures, kind),
            by=names.get(each.line.maker_id or 0, ""),
            at=each.line.created_at,
            page=Page("sales.line", {"line_id": each.line.id}),
            own_page=Page("sales.my_line", {"line_id": each.line.id}) if own else None,
        )
        for each in counted
    ]


def _makers(counted: Iterable[Counted]) -> dict[int, str]:
    """The names of those who entered the lines. One query."""
    ids = {each.line.maker_id for each in counted if each.line.maker_id is not None}
    found = db.session.execute(select(Employee.id, Employee.name).where(Employee.id.in_(ids)))
    return {number: name for number, name in found}  # noqa: C416 (rows become typed pairs)


def _what(line: SaleLine) -> Sentence | str:
    if line.kind is LineKind.SALE:
        return line.product_name
    return say("{product} ({kind})", product=line.product_name, kind=line.kind.says)


def _counted(figures: Figures, kind: Kind) -> str:
    """What the line adds, in the measure's own unit; an order counts as long as anything of it is left."""
    if kind is Kind.QUANTITY:
        return text_of(Fraction(figures.quantity, THOUSANDTHS), Unit.NUMBER)
    if kind is Kind.PROFIT:
        return str(Money(figures.received - (figures.cost or 0)))
    return str(Money(figures.received)) if kind in MONEY_KINDS else "1"
