"""The boxes of the steps that change an amount: factors, gates, deductions, floors and caps."""

from __future__ import annotations

from incentives.commissions.editing.fields import Box, Field, Kind, Option, Pickers, Rows
from incentives.commissions.editing.measures import edges_field, is_percent, measure_box, whose_fields, with_own
from incentives.commissions.editing.tree import at, list_at, mapping_at, text_at
from incentives.commissions.editing.worth import PARAMETERS, amount_field, band_rows, worth_boxes, worth_fields
from incentives.commissions.format.writing import Text
from incentives.core.errors import Sentence, say

STEPS = (
    Option("factor", say("Times a fixed factor")),
    Option("measured", say("Times a measured factor")),
    Option("table", say("Times a factor from a table")),
    Option("gate", say("Gate: only if …")),
    Option("deduct", say("Less a deduction")),
    Option("floor", say("Floor: at least")),
    Option("cap", say("Cap: at most")),
)
CONDITIONS = (
    Option("condition", say("Add a condition")),
    Option("target_met", say("Add: a target is met")),
)
HOLDING = (
    Option("all", say("all conditions must hold")),
    Option("any", say("one condition is enough")),
)


def step_rows(tree: Text, path: str, pickers: Pickers, title: Sentence, *, pooled: bool = False) -> Rows:
    """The steps at a place, in the order in which they are worked out."""
    places = range(len(list_at(tree, path)))
    boxes = tuple(_step(tree, f"{path}[{place}]", pickers, pooled=pooled) for place in places)
    return Rows(path, title, boxes, STEPS, "steps", add_label=say("Add a step"))


def _step(tree: Text, path: str, pickers: Pickers, *, pooled: bool) -> Box:
    said = mapping_at(tree, path)
    if "factor" in said:
        return factor_box(tree, f"{path}.factor", path, pickers, pooled=pooled)
    if "gate" in said:
        return _gate(tree, path, pickers, pooled=pooled)
    if "deduct" in said:
        fields = tuple(worth_fields(tree, f"{path}.deduct"))
        below = tuple(worth_boxes(tree, f"{path}.deduct", pickers, pooled=pooled))
        return Box(path, say("Less a deduction"), "step", fields, below=below, moves=True)
    kind, title = ("floor", say("Floor: at least")) if "floor" in said else ("cap", say("Cap: at most"))
    return Box(path, title, "step", (amount_field(tree, f"{path}.{kind}", say("Amount")),), moves=True)


def factor_box(tree: Text, path: str, box: str, pickers: Pickers, *, pooled: bool) -> Box:
    """A constant, a measured factor or a step table; ``box`` is the place that is moved and removed."""
    if isinstance(at(tree, path), str):
        factor = Field(path, Kind.NUMBER, say("Factor"), text_at(tree, path), picks=PARAMETERS)
        return Box(box, say("Times a fixed factor"), "step", (factor,), moves=True)
    measure = measure_box(tree, f"{path}.measure", pickers, say("Measure"), pooled=pooled)
    if "bands" in mapping_at(tree, path):
        percent = is_percent(tree, f"{path}.measure", pickers)
        places = range(len(list_at(tree, f"{path}.bands")))
        bands = tuple(_factor_band(tree, f"{path}.bands[{place}]", percent=percent) for place in places)
        title = say("Times a factor from a table")
        return Box(box, title, "step", below=(measure, band_rows(f"{path}.bands", bands)), moves=True)
    below = (measure, _limits(tree, path, pickers))
    return Box(box, say("Times a measured factor"), "step", below=below, moves=True)


def _limits(tree: Text, path: str, pickers: Pickers) -> Box:
    """Between which values the factor is held, and per how much the measure is one."""
    percent = is_percent(tree, f"{path}.measure", pickers)
    hint = say("A score of 92 per 100 is the factor 0.92.")
    per = Field(f"{path}.per", Kind.NUMBER, say("Per"), text_at(tree, f"{path}.per"), hint=hint)
    floor, cap = (
        Field(f"{path}.{key}", Kind.NUMBER, label, text_at(tree, f"{path}.{key}"), percent=percent, picks=PARAMETERS)
        for key, label in (("floor", say("At least")), ("cap", say("At most")))
    )
    return Box(f"{path}.per", say("Limits"), "plain", (floor, cap), (per,))


def _factor_band(tree: Text, path: str, *, percent: bool) -> Box:
    edges = edges_field(tree, path, say("Range"), percent=percent)
    factor = Field(f"{path}.factor", Kind.NUMBER, say("Factor"), text_at(tree, f"{path}.factor"), picks=PARAMETERS)
    return Box(path, say("Band"), "band", (edges, factor), moves=True)


def _gate(tree: Text, path: str, pickers: Pickers, *, pooled: bool) -> Box:
    holding = "any" if "any" in mapping_at(tree, f"{path}.gate") else "all"
    conditions = f"{path}.gate.{holding}"
    boxes = tuple(
        _condition(tree, f"{conditions}[{place}]", pickers, pooled=pooled)
        for place in range(len(list_at(tree, conditions)))
    )
    choice = Field(f"{path}.gate", Kind.SHAPE, say("Holds if"), holding, options=HOLDING, shape="holding", wide=True)
    rows = Rows(conditions, say("Conditions"), boxes, CONDITIONS, "conditions", add_label=say("Add a condition"))
    fields = (choice,) if len(boxes) > 1 else ()
    return Box(path, say("Gate: only if …"), "step", fields, below=(rows,), moves=True)


def _condition(tree: Text, path: str, pickers: Pickers, *, pooled: bool) -> Box:
    said = mapping_at(tree, path)
    if "target_met" in said:
        value = text_at(said, "target_met")
        options = with_own(pickers.indicators, value)
        indicator = Field(f"{path}.target_met", Kind.CHOICE, say("Indicator"), value, options=options)
        fields = (indicator, *whose_fields(tree, path, pickers, pooled=pooled))
        return Box(path, say("The target is met"), "condition", fields, moves=True)
    percent = is_percent(tree, f"{path}.measure", pickers)
    edges = edges_field(tree, path, say("Must lie in"), percent=percent)
    measure = measure_box(tree, f"{path}.measure", pickers, say("Measure"), pooled=pooled)
    return Box(path, say("Condition"), "condition", (edges,), below=(measure,), moves=True)
