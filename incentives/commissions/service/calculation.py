"""Working out a month: gather every figure the plans ask for, let the rule book decide, keep the lines.

The lines of an open month are estimates and follow the facts; a line that comes out the same is not touched, so
working a month out again changes nothing. Once a month is in review its lines stand still.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import insert, select, update

from incentives import clock
from incentives.commissions.format import load
from incentives.commissions.models import Calculation, PayLine, PayPlan, PlanVersion
from incentives.commissions.service.catalogue import catalogue_of
from incentives.commissions.service.kept import keep
from incentives.commissions.service.plans import in_force, of_month, plans_of
from incentives.core.approval import MonthState
from incentives.core.catalogue import Catalogue
from incentives.core.errors import Plain
from incentives.core.keys import MeasureKey
from incentives.core.measure import Kind
from incentives.core.money import Money
from incentives.core.needs import needed
from incentives.core.pay import PlanResult, ResultLine, calculate
from incentives.core.period import Month, Span
from incentives.core.plan import Plan
from incentives.core.reading import Member, Sums
from incentives.db import apart, db, is_reading
from incentives.ledger.service import standings_of, store_scope
from incentives.people.service import staff
from incentives.periods import service as periods
from incentives.sales.service.measures import Crew
from incentives.sales.service.measures import sums as sales_sums
from incentives.targets.service.answers import value_of

LineKey = tuple[int, int, str]
"""Employee, plan version, code of the line: what makes a line the same line."""


class Worked(NamedTuple):
    """A line as it was worked out just now, by the names of :class:`PayLine`."""

    store_id: int
    month: Month
    employee_id: int
    version_id: int
    code: str
    place: int
    name: Plain
    amount: Money
    forfeited: Money
    explanation: Plain
    missing: list[Plain]
    digest: str


@dataclass(frozen=True, slots=True)
class Paid:
    """A plan version in force in a month, and the people it pays.

    ``elsewhere`` holds the days of this year, by employee id, on which one of them worked in the store in a position
    that the plan does not pay. What was sold on such a day is that other position's, so no sale is paid twice because
    its seller changed positions.
    """

    version: PlanVersion
    plan: Plan
    members: tuple[Member, ...]
    elsewhere: Mapping[int, Sequence[Span]] = field(default_factory=dict)

    @property
    def crew(self) -> Crew:
        """Whose sales count, and from which days."""
        return Crew([member.id for member in self.members], self.elsewhere)

    def needs(self, month: Month) -> set[MeasureKey]:
        """Every figure that the plan asks for in the month."""
        return needed(self.plan, month, self.members)


@dataclass(frozen=True, slots=True)
class Staffing:
    """Everybody who worked in a store this year up to a month's end, and those of the month itself."""

    month: Month
    year_so_far: Sequence[staff.Member]
    posted: Sequence[staff.Member]

    def paid(
        self, version: PlanVersion, plan: Plan, positions: Collection[int], people: Collection[int]
    ) -> Paid | None:
        """A plan with those of the month whom it pays by position or in person; nothing if it pays nobody."""
        members = _members(self.month, self.posted, positions, people)
        if not members:
            return None
        by_position = {member.id for member in members} - set(people)
        elsewhere = _elsewhere([each for each in self.year_so_far if each.employee_id in by_position], positions)
        return Paid(version, plan, members, elsewhere)


def staffing(store_id: int, month: Month) -> Staffing:
    """Who worked in a store; one query."""
    year_so_far = staff.members(store_id, Span(Month(month.year, 1).first, month.span.end))
    this_month = [replace(each, days=each.days.overlap(month.span)) for each in year_so_far]
    return Staffing(month, year_so_far, [each for each in this_month if each.days.days])


def paid_in(store_id: int, month: Month) -> list[Paid]:
    """Which plans pay whom in a month."""
    there = staffing(store_id, month)
    found = [_paid_by_plan(plan, there) for plan in plans_of(store_id)]
    return [paid for paid in found if paid is not None]


def _paid_by_plan(plan: PayPlan, there: Staffing) -> Paid | None:
    version, (positions, people) = in_force(plan, there.month), named(plan, there.month)
    return None if version is None else there.paid(version, load(version.text).plan, positions, people)


