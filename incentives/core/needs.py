"""What a plan asks for: every figure, and the parts of it that hold for somebody in a month."""

from __future__ import annotations

from collections.abc import Sequence

from incentives.core.keys import MeasureKey, keys_of
from incentives.core.measure import Measure
from incentives.core.parameters import in_month, walk
from incentives.core.period import Month
from incentives.core.plan import Group, Listed, Node, Plan, Pool, pools_in
from incentives.core.pools import somebody
from incentives.core.reading import Desk, Member


def needed(plan: Plan, month: Month, members: Sequence[Member]) -> set[MeasureKey]:
    """Every figure that the plan asks for in the month, so that all can be gathered at once.

    Raises:
        DomainError: a parameter has no value in the month.
    """
    filled = in_month(plan, month)
    people = [member.id for member in members]
    common = [measure for pool in pools_of(filled) for measure in measures_of((pool.lines, pool.then))]
    own = [measure for part in _own_parts(filled) for measure in measures_of(part)]
    keys = {key for measure in common for key in keys_of(measure, month, None)}
    return keys | {key for measure in own for person in people for key in keys_of(measure, month, person)}


def _own_parts(plan: Plan) -> list[object]:
    """The parts that are worked out for each member: all but what forms the pools."""
    shares: list[object] = [part for pool in pools_of(plan) for part in (pool.share, pool.share_then)]
    return [*shares, *(_without_pools(node) for node in plan.lines), plan.then]


def _without_pools(node: Node, desk: Desk | None = None) -> object:
    """What a person's line is made of, pools aside; with a desk, only what holds for that person and month."""
    if isinstance(node, Pool) or (desk and not is_for(node, desk)):
        return ()
    if isinstance(node, Group):
        return (node.then, *(_without_pools(below, desk) for below in node.lines))
    return node


def pools_of(plan: Plan) -> list[Pool]:
    """Every pool of a plan, wherever it stands."""
    return [pool for node in plan.lines for pool in pools_in(node)]


def measures_of(part: object) -> list[Measure]:
    """Every measure that a part of a plan names, in the order written."""
    found: list[Measure] = []
    for each in walk(part):
        if isinstance(each, Listed):
            found += [row.measure for row in each.parts()]
        elif isinstance(each, Measure):
            found.append(each)
    return found


def in_season(node: Node, month: Month) -> bool:
    """Whether a part holds in the month."""
    return not node.months or month.month in node.months


def is_for(node: Node, desk: Desk) -> bool:
    """Whether a part holds for the member on the desk in its month."""
    positions = () if isinstance(node, Pool) else node.positions
    right_person = not positions or (desk.member is not None and desk.member.position in positions)
    return right_person and in_season(node, desk.month)


def own_measures(node: Node, desk: Desk) -> list[Measure]:
    """What a person's line asks for, listed once for each position.

    Found by the node itself, which the plan on the desk keeps alive: comparing nodes costs as much as listing.
    """
    asked_by = (id(node), somebody(desk).position)
    if asked_by not in desk.asked:
        desk.asked[asked_by] = measures_of(_without_pools(node, desk))
    return desk.asked[asked_by]
