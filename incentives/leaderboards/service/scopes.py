"""Among whom: the store, a department of it, a league, the group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select

from incentives.core.errors import NotFound, say
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.people.models import Department, Position, Posting, SizeClass, Store


class Among(StrEnum):
    """Kinds of scopes."""

    STORE = "store"
    DEPARTMENT = "department"
    LEAGUE = "league"
    GROUP = "group"


class Home(NamedTuple):
    """A store as far as its boards go by it."""

    id: int
    group_id: int
    name: str
    name_en: str
    size_class: SizeClass
    show_ranks: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """Among whom a board ranks. ``word`` stands in addresses, ``key`` in the standings; names in both languages."""

    among: Among
    word: str
    key: str
    name: str = ""
    name_en: str = ""

    @property
    def of_one_store(self) -> bool:
        """Whether everybody on it works in one store, so that it freezes with the store's month."""
        return self.among in {Among.STORE, Among.DEPARTMENT}


# Both run with every board that is looked at, hence made once.
_HOME = select(Store.id, Store.group_id, Store.name, Store.name_en, Store.size_class, Store.show_ranks).where(
    Store.id == bindparam("store")
)
_TEAMS = (
    select(
        Department.id,
        Department.name,
        Department.name_en,
        Position.id.label("position_id"),
        Position.name.label("position"),
        Position.name_en.label("position_en"),
    )
    .distinct()
    .select_from(Posting)
    .join(Department, Department.id == Posting.department_id)
    .join(Position, Position.id == Posting.position_id)
    .where(
        Posting.store_id == bindparam("store"),
        Posting.first_day <= bindparam("day"),
        or_(Posting.last_day.is_(None), Posting.last_day >= bindparam("day")),
    )
    .order_by(Department.order, Department.id, Position.order, Position.id)
    .add_columns(Department.order, Position.order)
)


def home(store_id: int) -> Home:
    """The store of an id that is known to be one."""
    return Home(*db.session.connection().execute(_HOME, {"store": store_id}).one())


def scopes(store: Home, day: date) -> list[Scope]:
    """The scopes that people of a store stand in on a day: the store, departments, leagues, the group."""
    teams = db.session.connection().execute(_TEAMS, {"store": store.id, "day": day}).all()
    departments = {
        team.id: Scope(
            Among.DEPARTMENT,
            f"d{team.id}",
            ledger.department_scope(store.id, team.id),
            team.name,
            team.name_en or team.name,
        )
        for team in teams
    }
    leagues = {
        team.position_id: Scope(
            Among.LEAGUE,
            f"l{team.position_id}",
            ledger.league_scope(team.position_id, store.size_class),
            team.position,
            team.position_en or team.position,
        )
        for team in teams
    }
    return [_whole_store(store), *departments.values(), *leagues.values(), _whole_group(store)]


def scope(store: Home, day: date, word: str) -> Scope:
    """The scope of a word in an address; of none, the store.

    Raises:
        NotFound: the store's people stand in no such scope.
    """
    if word in {"", Among.STORE}:
        return _whole_store(store)
    if word == Among.GROUP:
        return _whole_group(store)
    found = next((each for each in scopes(store, day) if each.word == word), None)
    if found is None:
        raise NotFound(say("There is no such board."))
    return found


def _whole_store(store: Home) -> Scope:
    return Scope(Among.STORE, Among.STORE, ledger.store_scope(store.id), store.name, store.name_en or store.name)


def _whole_group(store: Home) -> Scope:
    return Scope(Among.GROUP, Among.GROUP, ledger.group_scope(store.group_id))