def named(plan: PayPlan, month: Month) -> tuple[set[int], set[int]]:
    """The positions and the people that a plan pays in a month, by id."""
    assignments = of_month(plan, month)
    positions = {each.position_id for each in assignments if each.position_id is not None}
    return positions, {each.employee_id for each in assignments if each.employee_id is not None}


def _elsewhere(postings: Sequence[staff.Member], positions: Collection[int]) -> dict[int, list[Span]]:
    """The days of each person in other positions; a day without a posting goes with the posting before it.

    The first posting reaches back without end, so that every day belongs to exactly one of a person's postings.
    """
    found: dict[int, list[Span]] = {}
    for person, those in groupby(postings, key=attrgetter("employee_id")):
        own = list(those)
        starts = [date.min, *(each.days.start for each in own[1:]), date.max]
        days = [
            Span(*edges) for each, edges in zip(own, pairwise(starts), strict=True) if each.position_id not in positions
        ]
        if days:
            found[person] = days
    return found


def _members(
    month: Month, posted: Sequence[staff.Member], positions: Collection[int], people: Collection[int]
) -> tuple[Member, ...]:
    """Those whom the plan names by position or in person, each once, with their days in those postings."""
    days: dict[int, int] = {}
    latest: dict[int, staff.Member] = {}
    for each in posted:
        if each.position_id in positions or each.employee_id in people:
            days[each.employee_id] = days.get(each.employee_id, 0) + each.days.days
            latest[each.employee_id] = each
    return tuple(
        Member(each.employee_id, each.number, each.position_code, days[each.employee_id], month.span.days)
        for each in latest.values()
    )


def gather(store_id: int, paid: Paid, keys: Collection[MeasureKey]) -> dict[MeasureKey, int | Fraction | None]:
    """The figures that were asked for, for those whom a plan pays, in a few grouped queries."""
    return {
        **sales_sums(store_id, keys, paid.crew),
        **value_of(store_id, keys, members=paid.crew.members, elsewhere=paid.elsewhere),
        **_scores(store_id, keys),
    }


def _scores(store_id: int, keys: Iterable[MeasureKey]) -> dict[MeasureKey, int | Fraction | None]:
    wanted = [key for key in keys if key.kind is Kind.SCORE and key.person is not None]
    if not wanted:
        return {}
    scope = store_scope(store_id)
    scores = {month: standings_of("score", str(month), scope) for month in {key.last for key in wanted}}
    return {key: _hundredths(scores[key.last].get(key.person or 0)) for key in wanted}


def _hundredths(score: int | None) -> Fraction | None:
    return None if score is None else Fraction(score, 100)


def results(store_id: int, month: Month) -> list[tuple[Paid, PlanResult]]:
    """What every plan of the store comes to in a month. Reads only."""
    bases = gathered(store_id, month)
    return decided(month, bases, _names(store_id, bases))


def gathered(store_id: int, month: Month) -> list[tuple[Paid, Sums]]:
    """Every plan that pays somebody in a month, with the figures it asks for."""
    return [(paid, gather(store_id, paid, paid.needs(month))) for paid in paid_in(store_id, month)]


def _names(store_id: int, bases: Iterable[tuple[Paid, Sums]]) -> Catalogue:
    return catalogue_of(store_id, [paid.plan for paid, _sums in bases])


def decided(month: Month, bases: Iterable[tuple[Paid, Sums]], catalogue: Catalogue) -> list[tuple[Paid, PlanResult]]:
    """What plans come to with figures that are at hand."""
    return [(paid, calculate(paid.plan, month, paid.members, sums, catalogue)) for paid, sums in bases]


def work_out(store_id: int, month: Month) -> int:
    """Work an open month out and keep its lines; returns how many lines changed. A month in review stands still."""
    mark = lock(store_id, month)
    if not periods.is_open(store_id, month):
        return 0
    kept = {_key_of(line): line for line in lines_of_month(store_id, month)}
    bases = gathered(store_id, month)
    keep(store_id, month, {paid.version.id: (paid.members, sums) for paid, sums in bases})
    fresh = {_key_of(line): line for line in _fresh_lines(store_id, month, bases)}
    new = [line for key, line in fresh.items() if key not in kept]
    touched = len(new) + sum(_change(kept[key], line) for key, line in fresh.items() if key in kept)
    vanished = [kept[key] for key in kept.keys() - fresh.keys()]
    for line in vanished:
        db.session.delete(line)
    mark.stale, mark.worked_out_at = False, clock.now()
    db.session.flush()
    if new:
        db.session.execute(insert(PayLine), [line._asdict() for line in new])
    return touched + len(vanished)


