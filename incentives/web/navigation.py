"""One navigation: a bar at the foot of a phone, a side bar on a desktop, and only what the person may open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for
from flask_babel.speaklater import LazyString

from incentives.core.access import Capability
from incentives.web.guards import actor_or_none, allows

KEY = "incentives-navigation"


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


def add(app: Flask, *entries: Entry) -> None:
    """Put entries into the menu; features do so when they are registered."""
    app.extensions.setdefault(KEY, []).extend(entries)


def links() -> list[Link]:
    """The menu of the person signed in, here."""
    if actor_or_none() is None:
        return []
    entries = [entry for entry in sorted(current_app.extensions.get(KEY, []), key=_order) if _open(entry)]
    here = _nearest(entries)
    return [_link(entry, active=entry is here) for entry in entries]


def _order(entry: Entry) -> int:
    return entry.order


def _here() -> int | None:
    found = g.get("place") or g.get("home_place")
    return found.id if found is not None else None


def _open(entry: Entry) -> bool:
    of_a_store = current_app.url_map.is_endpoint_expecting(entry.endpoint, "store_code")
    if of_a_store and _here() is None:
        return False
    if not entry.capabilities:
        return True
    where = _here() if of_a_store else None
    return any(allows(capability, where) for capability in entry.capabilities)


def _nearest(entries: Sequence[Entry]) -> Entry | None:
    """The entry of this page, else the one of its feature whose address leads to it, else the feature's first."""
    same = (entry for entry in entries if entry.endpoint == request.endpoint)
    akin = [entry for entry in entries if entry.endpoint.partition(".")[0] == request.blueprint]
    above = (entry for entry in akin if request.path.startswith(f"{url_for(entry.endpoint)}/"))
    return next(same, None) or next(above, None) or next(iter(akin), None)


def _link(entry: Entry, *, active: bool) -> Link:
    return Link(
        label=str(entry.label),
        url=url_for(entry.endpoint),
        icon=entry.icon,
        active=active,
        place="bar" if entry.bar else "more",
        group=str(entry.group),
    )
