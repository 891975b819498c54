"""The row of a plan that a path such as ``lines[1].tiers.bands[2]`` leads to: in words, and as a name that stays."""

from __future__ import annotations

import re
from collections.abc import Sequence

from incentives.commissions.format.writing import Mapping, Text
from incentives.core.errors import Sentence
from incentives.core.measure import Label
from incentives.core.places import told_by
from incentives.core.plan import Node, Plan

_BELOW_LINES = re.compile(r"lines\[(\d+)\]\.?")


def words_of(tree: Mapping, path: str) -> Sentence:
    """The row in words of a plan that is only being written: :func:`incentives.core.places.row_name`."""
    return told_by(path, lambda way: _label_at(tree, way))


def _label_at(tree: Mapping, way: Sequence[int]) -> Label | None:
    here: Text = tree
    for number in way:
        rows = here.get("lines") if isinstance(here, dict) else None
        if not isinstance(rows, list) or number >= len(rows):
            return None
        here = rows[number]
    name = here.get("name") if isinstance(here, dict) else None
    if not isinstance(name, dict):
        return None
    zh, en = name.get("zh"), name.get("en")
    texts = [each for each in (zh, en) if isinstance(each, str)]
    return Label(texts[-1], texts[0]) if texts else None


def lasting_name(plan: Plan, path: str) -> str:
    """The row by the code of its line, which stays when lines are added above: ``accessories:tiers.bands[2]``."""
    nodes: Sequence[Node] = plan.lines
    code, rest = "", path
    while (found := _BELOW_LINES.match(rest)) and int(found[1]) < len(nodes):
        node = nodes[int(found[1])]
        code, rest, nodes = node.code, rest[found.end() :], getattr(node, "lines", ())
    return f"{code}:{rest}"
