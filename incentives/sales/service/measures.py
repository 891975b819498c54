"""What pay plans ask about sales: one figure for each key, and the lines behind a figure.

Keys that differ only in the person are answered by one grouped statement, and all statements of a plan together by one
query, however many people and measures there are. What counts is said in
:mod:`incentives.sales.service.filters`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, func, literal, null, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from incentives.core.credits import Figures
from incentives.core.keys import MeasureKey
from incentives.core.measure import SALE_KINDS, Kind, Whose
from incentives.core.period import Month
from incentives.db import ask_together, db
from incentives.ledger.service.derived import Elsewhere
from incentives.people.models import Department, Posting
from incentives.sales.models import Earner, SaleLine
from incentives.sales.service import filters
from incentives.sales.service.filters import Origin, Other, fen


@dataclass(frozen=True, slots=True)
class Counted:
    """A sale line behind a figure, with what of it is counted."""

    line: SaleLine
    figures: Figures


@dataclass(frozen=True, slots=True)
class Crew:
    """The employee ids of those whom a plan pays, and the days on which one of them worked as something else."""

    members: Collection[int] = ()
    elsewhere: Elsewhere = field(default_factory=dict)


NOBODY = Crew()


def sums(store_id: int, keys: Iterable[MeasureKey], crew: Crew = NOBODY) -> dict[MeasureKey, int]:
    """The figure of each key about sales: fen, thousandths of a unit, or whole orders. No sales are zero.

    An order counts while anything of it is left. Profit is summed over the lines whose cost is known.

    Args:
        store_id: the only store whose lines count.
        keys: any keys; those that are not about sales are left out of the answer.
        crew: whom the plan pays, for keys of the members. Sales of the days on which a person worked as something
            else count neither for the person nor for the members: they belong to the plan of that other position.

    Raises:
        DomainError: a condition on the price is finer than can be compared exactly.
    """
    wanted = [key for key in keys if key.kind in SALE_KINDS]
    departments = _own_departments(store_id, wanted)
    shapes: dict[MeasureKey, list[MeasureKey]] = defaultdict(list)
    for key in wanted:
        shapes[_shape(key, departments)].append(key)
    numbered = list(enumerate(shapes))
    answers = ask_together(*((_Sum, _numbered(_summed(store_id, shape, crew), number)) for number, shape in numbered))
    values = {(each.number, each.person): int(each.value or 0) for each in answers.of(_Sum)}
    return {
        key: values.get((number, key.person if shape.of is Whose.PERSON else None), 0)
        for number, shape in numbered
        for key in shapes[shape]
    }


class _Sum(NamedTuple):
    """What a shape comes to: in all, or for a person."""

    number: int
    person: int | None
    value: int | None


def _summed(store_id: int, shape: MeasureKey, crew: Crew) -> Select[*tuple[Any, ...]]:
    if shape.of is Whose.PERSON:
        return _by_person(store_id, shape, crew)
    return _total(store_id, shape, crew).add_columns(cast(null(), Integer).label("person"))


def _numbered(statement: Select[*tuple[Any, ...]], number: int) -> Select[*tuple[Any, ...]]:
    return statement.add_columns(literal(number).label("number"))


def facts(store_id: int, asked: Sequence[tuple[MeasureKey, Crew]], *, most: int = 200) -> list[list[Counted]]:
    """The sale lines behind the figure of each key, by day, so many at most. Their figures add up to it (orders aside).

    Two queries, however many figures.
    """
    departments = _own_departments(store_id, [key for key, _crew in asked])
    counted = [
        (_Part, _numbered(_parts(store_id, key, _shape(key, departments), crew).limit(most), number))
        for number, (key, crew) in enumerate(asked)
    ]
    parts = ask_together(*counted).of(_Part)
    lines = {
        line.id: line
        for line in db.session.scalars(select(SaleLine).where(SaleLine.id.in_({each.line_id for each in parts})))
    }
    found: list[list[Counted]] = [[] for _each in asked]
    for part in sorted(parts, key=lambda part: (lines[part.line_id].business_date, part.line_id)):
        cost = None if part.cost is None else int(part.cost)
        figures = Figures(int(part.received), int(part.quantity), cost)
        found[part.number].append(Counted(lines[part.line_id], figures))
    return found


class _Part(NamedTuple):
    """What a figure counts of a sale line: fen and thousandths."""

    number: int
    line_id: int
    received: int
    quantity: int
    cost: int | None


def _parts(store_id: int, key: MeasureKey, shape: MeasureKey, crew: Crew) -> Select[*tuple[Any, ...]]:
    """By day; of a store's figure whole lines, else what the key's people were credited with."""
    order = (SaleLine.business_date, SaleLine.id)
    if _whole_lines(shape):
        return (
            _lines(store_id, shape)
            .with_only_columns(
                SaleLine.id.label("line_id"),
                fen(SaleLine.received).label("received"),
                SaleLine.quantity.label("quantity"),
                fen(SaleLine.cost).label("cost"),
            )
            .order_by(*order)
        )
    credits_ = _credits(store_id, shape, crew)
    if key.person is not None and key.of is Whose.PERSON:
        credits_ = credits_.where(Earner.employee_id == key.person)
    columns = [
        SaleLine.id.label("line_id"),
        func.sum(fen(Earner.received)).label("received"),
        func.sum(Earner.quantity).label("quantity"),
        func.sum(fen(Earner.cost)).label("cost"),
    ]
    return credits_.with_only_columns(*columns).group_by(SaleLine.id).order_by(*order)


def _shape(key: MeasureKey, departments: Mapping[tuple[int, Month], str]) -> MeasureKey:
    """What keys have in common that are answered together."""
    if key.of is Whose.DEPARTMENT and not key.department:
        return replace(key, person=None, department=departments.get((key.person or 0, key.last), ""))
    return replace(key, person=None)


def _own_departments(store_id: int, keys: Sequence[MeasureKey]) -> dict[tuple[int, Month], str]:
    """The department's code of each person asked about, by the last posting in the store up to the month's end."""
    found: dict[tuple[int, Month], str] = {}
    asked = {key.last for key in keys if key.of is Whose.DEPARTMENT and not key.department}
    for month in sorted(asked):
        rows = db.session.execute(
            select(Posting.employee_id, Department.code)
            .join(Department, Department.id == Posting.department_id)
            .where(
                Posting.store_id == store_id,
                Posting.first_day <= month.last,
                or_(Posting.last_day.is_(None), Posting.last_day >= month.first),
            )
            .order_by(Posting.first_day, Posting.id)
        )
        found.update(((employee_id, month), code) for employee_id, code in rows)
    return found


def _whole_lines(shape: MeasureKey) -> bool:
    """A store's figure is that of its lines, whoever earned them, unless it asks for roles."""
    return shape.of is Whose.STORE and not shape.sales.roles


