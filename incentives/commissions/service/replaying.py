"""A past month worked out under another text, beside the plans that it would replace. Reads only, keeps nothing.

Both sides are worked out with the facts as they are today: a return that came later is in both, so that a difference
is the plan's doing and nothing else. Beside them stands what was kept of the month, if it was approved: without the
adjustments that came later, which are in both sides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, func, select

from incentives.commissions.format import load
from incentives.commissions.models import PayLine, PayPlan, PlanVersion
from incentives.commissions.service.calculation import Paid, Staffing, gather, named, staffing
from incentives.commissions.service.catalogue import catalogue_of
from incentives.commissions.service.plans import in_force, plans_of
from incentives.core.approval import MonthState
from incentives.core.catalogue import Catalogue
from incentives.core.errors import DomainError, Sentence
from incentives.core.money import ZERO, Money, total
from incentives.core.pay import NOTHING_KNOWN, PlanResult, ResultLine, calculate
from incentives.core.period import Month
from incentives.core.plan import Plan
from incentives.core.reading import Sums
from incentives.core.simulation import in_common
from incentives.db import db
from incentives.periods.models import BusinessMonth

UNWRITTEN = PlanVersion()
"""The version of a text that is no version of any plan."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """What is replayed.

    Args:
        plan: the text, read.
        from_month: when it would begin to hold; whom it pays then, it pays in months without an assignment too.
        positions: ids of the positions it would pay; of none, those that the plan of the same code pays.
        replaces: codes of the plans in whose place it would stand.
    """

    plan: Plan
    from_month: Month
    positions: frozenset[int] = frozenset()
    replaces: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PersonMonth:
    """Somebody's month on both sides. With something ``missing`` the two cannot be compared."""

    employee_id: int
    position_id: int
    hired_on: date
    before: Money
    after: Money
    kept: Money | None
    missing: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Replay:
    """A store's month: its people, and why a side could not be worked out at all."""

    people: tuple[PersonMonth, ...] = ()
    problems: tuple[Sentence, ...] = ()
    before: Mapping[int, Sequence[ResultLine]] = field(default_factory=dict)
    after: Mapping[int, Sequence[ResultLine]] = field(default_factory=dict)


Lines = Mapping[int, Sequence[ResultLine]]


def replay(store_id: int, month: Month, scheme: Scheme) -> Replay:
    """Work a month out on both sides; a handful of grouped queries, however many people."""
    there, plans = staffing(store_id, month), plans_of(store_id)
    replaced = [plan for plan in plans if plan.code in scheme.replaces]
    positions, people = _would_pay(plans, month, scheme)
    new = there.paid(UNWRITTEN, scheme.plan, positions, people)
    old = [paid for plan in replaced if (paid := _was_paid(plan, there)) is not None]
    catalogue = catalogue_of(store_id, [paid.plan for paid in (*old, *([new] if new else []))])
    desk = _Month(store_id, month, catalogue)
    before, after = desk.lines(old), desk.lines([new] if new else [])
    if desk.problems:
        return Replay((), tuple(desk.problems), before, after)
    kept = _kept(store_id, month, [plan.id for plan in replaced])
    return Replay(tuple(_people(there, before, after, kept)), (), before, after)


def _would_pay(plans: Iterable[PayPlan], month: Month, scheme: Scheme) -> tuple[Collection[int], Collection[int]]:
    if scheme.positions:
        return scheme.positions, frozenset[int]()
    same = next((plan for plan in plans if plan.code == scheme.plan.code), None)
    if same is None:
        return frozenset[int](), frozenset[int]()
    positions, people = named(same, month)
    return (positions, people) if positions or people else named(same, max(month, scheme.from_month))


def _was_paid(plan: PayPlan, there: Staffing) -> Paid | None:
    version, (positions, people) = in_force(plan, there.month), named(plan, there.month)
    return None if version is None else there.paid(version, load(version.text).plan, positions, people)


class _Worked(NamedTuple):
    """A plan with its figures and what it comes to."""

    paid: Paid
    sums: Sums
    result: PlanResult

    def pays_as(self, other: Paid) -> bool:
        """Whether both plans pay the same people for the same days."""
        return self.paid.members == other.members and self.paid.elsewhere == other.elsewhere


@dataclass(slots=True)
class _Month:
    """A store's month on the way to both sides, and what stands in the way, such as a parameter without a value.

    What plans that pay the same people have in common is looked up and worked out once.
    """

    store_id: int
    month: Month
    catalogue: Catalogue
    problems: list[Sentence] = field(default_factory=list)
    done: list[_Worked] = field(default_factory=list)

    def lines(self, plans: Iterable[Paid]) -> Lines:
        """Everybody's lines of one side."""
        lines: dict[int, list[ResultLine]] = defaultdict(list)
        for paid in plans:
            try:
                worked = self._work_out(paid)
            except DomainError as refusal:
                self.problems.append(refusal.sentence)
            else:
                self.done.append(worked)
                for line in worked.result.lines:
                    lines[line.member].append(line)
        return lines

    def _work_out(self, paid: Paid) -> _Worked:
        like = next((each for each in self.done if each.pays_as(paid)), None)
        at_hand, keys = {} if like is None else like.sums, paid.needs(self.month)
        sums = {**at_hand, **gather(self.store_id, paid, keys - at_hand.keys())}
        known = NOTHING_KNOWN if like is None else in_common(paid.plan, like.paid.plan, self.month, like.result)
        result = calculate(paid.plan, self.month, paid.members, sums, self.catalogue, known=known)
        return _Worked(paid, sums, result)


def _kept(store_id: int, month: Month, plan_ids: Collection[int]) -> dict[int, Money]:
    """What each person's lines of a month came to as it was approved; nothing of a month that is not."""
    here = and_(BusinessMonth.store_id == PayLine.store_id, BusinessMonth.month == PayLine.month)
    rows = db.session.execute(
        select(PayLine.employee_id, func.sum(PayLine.amount))
        .join(PlanVersion, PlanVersion.id == PayLine.version_id)
        .join(BusinessMonth, here)
        .where(
            PayLine.store_id == store_id,
            PayLine.month == month,
            PlanVersion.plan_id.in_(plan_ids),
            BusinessMonth.state.in_((MonthState.APPROVED, MonthState.CLOSED)),
        )
        .group_by(PayLine.employee_id)
    )
    return {person: amount or ZERO for person, amount in rows}


def _people(there: Staffing, before: Lines, after: Lines, kept: Mapping[int, Money]) -> Iterable[PersonMonth]:
    position = {each.employee_id: each.position_id for each in there.posted}
    hired = {each.employee_id: each.hired_on for each in there.posted}
    for person in sorted({*before, *after}):
        lines = (*before.get(person, ()), *after.get(person, ()))
        yield PersonMonth(
            person,
            position[person],
            hired[person],
            _sum(before, person),
            _sum(after, person),
            kept.get(person),
            tuple(dict.fromkeys(missing.sentence for line in lines for missing in line.missing)),
        )


def _sum(lines: Lines, person: int) -> Money:
    return total(line.amount for line in lines.get(person, ()))
