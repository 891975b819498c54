"""Who is asking, found with one small query a request.

Whether a session still holds is read afresh with every request: the account, its epoch, and the last day. The home
store and the roles are kept in process by account, epoch and day, because whatever changes them makes the epoch grow
(:mod:`incentives.people.service`), so what was kept before is never asked for again. Requests that write read them
afresh, and keep nothing of what a transaction may yet take back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeAlias, cast

from flask import Flask, current_app
from sqlalchemy import bindparam, or_, select

from incentives import clock
from incentives.core.access import GRANTS, Actor, Role, Scope
from incentives.db import db, is_reading
from incentives.people.models import Account, Employee, Language, Posting, RoleGrant, Store
from incentives.web.hooks import Place

KEY = "incentives-held"
MOST_KEPT = 4_096
"""People whose roles a process keeps; some three hundred bytes each."""
GROUP_ROLES = frozenset(
    role for role in Role if any(grants.get(role, Scope.NONE) is Scope.GROUP for grants in GRANTS.values())
)


class Asking(NamedTuple):
    """An account and its person, as far as every request needs them."""

    account_id: int
    epoch: int
    active: bool
    must_change: bool
    language: Language
    employee_id: int
    group_id: int
    number: str
    name: str
    left_on: date | None

    @classmethod
    def of(cls, account: Account) -> Asking:
        """The same of an account that is loaded already."""
        person = account.employee
        return cls(
            account_id=account.id,
            epoch=account.epoch,
            active=account.active,
            must_change=account.must_change,
            language=account.language,
            employee_id=person.id,
            group_id=person.group_id,
            number=person.number,
            name=person.name,
            left_on=person.left_on,
        )


class Held(NamedTuple):
    """Where somebody is posted on a day, and what roles are held where."""

    home: int | None
    roles: frozenset[tuple[Role, int]]


Keeper: TypeAlias = Callable[[int, int, int, date], Held]

# These run with every request, hence made once.
_ASKING = (
    select(
        Account.id,
        Account.epoch,
        Account.active,
        Account.must_change,
        Account.language,
        Employee.id,
        Employee.group_id,
        Employee.number,
        Employee.name,
        Employee.left_on,
    )
    .join(Employee, Employee.id == Account.employee_id)
    .where(Account.id == bindparam("account"))
)
_HOME = (
    select(Posting.store_id)
    .where(
        Posting.employee_id == bindparam("person"),
        Posting.first_day <= bindparam("day"),
        or_(Posting.last_day.is_(None), Posting.last_day >= bindparam("day")),
    )
    .order_by(Posting.first_day.desc())
    .limit(1)
)
_ROLES = select(RoleGrant.role, RoleGrant.store_id).where(RoleGrant.employee_id == bindparam("person"))
_PLACES = (
    select(Store.id, Store.code, Store.name, Store.name_en, Store.zone, Store.show_ranks)
    .where(Store.group_id == bindparam("group"))
    .order_by(Store.id)
)
_SOME_PLACES = _PLACES.where(Store.id.in_(bindparam("stores", expanding=True)))


def init_app(app: Flask) -> None:
    """Give the application a memory of its own."""
    app.extensions[KEY] = lru_cache(maxsize=MOST_KEPT)(_held_by_account)


def find(account_id: int) -> Asking | None:
    """The account of an id as it is now."""
    row = db.session.connection().execute(_ASKING, {"account": account_id}).one_or_none()
    return None if row is None else Asking._make(row)


def actor_of(found: Asking) -> Actor:
    """The person of an account, with the roles held today."""
    today = clock.today()
    if is_reading():
        keeper = cast("Keeper", current_app.extensions[KEY])
        held = keeper(found.account_id, found.epoch, found.employee_id, today)
    else:
        held = held_on(found.employee_id, today)
    return Actor(
        employee_id=found.employee_id,
        name=found.name,
        number=found.number,
        home_store_id=held.home,
        group_id=found.group_id,
        roles=held.roles,
    )


def _held_by_account(_account_id: int, _epoch: int, employee_id: int, day: date) -> Held:
    return held_on(employee_id, day)


def held_on(employee_id: int, day: date) -> Held:
    """The posting of a day and the roles of now: an employee where posted, whatever else is held where."""
    db.session.flush()
    connection = db.session.connection()
    home = connection.execute(_HOME, {"person": employee_id, "day": day}).scalar()
    granted = connection.execute(_ROLES, {"person": employee_id})
    own = {(Role.EMPLOYEE, home)} if home is not None else set()
    return Held(home, frozenset({*own, *((role, store_id) for role, store_id in granted)}))


def places_of(actor: Actor, *, english: bool) -> list[Place]:
    """The stores a person may go to: where a role is held, or all of the group for its head office's roles."""
    values: dict[str, object] = {"group": actor.group_id}
    statement = _PLACES
    if not any(role in GROUP_ROLES for role, _store_id in actor.roles):
        statement, values["stores"] = _SOME_PLACES, sorted(actor.stores())
    rows = db.session.connection().execute(statement, values)
    return [Place(row.id, row.code, (english and row.name_en) or row.name, row.zone, row.show_ranks) for row in rows]
