"""What the readings of some months come to, for the store, its departments and its people: added up by the database.

Whose readings count: the store's own reading of a month if there is one; else the sum over the departments, each by
its own readings or, without any, by its people's. So nothing is counted twice when a figure is read at two levels.
A level (stock, base customers) is known only where it was read. A parent without readings is the sum of its parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, exists, func, literal, select
from sqlalchemy.orm import aliased

from incentives.core.attainment import Aggregation
from incentives.core.period import Month
from incentives.db import Together
from incentives.ledger.service.derived import (
    NOBODY,
    NOWHERE,
    AddedUp,
    Countings,
    DerivedFigure,
    Elsewhere,
    asked_of,
    countings,
    on_own_days,
)
from incentives.targets.models import Indicator, Level, Reading, Source
from incentives.targets.scopes import STORE, Scope

MOST_KEPT = 64
"""Questions that a process keeps put together; some hundred kilobytes each."""


class Sum(NamedTuple):
    """Readings of one indicator and month, of one department or person, added up in smallest parts."""

    indicator_id: int
    month: Month
    level: Level
    department_id: int | None
    employee_id: int | None
    value: int
    base: int
    facts: int


def current() -> ColumnElement[bool]:
    """Readings that no later one replaces, and that were not taken back."""
    later = aliased(Reading)
    return Reading.value.is_not(None) & ~exists(select(later.id).where(later.replaces_id == Reading.id))


@dataclass(frozen=True, slots=True)
class Figures:
    """The sums of some months, and the answers to questions about them."""

    indicators: Mapping[int, Indicator]
    sums: Mapping[int, Sequence[Sum]]
    parts: Mapping[int, Sequence[Indicator]] = field(default_factory=dict)

    def actual(self, indicator: Indicator, first: Month, last: Month, scope: Scope = STORE) -> Fraction | None:
        """What an indicator came to, in its unit. ``None``: not known, because nobody gave a reading of it at all.

        A sum is zero for those without a reading while others have one: nothing sold is a result.
        """
        within = [row for row in self.sums.get(indicator.id, ()) if first <= row.month <= last]
        if within:
            return combined(indicator, list(counting(within, scope)))
        parts = [self.actual(part, first, last, scope) for part in self.parts.get(indicator.id, ())]
        known = [part for part in parts if part is not None]
        if known:
            return sum(known, Fraction(0))
        is_zero = indicator.source is Source.DERIVED and indicator.aggregation is Aggregation.SUM
        return Fraction(0) if is_zero else None

    def of_people(self, indicator: Indicator, first: Month, last: Month, people: Collection[int]) -> Fraction | None:
        """The same for some people together."""
        within = [row for row in self.sums.get(indicator.id, ()) if first <= row.month <= last]
        rows = [row for row in within if row.level is Level.PERSON and row.employee_id in people]
        return combined(indicator, rows) if within else None

    def by_person(self, indicator: Indicator, first: Month, last: Month) -> dict[int, Fraction]:
        """What each person came to, as far as there are readings of theirs. Needs sums that keep people apart."""
        rows: dict[int, list[Sum]] = defaultdict(list)
        for row in self.sums.get(indicator.id, ()):
            if row.employee_id is not None and first <= row.month <= last:
                rows[row.employee_id].append(row)
        found = {person: combined(indicator, theirs) for person, theirs in rows.items()}
        return {person: actual for person, actual in found.items() if actual is not None}


class Placed(Protocol):
    """Something of a month that belongs to the store, a department or a person."""

    @property
    def month(self) -> Month:
        """When it counts."""

    @property
    def level(self) -> Level:
        """Whose it is."""

    @property
    def department_id(self) -> int | None:
        """Which department's, if it is one's or a person's in it."""

    @property
    def employee_id(self) -> int | None:
        """Which person's, if it is one's."""


Row = TypeVar("Row", bound=Placed)


def counting(rows: Iterable[Row], scope: Scope) -> Iterator[Row]:
    """Those that make a scope's figure, month by month.

    The store's own go before those of its departments, a department's own before those of its people.
    """
    months: dict[Month, list[Row]] = defaultdict(list)
    for row in rows:
        months[row.month].append(row)
    for month in sorted(months):
        yield from _counting_in_month(months[month], scope)


def _counting_in_month(rows: Sequence[Row], scope: Scope) -> Iterator[Row]:
    if scope.level is Level.PERSON:
        yield from (row for row in rows if row.level is Level.PERSON and row.employee_id == scope.id)
        return
    own = [row for row in rows if row.level is Level.STORE]
    if scope.level is Level.STORE and own:
        yield from own
        return
    departments: dict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        if row.level is not Level.STORE and scope.id in {None, row.department_id}:
            departments[row.department_id].append(row)
    for of_department in departments.values():
        own = [row for row in of_department if row.level is Level.DEPARTMENT]
        yield from own or of_department


def combined(indicator: Indicator, rows: Sequence[Sum]) -> Fraction | None:
    """The sums of an indicator as one figure in its unit; the last level is that of the latest month."""
    value = sum(row.value for row in rows)
    scale = indicator.unit.scale
    match indicator.aggregation:
        case Aggregation.SUM:
            return Fraction(value, scale)
        case Aggregation.RATIO:
            base = sum(row.base for row in rows)
            return Fraction(value, base) if base else None
        case Aggregation.MEAN:
            facts = sum(row.facts for row in rows)
            return Fraction(value, facts * scale) if facts else None
        case Aggregation.LAST:
            return Fraction(rows[-1].value, scale) if len({row.month for row in rows}) == len(rows) > 0 else None


