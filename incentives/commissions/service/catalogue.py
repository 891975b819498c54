"""What a store calls the things that its plans name by a code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import literal, select, union_all

from incentives.core.catalogue import Catalogue
from incentives.core.measure import Label, Sales
from incentives.core.parameters import walk
from incentives.core.plan import Listed, Plan
from incentives.db import db
from incentives.people.models import Department, Position, Store
from incentives.sales.models import Product
from incentives.targets.models import Indicator
from incentives.targets.service.catalogue import as_plans_need, indicators


def catalogue_of(store_id: int, plans: Iterable[Plan]) -> Catalogue:
    """The names and units of all that the plans can name, and of those products that they do name. Two queries."""
    return catalogue_with(store_id, indicators(store_id, inactive=True), plans)


def catalogue_with(store_id: int, everything: Iterable[Indicator], plans: Iterable[Plan]) -> Catalogue:
    """The same where the store's indicators are at hand. One query."""
    labels = _labels(store_id, sorted({code for plan in plans for code in products_in(plan)}))
    return Catalogue(as_plans_need(everything), labels["position"], labels["department"], labels["product"])


def products_in(plan: Plan) -> set[str]:
    """The codes of the products that a plan names, in a price list or as a filter."""
    found: set[str] = set()
    for part in walk((plan.lines, plan.then)):
        if isinstance(part, Sales):
            found.update(part.products, part.but_products)
        elif isinstance(part, Listed):
            found.update(product for product, _rate in part.rows)
    return found


def _labels(store_id: int, products: list[str]) -> dict[str, dict[str, Label]]:
    group = select(Store.group_id).where(Store.id == store_id).scalar_subquery()
    rows = union_all(
        select(literal("position"), Position.code, Position.name, Position.name_en).where(Position.group_id == group),
        select(literal("department"), Department.code, Department.name, Department.name_en).where(
            Department.group_id == group
        ),
        select(literal("product"), Product.code, Product.name, Product.name).where(
            Product.group_id == group, Product.code.in_(products)
        ),
    )
    found: dict[str, dict[str, Label]] = defaultdict(dict)
    for kind, code, name, name_en in db.session.execute(rows):
        found[kind][code] = Label(en=name_en or name, zh=name)
    return found
