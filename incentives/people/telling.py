"""Tell the readers above from which day on somebody's posting at a store is another one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import TypeAlias

from flask import Flask, current_app

KEY = "incentives-posting-listeners"
Listener: TypeAlias = Callable[[int, date], None]
"""Called with the store and the first day concerned, in the transaction of the change."""


def on_posting_change(app: Flask, listener: Listener) -> None:
    """Have a reader told. Readers ask for it when the application is put together."""
    listeners = app.extensions.setdefault(KEY, [])
    if listener not in listeners:
        listeners.append(listener)


def posting_changed(store_ids: Collection[int], day: date) -> None:
    """Say that somebody begins, changes or ends a posting at these stores."""
    for listener in current_app.extensions.get(KEY, []):
        for store_id in sorted(store_ids):
            listener(store_id, day)
