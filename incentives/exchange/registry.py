"""The kinds of files that the running application can import."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, current_app

from incentives.core.access import Capability
from incentives.core.errors import NotFound, say
from incentives.exchange.interface import Importer

KEY = "incentives-importers"


def register(app: Flask, importer: Importer) -> None:
    """Offer an importer on the pages. Features do so when the application is put together.

    Raises:
        ValueError: the key is taken.
    """
    known: dict[str, Importer] = app.extensions.setdefault(KEY, {})
    if importer.key in known:
        raise ValueError(f"two importers are called {importer.key}")
    known[importer.key] = importer


def importer(key: str) -> Importer:
    """The importer of that key.

    Raises:
        NotFound: there is none.
    """
    found = _all().get(key)
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def importers(capabilities: Iterable[Capability] | None = None) -> list[Importer]:
    """All importers, or those open to holders of the capabilities, in the order of registration."""
    allowed = None if capabilities is None else frozenset(capabilities)
    return [found for found in _all().values() if allowed is None or found.capability in allowed]


def _all() -> dict[str, Importer]:
    found: dict[str, Importer] = current_app.extensions.get(KEY, {})
    return found
