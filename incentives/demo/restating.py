"""What came back after its month was closed: a fleet's order that leaves a debt, and a single film taken off again."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, select

from incentives import clock
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.reading import THOUSANDTHS
from incentives.db import db
from incentives.demo.story import Shop, Story, noon
from incentives.sales.models import Category, EarningRole, LineKind, SaleLine
from incentives.sales.service.lines import Article, Share
from incentives.sales.service.record import Sale, record_sale
from incentives.sales.service.returns import record_return

ORDERED, CANCELLED = 2, 1
"""Months ago that a fleet ordered, and that it gave everything back; the first of them is closed by then."""
CAMERAS, UNIT, COST = 8, Money(115_200), Money(62_000)
SELLER = "1006"
"""Her commission of the order is more than a month brings her, so a part of it is carried over."""
DAYS_LATER = 8
"""Days from the first of a month to what comes back in it."""


def sell_and_take_back(story: Story, shop: Shop, month: Month) -> None:
    """What happened in a month of the first store, beside its usual sales."""
    if shop is not story.shops[0]:
        return
    if month == story.running.plus(-ORDERED):
        _order(story, shop, month)
    elif month == story.running.plus(-CANCELLED):
        _return(story, shop, SaleLine.document == _document(month.plus(-1)), month)
    elif month == story.running:
        _return(story, shop, SaleLine.product_code == "window-film", month)


def _document(month: Month) -> str:
    return f"DK{str(month).replace('-', '')}-01"


def _order(story: Story, shop: Shop, month: Month) -> None:
    """A fleet has cameras fitted to all its cars."""
    day = month.first + timedelta(days=DAYS_LATER)
    article = Article(code="dash-camera", name="行车记录仪", category=Category.ACCESSORIES, list_price=Money(128_000))
    sale = Sale(
        _document(month),
        day,
        article,
        quantity=CAMERAS * THOUSANDTHS,
        received=UNIT.times(CAMERAS),
        cost=COST.times(CAMERAS),
    )
    shares = [Share(story.number(SELLER).id, EarningRole.SELLER)]
    with clock.telling(noon(day)):
        record_sale(shop.store.id, sale, shares, maker_id=shop.manager.id, group_id=shop.store.group_id, today=day)


def _return(story: Story, shop: Shop, which: ColumnElement[bool], month: Month) -> None:
    """The smallest sale of this kind in the latest closed month, all of it."""
    day: date = min(month.first + timedelta(days=DAYS_LATER), story.today)
    sold = select(SaleLine).where(
        SaleLine.store_id == shop.store.id,
        SaleLine.counts_in == story.running.plus(-ORDERED),
        SaleLine.kind == LineKind.SALE,
        which,
        SaleLine.id.not_in(select(SaleLine.returns_id).where(SaleLine.returns_id.is_not(None))),
    )
    sale = db.session.scalars(sold.order_by(SaleLine.received, SaleLine.id)).first()
    if sale is None:
        return
    with clock.telling(noon(day)):
        record_return(
            shop.store.id,
            sale.id,
            quantity=sale.quantity,
            received=sale.received,
            day=day,
            maker_id=shop.manager.id,
            today=day,
        )
