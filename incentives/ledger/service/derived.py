"""Figures that follow from facts: accessory sales, sessions held, attendance, 6S scores.

The features that keep the facts are strangers to the one that compares figures with targets. Each says here what it
can add up, and indicators read it by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from flask import Flask, current_app
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute

from incentives.core.answer import Fact
from incentives.core.errors import Sentence
from incentives.core.period import Month, Span
from incentives.db import MonthType, ask_together

KEY = "incentives-derived-figures"
MONTH_LETTERS = 7


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


Elsewhere: TypeAlias = Mapping[int, Sequence[Span]]
"""The days, by employee id, on which a person worked in a position that is not asked about."""
NOWHERE: Elsewhere = MappingProxyType({})
Statement: TypeAlias = Select[*tuple[Any, ...]]
AddUp: TypeAlias = Callable[[int, Month, Month, Elsewhere], Iterable[Statement]]
"""Called with a store, the first and last month, and the days by person whose facts do not count for that person. Gives
statements of the columns of :func:`added_up`, grouped however many people there are, to be asked with others' at once."""


def on_own_days(
    person: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    day: InstrumentedAttribute[date],
    elsewhere: Elsewhere,
) -> ColumnElement[bool]:
    """That a fact is not of a day on which its person worked in a position that is not asked about."""
    others = [
        and_(person == employee_id, day >= span.start, day < span.end)
        for employee_id, spans in sorted(elsewhere.items())
        for span in spans
    ]
    return not_(or_(*others)) if others else true()


@dataclass(frozen=True, slots=True)
class Whom:
    """Whose facts are asked for: those of a department, of some people, or (saying neither) of the whole store."""

    department_id: int | None = None
    people: Collection[int] | None = None

    @property
    def is_store(self) -> bool:
        """Whether nobody is left out."""
        return self.department_id is None and self.people is None

    def conditions(
        self, department: InstrumentedAttribute[int], person: InstrumentedAttribute[int]
    ) -> Iterator[ColumnElement[bool]]:
        """The same for the database, by the columns that say whose a fact is."""
        if self.department_id is not None:
            yield department == self.department_id
        if self.people is not None:
            yield person.in_(self.people)


ListFacts: TypeAlias = Callable[[int, Month, Month, Whom], Iterable[Fact]]
"""Called with a store, the first and last month and whose; the facts that the figure adds up, by day."""


class AddedUp(NamedTuple):
    """A figure as a statement found it. ``parts`` of the value make one of the indicator's smallest parts."""

    measure: str
    month: Month
    department_id: int | None
    employee_id: int | None
    value: int
    base: int | None
    facts: int
    parts: int

    @property
    def figure(self) -> DerivedFigure:
        """In the indicator's smallest part; what is less than one of it is cut off downwards."""
        base = None if self.base is None else int(self.base)
        value = int(self.value) // self.parts
        return DerivedFigure(self.month, self.department_id, self.employee_id, value, base, int(self.facts))


NOBODY: ColumnElement[Any] = cast(null(), Integer)
"""In place of the department or person of a figure that is the whole store's."""


def added_up(
    month: ColumnElement[Any],
    value: ColumnElement[Any],
    *,
    department: ColumnElement[Any] = NOBODY,
    person: ColumnElement[Any] = NOBODY,
    base: ColumnElement[Any] = NOBODY,
    parts: int = 1,
) -> Statement:
    """The columns of a derived figure, for a statement that groups by whose it is and by ``month`` (text such as 2026-11)."""
    return select(
        type_coerce(month, MonthType()).label("month"),
        department.label("department_id"),
        person.label("employee_id"),
        value.label("value"),
        base.label("base"),
        func.count().label("facts"),
        literal(parts).label("parts"),
    )


def month_of(day: ColumnElement[date]) -> ColumnElement[str]:
    """The month of a day, for a statement that groups by it."""
    return func.substr(cast(day, String), 1, MONTH_LETTERS)


class Counting(NamedTuple):
    """How a measure is added up, and of which facts."""

    add_up: AddUp
    facts: ListFacts


@dataclass(frozen=True, slots=True)
class Derived:
    """A measure on offer: what it is called, how indicators count it, and how pay does where that is another way.

    What is taken back after a month was closed belongs to that month where it is paid, since pay of the month is
    worked out again; the cockpit and the boards show it when it happened.
    """

    title: Sentence
    shown: Counting
    paid: Counting

    def counting(self, *, for_pay: bool) -> Counting:
        """The way that is asked for."""
        return self.paid if for_pay else self.shown


def offer_figures(app: Flask, measure: str, title: Sentence, shown: Counting, *, paid: Counting | None = None) -> None:
    """Let indicators read a measure. Features do so when the application is put together."""
    app.extensions.setdefault(KEY, {})[measure] = Derived(title, shown, paid or shown)


def figures_on_offer() -> Mapping[str, Derived]:
    """The measures that indicators of the running application may read."""
    found: Mapping[str, Derived] = current_app.extensions.get(KEY, {})
    return found


Countings: TypeAlias = tuple[tuple[str, AddUp], ...]
"""Measures, each with how it is added up."""


def countings(measures: Iterable[str], *, for_pay: bool = False) -> Countings:
    """How some measures are added up. A measure nobody offers is left out."""
    offered = figures_on_offer()
    return tuple((each, offered[each].counting(for_pay=for_pay).add_up) for each in measures if each in offered)


def asked_of(
    store_id: int, measures: Countings, first: Month, last: Month, elsewhere: Elsewhere = NOWHERE
) -> Iterator[tuple[type[AddedUp], Statement]]:
    """The questions for some measures, to be asked together with others."""
    for measure, add_up in measures:
        for statement in add_up(store_id, first, last, elsewhere):
            yield AddedUp, statement.add_columns(literal(measure).label("measure"))


def figures_of(store_id: int, measure: str, first: Month, last: Month, *, for_pay: bool = False) -> list[DerivedFigure]:
    """What one measure comes to in each month. One query."""
    found = ask_together(*asked_of(store_id, countings([measure], for_pay=for_pay), first, last))
    return [each.figure for each in found.of(AddedUp)]
