"""Tell the readers above that facts of some people changed, so that their scores are exact at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from flask import Flask, current_app

from incentives.core.period import Month

KEY = "incentives-ledger-listeners"
Listener: TypeAlias = Callable[[int, Month, frozenset[int]], None]
"""Called with the store, the month and the people, in the transaction of the change."""


def on_change(app: Flask, listener: Listener) -> None:
    """Have a reader told of changes. Readers ask for it when the application is put together."""
    listeners = app.extensions.setdefault(KEY, [])
    if listener not in listeners:
        listeners.append(listener)


def changed(store_id: int, month: Month, employee_ids: Iterable[int]) -> None:
    """Say that facts of these people in this month changed: sales, readings, attendance, findings, targets."""
    people = frozenset(employee_ids)
    for listener in current_app.extensions.get(KEY, []):
        listener(store_id, month, people)
