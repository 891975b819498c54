"""Share a target out: the year to its months, a month to departments and people. Parts always add up to the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from incentives.core.allocation import Claim, allocate, months_of, presence
from incentives.core.attainment import Aggregation
from incentives.core.errors import DomainError, Sentence, say
from incentives.core.measure import Label
from incentives.core.period import Month, Span
from incentives.db import db
from incentives.people.models import Department, Employee, Posting
from incentives.targets.models import Indicator
from incentives.targets.scopes import STORE, Period, Scope, of_department, of_person, span_of
from incentives.targets.service.figures import figures
from incentives.targets.service.holding import held
from incentives.targets.service.setting import NewTarget

Key = TypeVar("Key", Month, Scope)


class Shape(StrEnum):
    """By what the months of a year weigh."""

    EVEN = "even"
    LAST_YEAR = "last_year"
    TABLE = "table"

    @property
    def says(self) -> Sentence:
        """The shape's name on a page."""
        return _SHAPES[self]


_SHAPES = {
    Shape.EVEN: say("evenly"),
    Shape.LAST_YEAR: say("in the shape of last year's figures"),
    Shape.TABLE: say("by the weights below"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a target: whose or which month's, by which weight, and how much. Amounts are in the unit."""

    key: Month | Scope
    name: Sentence | str
    weight: Fraction
    presence: Fraction
    value: Fraction
    extra: int
    """Smallest parts that rounding gave it beyond its exact share, cut down: where the remainder went."""


@dataclass(frozen=True, slots=True)
class Split:
    """A whole and its parts, as they would be saved."""

    indicator: Indicator
    period: Period
    scope: Scope
    whole: Fraction
    parts: tuple[Part, ...]

    @property
    def added(self) -> Fraction:
        """What the parts add up to: the whole, always."""
        return sum((part.value for part in self.parts), Fraction(0))

    @property
    def remainder(self) -> Fraction:
        """What was left over after each had its share cut down, in the unit."""
        return Fraction(sum(part.extra for part in self.parts), self.indicator.unit.scale)

    def targets(self) -> list[NewTarget]:
        """The parts as targets to be set."""
        return [
            NewTarget(self.indicator, part.key, part.value, self.scope)
            if isinstance(part.key, Month)
            else NewTarget(self.indicator, self.period, part.value, part.key)
            for part in self.parts
        ]


def split_year(
    store_id: int,
    indicator: Indicator,
    year: int,
    whole: Fraction,
    *,
    shape: Shape,
    table: Mapping[Month, Fraction] | None = None,
    scope: Scope = STORE,
) -> Split:
    """Share a year's target out to its months.

    Raises:
        DomainError: the indicator does not add up, or there is nothing to weigh by.
    """
    weights = _month_weights(store_id, indicator, year, shape, table or {}, scope)
    claims = [Claim(month, weights.get(month, Fraction(0))) for month in months_of(year)]
    return _split(indicator, year, whole, claims, {month: str(month) for month in months_of(year)}, scope)


def _month_weights(
    store_id: int, indicator: Indicator, year: int, shape: Shape, table: Mapping[Month, Fraction], scope: Scope
) -> Mapping[Month, Fraction]:
    match shape:
        case Shape.EVEN:
            return dict.fromkeys(months_of(year), Fraction(1))
        case Shape.TABLE:
            return table
        case Shape.LAST_YEAR:
            return _last_year(store_id, indicator, year, scope)


def _last_year(store_id: int, indicator: Indicator, year: int, scope: Scope) -> dict[Month, Fraction]:
    """What each month came to a year before; months with nothing weigh nothing."""
    before = months_of(year - 1)
    found = figures(store_id, [indicator], before[0], before[-1], people=scope.employee_id is not None)
    actuals = {month.plus(12): found.actual(indicator, month, month, scope) for month in before}
    weights = {month: max(actual, Fraction(0)) for month, actual in actuals.items() if actual is not None}
    if not any(weights.values()):
        raise DomainError(say("There are no figures of {year}, so they give no shape.", year=year - 1))
    return weights


def _split(
    indicator: Indicator,
    period: Period,
    whole: Fraction,
    claims: Sequence[Claim[Key]],
    names: Mapping[Key, Sentence | str],
    scope: Scope,
) -> Split:
    if indicator.aggregation is not Aggregation.SUM:
        raise DomainError(say("Only sums are shared out: a ratio, mean or level is the same for all."))
    new = NewTarget(indicator, period, whole, scope)
    units = new.kept or 0
    parts = allocate(units, claims)
    weights = sum((claim.counts for claim in claims), Fraction(0))
    scale = indicator.unit.scale
    return Split(
        indicator,
        period,
        scope,
        whole,
        tuple(
            Part(
                key=claim.key,
                name=names[claim.key],
                weight=Fraction(claim.weight),
                presence=Fraction(claim.presence),
                value=Fraction(parts[claim.key], scale),
                extra=parts[claim.key] - int(units * claim.counts / weights) if weights else 0,
            )
            for claim in claims
        ),
    )


@dataclass(frozen=True, slots=True)
class Taker:
    """Who may take a part: a department or a person, in order of employee number, with the part of the time there."""

    scope: Scope
    name: Sentence | str
    number: str
    presence: Fraction


def takers(store_id: int, period: Period, among: Scope = STORE) -> list[Taker]:
    """Among whom a target can be shared: departments of a store, people of a department.

    A person's presence is the calendar days of the postings there within the period, as a part of it.
    """
    span = span_of(period)
    postings = _postings(store_id, span)
    if among.department_id is None:
        departments = sorted({posting.department for posting in postings}, key=lambda found: (found.order, found.id))
        return [
            Taker(of_department(found.id), department_name(found), found.code, Fraction(1)) for found in departments
        ]
    return _people([posting for posting in postings if posting.department_id == among.department_id], span)


def staff(store_id: int, period: Period) -> list[tuple[Taker, list[Taker]]]:
    """Each department with its people in a period, those without any left out; one query."""
    span, postings = span_of(period), _postings(store_id, span_of(period))
    found = []
    for department in sorted({each.department for each in postings}, key=lambda each: (each.order, each.id)):
        here = [posting for posting in postings if posting.department_id == department.id]
        whole = Taker(of_department(department.id), department_name(department), department.code, Fraction(1))
        found.append((whole, _people(here, span)))
    return found


def _people(postings: Sequence[Posting], within: Span) -> list[Taker]:
    """The people of some postings, in order of employee number."""
    people = sorted({posting.employee for posting in postings}, key=lambda person: person.number)
    return [_person(each, [post.span for post in postings if post.employee_id == each.id], within) for each in people]


def _person(person: Employee, spans: Sequence[Span], within: Span) -> Taker:
    return Taker(of_person(person.id), person.name, person.number, presence(spans, within))


def department_name(department: Department) -> Sentence:
    """A department's name, in the reader's language when it is told."""
    return Label(en=department.name_en or department.name, zh=department.name).sentence()


def _postings(store_id: int, span: Span) -> Sequence[Posting]:
    found = (
        select(Posting)
        .where(
            Posting.store_id == store_id,
            Posting.first_day < span.end,
            or_(Posting.last_day.is_(None), Posting.last_day >= span.start),
        )
        .options(joinedload(Posting.employee), joinedload(Posting.department))
    )
    return db.session.scalars(found).all()


def split_among(
    store_id: int,
    indicator: Indicator,
    period: Period,
    whole: Fraction,
    weights: Mapping[Scope, Fraction],
    *,
    among: Scope = STORE,
) -> Split:
    """Share a target of the store out to its departments, or a department's to its people, prorated by presence.

    Those without a weight get nothing.

    Raises:
        DomainError: the indicator does not add up, nobody has a weight, or one is of a stranger.
    """
    there = takers(store_id, period, among)
    if not set(weights) <= {taker.scope for taker in there}:
        raise DomainError(say("This is no department or person of the store in that time."))
    claims = [Claim(taker.scope, weights.get(taker.scope, Fraction(0)), taker.presence) for taker in there]
    return _split(indicator, period, whole, claims, {taker.scope: taker.name for taker in there}, among)


def written_weights(
    store_id: int, indicator: Indicator, period: Period, among: Sequence[Taker]
) -> dict[Scope, Fraction]:
    """The weights a form begins with: what each has now, or one for each if nobody has anything."""
    year = period.year if isinstance(period, Month) else period
    holding = held(store_id, {year}, scopes=[taker.scope for taker in among], indicators=[indicator.id])
    now = {taker.scope: holding.written(indicator, period, taker.scope) for taker in among}
    if any(now.values()):
        return {scope: value or Fraction(0) for scope, value in now.items()}
    return {taker.scope: Fraction(1) for taker in among}