def _change(before: PayLine, line: Worked) -> bool:
    """Let a kept line say what it now comes to; whether that is anything new."""
    says_new = before.digest != line.digest
    if says_new or before.place != line.place:
        for name in _WORKED_OUT:
            setattr(before, name, getattr(line, name))
    return says_new


def lock(store_id: int, month: Month) -> Calculation:
    """The mark of a month, held until the transaction ends; made if there is none."""
    found = db.session.scalars(
        select(Calculation)
        .where(Calculation.store_id == store_id, Calculation.month == month)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        found = Calculation(store_id=store_id, month=month, worked_out_at=None)
        db.session.add(found)
    return found


def _key_of(line: PayLine | Worked) -> LineKey:
    return (line.employee_id, line.version_id, line.code)


def _fresh_lines(store_id: int, month: Month, bases: Sequence[tuple[Paid, Sums]]) -> Iterator[Worked]:
    place = 0
    for paid, result in decided(month, bases, _names(store_id, bases)):
        for line in result.lines:
            place += 1
            yield _worked(store_id, month, paid.version, line, place)


def _worked(store_id: int, month: Month, version: PlanVersion, line: ResultLine, place: int) -> Worked:
    explanation = None if line.explanation is None else line.explanation.as_plain()
    missing: list[Plain] = [each.sentence.as_plain() for each in line.missing]
    says: dict[str, Plain] = {
        "name": line.name.as_plain(),
        "amount": line.amount.fen,
        "forfeited": line.forfeited.fen,
        "explanation": explanation,
        "missing": missing,
        "version": version.id,
    }
    return Worked(
        store_id=store_id,
        month=month,
        employee_id=line.member,
        version_id=version.id,
        code=line.code,
        place=place,
        name=says["name"],
        amount=line.amount,
        forfeited=line.forfeited,
        explanation=explanation,
        missing=missing,
        digest=hashlib.sha256(json.dumps(says, sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
    )


_WORKED_OUT = ("place", "name", "amount", "forfeited", "explanation", "missing", "digest")


def lines_of_month(store_id: int, month: Month) -> Sequence[PayLine]:
    """All lines of a store's month, in the order of statements."""
    found = select(PayLine).where(PayLine.store_id == store_id, PayLine.month == month)
    return db.session.scalars(found.order_by(PayLine.employee_id, PayLine.place)).all()


def mark_stale(store_id: int, month: Month, _people: frozenset[int] = frozenset()) -> None:
    """Facts of a month changed: it, and later months that look back at it, must be worked out again."""
    lock(store_id, month)
    db.session.flush()
    mark_stale_from(store_id, month.first)


def mark_stale_from(store_id: int, day: date) -> None:
    """The same for every month from a day's on that was worked out before: somebody's posting changed then."""
    later = (Calculation.store_id == store_id, Calculation.month >= Month.of(day))
    db.session.execute(update(Calculation).where(*later).values(stale=True))


def _is_near(month: Month) -> bool:
    """Whether a month that was never worked out is about due: looking at a far one must not fill the database."""
    running = Month.of(clock.today())
    return running.plus(-1) <= month <= running.plus(1)


def freshen(store_id: int, month: Month) -> MonthState:
    """Before estimates are shown: work the month out if facts changed since. Returns the state the month is in.

    A request that only reads gets a transaction of its own for it, and then begins to read anew; elsewhere it
    belongs to the caller's transaction.
    """
    stale = select(Calculation.stale).where(Calculation.store_id == store_id, Calculation.month == month)
    seen = db.session.execute(
        select(periods.state_at(store_id, month).scalar_subquery(), stale.scalar_subquery())
    ).one()
    state = MonthState(seen[0] or MonthState.OPEN)
    due = _is_near(month) if seen[1] is None else seen[1]
    if state is MonthState.OPEN and due:
        with apart() if is_reading() else nullcontext():
            work_out(store_id, month)
    return state
