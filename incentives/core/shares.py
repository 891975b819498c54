"""Shares of a pool: what adds up, what is more than there is, and what nobody has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from incentives.core.catalogue import Unit
from incentives.core.errors import Sentence, say
from incentives.core.findings import Finding, Severity
from incentives.core.measure import Given, exact
from incentives.core.money import FEN_PER_YUAN, Money
from incentives.core.plan import (
    Coefficients,
    Factor,
    Floor,
    Group,
    MeasuredFactor,
    Node,
    Plan,
    Pool,
    Step,
    StepTable,
    pools_in,
)
from incentives.core.wording import money_text, number_text, text_of, yuan

SHOWN_POOL = Money(1_000_000)
"""The pool of 10,000.00 on which a pay-out above the pool is shown."""


def check_coefficients(path: str, weight: Coefficients) -> Iterator[Finding]:
    """Percents add up to 100 %, everything else is a plain number, and somebody has a share."""
    said = [value for _, value in (*weight.positions, *weight.people)]
    if weight.default:
        said.append(weight.default)
    percents = [value for value in said if value.percent]
    if percents and len(percents) < len(said):
        plain = next(value for value in said if not value.percent)
        sentence = say("Some coefficients are percents and some are not.")
        case = say("{one} stands beside {other}.", one=number_text(percents[0]), other=number_text(plain))
        yield Finding(Severity.WARNING, path, sentence, case)
    elif percents:
        yield from _percents(path, weight, said)
    if not any(value.value for value in said):
        yield Finding(Severity.ERROR, path, say("Nobody has a share."), say("Every coefficient that is said is zero."))


def _percents(path: str, weight: Coefficients, said: Sequence[Given]) -> Iterator[Finding]:
    whole = _sum(said)
    tables = [[value for _, value in table] for table in (weight.positions, weight.people) if table]
    if whole == 1 or (weight.default is None and all(_sum(table) == 1 for table in tables)):
        return
    case = say(
        "They add up to {sum}; a share of {one} is paid as {one} of {sum}.",
        sum=text_of(whole, Unit.PERCENT),
        one=text_of(said[0].value, Unit.PERCENT),
    )
    yield Finding(Severity.ERROR, path, say("The shares do not add up to 100 %."), case)


def _sum(values: Sequence[Given]) -> Fraction:
    return sum((value.value for value in values), Fraction(0))


# --- more than there is ----------------------------------------------------------------------------------


def check_pay_out(plan: Plan) -> Iterator[Finding]:
    """Steps after the sharing by which more than the pool can be paid out."""
    for place, node in enumerate(plan.lines):
        yield from _over(f"lines[{place}]", node)
    if any(pools_in(node) for node in plan.lines):
        yield from _above("then", plan.then, by_share=False)


def _over(path: str, node: Node) -> Iterator[Finding]:
    if isinstance(node, Pool):
        yield from _above(f"{path}.share_then", node.share_then, by_share=True)
    if isinstance(node, Group) and pools_in(node):
        for place, below in enumerate(node.lines):
            yield from _over(f"{path}.lines[{place}]", below)
        yield from _above(f"{path}.then", node.then, by_share=False)


def _above(path: str, steps: Sequence[Step], *, by_share: bool) -> Iterator[Finding]:
    """All factors together: what one of them raises, another may have lowered before."""
    most: Fraction | None = Fraction(1)
    for place, step in enumerate(steps):
        here, highest = f"{path}[{place}]", _highest(step)
        most = None if most is None or highest is None else most * highest
        if highest is None:
            case = say("The factor has no cap, so a share can grow without end.")
            yield Finding(Severity.WARNING, here, _MORE, case)
        if by_share and isinstance(step, Floor) and exact(step.amount) > 0:
            case = say("Of a pool of 0.00, {paid} is paid to each.", paid=yuan(step.amount))
            yield Finding(Severity.WARNING, here, _MORE, case)
    if most is not None and most > 1:
        raising = next(place for place, step in enumerate(steps) if (_highest(step) or 0) > 1)
        severity = Severity.ERROR if by_share else Severity.WARNING
        yield Finding(severity, f"{path}[{raising}]", _MORE, _paid(most))


_MORE = say("More than the pool can be paid out.")


def _paid(most: Fraction) -> Sentence:
    shown = money_text(most * SHOWN_POOL.fen / FEN_PER_YUAN)
    return say("Of a pool of {pool}, {paid} can be paid.", pool=str(SHOWN_POOL), paid=shown)


def _highest(step: Step) -> Fraction | None:
    """The most that a step can multiply a share by; without a limit, none."""
    match step:
        case Factor():
            return exact(step.number)
        case StepTable():
            return max(exact(band.factor) for band in step.bands)
        case MeasuredFactor():
            return None if step.cap is None else exact(step.cap)
        case _:
            return Fraction(1)
