"""What became of a line after its month was closed. Later floors post that; they tell it here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from flask import Flask, current_app

from incentives.commissions.models import PayLine
from incentives.core.answer import Step

KEY = "incentives-what-became-of-lines"

Became: TypeAlias = Callable[[PayLine], Sequence[Step]]
"""Called with a line; a query or two. A step for each thing that came of it, such as an adjustment."""


def tells_what_became(app: Flask, source: Became) -> None:
    """Add somebody who knows. Features do so when the application is put together."""
    app.extensions.setdefault(KEY, []).append(source)


def what_became(line: PayLine) -> Iterator[Step]:
    """Everything that came of a line later."""
    sources: Sequence[Became] = current_app.extensions.get(KEY, ())
    for source in sources:
        yield from source(line)
