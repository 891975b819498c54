"""The names that a store has, for the plan check to compare a plan with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, select, union

from incentives.core.errors import Sentence, say
from incentives.core.measure import Measure
from incentives.core.parameters import walk
from incentives.core.plan import Coefficients, Listed, Plan
from incentives.core.unknown import Names
from incentives.db import db
from incentives.people.models import Department, Employee, Position, Store
from incentives.sales.models import Category, EarningRole, Product, SaleLine

MOST_ALIKE = 2_000
"""So many products are looked through for the one that may have been meant."""


@dataclass(slots=True)
class _Named:
    """What a plan names and what is looked up only if it does."""

    categories: set[str] = field(default_factory=set)
    products: set[str] = field(default_factory=set)
    campaigns: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)


def names_of(store_id: int, plan: Plan) -> Names:
    """The group's positions, departments and employees, and what was sold so far.

    Where nothing was sold yet, neither products nor campaigns are known, and none is asked for.
    """
    group = select(Store.group_id).where(Store.id == store_id).scalar_subquery()
    said = _named(plan)
    return Names(
        positions=_called(Position, Position.group_id == group),
        departments=_called(Department, Department.group_id == group),
        people=_people(said.people, Employee.group_id == group) if said.people else None,
        roles={each.value: each.says for each in EarningRole},
        categories=_categories(said.categories, store_id, Product.group_id == group),
        products=_products(said.products, Product.group_id == group) if said.products else None,
        campaigns=_campaigns(store_id) if said.campaigns else None,
    )


def _named(plan: Plan) -> _Named:
    found = _Named()
    for part in walk((plan.lines, plan.then)):
        match part:
            case Measure():
                found.categories |= {*part.sales.categories}
                found.products |= {*part.sales.products, *part.sales.but_products}
                found.campaigns |= {*part.sales.campaigns}
            case Listed():
                found.products |= {product for product, _ in part.rows}
            case Coefficients():
                found.people |= {number for number, _ in part.people}
            case _:
                pass
    return found


def _called(table: type[Position | Department], here: ColumnElement[bool]) -> dict[str, Sentence]:
    rows = db.session.execute(select(table.code, table.name, table.name_en).where(here).order_by(table.code))
    return {code: say("{in_english}{in_chinese:.0}", in_english=en or zh, in_chinese=zh) for code, zh, en in rows}


def _people(numbers: Iterable[str], here: ColumnElement[bool]) -> dict[str, Sentence]:
    """Of everybody in the group, whoever is named; all of them only if somebody is not found."""
    wanted = select(Employee.number, Employee.name).where(here).order_by(Employee.number)
    found = _plainly(db.session.execute(wanted.where(Employee.number.in_(numbers))).all())
    return found if len(found) == len(set(numbers)) else _plainly(db.session.execute(wanted).all())


def _products(codes: Iterable[str], here: ColumnElement[bool]) -> dict[str, Sentence] | None:
    wanted = select(Product.code, Product.name).where(here).order_by(Product.code)
    found = _plainly(db.session.execute(wanted.where(Product.code.in_(codes))).all())
    if len(found) < len(set(codes)):
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
