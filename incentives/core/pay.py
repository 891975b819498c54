"""A plan and the sums of a month become statement lines that name their rule and carry their arithmetic.

Nothing here looks anything up: :mod:`incentives.core.needs` says which figures a plan asks for, and :func:`calculate` is
handed them. The same figures give the same result, in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from incentives.core.catalogue import NO_CATALOGUE, Catalogue
from incentives.core.errors import Sentence, say
from incentives.core.explain import Does, Explanation, chain, explain
from incentives.core.money import FEN_PER_YUAN, ZERO, Money, total
from incentives.core.needs import in_season, is_for, measures_of, own_measures, pools_of
from incentives.core.parameters import in_month
from incentives.core.period import Month
from incentives.core.plan import Group, Line, Node, Plan, Pool, pools_in
from incentives.core.pools import PoolResult, forfeited, form, somebody, weigh
from incentives.core.reading import Desk, Member, Missing, NotKnownError, Sums
from incentives.core.steps import apply
from incentives.core.worth import work_out_worth

WHOLE = "whole"
"""The code of the line that holds what the plan's own steps change on the sum of the lines."""

CHANGE_TO_THE_SUM = say("Change to the sum")
SUM = say("Sum of the lines")


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One line of a statement: a top-level part of the plan for one member, rounded once.

    While something is ``missing`` the amount is zero and must not be paid: the line waits for it.
    ``forfeited`` is what the member's own steps took from his share of a pool; nobody else receives it.
    """

    code: str
    name: Sentence
    member: int
    amount: Money
    explanation: Explanation | None
    missing: tuple[Missing, ...] = ()
    forfeited: Money = ZERO

    @property
    def payable(self) -> bool:
        """Whether everything that the line needs is known."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class PlanResult:
    """All lines of all members, ordered by employee number and the plan's order, and the pools behind them."""

    lines: tuple[ResultLine, ...]
    pools: tuple[PoolResult, ...]

    def of(self, member: int) -> tuple[ResultLine, ...]:
        """One member's lines."""
        return tuple(line for line in self.lines if line.member == member)

    def total_of(self, member: int) -> Money:
        """The sum of one member's lines."""
        return total(line.amount for line in self.of(member))

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Everything that some line waits for, each once."""
        return tuple(dict.fromkeys(missing for line in self.lines for missing in line.missing))


@dataclass(frozen=True, slots=True)
class Known:
    """What need not be worked out again: lines by the code of their part and the member, and pools by their code."""

    lines: Mapping[tuple[str, int], ResultLine] = field(default_factory=dict)
    pools: Mapping[str, PoolResult] = field(default_factory=dict)


NOTHING_KNOWN = Known()


def calculate(
    plan: Plan,
    month: Month,
    members: Iterable[Member],
    sums: Sums,
    catalogue: Catalogue = NO_CATALOGUE,
    *,
    known: Known = NOTHING_KNOWN,
    only: int | None = None,
) -> PlanResult:
    """What every member is paid under the plan in the month.

    ``sums`` answers the keys of :func:`incentives.core.needs.needed`: a sale measure that is not there is zero, a
    reading, target or score that is not there is missing. ``catalogue`` gives names, units and directions. Shares of
    a pool go by largest remainder, ties to the lower employee number. Pure: any order of members and sums gives the
    same.

    Args:
        plan: with its parameters as written.
        month: which values of the parameters hold, and which parts.
        members: all whom the plan pays; pools are shared among them.
        sums: every figure.
        catalogue: what the store calls what the plan names.
        known: taken instead of working it out; see :func:`incentives.core.simulation.in_common`.
        only: whose lines are wanted, by employee id; everybody's, if nobody's in particular.

    Raises:
        DomainError: a parameter has no value in the month.
    """
    filled = in_month(plan, month)
    ordered = sorted(members, key=lambda member: (member.number, member.id))
    desk = Desk(month, sums, catalogue)
    pools = {
        pool.code: known.pools.get(pool.code) or _pool(pool, ordered, desk)
        for pool in pools_of(filled)
        if in_season(pool, month)
    }
    desks = [replace(desk, member=member) for member in ordered if only in {None, member.id}]
    lines = [line for own in desks for line in _statement(filled, own, pools, known)]
    return PlanResult(tuple(lines), tuple(pools.values()))


# --- lines -----------------------------------------------------------------------------------------------


def _statement(plan: Plan, desk: Desk, pools: Mapping[str, PoolResult], known: Known) -> list[ResultLine]:
    person = _person(desk)
    own = [node for node in plan.lines if is_for(node, desk)]
    lines = [known.lines.get((node.code, person)) or _line(node, desk, pools) for node in own]
    return [*lines, _change(plan, lines, desk)] if plan.then and lines else lines


def _line(node: Node, desk: Desk, pools: Mapping[str, PoolResult]) -> ResultLine:
    person = _person(desk)
    name = node.label.sentence()
    missing = _lacking(node, desk, pools)
    if not missing:
        try:
            worked_out = _work_out(node, desk, pools)
            if not isinstance(node, Pool):  # a share is in whole fen already
                worked_out = _rounded(worked_out, name)
        except NotKnownError as unknown:
            missing = (unknown.missing,)
        else:
            lost = forfeited(node, person, pools)
            return ResultLine(node.code, name, person, _money(worked_out), worked_out, forfeited=lost)
    return ResultLine(node.code, name, person, ZERO, None, missing)


def _person(desk: Desk) -> int:
    return somebody(desk).id


def _lacking(node: Node, desk: Desk, pools: Mapping[str, PoolResult]) -> tuple[Missing, ...]:
    own = desk.lacks(own_measures(node, desk))
    used = [pools[pool.code] for pool in pools_in(node) if pool.code in pools]
    of_pools = [missing for pool in used for missing in (*pool.missing, *pool.missing_of(_person(desk)))]
    return tuple(dict.fromkeys((*own, *of_pools)))


def _work_out(node: Node, desk: Desk, pools: Mapping[str, PoolResult]) -> Explanation:
    name = node.label.sentence()
    match node:
        case Line():
            return apply(work_out_worth(node.worth, desk), node.then, desk, name)
        case Group():
            below = [_work_out(each, desk, pools) for each in node.lines if is_for(each, desk)]
            return apply(added_up(below, SUM), node.then, desk, name)
        case _:
            return pools[node.code].paid[_person(desk)]


def added_up(parts: Sequence[Explanation], name: Sentence) -> Explanation:
    """The sum of parts under one name."""
    return explain(Does.SUM, name, parts=parts)


def _rounded(worked_out: Explanation, name: Sentence) -> Explanation:
    return chain(name, [worked_out, rounded(worked_out.value)])


def rounded(before: Fraction) -> Explanation:
    """The one rounding of an amount, half away from zero."""
    return explain(Does.ROUND, say("Rounded to the fen"), before=before)


def _money(explanation: Explanation) -> Money:
    return Money.rounded(explanation.value * FEN_PER_YUAN)


def _change(plan: Plan, lines: Sequence[ResultLine], desk: Desk) -> ResultLine:
    person, name = _person(desk), CHANGE_TO_THE_SUM
    missing = tuple(dict.fromkeys((*desk.lacks(measures_of(plan.then)), *(m for line in lines for m in line.missing))))
    if not missing:
        try:
            changed = _changed(plan, lines, desk, name)
        except NotKnownError as unknown:
            missing = (unknown.missing,)
        else:
            return ResultLine(WHOLE, name, person, _money(changed), changed)
    return ResultLine(WHOLE, name, person, ZERO, None, missing)


def _changed(plan: Plan, lines: Sequence[ResultLine], desk: Desk, name: Sentence) -> Explanation:
    amounts = [_line_amount(line) for line in lines]
    before = added_up(amounts, SUM)
    after = apply(before, plan.then, desk, plan.label.sentence())
    to_the_fen = rounded(after.value)
    change = explain(Does.CHANGE, say("What that changes"), parts=[before], before=to_the_fen.value)
    return chain(name, [after, to_the_fen, change])


def _line_amount(line: ResultLine) -> Explanation:
    return explain(Does.GIVEN, line.name, figures=[Fraction(line.amount.fen, FEN_PER_YUAN)])


# --- pools -----------------------------------------------------------------------------------------------


def _pool(pool: Pool, members: Sequence[Member], desk: Desk) -> PoolResult:
    lacks = desk.lacks(measures_of((pool.lines, pool.then)))
    own = [replace(desk, member=member) for member in members]
    lacks_of_weights = [missing for each in own for missing in each.lacks(measures_of(pool.share))]
    if missing := tuple(dict.fromkeys((*lacks, *lacks_of_weights))):
        return PoolResult(pool.code, pool.label.sentence(), missing=missing)
    try:
        below = [_work_out(each, desk, {}) for each in pool.lines if in_season(each, desk.month)]
        name = pool.label.sentence()
        formed = _rounded(apply(added_up(below, SUM), pool.then, desk, name), name)
        weights = [weigh(pool.share, each) for each in own]
    except NotKnownError as unknown:
        return PoolResult(pool.code, pool.label.sentence(), missing=(unknown.missing,))
    lacking = {_person(each): each.lacks(measures_of(pool.share_then)) for each in own}
    return form(pool, formed, weights, own, lacking)
