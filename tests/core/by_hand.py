"""A reader with a pocket calculator: works an explanation out from the lines that a page shows, and from nothing else.

It knows signs and where a figure comes from. What a step says it comes to is only compared, never used, but for a
figure that was found or that the rule says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from operator import add, ge, gt, le, lt, mul, sub, truediv

from incentives.core.answer import Step
from incentives.core.formula import Operand, Origin, Term

NOTHING = Fraction(0)
SIGNS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": add,
    "−": sub,
    "×": mul,
    "÷": truediv,
    "→": lambda reached, value: value if reached else min(value, NOTHING),
    "at least": max,
    "or": max,
    "at most": min,
    "and": min,
    "rounded to the fen": lambda reached, _: _to_the_fen(reached),
}
COMPARED: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "≥": ge,
    ">": gt,
    "≤": le,
    "<": lt,
    "any value": lambda _value, _nothing: True,
}


def by_hand(steps: Sequence[Step]) -> Fraction:
    """What steps that follow each other come to."""
    value = NOTHING
    for step in steps:
        value = _one(step, value)
    return value


def _one(step: Step, above: Fraction) -> Fraction:
    assert step.result is not None
    value = _worked_out(step, above)
    assert value == step.result.value, str(step.in_full)
    return value


def _worked_out(step: Step, above: Fraction) -> Fraction:
    if not step.terms:
        assert step.result is not None
        return by_hand(step.steps) if step.steps else step.result.value
    wanted = sum(term.operand is not None and term.operand.origin is Origin.BELOW for term in step.terms)
    measured = NOTHING
    parts = list(step.steps)
    if len(parts) == wanted + 1:  # bands: each works on what was measured first
        measured = _one(parts.pop(0), NOTHING)
    below = [_one(each, measured) for each in parts]
    assert len(below) == wanted, "each step below is put into the line"
    if str(step.terms[-1].sign).startswith("to the fen"):
        return _shared(below[0], step.steps[-1].terms)
    values = iter(below)
    return _from_left(step.terms, [_value(term.operand, above, values) for term in step.terms])


def _value(operand: Operand | None, above: Fraction, below: Iterator[Fraction]) -> Fraction:
    if operand is None:
        return NOTHING
    match operand.origin:
        case Origin.ABOVE:
            return above
        case Origin.BELOW:
            return next(below)
        case _:
            return operand.value


def _from_left(terms: Sequence[Term], values: Sequence[Fraction]) -> Fraction:
    start = reached = values[0]
    verdicts = []
    for term, value in list(zip(terms, values, strict=True))[1:]:
        sign = str(term.sign).strip("() ")
        if sign in COMPARED:
            verdicts.append(COMPARED[sign](start, value))
        else:
            reached = SIGNS[sign](reached, value)
    return Fraction(all(verdicts)) if verdicts else reached


def _to_the_fen(yuan: Fraction) -> Fraction:
    fen = int(abs(yuan) * 100 + Fraction(1, 2))
    return Fraction(fen if yuan >= 0 else -fen, 100)


def _shared(amount: Fraction, weights: Sequence[Term]) -> Fraction:
    """Whole fen first, then one more for whoever lost most by that, the earlier one of two who lost the same."""
    operands = [term.operand for term in weights if term.operand is not None]
    whole = sum((each.value for each in operands), NOTHING)
    if not whole:
        return NOTHING
    due = [abs(amount) * 100 * each.value / whole for each in operands]
    given = [int(each) for each in due]
    left = int(abs(amount) * 100) - sum(given)
    losers = sorted(range(len(due)), key=lambda place: given[place] - due[place])
    (own,) = (place for place, each in enumerate(operands) if each.own)
    fen = given[own] + (own in losers[:left])
    return Fraction(fen if amount >= 0 else -fen, 100)
