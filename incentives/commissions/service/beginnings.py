"""What a plan may begin with: the usual plans, an empty one, a copy of another."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from sqlalchemy import select

from incentives.commissions.editing import tree as trees
from incentives.commissions.format import PlanDocument, dump, load
from incentives.commissions.format.document import dump_tree
from incentives.commissions.models import PayPlan
from incentives.config import resource
from incentives.db import db

EMPTY = """plan: new-plan
name: {en: New plan, zh: 新方案}
lines:
  - line: line_1
    name: {en: New line, zh: 新项目}
    measure: {kind: amount, category: accessories}
    rate: 5 %
"""
"""What a plan begins with that begins with nothing: one line, ready to be changed."""


def templates() -> list[tuple[str, PlanDocument, str]]:
    """Plans to begin with: file name, what it says, its text."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(_templates_folder().glob("*.yaml"))}
    return [(name, load(text), text) for name, text in texts.items()]


def template(name: str) -> str:
    """The text of one of them; nothing if there is none of that name."""
    known = {path.stem: path for path in _templates_folder().glob("*.yaml")}
    return known[name].read_text(encoding="utf-8") if name in known else ""


def copied(store_id: int, text: str) -> str:
    """A plan's text to begin another plan with: its code is changed where the store has a plan of that code.

    Raises:
        Faults: the text is no plan.
    """
    code = code_in(text)
    taken = set(db.session.scalars(select(PayPlan.code).where(PayPlan.store_id == store_id)))
    if code not in taken:
        return text
    free = next(name for number in count(2) if (name := f"{code[:36]}-{number}") not in taken)
    tree = trees.read(dump(load(text)))
    tree["plan"] = free
    return dump_tree(tree)


def code_in(text: str) -> str:
    """The code that a plan's text says.

    Raises:
        Faults: the text is no plan.
    """
    return load(text).plan.code


def _templates_folder() -> Path:
    return resource("seeds") / "reference" / "plans"
