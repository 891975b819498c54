"""The part of a plan that a path such as ``lines[1].tiers.bands[2]`` leads to, in the words of its author."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from incentives.core.errors import Sentence, say
from incentives.core.measure import Label
from incentives.core.plan import Node, Plan

_SEGMENT = re.compile(r"([a-z_]+)(?:\[(\d+)\])?", re.ASCII)
_NUMBERED = {
    "lines": lambda number: say("row {number}", number=number),
    "then": lambda number: say("step {number}", number=number),
    "share": lambda number: say("weight {number}", number=number),
    "share_then": lambda number: say("step {number} on a person's share", number=number),
    "bands": lambda number: say("band {number}", number=number),
    "examples": lambda number: say("example {number}", number=number),
    "all": lambda number: say("condition {number}", number=number),
    "any": lambda number: say("condition {number}", number=number),
    "people": lambda number: say("person {number}", number=number),
    "sales": lambda number: say("sale {number}", number=number),
}
_NAMED = {
    "tiers": say("tiers"),
    "by": say("measure that picks the band"),
    "measure": say("measure"),
    "rate": say("rate"),
    "fixed": say("fixed amount"),
    "amount": say("amount"),
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
    "indicator": say("indicator"),
    "name": say("name"),
    "plan": say("code of the plan"),
    "divided_by": say("divisor"),
    "from": say("lower edge"),
    "above": say("lower edge"),
    "up_to": say("upper edge"),
    "below": say("upper edge"),
    "month": say("month"),
    "expect": say("what must come out"),
}
_SILENT = frozenset({"zh", "en", "all", "any"})
NameOf = Callable[[Sequence[int]], Label | None]


def word_for(key: str) -> Sentence:
    """What a key of the file is called where no file is seen."""
    return _NAMED.get(key, say("{text}", text=key))


LineName = Callable[[Sentence, Sentence], Sentence]


def _numbered(row: Sentence, name: Sentence) -> Sentence:
    return say("{row} “{name}”", row=row, name=name)


def row_name(plan: Plan, path: str) -> Sentence:
    """The row in words, counted from 1, its line by name: ``row 2 “Accessories” · tiers · band 3``."""
    return told_by(path, lambda way: _label_in(plan, way))


def place_name(plan: Plan, path: str) -> Sentence:
    """The same inside a sentence: lines by their names alone, ``“Accessories” · step 1``, wherever they stand."""
    return told_by(path, lambda way: _label_in(plan, way), lambda _, name: say("“{name}”", name=name))


def _label_in(plan: Plan, way: Sequence[int]) -> Label | None:
    nodes: Sequence[Node] = plan.lines
    label = None
    for number in way:
        if number >= len(nodes):
            return None
        label, nodes = nodes[number].label, getattr(nodes[number], "lines", ())
    return label


def told_by(path: str, name_of: NameOf, line: LineName = _numbered) -> Sentence:
    """The place in words, with the names that ``name_of`` finds for its lines, each as ``line`` writes it."""
    told: list[Sentence] = []
    way: list[int] = []
    for name, number in _SEGMENT.findall(path):
        if name in _SILENT and not number:
            continue
        told.append(_word(name, number))
        if name == "lines" and number:
            way.append(int(number))
            if label := name_of(way):
                told[-1] = line(told[-1], label.sentence())
    if path.startswith("then["):
        told.insert(0, say("the whole"))
    return _joined(told)


def _word(name: str, number: str) -> Sentence:
    if number and name in _NUMBERED:
        return _NUMBERED[name](int(number) + 1)
    return word_for(name)


def _joined(told: Sequence[Sentence]) -> Sentence:
    if not told:
        return say("the plan")
    first, *rest = told
    for each in rest:
        first = say("{before} · {after}", before=first, after=each)
    return first
