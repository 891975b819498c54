"""What each row of a plan says by itself, so that a row can be read without what stands below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from incentives.core.aloud import bands_aloud, step_aloud, weight_aloud, when_aloud, worth_name
from incentives.core.catalogue import NO_CATALOGUE, Catalogue
from incentives.core.errors import Sentence, say
from incentives.core.plan import Group, Line, Node, Plan, Pool, Step

Row = tuple[str, list[Sentence]]


def rows_aloud(plan: Plan, catalogue: Catalogue = NO_CATALOGUE) -> dict[str, list[Sentence]]:
    """The sentences of every line, group, pool, step and weight, by its place in the plan, such as ``lines[0].then[1]``.

    A line is followed by its steps; a group and a pool only say of how many rows they are made.
    """
    rows = [row for place, node in enumerate(plan.lines) for row in _node(f"lines[{place}]", node, catalogue)]
    return dict([*rows, *_steps("then", plan.then, catalogue)])


def _node(path: str, node: Node, catalogue: Catalogue) -> Iterator[Row]:
    steps = [sentence for step in node.then for sentence in step_aloud(step, catalogue)]
    yield path, [*when_aloud(node, catalogue), *_opening(node, catalogue), *steps]
    yield from _steps(f"{path}.then", node.then, catalogue)
    if isinstance(node, Group | Pool):
        for place, below in enumerate(node.lines):
            yield from _node(f"{path}.lines[{place}]", below, catalogue)
    if isinstance(node, Pool):
        for place, weight in enumerate(node.share):
            shared = say("The pool is shared by {weight}.", weight=weight_aloud(weight, catalogue))
            yield f"{path}.share[{place}]", [shared]
        yield from _steps(f"{path}.share_then", node.share_then, catalogue)


def _opening(node: Node, catalogue: Catalogue) -> list[Sentence]:
    match node:
        case Line():
            return [say("{worth}.", worth=worth_name(node.worth, catalogue)), *bands_aloud(node.worth, catalogue)]
        case Group():
            return [say("Rows added up: {number}.", number=len(node.lines))]
        case _:
            return [say("One amount for all members. Rows that make it: {number}.", number=len(node.lines))]


def _steps(path: str, steps: Sequence[Step], catalogue: Catalogue) -> Iterator[Row]:
    for place, step in enumerate(steps):
        yield f"{path}[{place}]", step_aloud(step, catalogue)
