"""What a plan says and can never happen: conditions that exclude each other, a cap below a floor, bands nobody reaches."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from incentives.core.attainment import Better, attainment
from incentives.core.catalogue import Catalogue, Unit
from incentives.core.chains import Chain, Placed, chains_of
from incentives.core.errors import Sentence, say
from incentives.core.findings import Finding, Severity
from incentives.core.measure import Kind, Measure, Number, Range, exact
from incentives.core.parameters import walk
from incentives.core.places import place_name
from incentives.core.plan import Cap, Condition, Floor, Gate, Listed, MeasuredFactor, Plan, Pool, StepTable, Tiered
from incentives.core.wording import (
    listed,
    measure_name,
    number_text,
    range_name,
    text_of,
    unit_of,
    unit_within,
    yuan,
)


@dataclass(frozen=True, slots=True)
class Said:
    """A condition that must hold, and where."""

    path: str
    place: Sentence
    measure: Measure
    range: Range


def check_contradictions(plan: Plan, catalogue: Catalogue) -> Iterator[Finding]:
    """Everything that can never hold, line by line with all steps that follow on it."""
    for chain in chains_of(plan):
        said = _said(plan, chain.steps)
        yield from _excluded(said, catalogue)
        yield from _unreached(chain, said, catalogue)
        yield from _limits(chain)
        yield from _nobody(chain, catalogue)
    for path, step in _all_steps(plan):
        yield from _floor_above_cap(path, step)
        yield from _empty(path, step, catalogue)
    yield from _turned_round(plan, catalogue)


def _turned_round(plan: Plan, catalogue: Catalogue) -> Iterator[Finding]:
    """Measures that take for better what the catalogue takes for worse."""
    placed = {path: part for chain in chains_of(plan) for path, part in ((chain.path, chain.line.worth), *chain.steps)}
    for path, part in placed.items():
        for measure in (each for each in walk(part) if isinstance(each, Measure)):
            known = catalogue.indicators.get(measure.indicator)
            if known and measure.better and measure.better is not known.better:
                yield _turned(path, replace(measure, label=None), catalogue)


def _turned(path: str, measure: Measure, catalogue: Catalogue) -> Finding:
    name = catalogue.indicator(measure.indicator)
    sentence = say("The plan takes more of {indicator} for better, the catalogue less.", indicator=name)
    if measure.better is Better.LOWER:
        sentence = say("The plan takes less of {indicator} for better, the catalogue more.", indicator=name)
    unit = unit_of(Measure(Kind.INDICATOR, measure.indicator), catalogue)
    target = Fraction(1) if unit is Unit.PERCENT else Fraction(100)
    reached = [attainment(reading, target, measure.better or Better.HIGHER) for reading in (target / 2, target * 2)]
    case = say(
        "Of a target of {target}, {half} is an attainment of {much} and {double} one of {little}.",
        target=text_of(target, unit),
        half=text_of(target / 2, unit),
        much=text_of(reached[0] or Fraction(0), Unit.PERCENT),
        double=text_of(target * 2, unit),
        little=text_of(reached[1] or Fraction(0), Unit.PERCENT),
    )
    return Finding(Severity.WARNING, path, sentence, case)


def _all_steps(plan: Plan) -> Iterator[tuple[str, object]]:
    seen = {path: step for chain in chains_of(plan) for path, step in chain.steps}
    for chain in chains_of(plan):
        if isinstance(chain.line.worth, Tiered):
            seen[f"{chain.path}.tiers"] = chain.line.worth
    yield from seen.items()


# --- conditions ------------------------------------------------------------------------------------------


def _said(plan: Plan, steps: Placed) -> list[Said]:
    """The conditions that must all hold; those of which one is enough exclude nothing."""
    return [
        Said(f"{path}.gate", place_name(plan, path), replace(condition.measure, label=None), condition.range)
        for path, step in steps
        if isinstance(step, Gate) and (not step.any_one or len(step.conditions) == 1)
        for condition in step.conditions
        if isinstance(condition, Condition)
    ]


def _excluded(said: Sequence[Said], catalogue: Catalogue) -> Iterator[Finding]:
    for place, one in enumerate(said):
        for other in said[place + 1 :]:
            if one.measure == other.measure and not can_hold(one.range, other.range):
                yield _never(one, other, catalogue)


def _never(one: Said, other: Said, catalogue: Catalogue) -> Finding:
    unit = unit_within(one.measure, [one.range, other.range], catalogue)
    return Finding(
        Severity.ERROR,
        other.path,
        say("These conditions can never hold together."),
        say(
            "{measure} cannot be {one} (at {first}) and {other}: nothing is ever paid.",
            measure=measure_name(one.measure, catalogue),
            one=range_name(one.range, unit),
            first=one.place,
            other=range_name(other.range, unit),
        ),
    )


def can_hold(one: Range, other: Range) -> bool:
    """Whether some value lies in both ranges."""
    return _below(one, other) and _below(other, one) and not is_empty(one) and not is_empty(other)


def _below(one: Range, other: Range) -> bool:
    """Whether the lower edge of one does not lie beyond the upper edge of the other."""
    return not is_empty(Range(one.low, one.low_belongs, other.high, other.high_belongs))


def is_empty(within: Range) -> bool:
    """Whether no value can lie in a range whose parameters are filled in."""
    if within.low is None or within.high is None:
        return False
    low, high = exact(within.low), exact(within.high)
    return low > high or (low == high and not (within.low_belongs and within.high_belongs))


def _empty(path: str, step: object, catalogue: Catalogue) -> Iterator[Finding]:
    """Edges that a parameter has moved past each other."""
    for part in walk(step):
        measure, ranges = _compared(part)
        for within in ranges:
            if measure is not None and is_empty(within):
                unit = unit_within(measure, ranges, catalogue)
                case = say(
                    "{measure} cannot be {range}.",
                    measure=measure_name(measure, catalogue),
                    range=range_name(within, unit),
                )
                yield Finding(Severity.ERROR, path, say("No value lies between these edges."), case)


def _compared(part: object) -> tuple[Measure | None, list[Range]]:
    match part:
        case Condition():
            return part.measure, [part.range]
        case StepTable():
            return part.measure, [band.range for band in part.bands]
        case Tiered():
            return part.decides, [band.range for band in part.bands]
        case _:
            return None, []


def _unreached(chain: Chain, said: Sequence[Said], catalogue: Catalogue) -> Iterator[Finding]:
    """Bands that a gate on the same measure never lets anybody reach."""
    for path, step in chain.steps:
        measure, ranges = _compared(step)
        for place, within in enumerate(ranges):
            for gate in said:
                same = measure is not None and replace(measure, label=None) == gate.measure
                if same and not is_empty(within) and not can_hold(within, gate.range):
                    unit = unit_within(gate.measure, ranges, catalogue)
                    where = f"{path}.bands[{place}]" if path.endswith(".tiers") else f"{path}.factor.bands[{place}]"
                    yield Finding(
                        Severity.NOTE,
                        where,
                        say("This band never counts."),
                        say(
                            "{measure} {range} does not pass the gate at {gate}, which asks for {asked}.",
                            measure=measure_name(gate.measure, catalogue),
                            range=range_name(within, unit),
                            gate=gate.place,
                            asked=range_name(gate.range, unit),
                        ),
                    )


# --- floors and caps -------------------------------------------------------------------------------------


def _limits(chain: Chain) -> Iterator[Finding]:
    """A cap below a floor: of the same list in either order, or of a list that follows."""
    limits = [(path, step) for path, step in chain.steps if isinstance(step, Floor | Cap)]
    for place, (first, one) in enumerate(limits):
        for second, other in limits[place + 1 :]:
            floor, cap = (one, other) if isinstance(one, Floor) else (other, one)
            if not isinstance(floor, Floor) or not isinstance(cap, Cap):
                continue
            together = first.rsplit("[", 1)[0] == second.rsplit("[", 1)[0]
            if (together or floor is one) and exact(cap.amount) < exact(floor.amount):
                yield _cap_below(second, floor.amount, cap.amount, cap_comes_last=cap is other)


def _cap_below(path: str, floor: Number, cap: Number, *, cap_comes_last: bool) -> Finding:
    case = say("Whatever is earned, {amount} is paid at this place.", amount=yuan(floor))
    if cap_comes_last:
        case = say("Whatever is earned, never more than {amount} is left.", amount=yuan(cap))
    sentence = say("The cap {cap} lies below the floor {floor}.", cap=yuan(cap), floor=yuan(floor))
    return Finding(Severity.ERROR, path, sentence, case)


def _floor_above_cap(path: str, step: object) -> Iterator[Finding]:
    for part in walk(step):
        if not isinstance(part, MeasuredFactor) or part.floor is None or part.cap is None:
            continue
        if exact(part.floor) > exact(part.cap):
            sentence = say(
                "The cap {cap} lies below the floor {floor}.",
                cap=number_text(part.cap),
                floor=number_text(part.floor),
            )
            case = say("Whatever is reached, the factor is {cap}.", cap=number_text(part.cap))
            yield Finding(Severity.ERROR, f"{path}.factor", sentence, case)


# --- lines for nobody ------------------------------------------------------------------------------------


def _nobody(chain: Chain, catalogue: Catalogue) -> Iterator[Finding]:
    positions, months = set[str](), set[int]()
    for node in chain.nodes:
        own = set() if isinstance(node, Pool) else set(node.positions)
        if own and positions and not own & positions:
            told = say(
                "Of {outer}, nobody is {inner}.", outer=_names(positions, catalogue), inner=_names(own, catalogue)
            )
            yield Finding(Severity.ERROR, chain.path, say("This line is for nobody."), told)
        if node.months and months and not months & set(node.months):
            told = say("Of the months {outer}, none is {inner}.", outer=_words(months), inner=_words(node.months))
            yield Finding(Severity.ERROR, chain.path, say("This line is never there."), told)
        positions, months = own or positions, set(node.months) or months
    yield from _unsellable(chain, catalogue)


def _names(positions: Collection[str], catalogue: Catalogue) -> Sentence:
    return listed([catalogue.position(code) for code in sorted(positions)])


def _words(months: Collection[int]) -> str:
    return ", ".join(str(month) for month in sorted(months))


def _unsellable(chain: Chain, catalogue: Catalogue) -> Iterator[Finding]:
    """Rows of a price list whose product the measure leaves out."""
    worth = chain.line.worth
    if not isinstance(worth, Listed):
        return
    for product, _ in worth.rows:
        if product in worth.measure.sales.but_products:
            sentence = say("The price list names a product that the measure leaves out.")
            case = say("{product} earns nothing.", product=catalogue.product(product))
            yield Finding(Severity.ERROR, f"{chain.path}.by_product", sentence, case)