def figures(
    store_id: int,
    wanted: Sequence[Indicator],
    first: Month,
    last: Month,
    *,
    people: bool = False,
    elsewhere: Elsewhere = NOWHERE,
    for_pay: bool = False,
) -> Figures:
    """Add up the readings of some indicators, from one month through another, and what is derived. One query.

    Args:
        store_id: whose readings.
        wanted: the indicators; parents are completed by those of their parts that are among them.
        first: the first month.
        last: the last month, included.
        people: keep each person's sums apart; otherwise they come together by department.
        elsewhere: days by person whose readings are left out, because they belong to another position.
        for_pay: what was taken back of a sale counts in the sale's month, not in its own.
    """
    sums: dict[int, list[Sum]] = defaultdict(list)
    typed = [found for found in wanted if found.source is Source.TYPED]
    derived = [found for found in wanted if found.source is Source.DERIVED]
    asked = _Asked(
        store_id,
        first,
        last,
        people,
        levels=tuple(found.id for found in typed if found.aggregation is Aggregation.LAST),
        others=tuple(found.id for found in typed if found.aggregation is not Aggregation.LAST),
        measures=countings(sorted({found.measure for found in derived}), for_pay=for_pay),
    )
    answers = (_put_together(asked, elsewhere) if elsewhere else _once_put_together(asked)).ask()
    for row in sorted(answers.of(Sum), key=lambda row: row.month):
        sums[row.indicator_id].append(row._replace(value=int(row.value), base=int(row.base or 0), facts=int(row.facts)))
    added = [(each.measure, each.figure) for each in answers.of(AddedUp)]
    for found in derived:
        sums[found.id].extend(_derived(found, figure) for measure, figure in added if measure == found.measure)
    return Figures({found.id: found for found in wanted}, sums, _parts(wanted))


class _Asked(NamedTuple):
    """All that the question depends on, but for days elsewhere."""

    store_id: int
    first: Month
    last: Month
    people: bool
    levels: tuple[int, ...]
    others: tuple[int, ...]
    measures: Countings


def _put_together(asked: _Asked, elsewhere: Elsewhere) -> Together:
    where = (asked.first, asked.last, elsewhere)
    statements = []
    if asked.others:
        statements.append(_added_up(asked.store_id, asked.others, *where, people=asked.people))
    if asked.levels:
        statements.append(_latest(asked.store_id, asked.levels, *where))
    return Together([*((Sum, each) for each in statements), *asked_of(asked.store_id, asked.measures, *where)])


@lru_cache(maxsize=MOST_KEPT)
def _once_put_together(asked: _Asked) -> Together:
    """The question, not its answer: cockpits ask the same all day, and putting it together takes longer than asking."""
    return _put_together(asked, NOWHERE)


def _parts(wanted: Iterable[Indicator]) -> dict[int, list[Indicator]]:
    parts: dict[int, list[Indicator]] = defaultdict(list)
    for found in wanted:
        if found.parent_id is not None:
            parts[found.parent_id].append(found)
    return parts


def _of_months(
    store_id: int, ids: Sequence[int], first: Month, last: Month, elsewhere: Elsewhere
) -> tuple[ColumnElement[bool], ...]:
    return (
        Reading.store_id == store_id,
        Reading.month >= first,
        Reading.month <= last,
        Reading.indicator_id.in_(ids),
        current(),
        Reading.employee_id.is_(None) | on_own_days(Reading.employee_id, Reading.business_date, elsewhere),
    )


def _added_up(
    store_id: int, ids: Sequence[int], first: Month, last: Month, elsewhere: Elsewhere, *, people: bool
) -> Select[*tuple[Any, ...]]:
    person = Reading.employee_id.expression if people else NOBODY
    keys = [Reading.indicator_id, Reading.month, Reading.level, Reading.department_id]
    grouped = [*keys, Reading.employee_id] if people else keys
    return (
        select(
            *keys,
            person.label("employee_id"),
            func.sum(Reading.value).label("value"),
            func.sum(Reading.base).label("base"),
            func.count().label("facts"),
        )
        .where(*_of_months(store_id, ids, first, last, elsewhere))
        .group_by(*grouped)
    )


def _latest(
    store_id: int, ids: Sequence[int], first: Month, last: Month, elsewhere: Elsewhere
) -> Select[*tuple[Any, ...]]:
    """The latest level of each month; of a month's readings that of the last day."""
    place = func.row_number().over(
        partition_by=(Reading.indicator_id, Reading.scope, Reading.month), order_by=Reading.business_date.desc()
    )
    numbered = (
        select(
            Reading.indicator_id,
            Reading.month,
            Reading.level,
            Reading.department_id,
            Reading.employee_id,
            Reading.value,
            literal(0).label("base"),
            literal(1).label("facts"),
            place.label("place"),
        )
        .where(*_of_months(store_id, ids, first, last, elsewhere))
        .subquery()
    )
    return select(*list(numbered.c)[:-1]).where(numbered.c.place == 1)


def _derived(indicator: Indicator, row: DerivedFigure) -> Sum:
    level = Level.PERSON if row.employee_id else Level.DEPARTMENT if row.department_id else Level.STORE
    return Sum(indicator.id, row.month, level, row.department_id, row.employee_id, row.value, row.base or 0, row.facts)
