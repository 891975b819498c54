"""What pay plans and scores ask: an indicator's figure or target for a person, department or store, over some months."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import or_, select

from incentives.core.keys import MeasureKey
from incentives.core.measure import Kind, Whose
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger.service.derived import NOWHERE, Elsewhere
from incentives.people.models import Department, Posting, Store
from incentives.targets.models import Indicator
from incentives.targets.scopes import STORE, Scope, of_department, of_person
from incentives.targets.service.catalogue import indicators
from incentives.targets.service.figures import Figures, figures
from incentives.targets.service.holding import Held, held


@dataclass(frozen=True, slots=True)
class _Desk:
    """All that the answers need, gathered once."""

    catalogue: Mapping[str, Indicator]
    figures: Figures
    own: Figures
    holding: Held
    departments: Mapping[str, int]
    of_person: Mapping[tuple[int, Month], int]
    members: Collection[int]


def value_of(
    store_id: int, keys: Collection[MeasureKey], *, members: Collection[int] = (), elsewhere: Elsewhere = NOWHERE
) -> dict[MeasureKey, Fraction | None]:
    """The figures and targets that keys ask for, in the indicator's unit: yuan, counts, percents as fractions.

    Only keys of an indicator or a target are answered; ``None`` says that nobody has given it. A handful of queries,
    however many keys. ``members`` are the people whom ``Whose.MEMBERS`` means. What was read of a person on a day
    ``elsewhere``, in a position that the plan does not pay, counts neither for the person nor for the members.

    A department is the person's own in the last month, unless the key names one. Figures and targets of several
    months are combined as the indicator adds up.
    """
    wanted = [key for key in keys if key.kind in {Kind.INDICATOR, Kind.TARGET}]
    if not wanted:
        return {}
    desk = _gather(store_id, wanted, members, elsewhere)
    return {key: _answer(key, desk) for key in wanted}


def _gather(store_id: int, keys: Collection[MeasureKey], members: Collection[int], elsewhere: Elsewhere) -> _Desk:
    everything = indicators(store_id, inactive=True)
    asked = {found.id for found in everything if found.code in {key.indicator for key in keys}}
    catalogue = [found for found in everything if asked & {found.id, found.parent_id}]
    first, last = min(key.first for key in keys), max(key.last for key in keys)
    people = any(key.of in {Whose.PERSON, Whose.MEMBERS} for key in keys)
    everybody = figures(store_id, catalogue, first, last, people=people, for_pay=True)
    moved = people and bool(elsewhere)
    return _Desk(
        catalogue={found.code: found for found in catalogue},
        figures=everybody,
        own=figures(store_id, catalogue, first, last, people=True, elsewhere=elsewhere, for_pay=True)
        if moved
        else everybody,
        holding=held(store_id, set(range(first.year, last.year + 1)), indicators=[found.id for found in catalogue]),
        departments=_departments(store_id),
        of_person=_departments_of(store_id, keys),
        members=members,
    )


def _departments(store_id: int) -> dict[str, int]:
    found = select(Department.code, Department.id).join(Store, Store.group_id == Department.group_id)
    return {row.code: row.id for row in db.session.execute(found.where(Store.id == store_id))}


def _departments_of(store_id: int, keys: Iterable[MeasureKey]) -> dict[tuple[int, Month], int]:
    """The department of each person's last posting in the store in each last month asked for."""
    asked = {
        (key.person, key.last)
        for key in keys
        if key.of is Whose.DEPARTMENT and not key.department and key.person is not None
    }
    if not asked:
        return {}
    first, last = min(month for _, month in asked), max(month for _, month in asked)
    postings = db.session.scalars(
        select(Posting)
        .where(
            Posting.store_id == store_id,
            Posting.employee_id.in_({person for person, _ in asked}),
            Posting.first_day <= last.last,
            or_(Posting.last_day.is_(None), Posting.last_day >= first.first),
        )
        .order_by(Posting.first_day)
    ).all()
    return {
        (person, month): posting.department_id
        for posting in postings
        for person, month in asked
        if posting.employee_id == person and posting.span.overlap(month.span).days
    }


def _answer(key: MeasureKey, desk: _Desk) -> Fraction | None:
    indicator = desk.catalogue.get(key.indicator)
    if indicator is None:
        return None
    if key.of is Whose.MEMBERS:
        return _of_members(key, indicator, desk)
    scope = _scope_of(key, desk.departments, desk.of_person)
    if scope is None:
        return None
    if key.kind is Kind.INDICATOR:
        read = desk.own if key.of is Whose.PERSON else desk.figures
        return read.actual(indicator, key.first, key.last, scope)
    if key.first == key.last:
        return desk.holding.target(indicator, key.last, scope)
    return desk.holding.over(indicator, key.first, key.last, scope)


def scopes_of(store_id: int, keys: Collection[MeasureKey]) -> dict[MeasureKey, Scope | None]:
    """Whose figure each key asks for; none for members together, and where there is no such department or person."""
    departments = _departments(store_id) if any(key.department for key in keys) else {}
    of_people = _departments_of(store_id, keys)
    return {key: _scope_of(key, departments, of_people) for key in keys}


def _scope_of(
    key: MeasureKey, departments: Mapping[str, int], of_people: Mapping[tuple[int, Month], int]
) -> Scope | None:
    match key.of:
        case Whose.STORE:
            return STORE
        case Whose.PERSON:
            return None if key.person is None else of_person(key.person)
        case Whose.MEMBERS:
            return None
        case _:
            own = of_people.get((key.person or 0, key.last))
            number = departments.get(key.department) if key.department else own
            return None if number is None else of_department(number)


def _of_members(key: MeasureKey, indicator: Indicator, desk: _Desk) -> Fraction | None:
    if key.kind is Kind.INDICATOR:
        return desk.own.of_people(indicator, key.first, key.last, desk.members)
    targets = [desk.holding.over(indicator, key.first, key.last, of_person(person)) for person in desk.members]
    known = [target for target in targets if target is not None]
    return sum(known, Fraction(0)) if known and len(known) == len(targets) else None
