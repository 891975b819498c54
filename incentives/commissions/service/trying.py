"""Trying a draft on one person with real facts, before anybody is paid by it. Nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass

from incentives.commissions.format import load
from incentives.commissions.models import PlanVersion
from incentives.commissions.service.calculation import Paid, gather
from incentives.commissions.service.catalogue import catalogue_of
from incentives.core.aloud import read_aloud
from incentives.core.answer import Step, arithmetic
from incentives.core.catalogue import Catalogue
from incentives.core.errors import Sentence
from incentives.core.money import Money
from incentives.core.parameters import in_month
from incentives.core.pay import ResultLine, calculate
from incentives.core.period import Month
from incentives.core.reading import Member
from incentives.people.service import staff


@dataclass(frozen=True, slots=True)
class TriedLine:
    """A line as the draft would pay it."""

    code: str
    name: Sentence
    amount: Money
    steps: tuple[Step, ...]
    missing: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A draft read aloud, and what it would pay the sample person."""

    sentences: list[Sentence]
    lines: list[TriedLine]
    total: Money


def try_out(store_id: int, text: str, month: Month, person: int | None, catalogue: Catalogue | None = None) -> Trial:
    """Read a draft aloud and work it out for one person, as if it paid that person's position.

    The store's names are looked up where they are not at hand.

    Raises:
        Faults: the text is no plan.
        DomainError: a parameter has no value in the month.
    """
    plan = load(text).plan
    catalogue = catalogue or catalogue_of(store_id, [plan])
    members = _colleagues(store_id, month, person)
    paid = Paid(PlanVersion(), plan, members)
    sums = gather(store_id, paid, paid.needs(month))
    result = calculate(plan, month, members, sums, catalogue, only=person)
    lines = [tried(line) for line in result.lines]
    sum_of_lines = Money(sum(line.amount.fen for line in lines))
    return Trial(read_aloud(in_month(plan, month), catalogue), lines, sum_of_lines)


def _colleagues(store_id: int, month: Month, person: int | None) -> tuple[Member, ...]:
    """The person and everybody of the same position, who share the plan's pools."""
    if person is None:
        return ()
    posted = staff.members(store_id, month.span)
    positions = {each.position_id for each in posted if each.employee_id == person}
    found = {each.employee_id: each for each in posted if each.position_id in positions}
    return tuple(
        Member(each.employee_id, each.number, each.position_code, each.days.days, month.span.days)
        for each in found.values()
    )


def tried(line: ResultLine) -> TriedLine:
    """A line with its arithmetic, as a page shows it."""
    steps = () if line.explanation is None else arithmetic(line.explanation).steps
    return TriedLine(line.code, line.name, line.amount, steps, tuple(each.sentence for each in line.missing))
