"""Among whom: the store, a department of it, a league, the group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select

from incentives.core.errors import NotFound, say
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.people.models import Department, Position, Posting, Store


class Among(StrEnum):
    """Kinds of scopes."""

    STORE = "store"
    DEPARTMENT = "department"
    LEAGUE = "league"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Scope:
    """Among whom a board ranks. ``word`` stands in addresses, ``key`` in the standings; names in both languages."""

    among: Among
    word: str
    key: str
    name: str
    name_en: str

    @property
    def of_one_store(self) -> bool:
        """Whether everybody on it works in one store, so that it freezes with the store's month."""
        return self.among in {Among.STORE, Among.DEPARTMENT}


def scopes(store: Store, day: date) -> list[Scope]:
    """The scopes that people of a store stand in on a day: the store, departments, leagues, the group."""
    return [_store(store), *_departments(store, day), *_leagues(store, day), *_group(store)]


def scope(store: Store, day: date, word: str) -> Scope:
    """The scope of a word in an address; of none, the store.

    Raises:
        NotFound: the store's people stand in no such scope.
    """
    found = next((each for each in scopes(store, day) if each.word == (word or Among.STORE)), None)
    if found is None:
        raise NotFound(say("There is no such board."))
    return found


def _store(store: Store) -> Scope:
    return Scope(Among.STORE, Among.STORE, ledger.store_scope(store.id), store.name, store.name_en or store.name)


def _departments(store: Store, day: date) -> list[Scope]:
    rows = db.session.scalars(
        select(Department)
        .where(Department.id.in_(select(Posting.department_id).where(*_there(store, day))))
        .order_by(Department.order, Department.id)
    )
    return [
        Scope(
            Among.DEPARTMENT,
            f"d{row.id}",
            ledger.department_scope(store.id, row.id),
            row.name,
            row.name_en or row.name,
        )
        for row in rows
    ]


def _leagues(store: Store, day: date) -> list[Scope]:
    rows = db.session.scalars(
        select(Position)
        .where(Position.id.in_(select(Posting.position_id).where(*_there(store, day))))
        .order_by(Position.order, Position.id)
    )
    return [
        Scope(
            Among.LEAGUE,
            f"l{row.id}",
            ledger.league_scope(row.id, store.size_class),
            row.name,
            row.name_en or row.name,
        )
        for row in rows
    ]


def _group(store: Store) -> list[Scope]:
    return [Scope(Among.GROUP, Among.GROUP, ledger.group_scope(store.group_id), "", "")]


def _there(store: Store, day: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Posting.store_id == store.id,
        Posting.first_day <= day,
        or_(Posting.last_day.is_(None), Posting.last_day >= day),
    )
