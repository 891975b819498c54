"""Figures that follow from facts: accessory sales, sessions held, attendance, 6S scores.

The features that keep the facts are strangers to the one that compares figures with targets. Each says here what it
can add up, and indicators read it by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeAlias

from flask import Flask, current_app

from incentives.core.errors import Sentence
from incentives.core.period import Month

KEY = "incentives-derived-figures"


class DerivedFigure(NamedTuple):
    """What the facts of a month come to, for a person or (without one) for the department or the whole store.

    ``value`` is in the indicator's smallest part (fen, ones). A ratio gives both sides in hundredths; ``base`` is
    then what the value is a part of. ``facts`` is how many facts there are, for a mean.
    """

    month: Month
    department_id: int | None
    employee_id: int | None
    value: int
    base: int | None = None
    facts: int = 1


AddUp: TypeAlias = Callable[[int, Month, Month], Iterable[DerivedFigure]]
"""Called with a store and the first and last month; one grouped query, however many people there are."""


class Derived(NamedTuple):
    """A measure on offer: what it is called, and how it is added up."""

    title: Sentence
    add_up: AddUp


def offer_figures(app: Flask, measure: str, title: Sentence, add_up: AddUp) -> None:
    """Let indicators read a measure. Features do so when the application is put together."""
    app.extensions.setdefault(KEY, {})[measure] = Derived(title, add_up)


def figures_on_offer() -> Mapping[str, Derived]:
    """The measures that indicators of the running application may read."""
    found: Mapping[str, Derived] = current_app.extensions.get(KEY, {})
    return found
