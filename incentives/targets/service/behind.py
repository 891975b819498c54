"""What stands behind a figure: the readings or facts that make an actual, and who set a target, when and from what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incentives.core.answer import Fact, Page
from incentives.core.approval import ProposalState
from incentives.core.attainment import Aggregation
from incentives.core.errors import Sentence, say
from incentives.core.period import Month, business_date
from incentives.db import db
from incentives.ledger.service.derived import Whom, figures_on_offer
from incentives.people.models import Store
from incentives.targets.models import Indicator, Level, Reading, Source, Target
from incentives.targets.scopes import STORE, Scope, of_person
from incentives.targets.service.figures import counting
from incentives.targets.service.holding import each_month
from incentives.targets.service.readings import shown
from incentives.targets.service.sharing import department_name
from incentives.targets.units import written


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure that somebody asks about: of which indicator, from which month through which, and whose.

    ``people`` together take the place of the scope. ``at`` is the moment as of which the figure was worked out: what
    came after it is told as late. ``for_pay`` says that pay asks: it counts a return in the month of the sale.
    """

    store_id: int
    indicator: Indicator
    first: Month
    last: Month
    scope: Scope = STORE
    people: Collection[int] | None = None
    at: datetime | None = None
    for_pay: bool = False


def actual_facts(asked: Sequence[Asked]) -> list[list[Fact]]:
    """The readings, or the facts of other kinds, that each actual is made of; of a whole without its own, of its parts.

    All of one store. One query for all readings, one for each derived measure in each way it is asked for, and again
    as many for the parts of all that have nothing of their own.
    """
    found = _own_facts(asked)
    wholes = [number for number, facts in enumerate(found) if not facts]
    parts = _parts_of(asked[number].indicator.id for number in wholes) if wholes else {}
    of_parts = [
        (number, replace(asked[number], indicator=part))
        for number in wholes
        for part in parts.get(asked[number].indicator.id, ())
    ]
    if of_parts:
        lists = actual_facts([each for _number, each in of_parts])
        for (number, _each), facts in zip(of_parts, lists, strict=True):
            found[number].extend(facts)
    return found


def _parts_of(ids: Iterable[int]) -> dict[int, list[Indicator]]:
    parts: dict[int, list[Indicator]] = defaultdict(list)
    found = select(Indicator).where(Indicator.parent_id.in_(set(ids)), Indicator.active)
    for part in db.session.scalars(found.order_by(Indicator.id)):
        parts[part.parent_id or 0].append(part)
    return parts


def _own_facts(asked: Sequence[Asked]) -> list[list[Fact]]:
    versions = _versions([each for each in asked if each.indicator.source is Source.TYPED])
    derived: dict[tuple[object, ...], Sequence[Fact]] = {}
    return [
        _derived(each, derived) if each.indicator.source is Source.DERIVED else _readings(each, versions)
        for each in asked
    ]


def _derived(asked: Asked, known: dict[tuple[object, ...], Sequence[Fact]]) -> list[Fact]:
    """What is ``known`` already is not asked for again."""
    offered = figures_on_offer().get(asked.indicator.measure)
    if offered is None:
        return []
    person = asked.scope.employee_id
    people = asked.people if person is None else [person]
    whom = Whom(asked.scope.department_id, people)
    months = (asked.first, asked.last)
    key = (asked.indicator.measure, asked.for_pay, months, whom.department_id, None if people is None else (*people,))
    if key not in known:
        known[key] = list(offered.counting(for_pay=asked.for_pay).facts(asked.store_id, *months, whom))
    return [fact.as_of(asked.at) for fact in known[key]]


# --- readings ----------------------------------------------------------------------------------------------


def _versions(asked: Sequence[Asked]) -> Mapping[int, Sequence[Reading]]:
    """Every version of the readings of these indicators in the months that are asked about, by indicator."""
    found: dict[int, list[Reading]] = defaultdict(list)
    if not asked:
        return found
    versions = db.session.scalars(
        select(Reading)
        .where(
            Reading.store_id == asked[0].store_id,
            Reading.indicator_id.in_({each.indicator.id for each in asked}),
            Reading.month >= min(each.first for each in asked),
            Reading.month <= max(each.last for each in asked),
        )
        .options(
            joinedload(Reading.maker),
            joinedload(Reading.department),
            joinedload(Reading.employee),
            joinedload(Reading.indicator),
        )
        .order_by(Reading.business_date, Reading.id)
    )
    for each in versions:
        found[each.indicator_id].append(each)
    return found


