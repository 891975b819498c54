"""What became of a line after its month was closed. Later floors post that; they tell it here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from flask import Flask, current_app

from incentives.commissions.models import PayLine
from incentives.core.answer import Step

KEY = "incentives-what-became-of-lines"

Became: TypeAlias = Callable[[Sequence[PayLine]], Mapping[int, Sequence[Step]]]
"""Called with some lines; one query. Of each line, by its id, a step for each thing that came of it, such as an adjustment."""


def tells_what_became(app: Flask, source: Became) -> None:
    """Add somebody who knows. Features do so when the application is put together."""
    app.extensions.setdefault(KEY, []).append(source)


def what_became(lines: Sequence[PayLine]) -> dict[int, list[Step]]:
    """Everything that came of some lines later, by line."""
    sources: Sequence[Became] = current_app.extensions.get(KEY, ())
    found: dict[int, list[Step]] = defaultdict(list)
    for source in sources:
        for line_id, steps in source(lines).items():
            found[line_id].extend(steps)
    return found