def _by_person(store_id: int, shape: MeasureKey, crew: Crew) -> Select[*tuple[Any, ...]]:
    credits_ = _credits(store_id, shape, crew)
    if shape.kind is Kind.ORDERS:
        who = _orders(credits_, Earner.employee_id).subquery().c.employee_id
        return select(who.label("person"), func.count().label("value")).group_by(who)
    summed = credits_.with_only_columns(Earner.employee_id.label("person"), _sum(shape.kind, Earner).label("value"))
    return summed.group_by(Earner.employee_id)


def _total(store_id: int, shape: MeasureKey, crew: Crew) -> Select[*tuple[Any, ...]]:
    whole = _whole_lines(shape)
    counted = _lines(store_id, shape) if whole else _credits(store_id, shape, crew)
    if shape.kind is Kind.ORDERS:
        return select(func.count().label("value")).select_from(_orders(counted).subquery())
    return counted.with_only_columns(_sum(shape.kind, SaleLine if whole else Earner).label("value"))


def _sum(kind: Kind, of: type[SaleLine | Earner]) -> ColumnElement[int]:
    if kind is Kind.QUANTITY:
        return func.sum(of.quantity)
    if kind is Kind.PROFIT:
        return func.sum(fen(of.received) - fen(of.cost))
    return func.sum(fen(of.received))


def _orders(counted: Select[Any], *by: InstrumentedAttribute[Any]) -> Select[Any]:
    """The documents of which anything is left."""
    columns = [*by, Origin.document]
    return counted.with_only_columns(*columns).group_by(*columns).having(func.sum(SaleLine.quantity) > 0)


def _lines(store_id: int, shape: MeasureKey) -> Select[Any]:
    found = select(SaleLine).where(SaleLine.store_id == store_id, SaleLine.counts_in.between(shape.first, shape.last))
    return _with_origin(found, shape).where(*filters.of_lines(shape))


def _credits(store_id: int, shape: MeasureKey, crew: Crew) -> Select[Any]:
    found = (
        select(Earner)
        .join(SaleLine, SaleLine.id == Earner.sale_line_id)
        .where(Earner.store_id == store_id, Earner.counts_in.between(shape.first, shape.last), _whose(shape, crew))
    )
    return _with_origin(found, shape).where(*filters.of_lines(shape))


def _with_origin(found: Select[Any], shape: MeasureKey) -> Select[Any]:
    needs_it = shape.kind is Kind.ORDERS or shape.sales.price is not None
    return found.join(Origin, filters.is_origin) if needs_it else found


def _whose(shape: MeasureKey, crew: Crew) -> ColumnElement[bool]:
    match shape.of:
        case Whose.PERSON:
            return and_(filters.once_for_each_person(shape.sales), filters.is_not_elsewhere(Earner, crew.elsewhere))
        case Whose.STORE:
            return filters.once_for_all(shape.sales, Earner.id.is_not(None), Other.id.is_not(None))
        case Whose.MEMBERS:
            people = sorted(crew.members)
            return filters.once_for_all(
                shape.sales,
                filters.is_one_of(Earner, people, crew.elsewhere),
                filters.is_one_of(Other, people, crew.elsewhere),
            )
        case Whose.DEPARTMENT:
            code = shape.department
            return filters.once_for_all(
                shape.sales, filters.is_in_department(Earner, code), filters.is_in_department(Other, code)
            )
