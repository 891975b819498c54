"""A part of a plan as a whole, tried out: one figure rises, all else stays the same, and pay must not fall.

Tables are checked one by one in :mod:`incentives.core.tables`. What they do together (a rate that rises and a factor
that falls over the same sales, a gate in a line and a table in its group) shows only in the amount that is paid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from itertools import pairwise

from incentives.core.aloud import spoken
from incentives.core.attainment import Better
from incentives.core.catalogue import Catalogue, Unit
from incentives.core.errors import Sentence, say
from incentives.core.findings import FACTOR_FALLS, FALLS, Finding, Severity
from incentives.core.keys import MeasureKey
from incentives.core.measure import SALE_KINDS, Kind, Measure, Number, Range, exact
from incentives.core.parameters import walk
from incentives.core.period import Month
from incentives.core.plan import Condition, Deduct, MeasuredFactor, Node, Plan, Step, StepTable, Tiered
from incentives.core.scenes import Scene, one_more, scenes, usual
from incentives.core.wording import measure_name, money_text, text_of, unit_of, unit_within


@dataclass(frozen=True, slots=True)
class Decider:
    """A measure that decides something, and the edges at which it does."""

    measure: Measure
    ranges: tuple[Range, ...] = ()

    @property
    def edges(self) -> list[Fraction]:
        """All edges, in order."""
        named: set[Number | None] = {edge for each in self.ranges for edge in (each.low, each.high)}
        return sorted({exact(edge) for edge in named if edge is not None})

    def unit(self, catalogue: Catalogue) -> Unit:
        """What the measure is counted in."""
        return unit_within(self.measure, self.ranges, catalogue)


def check_whole(plan: Plan, month: Month, already: Sequence[Finding], catalogue: Catalogue) -> Iterator[Finding]:
    """Pay that falls in a line, a group or a pool, or in the plan's own steps on all of them.

    A part in which a table by itself was found falling is not told of a second time.
    """
    fallen = {finding.path.split(".")[0] for finding in already if finding.sentence in {FALLS, FACTOR_FALLS}}
    for place, node in enumerate(plan.lines):
        if f"lines[{place}]" not in fallen:
            found = list(_falls(f"lines[{place}]", (node,), (), month, catalogue))
            fallen.update(finding.path for finding in found)
            yield from found
    if plan.then and not fallen:
        yield from _falls("then", plan.lines, plan.then, month, catalogue)


# --- pay that falls --------------------------------------------------------------------------------------


def _falls(
    path: str, nodes: tuple[Node, ...], then: tuple[Step, ...], month: Month, catalogue: Catalogue
) -> Iterator[Finding]:
    told: set[MeasureKey] = set()
    for scene in scenes(nodes, then, month, catalogue):
        for key, deciders in _moved(scene).items():
            better = direction(key, [decider.measure for decider in deciders], catalogue)
            asked = replace(key, first=month, last=month)
            if better is None or asked in told:
                continue
            if finding := _fall(path, scene, key, deciders, better):
                told.add(asked)
                yield finding


def _moved(scene: Scene) -> dict[MeasureKey, list[Decider]]:
    """What was sold, read or scored, with all that looks at it; what something else is divided by is left alone."""
    found: dict[MeasureKey, list[Decider]] = {}
    divisors: set[MeasureKey] = set()
    for decider in deciders_in((scene.plan.lines, scene.plan.then)):
        measure = decider.measure
        if measure.kind is not Kind.TARGET:
            found.setdefault(scene.key_of(measure), []).append(decider)
        if isinstance(measure.divided_by, Measure):
            divisors.add(scene.key_of(measure.divided_by))
    return {key: deciders for key, deciders in found.items() if key not in divisors and key in scene.figures}


def deciders_in(part: object) -> list[Decider]:
    """Every measure of a part with the edges it is compared with there, except those that divide another."""
    found = []
    parts = list(walk(part))
    divisors = {id(each.divided_by) for each in parts if isinstance(each, Measure)}
    for each in parts:
        match each:
            case Tiered():
                found.append(Decider(each.decides, tuple(band.range for band in each.bands)))
            case StepTable():
                found.append(Decider(each.measure, tuple(band.range for band in each.bands)))
            case Condition():
                found.append(Decider(each.measure, (each.range,)))
            case MeasuredFactor():
                found.append(Decider(each.measure, _limits(each)))
            case Measure() if id(each) not in divisors:
                found.append(Decider(each))
            case _:
                pass
    return found


def _limits(factor: MeasuredFactor) -> tuple[Range, ...]:
    return (Range(low=factor.floor), Range(low=factor.cap)) if exact(factor.per) == 1 else ()


def direction(key: MeasureKey, measures: Sequence[Measure], catalogue: Catalogue) -> Better | None:
    """Which way a figure is better; of an indicator that the catalogue does not have, nobody knows."""
    if key.kind in SALE_KINDS or key.kind is Kind.SCORE:
        return Better.HIGHER
    said = {measure.better for measure in measures if measure.better}
    if said:
        return said.pop() if len(said) == 1 else None
    known = catalogue.indicators.get(key.indicator)
    return known.better if known else None


def _fall(path: str, scene: Scene, key: MeasureKey, deciders: Sequence[Decider], better: Better) -> Finding | None:
    tried = [(figure, scene.pays({key: figure})) for figure in _figures(scene, key, deciders)]
    known = [(figure, paid) for figure, paid in tried if paid is not None]
    if better is Better.LOWER:
        known.reverse()
    best: tuple[Fraction, Fraction] | None = None
    worst: tuple[Fraction, tuple[Fraction, Fraction], tuple[Fraction, Fraction]] | None = None
    for each in known:
        best = each if best is None or each[1] >= best[1] else best
        drop = best[1] - each[1]
        if drop > 0 and (worst is None or drop > worst[0]):
            worst = (drop, each, best)
    if worst is None:
        return None
    _, (low, less), (high, more) = worst
    decider = next((each for each in deciders if each.ranges), deciders[0])
    case = say(
        "{measure}: {low} pays {less}, less than the {more} of {high}.",
        measure=spoken(decider.measure, scene.catalogue),
        low=_shown(scene, decider, {key: low}),
        less=money_text(less),
        more=money_text(more),
        high=_shown(scene, decider, {key: high}),
    )
    only_deducted = _only_deducted(scene, key)
    severity = Severity.WARNING if only_deducted else Severity.ERROR
    return Finding(severity, path, FALLS, with_others(scene, key, case))


def _only_deducted(scene: Scene, key: MeasureKey) -> bool:
    """Whether nothing but deductions look at a figure: taking something of what was earned may be meant."""
    parts = list(walk((scene.plan.lines, scene.plan.then)))
    deducted = {id(measure) for part in parts if isinstance(part, Deduct) for measure in walk(part)}
    looked = [part for part in parts if isinstance(part, Measure) and part.kind is not Kind.TARGET]
    return all(id(measure) in deducted for measure in looked if scene.key_of(measure) == key)


def _figures(scene: Scene, key: MeasureKey, deciders: Sequence[Decider]) -> list[Fraction]:
    """Where the figure is tried: at each edge and one before and after it, between any two, and well beyond the last."""
    middle = Fraction(scene.figures[key] or usual(key, scene.catalogue))
    found, edges = {middle / 2, middle, middle * 2}, {middle}
    for decider in deciders:
        more = one_more(decider.unit(scene.catalogue))
        for edge in decider.edges:
            made = [scene.figure_for(decider.measure, value) for value in (edge - more, edge, edge + more)]
            found.update(figure for figure in made if figure is not None)
            edges.update(figure for figure in made[1:2] if figure is not None)
    between = [(low + high) / 2 for low, high in pairwise(sorted(edges))]
    return sorted(figure for figure in {*found, *between, max(edges) * 3 / 2} if figure >= 0)


def _shown(scene: Scene, decider: Decider, changed: dict[MeasureKey, Fraction]) -> str:
    value = scene.value_of(decider.measure, changed)
    return "–" if value is None else text_of(value, decider.unit(scene.catalogue))


def with_others(scene: Scene, moved: MeasureKey, case: Sentence) -> Sentence:
    """A case with the figures that stayed the same, so that everybody can work it out."""
    others = [_other(scene, key) for key in scene.figures if key != moved]
    if not others:
        return case
    listed = reduce(lambda one, other: say("{one}, {other}", one=one, other=other), others)
    return say("With {others}: {case}", others=listed, case=case)


def _other(scene: Scene, key: MeasureKey) -> Sentence:
    measure = Measure(kind=key.kind, indicator=key.indicator, of=key.of, department=key.department, sales=key.sales)
    value = Fraction(scene.figures[key] or 0)
    if key.kind in SALE_KINDS:
        asked = scene.value_of(replace(measure, of=key.of))
        value = value if asked is None else asked
    shown = text_of(value, unit_of(measure, scene.catalogue))
    return say("{name} {value}", name=measure_name(measure, scene.catalogue), value=shown)
