"""What one more yuan, piece or point is worth at the edge of a gate, a table of factors or one of deductions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from incentives.core.attainment import Better
from incentives.core.catalogue import Catalogue, Unit
from incentives.core.errors import Sentence, say
from incentives.core.findings import Finding, size_of
from incentives.core.keys import key_of
from incentives.core.measure import Kind, Measure, Range, exact
from incentives.core.period import Month
from incentives.core.plan import Condition, Deduct, Gate, Node, Plan, Reads, Step, StepTable, TargetMet, Tiered
from incentives.core.scenes import WHO, Scene, meeting, one_more, scenes
from incentives.core.sweep import Decider, direction, with_others
from incentives.core.wording import money_text, text_of, unit_within


def check_steps(plan: Plan, month: Month, catalogue: Catalogue) -> Iterator[Finding]:
    """What one more yuan, piece or point is worth at each edge of a gate and of a table of factors."""
    for place, node in enumerate(plan.lines):
        steps = list(_placed(f"lines[{place}]", node))
        yield from _cliffs(steps, (node,), (), month, catalogue)
    own = [(f"then[{place}]", step) for place, step in enumerate(plan.then)]
    yield from _cliffs(own, plan.lines, plan.then, month, catalogue)


def _placed(path: str, node: Node) -> Iterator[tuple[str, Step]]:
    for place, below in enumerate(getattr(node, "lines", ())):
        yield from _placed(f"{path}.lines[{place}]", below)
    for name in ("then", "share_then"):
        for place, step in enumerate(getattr(node, name, ())):
            yield f"{path}.{name}[{place}]", step


def _cliffs(
    steps: Sequence[tuple[str, Step]],
    nodes: tuple[Node, ...],
    then: tuple[Step, ...],
    month: Month,
    catalogue: Catalogue,
) -> Iterator[Finding]:
    edged = [each for path, step in steps for each in _edged(path, step)]
    if not edged:
        return
    told: set[tuple[str, Sentence]] = set()
    for scene in scenes(nodes, then, month, catalogue):
        for path, cutting in edged:
            for finding in _cliffs_of(path, cutting, scene):
                if (finding.path, finding.sentence) not in told:
                    told.add((finding.path, finding.sentence))
                    yield finding


_Edged: TypeAlias = Gate | StepTable | Tiered


def _edged(path: str, step: Step) -> Iterator[tuple[str, _Edged]]:
    """What of a step has edges at which the amount can jump."""
    match step:
        case Gate():
            yield f"{path}.gate", step
        case StepTable():
            yield f"{path}.factor", step
        case Deduct(worth=Tiered(reads=Reads.WHOLE) as worth):
            yield f"{path}.deduct", worth
        case _:
            pass


def _cliffs_of(path: str, cutting: _Edged, scene: Scene) -> Iterator[Finding]:
    match cutting:
        case Gate():
            for condition in cutting.conditions:
                yield from _of_condition(path, _alone(scene, cutting, condition), condition)
        case StepTable():
            yield from _at_edges(path, scene, Decider(cutting.measure, tuple(band.range for band in cutting.bands)))
        case _:
            yield from _at_edges(path, scene, Decider(cutting.decides, tuple(band.range for band in cutting.bands)))


def _of_condition(path: str, scene: Scene, condition: Condition | TargetMet) -> Iterator[Finding]:
    if isinstance(condition, Condition):
        yield from _at_edges(path, scene, Decider(condition.measure, (condition.range,)))
    else:
        yield from _cliff_of_target(path, scene, condition)


def _alone(scene: Scene, gate: Gate, condition: Condition | TargetMet) -> Scene:
    """A scene in which one condition of a gate decides: of conditions of which one is enough, the others do not hold."""
    figures = dict(scene.figures)
    for other in gate.conditions if gate.any_one else ():
        if isinstance(other, Condition) and other is not condition:
            outside = scene.figure_for(other.measure, _outside(other, scene.catalogue))
            figures[scene.key_of(other.measure)] = (
                scene.figures.get(scene.key_of(other.measure)) if outside is None else outside
            )
    return replace(scene, figures=figures)


def _outside(condition: Condition, catalogue: Catalogue) -> Fraction:
    """A value just outside a condition's range."""
    within, more = condition.range, one_more(unit_within(condition.measure, [condition.range], catalogue))
    if within.low is not None:
        return exact(within.low) - (more if within.low_belongs else 0)
    high = Fraction(0) if within.high is None else exact(within.high)
    return high + (more if within.high_belongs else 0)


def _at_edges(path: str, scene: Scene, decider: Decider) -> Iterator[Finding]:
    for low, edge in _over(decider.ranges, decider.unit(scene.catalogue)):
        yield from _cliff(path, scene, decider, low, edge)


def _over(ranges: Sequence[Range], unit: Unit) -> list[tuple[Fraction, Fraction]]:
    """Each edge, with the value from which one more steps over it."""
    below = {exact(each.high) for each in ranges if each.high is not None and each.high_belongs}
    below |= {exact(each.low) for each in ranges if each.low is not None and not each.low_belongs}
    edges = Decider(Measure(Kind.SCORE), tuple(ranges)).edges
    return [(edge if edge in below else edge - one_more(unit), edge) for edge in edges]


def _cliff_of_target(path: str, scene: Scene, condition: TargetMet) -> Iterator[Finding]:
    decider = Decider(replace(condition.measure, kind=Kind.INDICATOR))
    more = one_more(decider.unit(scene.catalogue))
    target = scene.figures.get(key_of(condition.measure, Kind.TARGET, scene.month, WHO))
    met = meeting(scene, condition)
    higher = direction(scene.key_of(decider.measure), [condition.measure], scene.catalogue) is not Better.LOWER
    yield from _cliff(path, scene, decider, met - more if higher else met, Fraction(target or 0))


def _cliff(path: str, scene: Scene, decider: Decider, low: Fraction, edge: Fraction) -> Iterator[Finding]:
    unit, key = decider.unit(scene.catalogue), scene.key_of(decider.measure)
    more = one_more(unit)
    paid = [_paid(scene, decider, value) for value in (low, low + more, low + 2 * more)]
    before, after, beyond = paid
    if low < 0 or before is None or after is None:
        return
    worth = abs(after - before)
    usual = abs((after if beyond is None else beyond) - after)
    if worth <= 2 * usual:
        return
    case = say(
        "{low} pays {before} and {high} pays {after}: that step is worth {difference}.",
        low=text_of(low, unit),
        before=money_text(before),
        high=text_of(low + more, unit),
        after=money_text(after),
        difference=money_text(worth),
    )
    sentence = say("There is a cliff at {edge}.", edge=text_of(edge, unit))
    yield Finding(size_of(worth), path, sentence, with_others(scene, key, case))


def _paid(scene: Scene, decider: Decider, value: Fraction) -> Fraction | None:
    figure = scene.figure_for(decider.measure, value)
    return None if figure is None else scene.pays({scene.key_of(decider.measure): figure})
