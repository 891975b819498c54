"""What is here already of the documents that a file speaks of. A few queries, however many rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from incentives.core.credits import Figures
from incentives.db import db
from incentives.exchange.interface import Context
from incentives.ledger.service.standings import in_batches
from incentives.sales.models import Earner, LineKind, RememberedAnswer, SaleLine
from incentives.sales.service.lines import Article, Share
from incentives.sales.service.lookup import article_of

BATCH = 5_000
REMEMBERED = ("person", "category", "status")
"""Kinds of answers that hold for the next file too."""


@dataclass(slots=True)
class OpenSale:
    """A sale that may be taken back: one of the file, or one that is here. ``left`` shrinks as returns are settled."""

    id: int
    document: str
    line: int
    day: date
    article: Article
    sold: Figures
    left: Figures
    shares: Sequence[Share]
    named: str = ""

    @property
    def all_gone(self) -> bool:
        """Whether nothing of it is left."""
        return not (self.left.quantity or self.left.received)


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A line that is here, as far as a file can differ from it."""

    day: date
    product: str
    quantity: int
    received: int


def stored_lines(store_id: int, documents: Collection[str]) -> dict[tuple[str, int], StoredLine]:
    """Every line of these documents, by document and number."""
    found: dict[tuple[str, int], StoredLine] = {}
    for some in in_batches(sorted(documents), BATCH):
        rows = db.session.execute(
            select(
                SaleLine.document,
                SaleLine.line_number,
                SaleLine.business_date,
                SaleLine.product_name,
                SaleLine.quantity,
                SaleLine.received,
            ).where(SaleLine.store_id == store_id, SaleLine.document.in_(some))
        )
        for document, line, day, product, quantity, received in rows:
            found[document, line] = StoredLine(day, product, quantity, received.fen)
    return found


def open_sales(store_id: int, documents: Collection[str]) -> Iterator[OpenSale]:
    """The sales of these documents with what is left of them and who earned them, in order of their lines.

    They stay locked until the transaction ends, so that nobody takes the same back at once.
    """
    for some in in_batches(sorted(documents), BATCH):
        here = (SaleLine.store_id == store_id) & SaleLine.document.in_(some) & (SaleLine.kind == LineKind.SALE)
        wanted = select(SaleLine).where(here).order_by(SaleLine.document, SaleLine.line_number)
        sales = db.session.scalars(wanted.with_for_update()).all()
        moved = _moved([sale.id for sale in sales])
        earners = _earners([sale.id for sale in sales])
        for sale in sales:
            left = sale.figures + moved.get(sale.id, Figures(0, 0, 0))
            yield OpenSale(
                sale.id,
                sale.document,
                sale.line_number,
                sale.business_date,
                article_of(sale),
                sale.figures,
                left,
                earners.get(sale.id, ()),
                sale.named,
            )


def _moved(sale_ids: Collection[int]) -> Mapping[int, Figures]:
    rows = db.session.execute(
        select(SaleLine.returns_id, func.sum(SaleLine.received), func.sum(SaleLine.quantity), func.sum(SaleLine.cost))
        .where(SaleLine.returns_id.in_(sale_ids))
        .group_by(SaleLine.returns_id)
    )
    return {
        sale_id: Figures(received.fen, int(quantity), None if cost is None else cost.fen)
        for sale_id, received, quantity, cost in rows
        if sale_id is not None
    }


def _earners(sale_ids: Collection[int]) -> Mapping[int, list[Share]]:
    rows = db.session.execute(
        select(Earner.sale_line_id, Earner.employee_id, Earner.role, Earner.weight)
        .where(Earner.sale_line_id.in_(sale_ids))
        .order_by(Earner.id)
    )
    found: dict[int, list[Share]] = {}
    for sale_id, employee_id, role, weight in rows:
        found.setdefault(sale_id, []).append(Share(employee_id, role, weight))
    return found


def remembered(store_id: int) -> dict[str, dict[str, str]]:
    """Answers given for earlier files of the store: kind → token → answer."""
    found: dict[str, dict[str, str]] = {}
    for answer in db.session.scalars(select(RememberedAnswer).where(RememberedAnswer.store_id == store_id)):
        found.setdefault(answer.kind, {})[answer.token] = answer.meaning
    return found


def remember(context: Context) -> None:
    """Keep the answers given for this file, in place of earlier ones."""
    wanted = select(RememberedAnswer).where(RememberedAnswer.store_id == context.store_id)
    known = {(answer.kind, answer.token): answer for answer in db.session.scalars(wanted)}
    for kind in REMEMBERED:
        for token, meaning in context.answers.get(kind, {}).items():
            found = known.get((kind, token)) or RememberedAnswer(store_id=context.store_id, kind=kind, token=token)
            found.meaning = meaning
            db.session.add(found)
    db.session.flush()
