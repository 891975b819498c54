"""What a store calls the things that its plans name by a code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Select, literal, select

from incentives.core.attainment import Aggregation, Better, Comparison
from incentives.core.catalogue import Catalogue
from incentives.core.measure import Label, Sales
from incentives.core.parameters import walk
from incentives.core.plan import Listed, Plan
from incentives.db import ask_together
from incentives.people.models import Department, Position, Store
from incentives.sales.models import Product
from incentives.targets.models import Indicator
from incentives.targets.service.catalogue import Indicated, as_plans_need, of_store
from incentives.targets.units import Unit


class _Called(NamedTuple):
    """What something is called that plans name by a code."""

    kind: str
    code: str
    name: str
    name_en: str


class _Indicator(NamedTuple):
    """An indicator as far as plans need it, in the catalogue's order."""

    order: int
    id: int
    code: str
    name: str
    name_en: str
    unit: Unit
    better: Better
    comparison: Comparison
    aggregation: Aggregation


def catalogue_of(store_id: int, plans: Iterable[Plan]) -> Catalogue:
    """The names and units of all that the plans can name, and of those products that they do name. One query."""
    columns = (getattr(Indicator, name) for name in _Indicator._fields)
    everything = of_store(store_id).with_only_columns(*columns)
    found = ask_together((_Indicator, everything), *_labels(store_id, plans))
    return _catalogue(sorted(found.of(_Indicator)), found.of(_Called))


def catalogue_with(store_id: int, everything: Iterable[Indicator], plans: Iterable[Plan]) -> Catalogue:
    """The same where the store's indicators are at hand."""
    return _catalogue(everything, ask_together(*_labels(store_id, plans)).of(_Called))


def _catalogue(everything: Iterable[Indicated], called: Iterable[_Called]) -> Catalogue:
    labels: dict[str, dict[str, Label]] = defaultdict(dict)
    for each in called:
        labels[each.kind][each.code] = Label(en=each.name_en or each.name, zh=each.name)
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


def _labels(store_id: int, plans: Iterable[Plan]) -> Iterator[tuple[type[_Called], Select[*tuple[Any, ...]]]]:
    products = sorted({code for plan in plans for code in products_in(plan)})
    group = select(Store.group_id).where(Store.id == store_id).scalar_subquery()
    for kind, table in (("position", Position), ("department", Department)):
        called = select(literal(kind).label("kind"), table.code, table.name, table.name_en)
        yield _Called, called.where(table.group_id == group)
    named = select(literal("product").label("kind"), Product.code, Product.name, Product.name.label("name_en"))
    yield _Called, named.where(Product.group_id == group, Product.code.in_(products))
