"""The check of a pay plan before it is published: what would be argued about later, each with a concrete case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from incentives.core.catalogue import NO_CATALOGUE, Catalogue
from incentives.core.chains import check_twice
from incentives.core.cliffs import check_steps
from incentives.core.contradictions import check_contradictions
from incentives.core.errors import DomainError, Sentence, say
from incentives.core.findings import Finding, Severity
from incentives.core.measure import Kind, Measure, Number, exact
from incentives.core.overlaps import check_overlaps
from incentives.core.parameters import in_month
from incentives.core.period import FIRST_YEAR, LAST_YEAR, Month
from incentives.core.plan import (
    Cap,
    Coefficients,
    Condition,
    Deduct,
    Factor,
    Fixed,
    Floor,
    Gate,
    Line,
    Listed,
    MeasuredFactor,
    Node,
    Plan,
    Pool,
    Rated,
    Step,
    StepTable,
    Tiered,
    Worth,
)
from incentives.core.samples import Example, Mismatch, mismatches
from incentives.core.shares import check_coefficients, check_pay_out
from incentives.core.sweep import check_whole
from incentives.core.tables import (
    check_cover,
    check_deduction,
    check_edges,
    check_factors,
    check_pay,
    check_units,
    pay_at,
    table_of,
)
from incentives.core.unknown import ANY_NAMES, Names, check_names
from incentives.core.wording import kind_name, number_text


def check(
    plan: Plan,
    month: Month,
    examples: Sequence[Example] = (),
    catalogue: Catalogue = NO_CATALOGUE,
    names: Names = ANY_NAMES,
) -> list[Finding]:
    """Everything found in a plan as it holds from a month on, errors first, then by place.

    Where a parameter gets another value later, the plan is checked as it holds from then on as well: what is found
    only then is told with its month. ``catalogue`` and ``names`` are what the store has; what is absent is not asked.
    """
    found = _in_month(plan, month, catalogue, names)
    for later in _changes(plan, month):
        known = {_kind(finding) for finding in found}
        fresh = [each for each in _in_month(plan, later, catalogue, names) if _kind(each) not in known]
        found += [replace(each, case=_from(later, each.case)) for each in fresh]
    order = list(Severity)
    everything = dict.fromkeys([*found, *_examples(plan, examples, catalogue)])
    return sorted(everything, key=lambda finding: order.index(finding.severity))


def _kind(finding: Finding) -> tuple[Severity, str, str]:
    return finding.severity, finding.path, finding.sentence.pattern


def _from(month: Month, case: Sentence) -> Sentence:
    return say("From {month} on: {case}", month=str(month), case=case)


def _changes(plan: Plan, month: Month) -> list[Month]:
    """The later months in which another value of a parameter holds for the first time."""
    firsts = (_first_month(entry.start) for _, history in plan.parameters for entry in history)
    return sorted({first for first in firsts if first is not None and first > month})


def _first_month(start: date) -> Month | None:
    """The first month on whose first day the value holds; none if it lies beyond the years that are kept."""
    if not Month(FIRST_YEAR, 1).first <= start <= Month(LAST_YEAR, 12).first:
        return None
    return Month.of(start) if start.day == 1 else Month.of(start).plus(1)


def _in_month(plan: Plan, month: Month, catalogue: Catalogue, names: Names) -> list[Finding]:
    try:
        filled = in_month(plan, month)
    except DomainError as refusal:
        return [Finding(Severity.ERROR, "parameters", refusal.sentence, say("The month is {month}.", month=str(month)))]
    found = [
        *_parts(filled, catalogue),
        *check_pay_out(filled),
        *check_twice(filled, catalogue),
        *check_contradictions(filled, catalogue),
        *check_overlaps(filled, catalogue),
        *check_names(filled, catalogue, names),
    ]
    return [*found, *check_whole(filled, month, found, catalogue), *check_steps(filled, month, catalogue)]


SINKING = frozenset({Kind.PROFIT, Kind.UPLIFT})
"""What can be below zero without any return."""


# --- part by part ----------------------------------------------------------------------------------------


def _parts(plan: Plan, catalogue: Catalogue) -> Iterator[Finding]:
    for place, node in enumerate(plan.lines):
        yield from _node(f"lines[{place}]", node, catalogue, held=_is_held(plan.then))
    yield from _steps("then", plan.then, catalogue)


def _node(path: str, node: Node, catalogue: Catalogue, *, held: bool) -> Iterator[Finding]:
    held = held or _is_held(node.then)
    match node:
        case Line():
            yield from _worth(path, node.worth, catalogue)
            yield from _debts(path, node, catalogue, held=held)
        case _:
            for place, below in enumerate(node.lines):
                yield from _node(f"{path}.lines[{place}]", below, catalogue, held=held)
    yield from _steps(f"{path}.then", node.then, catalogue)
    if isinstance(node, Pool):
        yield from _shares(path, node, catalogue)


def _worth(path: str, worth: Worth, catalogue: Catalogue, *, deducted: bool = False) -> Iterator[Finding]:
    match worth:
        case Tiered():
            table = table_of(f"{path}.tiers", worth, catalogue)
            yield from check_cover(table)
            yield from check_edges(table.path, worth.decides, [band.range for band in worth.bands], catalogue)
            yield from (check_deduction(table, worth) if deducted else check_pay(table, worth))
            yield from _negative_bands(f"{path}.tiers", worth)
        case Rated():
            yield from check_units(path, worth, catalogue)
            yield from _negative(f"{path}.rate", worth.rate.number)
        case Listed():
            for row in worth.parts():
                yield from check_units(f"{path}.by_product", row, catalogue)
                yield from _negative(f"{path}.by_product", row.rate.number)
        case _:
            yield from _negative(f"{path}.fixed", worth.amount)


def _negative_bands(path: str, worth: Tiered) -> Iterator[Finding]:
    for place, band in enumerate(worth.bands):
        number = band.pays.amount if isinstance(band.pays, Fixed) else band.pays.number
        yield from _negative(f"{path}.bands[{place}]", number)


def _negative(path: str, number: Number) -> Iterator[Finding]:
    if exact(number) < 0:
        yield Finding(
            Severity.WARNING,
            path,
            say("Pay can become negative."),
            say("The plan itself says {number}.", number=number_text(number)),
        )


def _debts(path: str, line: Line, catalogue: Catalogue, *, held: bool) -> Iterator[Finding]:
    """Profit and uplift can be negative without any return."""
    measure = _sinking(line.worth)
    if measure is not None and not held:
        yield Finding(
            Severity.NOTE,
            path,
            say("Pay can become negative."),
            say("{measure} can be below zero, and no floor holds this line.", measure=kind_name(measure, catalogue)),
        )


def _sinking(worth: Worth) -> Measure | None:
    """What a line is paid for, if that can be below zero and then takes something away."""
    match worth:
        case Rated(measure=measure) | Listed(measure=measure):
            found = measure
        case Tiered(measure=Measure() as measure) if worth.by is not None or pay_at(worth, Fraction(-1)) < 0:
            found = measure
        case _:
            return None
    return found if found.kind in SINKING else None


def _is_held(steps: Sequence[Step]) -> bool:
    """Whether a floor of zero or more holds what these steps leave."""
    return any(isinstance(step, Floor) and exact(step.amount) >= 0 for step in steps)


# --- steps -----------------------------------------------------------------------------------------------


def _steps(path: str, steps: Sequence[Step], catalogue: Catalogue) -> Iterator[Finding]:
    for place, step in enumerate(steps):
        here = f"{path}[{place}]"
        match step:
            case Factor():
                yield from _negative(f"{here}.factor", step.number)
            case MeasuredFactor():
                yield from _sinking_factor(f"{here}.factor", step)
            case StepTable():
                yield from _step_table(f"{here}.factor", step, catalogue)
            case Deduct():
                yield from _worth(f"{here}.deduct", step.worth, catalogue, deducted=True)
            case Floor():
                yield from _negative(f"{here}.floor", step.amount)
            case Cap():
                yield from _negative(f"{here}.cap", step.amount)
            case _:
                yield from _gate(f"{here}.gate", step, catalogue)


def _gate(path: str, step: Gate, catalogue: Catalogue) -> Iterator[Finding]:
    for condition in step.conditions:
        if isinstance(condition, Condition):
            yield from check_edges(path, condition.measure, [condition.range], catalogue)


def _sinking_factor(path: str, step: MeasuredFactor) -> Iterator[Finding]:
    if step.measure.kind not in SINKING or (step.floor is not None and exact(step.floor) >= 0):
        return
    case = say("An uplift below zero turns the amount round; say floor: 0.")
    if step.measure.kind is Kind.PROFIT:
        case = say("A profit below zero turns the amount round; say floor: 0.")
    yield Finding(Severity.WARNING, path, say("Pay can become negative."), case)


def _step_table(path: str, step: StepTable, catalogue: Catalogue) -> Iterator[Finding]:
    table = table_of(path, step, catalogue)
    yield from check_cover(table)
    yield from check_edges(path, step.measure, table.ranges, catalogue)
    yield from check_factors(table, step)
    for place, band in enumerate(step.bands):
        yield from _negative(table.band(place), band.factor)


# --- shares ----------------------------------------------------------------------------------------------


def _shares(path: str, pool: Pool, catalogue: Catalogue) -> Iterator[Finding]:
    for place, weight in enumerate(pool.share):
        here = f"{path}.share[{place}]"
        if isinstance(weight, Coefficients):
            yield from check_coefficients(f"{here}.coefficients", weight)
        if isinstance(weight, StepTable):
            yield from _step_table(here, weight, catalogue)
    yield from _steps(f"{path}.share_then", pool.share_then, catalogue)


# --- examples --------------------------------------------------------------------------------------------


def _examples(plan: Plan, examples: Sequence[Example], catalogue: Catalogue) -> Iterator[Finding]:
    if not examples:
        yield Finding(
            Severity.NOTE,
            "examples",
            say("The plan has no example."),
            say("With an example everybody can see what it pays, and the check can prove it."),
        )
    for place, example in enumerate(examples):
        yield from _example(f"examples[{place}]", plan, example, catalogue)


def _example(path: str, plan: Plan, example: Example, catalogue: Catalogue) -> Iterator[Finding]:
    try:
        wrong = mismatches(plan, example, catalogue)
    except DomainError as refusal:
        wrong = []
        yield Finding(Severity.ERROR, path, refusal.sentence, example.label.sentence())
    for mismatch in wrong:
        yield Finding(Severity.ERROR, path, say("The plan does not reproduce this example."), _instead(mismatch))


def _instead(mismatch: Mismatch) -> Sentence:
    """What the plan gives instead of what the example expects, and why, if it gives nothing."""
    paid = say("nothing that can be paid yet") if mismatch.paid is None else str(mismatch.paid)
    case = say(
        "{what}: expected {expected}, the plan gives {paid}.",
        what=mismatch.what,
        expected=str(mismatch.expected),
        paid=paid,
    )
    return say("{case} {why}", case=case, why=mismatch.lacks) if mismatch.lacks else case
