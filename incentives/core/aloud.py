"""A pay plan in plain sentences, in the order in which it is calculated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from incentives.core.catalogue import NO_CATALOGUE, Catalogue, Unit
from incentives.core.errors import Sentence, say
from incentives.core.measure import ONE, Kind, Measure, Parameter
from incentives.core.plan import (
    Band,
    Cap,
    Coefficients,
    Condition,
    Days,
    DaysPresent,
    Deduct,
    Equal,
    Factor,
    Fixed,
    Floor,
    Gate,
    Group,
    Line,
    Listed,
    MeasuredFactor,
    Node,
    Plan,
    Pool,
    Rate,
    Rated,
    Reads,
    Step,
    StepTable,
    TargetMet,
    Tiered,
    Weight,
    Worth,
)
from incentives.core.wording import (
    listed,
    measure_name,
    number_text,
    over_name,
    parameter_name,
    range_name,
    rate_name,
    unit_of,
    whose_name,
    yuan,
)


def read_aloud(plan: Plan, catalogue: Catalogue = NO_CATALOGUE) -> list[Sentence]:
    """The whole plan, one sentence for each part and each step."""
    sentences = [say("{name}:", name=plan.label.sentence())]
    for node in plan.lines:
        sentences += _node(node, catalogue)
    if plan.then:
        sentences.append(say("What then changes the sum of all lines stands as a line of its own."))
        sentences += _steps(plan.then, catalogue)
    return [*sentences, *_parameters(plan)]


def _parameters(plan: Plan) -> list[Sentence]:
    labels = dict(plan.parameter_labels)
    return [
        say(
            "{parameter} is {value} from {day} on.",
            parameter=parameter_name(Parameter(name, labels.get(name))),
            value=number_text(entry.value),
            day=str(entry.start),
        )
        for name, history in plan.parameters
        for entry in history
    ]


def _node(node: Node, catalogue: Catalogue) -> list[Sentence]:
    name = node.label.sentence()
    match node:
        case Line():
            opening = [say("{name}: {worth}.", name=name, worth=worth_name(node.worth, catalogue))]
            opening += bands_aloud(node.worth, catalogue)
        case Group():
            opening = [say("{name} is the sum of:", name=name)]
            opening += _all(node.lines, catalogue)
        case _:
            opening = [say("{name} is one amount for all members, made of:", name=name)]
            opening += _all(node.lines, catalogue)
    return [*when_aloud(node, catalogue), *opening, *_steps(node.then, catalogue), *_sharing(node, catalogue)]


def _all(nodes: Iterable[Node], catalogue: Catalogue) -> list[Sentence]:
    return [sentence for node in nodes for sentence in _node(node, catalogue)]


def when_aloud(node: Node, catalogue: Catalogue) -> list[Sentence]:
    """In which months and for which positions a row is there, where that is said."""
    sentences = []
    if node.months:
        months = ", ".join(str(month) for month in node.months)
        sentences.append(say("Only in these months: {months}.", months=months))
    if not isinstance(node, Pool) and node.positions:
        sentences.append(say("Only for these positions: {positions}.", positions=_positions(node.positions, catalogue)))
    return sentences


def _positions(codes: Sequence[str], catalogue: Catalogue) -> Sentence:
    return listed([catalogue.position(code) for code in codes])


# --- worth -----------------------------------------------------------------------------------------------


def worth_name(worth: Worth, catalogue: Catalogue) -> Sentence:
    """What a line or a deduction is worth, without its bands."""
    match worth:
        case Fixed(prorated=True):
            return say("a fixed {amount}, by days in the posting", amount=yuan(worth.amount))
        case Fixed():
            return say("a fixed {amount}", amount=yuan(worth.amount))
        case Rated():
            measure = spoken(worth.measure, catalogue)
            return say("{measure} × {rate}", measure=measure, rate=rate_name(worth.rate))
        case Listed():
            return say("{measure} by a price list of products", measure=spoken(worth.measure, catalogue))
        case Tiered(reads=Reads.EACH_BAND):
            return say("{measure}, each band at its own rate", measure=spoken(worth.decides, catalogue))
        case _:
            return say("the band that {measure} reaches holds for the whole", measure=spoken(worth.decides, catalogue))


def spoken(measure: Measure, catalogue: Catalogue) -> Sentence:
    """A measure with whose it is and, if it is not the month alone, over which months."""
    sentence = measure_name(measure, catalogue)
    if whose := whose_name(measure, catalogue):
        sentence = say("{measure} {whose}", measure=sentence, whose=whose)
    if when := over_name(measure.over):
        sentence = say("{measure} {when}", measure=sentence, when=when)
    if measure.sales.price:
        price = range_name(measure.sales.price, Unit.PERCENT)
        sentence = say("{measure} (only lines sold at {price} of list)", measure=sentence, price=price)
    if measure.divided_by is None:
        return sentence
    by = measure.divided_by
    divisor = spoken(by, catalogue) if isinstance(by, Measure) else number_text(by)
    return say("{measure} / {divisor}", measure=sentence, divisor=divisor)


def bands_aloud(worth: Worth, catalogue: Catalogue) -> list[Sentence]:
    """The bands of a table, or the rows of a price list, one by one."""
    match worth:
        case Tiered():
            unit = unit_of(worth.decides, catalogue)
            return [_band(band, unit, worth, catalogue) for band in worth.bands]
        case Listed():
            rows = [
                say("{product}: {rate}.", product=catalogue.product(product), rate=rate_name(rate))
                for product, rate in worth.rows
            ]
            others = [say("All other products: {rate}.", rate=rate_name(worth.other))] if worth.other else []
            return rows + others
        case _:
            return []


def _band(band: Band, unit: Unit, worth: Tiered, catalogue: Catalogue) -> Sentence:
    edges = range_name(band.range, unit)
    if not isinstance(band.pays, Rate):
        return say("{range}: {amount}.", range=edges, amount=yuan(band.pays.amount))
    if worth.by is None or worth.measure is None:
        return say("{range}: {rate}.", range=edges, rate=rate_name(band.pays))
    measure = spoken(worth.measure, catalogue)
    return say("{range}: {rate} of {measure}.", range=edges, rate=rate_name(band.pays), measure=measure)


# --- steps -----------------------------------------------------------------------------------------------


def _steps(steps: Sequence[Step], catalogue: Catalogue) -> list[Sentence]:
    return [sentence for step in steps for sentence in step_aloud(step, catalogue)]


def step_aloud(step: Step, catalogue: Catalogue) -> list[Sentence]:
    """A step, and the bands of its table."""
    match step:
        case Factor():
            return [say("Then times {factor}.", factor=number_text(step.number))]
        case MeasuredFactor() | StepTable():
            return [say("Then times {factor}.", factor=_factor(step, catalogue)), *_rows(step, catalogue)]
        case Gate():
            return [_gate(step, catalogue)]
        case Deduct():
            less = say("Then less {worth}.", worth=worth_name(step.worth, catalogue))
            return [less, *bands_aloud(step.worth, catalogue)]
        case Floor():
            return [say("Then at least {amount}.", amount=_limit(step))]
        case _:
            return [say("Then at most {amount}.", amount=_limit(step))]


def _limit(step: Floor | Cap) -> Sentence | str:
    amount = yuan(step.amount)
    return say("{amount} by days in the posting", amount=amount) if step.prorated else amount


def _factor(step: MeasuredFactor | StepTable, catalogue: Catalogue) -> Sentence:
    measure = spoken(step.measure, catalogue)
    if isinstance(step, StepTable):
        return say("the factor of the band in which {measure} lies", measure=measure)
    sentence = measure
    if step.per != ONE:
        sentence = say("{measure} / {divisor}", measure=sentence, divisor=number_text(step.per))
    if step.floor is not None:
        sentence = say("{factor}, at least {limit}", factor=sentence, limit=number_text(step.floor))
    if step.cap is not None:
        sentence = say("{factor}, at most {limit}", factor=sentence, limit=number_text(step.cap))
    return sentence


def _rows(step: MeasuredFactor | StepTable, catalogue: Catalogue) -> list[Sentence]:
    if isinstance(step, MeasuredFactor):
        return []
    unit = unit_of(step.measure, catalogue)
    return [
        say("{range}: {factor}.", range=range_name(band.range, unit), factor=number_text(band.factor))
        for band in step.bands
    ]


def _gate(step: Gate, catalogue: Catalogue) -> Sentence:
    first, *rest = (_condition(condition, catalogue) for condition in step.conditions)
    told = first
    for condition in rest:
        told = _or(told, condition) if step.any_one else _and(told, condition)
    return say("Only if {condition}; otherwise nothing.", condition=told)


def _or(one: Sentence, other: Sentence) -> Sentence:
    return say("{one} or {other}", one=one, other=other)


def _and(one: Sentence, other: Sentence) -> Sentence:
    return say("{one} and {other}", one=one, other=other)


def _condition(condition: Condition | TargetMet, catalogue: Catalogue) -> Sentence:
    if isinstance(condition, TargetMet):
        indicator = replace(condition.measure, kind=Kind.INDICATOR)
        return say("the target of {measure} is met", measure=spoken(indicator, catalogue))
    measure = spoken(condition.measure, catalogue)
    edges = range_name(condition.range, unit_of(condition.measure, catalogue))
    return say("{measure} {range}", measure=measure, range=edges)


# --- shares ----------------------------------------------------------------------------------------------


def _sharing(node: Node, catalogue: Catalogue) -> list[Sentence]:
    if not isinstance(node, Pool):
        return []
    sentences = [
        say("The pool is shared by {weight}.", weight=weight_aloud(weight, catalogue)) for weight in node.share
    ]
    if len(sentences) > 1:
        sentences.append(say("These weights are multiplied."))
    if node.share_then:
        sentences.append(say("A person's own share changes; what it loses is forfeited and not handed round:"))
        sentences += _steps(node.share_then, catalogue)
    return sentences


def weight_aloud(weight: Weight, catalogue: Catalogue) -> Sentence:
    """By what a pool is shared."""
    match weight:
        case Equal():
            return say("equal parts")
        case DaysPresent():
            return say("days present")
        case Days():
            return say("days in the posting")
        case Coefficients():
            return _coefficients(weight, catalogue)
        case _:
            return _factor(weight, catalogue)


def _coefficients(weight: Coefficients, catalogue: Catalogue) -> Sentence:
    said = [say("number {number}: {value}", number=number, value=number_text(value)) for number, value in weight.people]
    said += [
        say("{position}: {value}", position=catalogue.position(code), value=number_text(value))
        for code, value in weight.positions
    ]
    if weight.default:
        said.append(say("all others: {value}", value=number_text(weight.default)))
    return say("coefficients ({table})", table=listed(said))
