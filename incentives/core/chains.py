"""Steps that follow each other on the same amount, and what they judge twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from incentives.core.attainment import Better
from incentives.core.catalogue import Catalogue, Unit
from incentives.core.errors import Sentence, say
from incentives.core.findings import Finding, Severity
from incentives.core.measure import Given, Kind, Measure, exact
from incentives.core.parameters import walk
from incentives.core.places import place_name
from incentives.core.plan import Deduct, Gate, Line, MeasuredFactor, Node, Plan, Pool, Step, StepTable, Tiered, Weight
from incentives.core.wording import kind_name, text_of

Placed = list[tuple[str, "Step | Weight | Tiered"]]

SAME_CAUSE = (
    frozenset({"rework_rate", "returned_vehicles"}),
    frozenset({"warranty_pass_rate", "claims_rejected_by_fault"}),
    frozenset({"score", "six_s_score"}),
    frozenset({"score", "training_attendance"}),
    frozenset({"score", "training_sessions_held"}),
)
"""Indicators of the catalogue that move together, because one is counted from the other's cases or is a part of it."""


def check_twice(plan: Plan, catalogue: Catalogue) -> Iterator[Finding]:
    """The same indicator, the score, or two figures of the same cause, that lower the same amount more than once."""
    for chain in chains_of(plan):
        places = defaultdict(list)
        for where, step in chain.steps:
            for judged in sorted(_judged(step)):
                places[judged].append((where, step))
        for judged, found in places.items():
            if len(found) > 1:
                yield _punished_twice(plan, judged, found, catalogue)
        yield from _same_causes(plan, places, catalogue)


@dataclass(frozen=True, slots=True)
class Chain:
    """A line with everything that follows on its amount, from its own steps to those on the whole."""

    path: str
    line: Line
    nodes: tuple[Node, ...]
    steps: Placed


def chains_of(plan: Plan) -> Iterator[Chain]:
    """One chain for each line of a plan."""
    over_all = _placed("then", plan.then)
    for place, node in enumerate(plan.lines):
        yield from _below(f"lines[{place}]", node, over_all, ())


def _below(path: str, node: Node, above: Placed, around: tuple[Node, ...]) -> Iterator[Chain]:
    steps = [*_own_steps(path, node), *above]
    if isinstance(node, Line):
        picks = [(f"{path}.tiers", node.worth)] if _picked_by_another(node.worth) else []
        yield Chain(path, node, (*around, node), [*picks, *steps])  # type: ignore[list-item]  # tiers, by the guard
        return
    for place, below in enumerate(node.lines):
        yield from _below(f"{path}.lines[{place}]", below, steps, (*around, node))


def _picked_by_another(worth: object) -> bool:
    """Whether another measure than what is paid for picks the band: it then judges like a factor."""
    return isinstance(worth, Tiered) and (worth.by is not None or worth.measure is None)


def _own_steps(path: str, node: Node) -> Placed:
    own = _placed(f"{path}.then", node.then)
    if isinstance(node, Pool):
        own += _placed(f"{path}.share", node.share)
        own += _placed(f"{path}.share_then", node.share_then)
    return own


def _placed(path: str, steps: Sequence[Step | Weight]) -> Placed:
    return [(f"{path}[{place}]", step) for place, step in enumerate(steps)]


def _judged(step: Step | Weight | Tiered) -> set[str]:
    """The indicators, or the score, by which a step lowers an amount."""
    match step:
        case MeasuredFactor() | StepTable():
            measures = [step.measure]
        case Tiered():
            measures = [step.decides]
        case Gate():
            measures = [condition.measure for condition in step.conditions]
        case Deduct():
            measures = [part for part in walk(step.worth) if isinstance(part, Measure) and part.kind is not Kind.TARGET]
        case _:
            measures = []
    return {measure.indicator or measure.kind.value for measure in measures}


def _punished_twice(plan: Plan, judged: str, found: Placed, catalogue: Catalogue) -> Finding:
    first, second = found[:2]
    return Finding(
        Severity.WARNING,
        second[0],
        say("{indicator} counts twice against the same amount.", indicator=_name(judged, catalogue)),
        _both(plan, first, second),
    )


def _name(judged: str, catalogue: Catalogue) -> Sentence:
    """An indicator's name, or what is measured where it is none."""
    if judged in catalogue.indicators or judged not in set(Kind):
        return catalogue.indicator(judged)
    return kind_name(Measure(Kind(judged)), catalogue)


def _both(
    plan: Plan, first: tuple[str, Step | Weight | Tiered], second: tuple[str, Step | Weight | Tiered]
) -> Sentence:
    return say(
        "At {first} it can leave {one}, and at {second} {other} of that.",
        first=place_name(plan, first[0]),
        one=_least(first[1]),
        second=place_name(plan, second[0]),
        other=_least(second[1]),
    )


def _least(step: Step | Weight | Tiered) -> str:
    match step:
        case StepTable():
            return text_of(min(exact(band.factor) for band in step.bands), Unit.PERCENT)
        case MeasuredFactor(floor=Given() as floor):
            return text_of(floor.value, Unit.PERCENT)
        case _:
            return text_of(Fraction(0), Unit.PERCENT)


def _same_causes(plan: Plan, places: dict[str, Placed], catalogue: Catalogue) -> Iterator[Finding]:
    judged = sorted(places)
    for place, one in enumerate(judged):
        for other in judged[place + 1 :]:
            if not _of_one_cause(one, other, catalogue):
                continue
            first, second = sorted((places[one][0], places[other][0]), key=lambda found: found[0])
            names = sorted((one, other), key=lambda code: places[code][0][0])
            sentence = say(
                "{one} and {other} come from the same cause and both count against the same amount.",
                one=_name(names[0], catalogue),
                other=_name(names[1], catalogue),
            )
            yield Finding(Severity.WARNING, second[0], sentence, _both(plan, first, second))


def _of_one_cause(one: str, other: str, catalogue: Catalogue) -> bool:
    """Whether two codes are known to move together, or share their first word while less of one of them is better."""
    if frozenset({one, other}) in SAME_CAUSE:
        return True
    known = [catalogue.indicators.get(code) for code in (one, other)]
    lower = any(each is not None and each.better is Better.LOWER for each in known)
    return lower and one.split("_", maxsplit=1)[0] == other.split("_", maxsplit=1)[0]
