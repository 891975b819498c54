"""What stands behind a figure: the readings or facts that make an actual, and who set a target, when and from what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
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


def actual_facts(asked: Asked) -> list[Fact]:
    """The readings, or the facts of other kinds, that an actual is made of; of a whole without its own, of its parts."""
    own = _derived(asked) if asked.indicator.source is Source.DERIVED else _readings(asked)
    if own:
        return own
    parts = db.session.scalars(select(Indicator).where(Indicator.parent_id == asked.indicator.id, Indicator.active))
    return [fact for part in parts for fact in actual_facts(_of_part(asked, part))]


def _of_part(asked: Asked, part: Indicator) -> Asked:
    return replace(asked, indicator=part)


def _derived(asked: Asked) -> list[Fact]:
    offered = figures_on_offer().get(asked.indicator.measure)
    if offered is None:
        return []
    person = asked.scope.employee_id
    people = asked.people if person is None else [person]
    whom = Whom(asked.scope.department_id, people)
    found = offered.counting(for_pay=asked.for_pay).facts(asked.store_id, asked.first, asked.last, whom)
    return [fact.as_of(asked.at) for fact in found]


# --- readings ----------------------------------------------------------------------------------------------


def _readings(asked: Asked) -> list[Fact]:
    """The versions that counted at the moment, and beside them what was entered or corrected after it."""
    versions = db.session.scalars(
        select(Reading)
        .where(
            Reading.store_id == asked.store_id,
            Reading.indicator_id == asked.indicator.id,
            Reading.month >= asked.first,
            Reading.month <= asked.last,
        )
        .options(
            joinedload(Reading.maker),
            joinedload(Reading.department),
            joinedload(Reading.employee),
            joinedload(Reading.indicator),
        )
        .order_by(Reading.business_date, Reading.id)
    ).all()
    then = list(_standing(each for each in versions if asked.at is None or each.created_at <= asked.at))
    late = _standing(each for each in versions if asked.at is not None and each.created_at > asked.at)
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


def target_facts(asked: Asked) -> list[Fact]:
    """Who set the target that held at the moment, when and from what; several where months or people add up."""
    scopes = [asked.scope] if asked.people is None else [of_person(person) for person in sorted(asked.people)]
    rows = db.session.execute(
        select(Target, Store.zone)
        .join(Store, Store.id == Target.store_id)
        .where(
            Target.store_id == asked.store_id,
            Target.indicator_id == asked.indicator.id,
            Target.scope.in_([str(scope) for scope in scopes]),
            Target.year.in_({asked.first.year, asked.last.year}),
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
    then = [each for each in versions if asked.at is None or (each.decided_at or each.created_at) <= asked.at]
    late = [each for each in versions if each not in then]
    zones = {each.id: zone for each, zone in rows}
    return [
        _target_fact(each, zones[each.id]).as_of(asked.at)
        for scope in scopes
        for each in (*_holding(then, asked, scope), *_holding(late, asked, scope))
    ]


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
