"""One navigation: a bar at the foot of a phone, a side bar on a desktop, and only what the person may open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple, cast

from flask import Flask, current_app, g, request, url_for
from flask_babel.speaklater import LazyString

from incentives.core.access import Capability, Role
from incentives.web.guards import actor_or_none, allows, opens
from incentives.web.hooks import Place
from incentives.web.i18n import Language, language

KEY = "incentives-navigation"
MENUS = "incentives-menus"
MOST_KEPT = 512
"""Menus a process keeps, a kilobyte or two each; a store has some ten in each language."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the menu: shown to holders of one of the capabilities (to everybody signed in, if it names none)."""

    label: LazyString
    endpoint: str
    icon: str
    group: LazyString
    order: int
    capabilities: Sequence[Capability] = ()
    bar: bool = False
    """Whether it stands in the phone's bottom bar."""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as the page draws it."""

    label: str
    url: str
    icon: str
    active: bool
    place: str
    group: str


class Shown(NamedTuple):
    """An entry that is open to somebody, as it is drawn on its own page and on others."""

    endpoint: str
    idle: Link
    active: Link


def add(app: Flask, *entries: Entry) -> None:
    """Put entries into the menu; features do so when they are registered."""
    app.extensions.setdefault(KEY, []).extend(entries)


def init_app(app: Flask) -> None:
    """Keep menus in process: people with the same roles at the same place have the same."""
    app.extensions[MENUS] = lru_cache(maxsize=MOST_KEPT)(_menu)


def links() -> list[Link]:
    """The menu of the person signed in, here."""
    person = actor_or_none()
    if person is None:
        return []
    here = g.get("place") or g.get("home_place")
    menus = cast("Callable[..., tuple[Shown, ...]]", current_app.extensions[MENUS])
    shown = menus(person.roles, here, language(), request.script_root)
    nearest = _nearest(shown)
    return [each.active if each is nearest else each.idle for each in shown]


def _menu(
    _roles: frozenset[tuple[Role, int]], here: Place | None, _language: Language, _root: str
) -> tuple[Shown, ...]:
    """The menu of the person signed in, which depends on nothing but what it is given."""
    entries: list[Entry] = sorted(current_app.extensions.get(KEY, []), key=_order)
    open_here = [entry for entry in entries if _open(entry, here.id if here else None)]
    return tuple(_shown(entry) for entry in grouped(open_here))


def grouped(entries: Sequence[Entry]) -> list[Entry]:
    """Entries with each group in one piece, in the place of its first entry; within a group as they came."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(str(entry.group), []).append(entry)
    return [entry for group in groups.values() for entry in group]


def _order(entry: Entry) -> int:
    return entry.order


def _open(entry: Entry, here: int | None) -> bool:
    of_a_store = current_app.url_map.is_endpoint_expecting(entry.endpoint, "store_code")
    if of_a_store and here is None:
        return False
    if not entry.capabilities:
        return True
    where = here if of_a_store else None
    return opens(entry.endpoint) and any(allows(capability, where) for capability in entry.capabilities)


def _nearest(shown: Sequence[Shown]) -> Shown | None:
    """The entry of this page, else the one of its feature whose address leads to it, else the feature's first."""
    same = (each for each in shown if each.endpoint == request.endpoint)
    akin = [each for each in shown if each.endpoint.partition(".")[0] == request.blueprint]
    path = f"{request.script_root}{request.path}"
    above = (each for each in akin if path.startswith(f"{each.idle.url}/"))
    return next(same, None) or next(above, None) or next(iter(akin), None)


def _shown(entry: Entry) -> Shown:
    idle = Link(
        label=str(entry.label),
        url=url_for(entry.endpoint),
        icon=entry.icon,
        active=False,
        place="bar" if entry.bar else "more",
        group=str(entry.group),
    )
    return Shown(entry.endpoint, idle, replace(idle, active=True))
