"""The names that a store has, for the plan check to compare a plan with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, select, union

from incentives.commissions.service.catalogue import products_in
from incentives.core.catalogue import Catalogue
from incentives.core.errors import Sentence, say
from incentives.core.measure import Label, Measure
from incentives.core.parameters import walk
from incentives.core.plan import Coefficients, Plan
from incentives.core.unknown import Names
from incentives.db import db
from incentives.people.models import Employee, Store
from incentives.sales.models import Category, EarningRole, Product, SaleLine

MOST_ALIKE = 2_000
"""So many products are looked through for the one that may have been meant."""


@dataclass(slots=True)
class _Named:
    """What a plan names and what is looked up only if it does."""

    categories: set[str] = field(default_factory=set)
    campaigns: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)


def names_of(store_id: int, plan: Plan, catalogue: Catalogue) -> Names:
    """The group's positions, departments and employees, and what was sold so far.

    ``catalogue`` has the names of what the plan names. Where nothing was sold yet, neither products nor campaigns are known, and none is asked for.
    """
    group = select(Store.group_id).where(Store.id == store_id).scalar_subquery()
    said, products = _named(plan), products_in(plan)
    return Names(
        positions=_called(catalogue.positions),
        departments=_called(catalogue.departments),
        people=_people(said.people, Employee.group_id == group) if said.people else None,
        roles={each.value: each.says for each in EarningRole},
        categories=_categories(said.categories, store_id, Product.group_id == group),
        products=_products(products, catalogue.products, Product.group_id == group) if products else None,
        campaigns=_campaigns(store_id) if said.campaigns else None,
    )


def _named(plan: Plan) -> _Named:
    found = _Named()
    for part in walk((plan.lines, plan.then)):
        match part:
            case Measure():
                found.categories |= {*part.sales.categories}
                found.campaigns |= {*part.sales.campaigns}
            case Coefficients():
                found.people |= {number for number, _ in part.people}
            case _:
                pass
    return found


def _called(labels: Mapping[str, Label]) -> dict[str, Sentence]:
    return {code: labels[code].sentence() for code in sorted(labels)}


def _people(numbers: Iterable[str], here: ColumnElement[bool]) -> dict[str, Sentence]:
    """Of everybody in the group, whoever is named; all of them only if somebody is not found."""
    wanted = select(Employee.number, Employee.name).where(here).order_by(Employee.number)
    found = _plainly(db.session.execute(wanted.where(Employee.number.in_(numbers))).all())
    return found if len(found) == len(set(numbers)) else _plainly(db.session.execute(wanted).all())


def _products(
    codes: Collection[str], known: Mapping[str, Label], here: ColumnElement[bool]
) -> dict[str, Sentence] | None:
    """Those that are named and known; the first of all, to find the one that was meant, only if one is not known."""
    found = _plainly((code, known[code].zh) for code in sorted(codes) if code in known)
    if len(found) < len(codes):
        wanted = select(Product.code, Product.name).where(here).order_by(Product.code)
        found |= _plainly(db.session.execute(wanted.limit(MOST_ALIKE)).all())
    return found or None


def _campaigns(store_id: int) -> dict[str, Sentence] | None:
    wanted = select(SaleLine.campaign).where(SaleLine.store_id == store_id, SaleLine.campaign != "").distinct()
    return {code: _plain(code) for code in db.session.scalars(wanted)} or None


def _categories(words: set[str], store_id: int, here: ColumnElement[bool]) -> Mapping[str, Sentence]:
    """The catalogue's own, and the finer words under which something was sold, if such a word is named."""
    usual = {each.value: each.says for each in Category}
    if words <= usual.keys():
        return usual
    finer = union(
        select(Product.subcategory).where(here, Product.subcategory != ""),
        select(SaleLine.subcategory).where(SaleLine.store_id == store_id, SaleLine.subcategory != ""),
    )
    return {word: _plain(word) for word in db.session.scalars(finer)} | usual


def _plainly(rows: Iterable[tuple[str, str]]) -> dict[str, Sentence]:
    return {code: _plain(name) for code, name in rows}


def _plain(text: str) -> Sentence:
    return say("{text}", text=text)
