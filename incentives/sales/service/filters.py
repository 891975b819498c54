"""Which lines and credits a measure of a pay plan means, as conditions for the database.

A line is counted once: for a person in the first of the roles asked for that the person holds on it, for several
people in the first that any of them holds. A return is judged by the sale it takes back: its category, its
price against the list, its month. A line without a list price meets no condition on the price.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, literal, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, aliased

from incentives.core.errors import DomainError, say
from incentives.core.keys import MeasureKey
from incentives.core.measure import Kind, Number, Range, Sales, exact
from incentives.core.reading import THOUSANDTHS
from incentives.ledger.service.derived import Elsewhere, on_own_days
from incentives.people.models import Department, Posting
from incentives.sales.models import Category, Earner, EarningRole, SaleLine

FINEST_EDGE = 100_000
"""A price is compared in whole numbers; five decimals keep every product within 64 bits."""

Origin = aliased(SaleLine, name="origin")
"""The sale itself; for a return, the sale it takes back."""
is_origin = Origin.id == type_coerce(
    case((SaleLine.returns_id.is_(None), SaleLine.id), else_=SaleLine.returns_id), BigInteger
)

Other = aliased(Earner, name="other")
"""Another credit of the same line."""

_ORDER = {role: role.order for role in EarningRole}


def of_lines(key: MeasureKey) -> Iterator[ColumnElement[bool]]:
    """What a line must be to count for the key."""
    wanted = key.sales
    categories = wanted.categories or ((Category.LABOUR.value,) if key.kind is Kind.LABOUR else ())
    if categories:
        known = [category for category in Category if category.value in categories]
        yield or_(SaleLine.category.in_(known), SaleLine.subcategory.in_(categories))
    if wanted.products:
        yield or_(SaleLine.product_code.in_(wanted.products), SaleLine.product_name.in_(wanted.products))
    if wanted.but_products:
        yield SaleLine.product_code.not_in(wanted.but_products)
        yield SaleLine.product_name.not_in(wanted.but_products)
    if wanted.campaigns:
        yield SaleLine.campaign.in_(wanted.campaigns)
    if wanted.price is not None:
        yield from _prices(wanted.price)
    if key.kind is Kind.PROFIT:
        yield SaleLine.cost.is_not(None)


def _prices(price: Range) -> Iterator[ColumnElement[bool]]:
    """Received against list × quantity, multiplied out so that nothing is rounded."""
    yield Origin.list_price > type_coerce(literal(0), BigInteger)
    if price.low is not None:
        paid, asked = _sides(price.low)
        yield paid >= asked if price.low_belongs else paid > asked
    if price.high is not None:
        paid, asked = _sides(price.high)
        yield paid <= asked if price.high_belongs else paid < asked


def _sides(edge: Number) -> tuple[ColumnElement[int], ColumnElement[int]]:
    ratio = exact(edge)
    if ratio.denominator > FINEST_EDGE or ratio > FINEST_EDGE:
        raise DomainError(say("A condition on the price has at most five decimals."))
    paid = fen(Origin.received) * (THOUSANDTHS * ratio.denominator)
    return paid, fen(Origin.list_price) * Origin.quantity * ratio.numerator


def fen(column: InstrumentedAttribute[Any]) -> ColumnElement[int]:
    """An amount as a whole number, to calculate with in the database."""
    return type_coerce(column, BigInteger)


def once_for_each_person(wanted: Sales) -> ColumnElement[bool]:
    """One credit of each person on a line."""
    if not wanted.roles:
        return Earner.main.is_(True)
    return _in_first_role(wanted, Other.employee_id == Earner.employee_id)


def once_for_all(wanted: Sales, group: ColumnElement[bool], other_in_group: ColumnElement[bool]) -> ColumnElement[bool]:
    """The credits of a line in one role only: the first one that anybody of a group holds."""
    return and_(group, _in_first_role(wanted, other_in_group))


def _in_first_role(wanted: Sales, rival: ColumnElement[bool]) -> ColumnElement[bool]:
    roles = [role for role in EarningRole if not wanted.roles or role.value in wanted.roles]
    if len(roles) <= 1:
        return Earner.role.in_(roles)
    earlier = (
        select(literal(1))
        .where(Other.sale_line_id == Earner.sale_line_id, Other.role.in_(roles), _order(Other) < _order(Earner), rival)
        .exists()
    )
    return and_(Earner.role.in_(roles), ~earlier)


def _order(credit: type[Earner]) -> ColumnElement[int]:
    return case({role: literal(order) for role, order in _ORDER.items()}, value=credit.role)


def is_one_of(credit: type[Earner], people: Sequence[int], elsewhere: Elsewhere) -> ColumnElement[bool]:
    """The credit is one of these people's, of a day that belongs to the asking plan."""
    return and_(credit.employee_id.in_(people), is_not_elsewhere(credit, elsewhere))


def is_not_elsewhere(credit: type[Earner], elsewhere: Elsewhere) -> ColumnElement[bool]:
    """The day of the sale belongs to the asking plan, a return's day being that of what it takes back."""
    return on_own_days(credit.employee_id, credit.sold_on, elsewhere)


def is_in_department(credit: type[Earner], code: str) -> ColumnElement[bool]:
    """The credit's earner was posted to the department on the day of the sale."""
    return (
        select(literal(1))
        .select_from(Posting)
        .join(Department, Department.id == Posting.department_id)
        .where(
            Posting.employee_id == credit.employee_id,
            Posting.store_id == credit.store_id,
            Posting.first_day <= credit.sold_on,
            or_(Posting.last_day.is_(None), Posting.last_day >= credit.sold_on),
            Department.code == code,
        )
        .exists()
    )
