"""What a month still lacks before it can be reviewed. Each feature says what it knows; the cockpit shows it all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from flask import Flask, current_app

from incentives.core.errors import Sentence
from incentives.core.period import Month

KEY = "incentives-month-checks"


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that a month lacks, how often, and the page where it is put right."""

    sentence: Sentence
    count: int
    endpoint: str = ""
    arguments: tuple[tuple[str, str], ...] = ()


Check: TypeAlias = Callable[[int, Month], Iterable[Lack]]
"""Called with a store and a month; a query or two, however many people there are."""


def check_months(app: Flask, check: Check) -> None:
    """Add a check. Features do so when the application is put together."""
    app.extensions.setdefault(KEY, []).append(check)


def lacks(store_id: int, month: Month) -> list[Lack]:
    """Everything that the store's month lacks, nothing that it does not."""
    checks: list[Check] = current_app.extensions.get(KEY, [])
    return [lack for check in checks for lack in check(store_id, month) if lack.count]
