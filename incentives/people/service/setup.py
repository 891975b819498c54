"""The first group, store and admin; more stores, departments and positions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import available_timezones

from sqlalchemy import select

from incentives.audit import service as audit
from incentives.clock import DEFAULT_ZONE
from incentives.core.access import Role
from incentives.core.errors import Conflict, DomainError, NotFound, say
from incentives.core.money import ZERO, Money
from incentives.db import db
from incentives.people.models import Account, Department, Group, Position, SizeClass, Store
from incentives.people.passwords import hashed, require_decent
from incentives.people.service import accounts, staff

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")

DEPARTMENTS = (
    ("management", "管理", "Management"),
    ("reception", "前台接待", "Reception"),
    ("insurance", "保险", "Insurance"),
    ("customer-service", "客服", "Customer service"),
    ("workshop", "机电车间", "Mechanics and electrics"),
    ("body-paint", "钣喷车间", "Body and paint"),
    ("parts", "配件精品", "Parts and accessories"),
    ("warranty", "索赔", "Warranty"),
    ("wash", "洗车美容", "Car wash"),
)
POSITIONS = (
    ("manager", "management", "售后经理", "After-sales manager"),
    ("office", "management", "内勤", "Office"),
    ("adviser", "reception", "服务顾问", "Service adviser"),
    ("adviser-assistant", "reception", "服务顾问助理", "Adviser's assistant"),
    ("insurance", "insurance", "保险专员", "Insurance clerk"),
    ("customer-service", "customer-service", "客服专员", "Customer service"),
    ("mechanic", "workshop", "机电技师", "Mechanic"),
    ("apprentice", "workshop", "机电学徒", "Mechanic's apprentice"),
    ("body-master", "body-paint", "钣金大工", "Body master"),
    ("body-apprentice", "body-paint", "钣金小工", "Body apprentice"),
    ("painter", "body-paint", "喷漆技师", "Painter"),
    ("parts", "parts", "配件专员", "Parts clerk"),
    ("warranty", "warranty", "索赔专员", "Warranty clerk"),
    ("washer", "wash", "洗车工", "Car washer"),
)
"""The departments and positions of an after-sales department, as plan-facts.md §4 staffs one."""


def begin(*, group: str, store: str, code: str, admin: str, number: str, password: str, day: date) -> Store:
    """The first group, its store, its usual positions and its admin; on an empty database only.

    Raises:
        Conflict: there is a group already.
        DomainError: the password will not do.
    """
    if db.session.scalar(select(Group.id).limit(1)) is not None:
        raise Conflict(say("This database already has its group and its admin."))
    require_decent(password, number, admin)
    founded = Group(name=group)
    db.session.add(founded)
    db.session.flush()
    add_usual_positions(founded)
    place = add_store(founded, StoreDetails(code=code, name=store), actor_id=None)
    office = position_by_code(founded.id, "office")
    person = staff.hire(store=place, number=number, name=admin, position=office, day=day, actor_id=None)
    db.session.add(Account(employee_id=person.id, username=number.lower(), password_hash=hashed(password)))
    accounts.set_roles(person, place, {Role.ADMIN}, actor_id=None)
    return place


def add_usual_positions(group: Group) -> None:
    """The departments and positions that every after-sales department has."""
    made = {}
    for order, (code, name, name_en) in enumerate(DEPARTMENTS):
        made[code] = Department(group_id=group.id, code=code, name=name, name_en=name_en, order=order)
    db.session.add_all(made.values())
    db.session.flush()
    for order, (code, department, name, name_en) in enumerate(POSITIONS):
        place = made[department].id
        db.session.add(
            Position(group_id=group.id, department_id=place, code=code, name=name, name_en=name_en, order=order)
        )
    db.session.flush()


def position_by_code(group_id: int, code: str) -> Position:
    """A position by its code.

    Raises:
        NotFound: the group has none of that code.
    """
    found = db.session.scalars(
        select(Position).where(Position.group_id == group_id, Position.code == code)
    ).one_or_none()
    if found is None:
        raise NotFound(say("There is no position “{code}”.", code=code))
    return found


@dataclass(frozen=True, slots=True)
class StoreDetails:
    """What is said of a store when it is opened or changed."""

    code: str
    name: str
    name_en: str = ""
    province: str = ""
    city: str = ""
    zone: str = DEFAULT_ZONE
    minimum_wage: Money = ZERO
    size_class: SizeClass = SizeClass.MEDIUM
    show_ranks: bool = True


def add_store(group: Group, details: StoreDetails, *, actor_id: int | None) -> Store:
    """Open a store.

    Raises:
        DomainError: the code cannot stand in an address, or the time zone is unknown.
        Conflict: the code is taken.
    """
    _require_sensible(details)
    if db.session.scalar(select(Store.id).where(Store.code == details.code)) is not None:
        raise Conflict(say("There is a store {code} already.", code=details.code))
    place = Store(group_id=group.id, **{name: getattr(details, name) for name in StoreDetails.__slots__})
    db.session.add(place)
    db.session.flush()
    audit.record("people.store_opened", store_id=place.id, actor_id=actor_id, subject=f"{place.code} {place.name}")
    return place


def change_store(place: Store, details: StoreDetails, *, actor_id: int) -> None:
    """Correct what is said of a store; its code stays, since it stands in addresses.

    Raises:
        DomainError: the time zone is unknown.
    """
    _require_sensible(details)
    changes: dict[str, tuple[object, object]] = {}
    for name in StoreDetails.__slots__:
        before, after = getattr(place, name), getattr(details, name)
        if name != "code" and before != after:
            changes[name] = (before, after)
            setattr(place, name, after)
    db.session.flush()
    audit.record("people.store_changed", store_id=place.id, actor_id=actor_id, subject=place.code, changes=changes)


def _require_sensible(details: StoreDetails) -> None:
    code, zone = details.code[:40], details.zone[:40]
    if not _CODE.fullmatch(code):
        raise DomainError(say("A store's code is made of letters, digits and hyphens: “{code}” is not.", code=code))
    if zone not in available_timezones():
        raise DomainError(say("“{zone}” is no time zone such as Asia/Shanghai.", zone=zone))


def stores_of(group_id: int) -> Sequence[Store]:
    """Every store of a group, by code."""
    return db.session.scalars(select(Store).where(Store.group_id == group_id).order_by(Store.code)).all()


def store_by_code(code: str) -> Store:
    """A store by the code of its addresses.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(select(Store).where(Store.code == code)).one_or_none()
    if found is None:
        raise NotFound(say("There is no store “{code}”.", code=code[:40]))
    return found


def store_by_id(store_id: int) -> Store:
    """A store that is known to exist."""
    return db.session.get_one(Store, store_id)
