"""The check of a pay plan before it is published: what would be argued about later, each with a concrete case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from incentives.core.chains import check_twice
from incentives.core.errors import DomainError, say
from incentives.core.findings import Finding, Severity
from incentives.core.measure import Kind, Measure, Number, exact
from incentives.core.money import FEN_PER_YUAN, Money
from incentives.core.parameters import in_month, walk
from incentives.core.pay import NO_CATALOGUE
from incentives.core.period import Month
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
from incentives.core.samples import Example, mismatches
from incentives.core.tables import check_cover, check_edges, check_factors, check_pay, check_units, table_of
from incentives.core.wording import Catalogue, Unit, kind_name, money_text, text_of

SHOWN_POOL = Money(1_000_000)
"""The pool of 10,000.00 on which a pay-out above the pool is shown."""


def check(
    plan: Plan, month: Month, examples: Sequence[Example] = (), indicators: Catalogue = NO_CATALOGUE
) -> list[Finding]:
    """Everything found in a plan as it holds in a month, errors first, then by place."""
    try:
        filled = in_month(plan, month)
    except DomainError as refusal:
        return [Finding(Severity.ERROR, "parameters", refusal.sentence, say("The month is {month}.", month=str(month)))]
    found = [*_parts(filled, indicators), *check_twice(filled, indicators), *_examples(plan, examples, indicators)]
    order = list(Severity)
    return sorted(dict.fromkeys(found), key=lambda finding: order.index(finding.severity))


# --- part by part ----------------------------------------------------------------------------------------


def _parts(plan: Plan, indicators: Catalogue) -> Iterator[Finding]:
    for place, node in enumerate(plan.lines):
        yield from _node(f"lines[{place}]", node, indicators)
    yield from _steps("then", plan.then, indicators)


def _node(path: str, node: Node, indicators: Catalogue) -> Iterator[Finding]:
    match node:
        case Line():
            yield from _worth(path, node.worth, indicators)
            yield from _debts(path, node)
        case _:
            for place, below in enumerate(node.lines):
                yield from _node(f"{path}.lines[{place}]", below, indicators)
    yield from _steps(f"{path}.then", node.then, indicators)
    if isinstance(node, Pool):
        yield from _shares(path, node, indicators)


def _worth(path: str, worth: Worth, indicators: Catalogue) -> Iterator[Finding]:
    match worth:
        case Tiered():
            table = table_of(f"{path}.tiers", worth, indicators)
            yield from check_cover(table)
            yield from check_edges(table.path, worth.decides, [band.range for band in worth.bands], indicators)
            yield from check_pay(table, worth)
            yield from _negative_bands(f"{path}.tiers", worth)
        case Rated():
            yield from check_units(path, worth, indicators)
            yield from _negative(f"{path}.rate", worth.rate.number)
        case Listed():
            for row in worth.parts():
                yield from check_units(f"{path}.by_product", row, indicators)
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
            say("The plan itself says {number}.", number=text_of(exact(number), Unit.NUMBER)),
        )


def _debts(path: str, line: Line) -> Iterator[Finding]:
    """Profit and uplift can be negative without any return."""
    measures = [part for part in walk(line.worth) if isinstance(part, Measure)]
    sinking = [measure for measure in measures if measure.kind in {Kind.PROFIT, Kind.UPLIFT}]
    floored = any(isinstance(step, Floor) and exact(step.amount) >= 0 for step in line.then)
    if sinking and not floored and isinstance(line.worth, Rated):
        name = kind_name(sinking[0], {})
        yield Finding(
            Severity.NOTE,
            path,
            say("Pay can become negative."),
            say("{measure} can be below zero, and no floor holds this line.", measure=name),
        )


# --- steps -----------------------------------------------------------------------------------------------


def _steps(path: str, steps: Sequence[Step], indicators: Catalogue) -> Iterator[Finding]:
    for place, step in enumerate(steps):
        here = f"{path}[{place}]"
        match step:
            case Factor():
                yield from _negative(f"{here}.factor", step.number)
            case MeasuredFactor():
                yield from _sinking_factor(f"{here}.factor", step)
            case StepTable():
                yield from _step_table(f"{here}.factor", step, indicators)
            case Deduct():
                yield from _worth(f"{here}.deduct", step.worth, indicators)
            case Floor():
                yield from _negative(f"{here}.floor", step.amount)
            case Cap():
                yield from _negative(f"{here}.cap", step.amount)
            case _:
                yield from _gate(f"{here}.gate", step, indicators)


def _gate(path: str, step: Gate, indicators: Catalogue) -> Iterator[Finding]:
    for condition in step.conditions:
        if isinstance(condition, Condition):
            yield from check_edges(path, condition.measure, [condition.range], indicators)


def _sinking_factor(path: str, step: MeasuredFactor) -> Iterator[Finding]:
    if step.measure.kind is Kind.UPLIFT and (step.floor is None or exact(step.floor) < 0):
        yield Finding(
            Severity.WARNING,
            path,
            say("Pay can become negative."),
            say("An uplift below zero turns the amount round; say floor: 0."),
        )


def _step_table(path: str, step: StepTable, indicators: Catalogue) -> Iterator[Finding]:
    table = table_of(path, step, indicators)
    yield from check_cover(table)
    yield from check_edges(path, step.measure, table.ranges, indicators)
    yield from check_factors(table, step)
    for place, band in enumerate(step.bands):
        yield from _negative(table.band(place), band.factor)


# --- shares ----------------------------------------------------------------------------------------------


def _shares(path: str, pool: Pool, indicators: Catalogue) -> Iterator[Finding]:
    for place, weight in enumerate(pool.share):
        here = f"{path}.share[{place}]"
        if isinstance(weight, Coefficients):
            yield from _coefficients(f"{here}.coefficients", weight)
        if isinstance(weight, StepTable):
            yield from _step_table(here, weight, indicators)
    yield from _steps(f"{path}.share_then", pool.share_then, indicators)
    for place, step in enumerate(pool.share_then):
        yield from _above(f"{path}.share_then[{place}]", step)


def _coefficients(path: str, weight: Coefficients) -> Iterator[Finding]:
    said = [value for _, value in (*weight.positions, *weight.people)]
    whole = sum((value.value for value in said), Fraction(0))
    if said and all(value.percent for value in said) and whole != 1:
        yield Finding(
            Severity.WARNING,
            path,
            say("The shares do not add up to 100 %."),
            say(
                "They add up to {sum}; a share of {one} is paid as {one} of {sum}.",
                sum=text_of(whole, Unit.PERCENT),
                one=text_of(said[0].value, Unit.PERCENT),
            ),
        )
    if not whole and not (weight.default and weight.default.value):
        yield Finding(Severity.ERROR, path, say("Nobody has a share."), say("Every coefficient that is said is zero."))


def _above(path: str, step: Step) -> Iterator[Finding]:
    most = _highest(step)
    if most is None:
        case = say("The factor has no cap, so a share can grow without end.")
    elif most > 1:
        shown = money_text(most * SHOWN_POOL.fen / FEN_PER_YUAN)
        case = say("Of a pool of {pool}, {paid} can be paid.", pool=str(SHOWN_POOL), paid=shown)
    else:
        return
    yield Finding(Severity.WARNING, path, say("More than the pool can be paid out."), case)


def _highest(step: Step) -> Fraction | None:
    """The most that a step can multiply a share by; without a limit, none."""
    match step:
        case Factor():
            return exact(step.number)
        case StepTable():
            return max(exact(band.factor) for band in step.bands)
        case MeasuredFactor():
            return None if step.cap is None else exact(step.cap)
        case _:
            return Fraction(1)


# --- examples --------------------------------------------------------------------------------------------


def _examples(plan: Plan, examples: Sequence[Example], indicators: Catalogue) -> Iterator[Finding]:
    if not examples:
        yield Finding(
            Severity.NOTE,
            "examples",
            say("The plan has no example."),
            say("With an example everybody can see what it pays, and the check can prove it."),
        )
    for place, example in enumerate(examples):
        yield from _example(f"examples[{place}]", plan, example, indicators)


def _example(path: str, plan: Plan, example: Example, indicators: Catalogue) -> Iterator[Finding]:
    try:
        wrong = mismatches(plan, example, indicators)
    except DomainError as refusal:
        wrong = []
        yield Finding(Severity.ERROR, path, refusal.sentence, example.label.sentence())
    for mismatch in wrong:
        paid = say("nothing that can be paid yet") if mismatch.paid is None else str(mismatch.paid)
        case = say(
            "{what}: expected {expected}, the plan gives {paid}.",
            what=mismatch.what,
            expected=str(mismatch.expected),
            paid=paid,
        )
        yield Finding(Severity.ERROR, path, say("The plan does not reproduce this example."), case)
