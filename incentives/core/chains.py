"""Steps that follow each other on the same amount, and what they judge twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from incentives.core.errors import say
from incentives.core.findings import Finding, Severity
from incentives.core.measure import Given, Measure, exact
from incentives.core.parameters import walk
from incentives.core.plan import (
    Deduct,
    Gate,
    Line,
    MeasuredFactor,
    Node,
    Plan,
    Pool,
    Step,
    StepTable,
)
from incentives.core.wording import Catalogue, Unit, indicator_name, text_of

Placed = list[tuple[str, Step]]


def check_twice(plan: Plan, indicators: Catalogue) -> Iterator[Finding]:
    """The same indicator, or the score, that lowers the same amount more than once."""
    over_all: Placed = _placed("then", plan.then)
    for place, node in enumerate(plan.lines):
        yield from _chained(f"lines[{place}]", node, over_all, indicators)


def _placed(path: str, steps: Sequence[Step]) -> Placed:
    return [(f"{path}[{place}]", step) for place, step in enumerate(steps)]


def _chained(path: str, node: Node, above: Placed, indicators: Catalogue) -> Iterator[Finding]:
    own = _placed(f"{path}.then", node.then)
    if isinstance(node, Pool):
        own += _placed(f"{path}.share_then", node.share_then)
    steps = [*own, *above]
    if not isinstance(node, Line):
        for place, below in enumerate(node.lines):
            yield from _chained(f"{path}.lines[{place}]", below, steps, indicators)
        return
    places = defaultdict(list)
    for where, step in steps:
        for judged in sorted(_judged(step)):
            places[judged].append((where, step))
    for judged, found in places.items():
        if len(found) > 1:
            yield _punished_twice(judged, found, indicators)


def _judged(step: Step) -> set[str]:
    """The indicators, or the score, by which a step lowers an amount."""
    match step:
        case MeasuredFactor() | StepTable():
            measures = [step.measure]
        case Gate():
            measures = [condition.measure for condition in step.conditions]
        case Deduct():
            measures = [part for part in walk(step.worth) if isinstance(part, Measure)]
        case _:
            measures = []
    return {measure.indicator or measure.kind.value for measure in measures}


def _punished_twice(judged: str, found: Placed, indicators: Catalogue) -> Finding:
    (first, one), (second, other) = found[:2]
    return Finding(
        Severity.WARNING,
        second,
        say("{indicator} counts twice against the same amount.", indicator=indicator_name(judged, indicators)),
        say(
            "At {first} it can leave {one}, and at {second} {other} of that.",
            first=first,
            one=_least(one),
            second=second,
            other=_least(other),
        ),
    )


def _least(step: Step) -> str:
    match step:
        case StepTable():
            return text_of(min(exact(band.factor) for band in step.bands), Unit.PERCENT)
        case MeasuredFactor(floor=Given() as floor):
            return text_of(floor.value, Unit.PERCENT)
        case _:
            return text_of(Fraction(0), Unit.PERCENT)
