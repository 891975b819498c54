"""Tell the readers above that facts of some people changed, so that their scores are exact at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

from flask import Flask, current_app

from incentives.core.period import Month

KEY = "incentives-ledger-listeners"
Listener: TypeAlias = Callable[[int, Month, frozenset[int]], None]
"""Called with the store, the month and the people, in the transaction of the change."""
Waiting: TypeAlias = dict[tuple[int, Month], frozenset[int]]

_gathering: ContextVar[Waiting | None] = ContextVar("gathering", default=None)


def on_change(app: Flask, listener: Listener) -> None:
    """Have a reader told of changes. Readers ask for it when the application is put together."""
    listeners = app.extensions.setdefault(KEY, [])
    if listener not in listeners:
        listeners.append(listener)


def changed(store_id: int, month: Month, employee_ids: Iterable[int]) -> None:
    """Say that facts of these people in this month changed: sales, readings, attendance, findings, targets."""
    people = frozenset(employee_ids)
    waiting = _gathering.get()
    if waiting is None:
        _tell(store_id, month, people)
    else:
        waiting[store_id, month] = waiting.get((store_id, month), frozenset()) | people


@contextmanager
def told_together() -> Iterator[None]:
    """Tell of many changes once at the end, instead of after each; for work that writes a whole month's facts."""
    waiting: Waiting = {}
    before = _gathering.set(waiting)
    try:
        yield
    finally:
        _gathering.reset(before)
    for (store_id, month), people in sorted(waiting.items()):
        changed(store_id, month, people)


def _tell(store_id: int, month: Month, people: frozenset[int]) -> None:
    for listener in current_app.extensions.get(KEY, []):
        listener(store_id, month, people)
