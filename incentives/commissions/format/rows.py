"""The row of a plan that a path such as ``lines[1].tiers.bands[2]`` leads to: in words, and as a name that stays."""

from __future__ import annotations

import re
from collections.abc import Sequence

from incentives.core.errors import Sentence, say
from incentives.core.plan import Node, Plan

_SEGMENT = re.compile(r"([a-z_]+)(?:\[(\d+)\])?", re.ASCII)
_BELOW_LINES = re.compile(r"lines\[(\d+)\]\.?")
_NUMBERED = {
    "lines": lambda number: say("row {number}", number=number),
    "then": lambda number: say("step {number}", number=number),
    "share": lambda number: say("weight {number}", number=number),
    "share_then": lambda number: say("step {number} on a person's share", number=number),
    "bands": lambda number: say("band {number}", number=number),
    "examples": lambda number: say("example {number}", number=number),
}
_NAMED = {
    "tiers": say("tiers"),
    "rate": say("rate"),
    "fixed": say("fixed amount"),
    "by_product": say("price list"),
    "factor": say("factor"),
    "gate": say("gate"),
    "deduct": say("deduction"),
    "floor": say("floor"),
    "cap": say("cap"),
    "coefficients": say("coefficients"),
    "parameters": say("parameters"),
    "examples": say("examples"),
    "lines": say("rows"),
    "share": say("share"),
    "then": say("steps on the whole"),
    "share_then": say("steps on a person's share"),
}


def row_name(plan: Plan, path: str) -> Sentence:
    """The row in words, counted from 1, its line by name: ``row 2 “Accessories” · tiers · band 3``."""
    nodes: Sequence[Node] = plan.lines
    told: list[Sentence] = []
    for name, number in _SEGMENT.findall(path):
        told.append(_word(name, number))
        if name == "lines" and number and int(number) < len(nodes):
            node = nodes[int(number)]
            told[-1] = say("{row} “{name}”", row=told[-1], name=node.label.sentence())
            nodes = getattr(node, "lines", ())
    if path.startswith("then["):
        told.insert(0, say("the whole"))
    return _joined(told)


def _word(name: str, number: str) -> Sentence:
    if number and name in _NUMBERED:
        return _NUMBERED[name](int(number) + 1)
    return _NAMED.get(name, say("{text}", text=name))


def _joined(told: Sequence[Sentence]) -> Sentence:
    if not told:
        return say("the plan")
    first, *rest = told
    for each in rest:
        first = say("{before} · {after}", before=first, after=each)
    return first


def lasting_name(plan: Plan, path: str) -> str:
    """The row by the code of its line, which stays when lines are added above: ``accessories:tiers.bands[2]``."""
    nodes: Sequence[Node] = plan.lines
    code, rest = "", path
    while (found := _BELOW_LINES.match(rest)) and int(found[1]) < len(nodes):
        node = nodes[int(found[1])]
        code, rest, nodes = node.code, rest[found.end() :], getattr(node, "lines", ())
    return f"{code}:{rest}"
