"""From the typed parts of a plan back to what its author could have written."""

from __future__ import annotations

from collections.abc import Sequence

from incentives.commissions.format.write_samples import written_example
from incentives.commissions.format.writing import Mapping, Text, label, number
from incentives.core.measure import INDICATOR_KINDS, Given, Kind, Measure, Over, Range, Sales
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
    Step,
    StepTable,
    TargetMet,
    Weight,
    Worth,
)
from incentives.core.samples import Example


def written(plan: Plan, examples: Sequence[Example]) -> Mapping:
    """A plan and its examples as plain lists, mappings and texts."""
    return {
        "plan": plan.code,
        "name": label(plan.label),
        **({"note": label(plan.note)} if plan.note else {}),
        **({"parameters": _parameters(plan)} if plan.parameters else {}),
        "lines": [_node(node) for node in plan.lines],
        **_then(plan.then),
        **({"examples": [written_example(example) for example in examples]} if examples else {}),
    }


def _parameters(plan: Plan) -> Mapping:
    labels = dict(plan.parameter_labels)
    return {
        name: {
            **({"name": label(labels[name])} if name in labels else {}),
            "values": [{"from": str(entry.start), "value": number(entry.value)} for entry in history],
        }
        for name, history in plan.parameters
    }


def _rate_text(rate: Rate) -> str:
    return f"{number(rate.number)} per unit" if rate.per_unit else number(rate.number)


def _rate(rate: Rate) -> Mapping:
    return {"rate": _rate_text(rate)}


def _edges(within: Range) -> Mapping:
    edges: Mapping = {}
    if within.low is not None:
        edges["from" if within.low_belongs else "above"] = number(within.low)
    if within.high is not None:
        edges["up_to" if within.high_belongs else "below"] = number(within.high)
    return edges


# --- measures --------------------------------------------------------------------------------------------


def _measure(measure: Measure) -> Mapping:
    said: Mapping = {"kind": measure.kind.value, "of": measure.of.value, **_sales(measure.sales)}
    if measure.kind in INDICATOR_KINDS:
        said["indicator"] = measure.indicator
    if measure.department:
        said["department"] = measure.department
    if measure.over is not Over.MONTH:
        said["over"] = measure.over.value
    if measure.better:
        said["better"] = measure.better.value
    return {**said, **_baseline(measure), **_divided_by(measure), **_named(measure)}


def _sales(sales: Sales) -> Mapping:
    lists = {
        "category": sales.categories,
        "product": sales.products,
        "campaign": sales.campaigns,
        "role": sales.roles,
        "but_product": sales.but_products,
    }
    said: Mapping = {key: list(values) for key, values in lists.items() if values}
    return {**said, "price": _edges(sales.price)} if sales.price else said


def _baseline(measure: Measure) -> Mapping:
    if measure.kind is not Kind.UPLIFT:
        return {}
    if measure.baseline is None:
        return {"baseline": {"months_back": str(measure.months_back)}}
    return {"baseline": number(measure.baseline)}


def _divided_by(measure: Measure) -> Mapping:
    by = measure.divided_by
    if by is None:
        return {}
    return {"divided_by": _measure(by) if isinstance(by, Measure) else number(by)}


def _named(measure: Measure) -> Mapping:
    return {"name": label(measure.label)} if measure.label else {}


# --- worth and steps -------------------------------------------------------------------------------------


def _worth(worth: Worth) -> Mapping:
    if isinstance(worth, Fixed):
        return {"fixed": _amount(worth)}
    if isinstance(worth, Rated):
        return {"measure": _measure(worth.measure), **_rate(worth.rate)}
    if isinstance(worth, Listed):
        return {"measure": _measure(worth.measure), "by_product": _by_product(worth)}
    return {
        **({"measure": _measure(worth.measure)} if worth.measure else {}),
        "tiers": {
            "reads": worth.reads.value,
            **({"by": _measure(worth.by)} if worth.by else {}),
            "bands": [_band(band) for band in worth.bands],
        },
    }


def _by_product(worth: Listed) -> Text:
    said: Mapping = {"rates": {product: _rate_text(rate) for product, rate in worth.rows}}
    return {**said, "other": _rate_text(worth.other)} if worth.other else said


def _band(band: Band) -> Text:
    pays: Mapping = {"amount": number(band.pays.amount)} if isinstance(band.pays, Fixed) else _rate(band.pays)
    return {**_edges(band.range), **pays}


def _then(steps: Sequence[Step], key: str = "then") -> Mapping:
    return {key: [_step(step) for step in steps]} if steps else {}


def _step(step: Step) -> Text:
    match step:
        case Factor() | MeasuredFactor() | StepTable():
            return {"factor": _factor(step)}
        case Gate():
            return {"gate": {"any" if step.any_one else "all": [_condition(each) for each in step.conditions]}}
        case Deduct():
            return {"deduct": _worth(step.worth)}
        case Floor():
            return {"floor": _amount(step)}
        case _:
            return {"cap": _amount(step)}


def _amount(part: Fixed | Floor | Cap) -> Text:
    if not part.prorated:
        return number(part.amount)
    return {"amount": number(part.amount), "prorated": "yes"}


def _factor(step: Factor | MeasuredFactor | StepTable) -> Text:
    match step:
        case Factor():
            return number(step.number)
        case MeasuredFactor():
            limits = {"per": step.per, "floor": step.floor, "cap": step.cap}
            said = {key: number(limit) for key, limit in limits.items() if limit is not None}
            return {"measure": _measure(step.measure), **said}
        case _:
            bands: list[Text] = [{**_edges(band.range), "factor": number(band.factor)} for band in step.bands]
            return {"measure": _measure(step.measure), "bands": bands}


def _condition(condition: Condition | TargetMet) -> Text:
    if isinstance(condition, Condition):
        return {"measure": _measure(condition.measure), **_edges(condition.range)}
    said = _measure(condition.measure)
    del said["kind"]
    return {"target_met": said.pop("indicator"), **said}


# --- the tree --------------------------------------------------------------------------------------------


def _node(node: Node) -> Text:
    match node:
        case Line():
            return {"line": node.code, **_around(node), **_worth(node.worth), **_then(node.then)}
        case Group():
            lines: list[Text] = [_node(below) for below in node.lines]
            return {"group": node.code, **_around(node), "lines": lines, **_then(node.then)}
        case _:
            return {
                "pool": node.code,
                **_around(node),
                "lines": [_node(below) for below in node.lines],
                **_then(node.then),
                "share": [_weight(weight) for weight in node.share],
                **_then(node.share_then, "share_then"),
            }


def _around(node: Node) -> Mapping:
    said: Mapping = {"name": label(node.label)}
    if node.months:
        said["months"] = [str(month) for month in node.months]
    if not isinstance(node, Pool) and node.positions:
        said["positions"] = list(node.positions)
    return said


def _weight(weight: Weight) -> Text:
    match weight:
        case Equal():
            return "equal"
        case Days():
            return {"days": "posting"}
        case DaysPresent():
            return {"days": "present"}
        case Coefficients():
            return {"coefficients": _coefficients(weight)}
        case _:
            return _factor(weight)


def _coefficients(weight: Coefficients) -> Text:
    said: Mapping = {"positions": _table(weight.positions), "people": _table(weight.people)}
    return {**said, "default": number(weight.default)} if weight.default else said


def _table(table: Sequence[tuple[str, Given]]) -> Text:
    return {key: number(value) for key, value in table}
