"""What a store has to choose from when a plan is written: indicators, products, positions, people."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from incentives.commissions.editing.fields import Option, Pickers, plain
from incentives.core.catalogue import Indicator, Unit
from incentives.core.errors import Sentence, say
from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import Department, Employee, Position, Store
from incentives.people.service import staff
from incentives.sales.models import Category, EarningRole, Product, SaleLine

MOST_PRODUCTS = 500


def pickers(store_id: int, month: Month, indicators: Mapping[str, Indicator]) -> Pickers:
    """Everything that can be picked, in a few queries."""
    group = select(Store.group_id).where(Store.id == store_id).scalar_subquery()
    people = db.session.execute(
        staff.working_at(store_id, month.first)
        .with_only_columns(Employee.number, Employee.name)
        .order_by(Employee.number)
    )
    positions = select(Position).where(Position.group_id == group).order_by(Position.order, Position.id)
    departments = select(Department).where(Department.group_id == group).order_by(Department.order, Department.id)
    return Pickers(
        indicators=tuple(Option(code, each.label.sentence()) for code, each in indicators.items()),
        percents=frozenset(code for code, each in indicators.items() if each.unit is Unit.PERCENT),
        categories=tuple(Option(each.value, each.says) for each in Category),
        roles=tuple(Option(each.value, each.says) for each in EarningRole),
        products=_products(store_id),
        campaigns=_campaigns(store_id),
        positions=tuple(Option(each.code, _name(each)) for each in db.session.scalars(positions)),
        departments=tuple(Option(each.code, _name(each)) for each in db.session.scalars(departments)),
        people=tuple(Option(number, plain(f"{name} · {number}")) for number, name in people),
    )


def _name(record: Position | Department) -> Sentence:
    return say("{in_english}{in_chinese:.0}", in_english=record.name_en or record.name, in_chinese=record.name)


def _products(store_id: int) -> tuple[Option, ...]:
    group = select(Store.group_id).where(Store.id == store_id).scalar_subquery()
    found = select(Product.code, Product.name).where(Product.group_id == group).order_by(Product.code)
    return tuple(Option(code, plain(name)) for code, name in db.session.execute(found.limit(MOST_PRODUCTS)))


def _campaigns(store_id: int) -> tuple[Option, ...]:
    """The campaigns that sales were marked with."""
    found = select(SaleLine.campaign).where(SaleLine.store_id == store_id, SaleLine.campaign != "").distinct()
    return tuple(Option(code, plain(code)) for code in sorted(db.session.scalars(found)))