def _readings(asked: Asked, versions: Mapping[int, Sequence[Reading]]) -> list[Fact]:
    """The versions that counted at the moment, and beside them what was entered or corrected after it."""
    own = [each for each in versions.get(asked.indicator.id, ()) if asked.first <= each.month <= asked.last]
    then = list(_standing(each for each in own if asked.at is None or each.created_at <= asked.at))
    late = _standing(each for each in own if asked.at is not None and each.created_at > asked.at)
    kept = [*_counted(then, asked), *_counted(list(late), asked)]
    return [_reading_fact(each).as_of(asked.at) for each in kept]


def _standing(versions: Iterable[Reading]) -> Iterator[Reading]:
    latest = {(each.scope, each.business_date): each for each in versions}
    return (each for each in latest.values() if each.value is not None)


def _counted(standing: list[Reading], asked: Asked) -> list[Reading]:
    if asked.people is not None:
        own = [each for each in standing if each.level is Level.PERSON and each.employee_id in asked.people]
    else:
        own = list(counting(standing, asked.scope))
    if asked.indicator.aggregation is not Aggregation.LAST:
        return own
    last_of_each = {each.scope: each for each in own}
    return list(last_of_each.values())


def _reading_fact(each: Reading) -> Fact:
    return Fact(
        day=each.business_date,
        document=each.origin.says,
        what=_whose(each),
        counted=shown(each),
        by=each.maker.name,
        at=each.created_at,
        page=Page("targets.reading", {"reading_id": each.id}),
    )


def _whose(row: Reading | Target) -> Sentence | str:
    if row.employee is not None:
        return row.employee.name
    return department_name(row.department) if row.department is not None else say("the whole store")


# --- targets -----------------------------------------------------------------------------------------------


def target_facts(asked: Sequence[Asked]) -> list[list[Fact]]:
    """Who set the target that held at the moment, when and from what; several where months or people add up.

    For each that is asked about, all of one store. One query.
    """
    if not asked:
        return []
    rows = db.session.execute(
        select(Target, Store.zone)
        .join(Store, Store.id == Target.store_id)
        .where(
            Target.store_id == asked[0].store_id,
            Target.indicator_id.in_({each.indicator.id for each in asked}),
            Target.scope.in_({str(scope) for each in asked for scope in _scopes(each)}),
            Target.year.in_({month.year for each in asked for month in (each.first, each.last)}),
            Target.state == ProposalState.IN_FORCE,
        )
        .options(
            joinedload(Target.maker),
            joinedload(Target.decider),
            joinedload(Target.employee),
            joinedload(Target.department),
            joinedload(Target.indicator),
        )
        .order_by(Target.version)
    ).all()
    versions = [each for each, _zone in rows]
    zones = {each.id: zone for each, zone in rows}
    return [
        [_target_fact(target, zones[target.id]).as_of(each.at) for target in _set(each, versions)] for each in asked
    ]


def _scopes(asked: Asked) -> list[Scope]:
    return [asked.scope] if asked.people is None else [of_person(person) for person in sorted(asked.people)]


def _set(asked: Asked, versions: Iterable[Target]) -> Iterator[Target]:
    """The targets that held at the moment, and beside them those that were set later."""
    own = [each for each in versions if each.indicator_id == asked.indicator.id]
    then = [each for each in own if asked.at is None or (each.decided_at or each.created_at) <= asked.at]
    late = [each for each in own if each not in then]
    for scope in _scopes(asked):
        yield from (*_holding(then, asked, scope), *_holding(late, asked, scope))


def _holding(versions: list[Target], asked: Asked, scope: Scope) -> Iterator[Target]:
    """The latest version of each period that makes the figure; a month without its own goes by its year."""
    latest = {each.period: each for each in versions if each.scope == str(scope)}
    sums = asked.indicator.aggregation is Aggregation.SUM
    for month in each_month(asked.first, asked.last) if sums else [asked.last]:
        found = latest.get(str(month)) or (None if sums else latest.get(str(month.year)))
        if found is not None:
            yield found


def _target_fact(each: Target, zone: str) -> Fact:
    whose = _whose(each)
    value = Fraction(each.value or 0, each.indicator.unit.scale)
    text = say("target of {period}, {whose}", period=each.period, whose=whose)
    if each.reason:
        text = say("{target} ({reason})", target=text, reason=each.reason)
    if each.decider is not None:
        text = say("{target}, confirmed by {name}", target=text, name=each.decider.name)
    return Fact(
        day=business_date(each.decided_at or each.created_at, zone),
        document=each.origin.says,
        what=text,
        counted=written(value, each.indicator.unit),
        by=each.maker.name,
        at=each.decided_at or each.created_at,
    )
