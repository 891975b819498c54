"""The few questions the web floor asks of the floors above it, answered once when the application is put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import current_app

from incentives.core.access import Actor
from incentives.core.errors import Sentence

KEY = "incentives"


@dataclass(frozen=True, slots=True)
class Place:
    """A store as pages need it."""

    id: int
    code: str
    name: str
    zone: str
    show_ranks: bool
    """Off: people see their own progress only, no places."""


def _nobody() -> Actor | None:
    return None


def _nowhere(_code: str) -> Place | None:
    return None


def _no_places(_actor: Actor) -> list[Place]:
    return []


def _unrecorded(_refusal: Sentence) -> None:
    return None


def _no_act(_act: str, _store_id: int | None, _subject: str, _changes: Mapping[str, tuple[object, object]]) -> None:
    return None


@dataclass(slots=True)
class Hooks:
    """Who is asking, where, which stores that person may go to, and where refusals are written down."""

    load_actor: Callable[[], Actor | None] = _nobody
    load_place: Callable[[str], Place | None] = _nowhere
    places_of: Callable[[Actor], list[Place]] = _no_places
    record_refusal: Callable[[Sentence], None] = _unrecorded
    record_act: Callable[[str, int | None, str, Mapping[str, tuple[object, object]]], None] = _no_act
    language_of: Callable[[], str | None] = field(default=lambda: None)


def hooks() -> Hooks:
    """The running application's answers."""
    found = current_app.extensions[KEY]
    if not isinstance(found, Hooks):
        raise TypeError("the application was put together without its hooks")
    return found
