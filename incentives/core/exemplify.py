"""A worked example out of the figures that a plan was tried with: invented facts that come to just these figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from incentives.core.catalogue import Catalogue, Unit
from incentives.core.errors import DomainError, say
from incentives.core.keys import MeasureKey
from incentives.core.measure import SALE_KINDS, Given, Kind, Label, Whose
from incentives.core.needs import needed
from incentives.core.parameters import walk
from incentives.core.period import Month
from incentives.core.plan import Coefficients, Plan, pools_in
from incentives.core.reading import Member
from incentives.core.sample_sales import lines_for
from incentives.core.samples import NO_FACTS, Example, SampleFacts, SamplePerson, SampleReading, answer, run

Figures = Mapping[MeasureKey, "int | Fraction | None"]
_WIDER = (Whose.PERSON, Whose.DEPARTMENT, Whose.MEMBERS, Whose.STORE)
"""Whose sales contain whose."""
DECIMALS = 10**8
"""Readings that go on are kept to this part of a unit; what they pay is then worked out from them as they are kept."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a plan was tried with: the month, everybody it pays, all figures, and on whom."""

    month: Month
    members: Sequence[Member]
    figures: Figures
    person: int


def exemplify(plan: Plan, tried: Tried, label: Label, catalogue: Catalogue) -> Example:
    """An example that reproduces what the plan pays the sample person, to the fen.

    Where the plan has pools, everybody who shares them is in it, else the sample person alone. Numbers are invented,
    unless the plan itself names people. Months before the example's own count only for readings.

    Raises:
        DomainError: something must be known before the person can be paid, or no example of reasonable size has
            these figures, such as orders by the hundred.
    """
    chosen = [each for each in tried.members if each.id == tried.person or any(pools_in(node) for node in plan.lines)]
    members = sorted(chosen, key=lambda each: each.number)
    keys = {
        _renumbered(key, members): value
        for key, value in tried.figures.items()
        if value is not None and key in needed(plan, tried.month, members)
    }
    bare = Example(label, tried.month, tuple(_person(each, place, plan) for place, each in enumerate(members)))
    example = _with_sales(_with_readings(_placed(bare, keys), keys, catalogue), keys)
    place = [each.id for each in members].index(tried.person)
    return _expecting(plan, example, place, catalogue)


def _person(member: Member, place: int, plan: Plan) -> SamplePerson:
    named = any(isinstance(part, Coefficients) and part.people for part in walk(plan.lines))
    whole = member.posted_days == member.month_days
    return SamplePerson(
        number=(member.number if named else "") or f"{place + 1:02d}",
        position=member.position,
        days=None if whole else member.posted_days,
        coefficient=None if member.coefficient is None else Given(member.coefficient),
    )


def _renumbered(key: MeasureKey, members: Sequence[Member]) -> MeasureKey:
    """An example's people are known by their place."""
    places = {each.id: place for place, each in enumerate(members)}
    return key if key.person is None else replace(key, person=places[key.person])


def _placed(example: Example, keys: Figures) -> Example:
    """Whoever is paid by figures of his own department gets one that nobody else has."""
    own = {key.person for key in keys if key.of is Whose.DEPARTMENT and not key.department}
    people = tuple(
        replace(each, department=f"department_{place + 1}") if place in own else each
        for place, each in enumerate(example.people)
    )
    return replace(example, people=people)


# --- readings --------------------------------------------------------------------------------------------


def _with_readings(example: Example, keys: Figures, catalogue: Catalogue) -> Example:
    dated = {key.indicator for key in keys if key.last != example.month}
    for key, value in keys.items():
        if key.kind not in SALE_KINDS and value is not None:
            month = key.last if key.indicator in dated else None
            example = _add(example, key, _reading(key, Fraction(value), month, catalogue))
    return example


def _reading(key: MeasureKey, value: Fraction, month: Month | None, catalogue: Catalogue) -> SampleFacts:
    """``month`` is named where the indicator has values of other months, too."""
    known = catalogue.indicators.get(key.indicator)
    given = Given(Fraction(round(value * DECIMALS), DECIMALS), percent=known is not None and known.unit is Unit.PERCENT)
    if key.kind is Kind.SCORE:
        return SampleFacts(score=given)
    said = (SampleReading(key.indicator, given, month),)
    return SampleFacts(targets=said) if key.kind is Kind.TARGET else SampleFacts(readings=said)


def _add(example: Example, key: MeasureKey, facts: SampleFacts) -> Example:
    match key.of:
        case Whose.PERSON:
            people = list(example.people)
            place = key.person or 0
            people[place] = replace(people[place], facts=_together(people[place].facts, facts))
            return replace(example, people=tuple(people))
        case Whose.MEMBERS:
            return replace(example, members=_together(example.members, facts))
        case Whose.STORE:
            return replace(example, store=_together(example.store, facts))
        case _:
            code = key.department or example.people[key.person or 0].department
            known = dict(example.departments)
            known[code] = _together(known.get(code, NO_FACTS), facts)
            return replace(example, departments=tuple(known.items()))


def _together(one: SampleFacts, other: SampleFacts) -> SampleFacts:
    return SampleFacts(
        sales=(*one.sales, *other.sales),
        readings=(*one.readings, *other.readings),
        targets=(*one.targets, *other.targets),
        score=other.score or one.score,
    )


# --- sales -----------------------------------------------------------------------------------------------


def _with_sales(example: Example, keys: Figures) -> Example:
    """From the narrowest filter to the widest, each gets what those before left missing."""
    sums = {key: Fraction(value or 0) for key, value in keys.items() if key.kind in SALE_KINDS}
    settled: list[MeasureKey] = []
    for _, same in groupby(sorted(sums, key=_narrowest_first), key=_narrowest_first):
        group = list(same)
        found = answer(example, group)
        missing = {key: sums[key] - Fraction(found[key] or 0) for key in group}
        beside = [key for key in settled if _holder(key) == _holder(group[0])]
        example = _add(example, group[0], SampleFacts(sales=tuple(lines_for(missing, beside))))
        settled += group
    _refuse_what_is_not_told(example, sums)
    return example


def _holder(key: MeasureKey) -> tuple[Whose, str, int | None]:
    return key.of, key.department, key.person


def _narrowest_first(key: MeasureKey) -> tuple[int, int, int, str]:
    sales = key.sales
    lists = (sales.categories, sales.products, sales.campaigns, sales.roles)
    said = sum(1 for each in lists if each) + (sales.price is not None)
    choices = sum(map(len, lists))
    same = f"{key.department} {key.person} {sales} {key.kind is Kind.LABOUR and not sales.categories}"
    return _WIDER.index(key.of), -said, choices, same


def _refuse_what_is_not_told(example: Example, sums: Mapping[MeasureKey, Fraction]) -> None:
    found = answer(example, sums)
    if any(Fraction(found[key] or 0) != value for key, value in sums.items()):
        raise DomainError(
            say("No short example has these figures. Type rounder ones over them, such as fewer orders, and try again.")
        )


# --- what must come out ----------------------------------------------------------------------------------


def _expecting(plan: Plan, example: Example, place: int, catalogue: Catalogue) -> Example:
    result = run(plan, example, catalogue)
    waiting = [missing.sentence for line in result.of(place) for missing in line.missing]
    if waiting:
        raise DomainError(waiting[0])
    lines = tuple((line.code, line.amount) for line in result.of(place))
    people = list(example.people)
    people[place] = replace(people[place], total=result.total_of(place), lines=lines)
    pools = tuple((pool.code, pool.amount) for pool in result.pools if not pool.missing)
    return replace(example, people=tuple(people), pools=pools)
