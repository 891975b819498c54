"""The group's products, learned from what is sold, so that a sale by hand needs only the code."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from incentives.db import db
from incentives.ledger.service.standings import BATCH, in_batches
from incentives.sales.models import Product
from incentives.sales.service.lines import Article


def remember(group_id: int, articles: Iterable[Article]) -> None:
    """Keep name, category and list price of each code as last seen. Articles without a code are not kept."""
    latest = {article.code: article for article in articles if article.code}
    for codes in in_batches(sorted(latest), BATCH):
        wanted = select(Product).where(Product.group_id == group_id, Product.code.in_(codes)).with_for_update()
        known = {product.code: product for product in db.session.scalars(wanted)}
        for code in codes:
            product = known.get(code) or Product(group_id=group_id, code=code)
            _update(product, latest[code])
            db.session.add(product)
    db.session.flush()


def _update(product: Product, article: Article) -> None:
    product.name, product.category, product.subcategory = article.name, article.category, article.subcategory
    if article.list_price is not None:
        product.list_price = article.list_price


def products_of(group_id: int, most: int = 500) -> list[Product]:
    """The group's products by code, for a form."""
    return list(
        db.session.scalars(select(Product).where(Product.group_id == group_id).order_by(Product.code).limit(most))
    )


def product_of(group_id: int, code: str) -> Product | None:
    """The group's product of that code, if anything was sold under it."""
    return db.session.scalars(select(Product).where(Product.group_id == group_id, Product.code == code)).one_or_none()
