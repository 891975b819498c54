"""A step of an explanation as one short line: its figures put in, with the signs between them.

Figures are read from left to right. Every one says where it comes from, so that a reader (and a test) can work the line
out again from what is written there: from a step below it, from the step above it, or from the rule itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

from incentives.core.attainment import Comparison
from incentives.core.catalogue import Unit
from incentives.core.errors import Sentence, say
from incentives.core.explain import Does, Explanation
from incentives.core.money import FEN_PER_YUAN, Money
from incentives.core.wording import text_of


class Origin(StrEnum):
    """Where a figure comes from."""

    BELOW = "below"
    ABOVE = "above"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Operand:
    """A figure as it is shown and exactly; ``own`` marks the person's among those of everybody."""

    text: Sentence | str
    value: Fraction
    origin: Origin = Origin.RULE
    own: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A sign and the figure after it. The first has no sign; a rounding has no figure."""

    sign: Sentence | str
    operand: Operand | None = None


Terms: TypeAlias = tuple[Term, ...]

HOLDS = say("holds")
DOES_NOT_HOLD = say("does not hold")
ROUNDED = say("rounded to the fen")
SHARED = say("to the fen, largest remainder first")
AT_LEAST = say("at least")
AT_MOST = say("at most")
_VERDICTS = frozenset({Does.WITHIN, Does.MET, Does.ANY, Does.ALL})
_SIGNS = {Comparison.AT_LEAST: "≥", Comparison.ABOVE: ">", Comparison.AT_MOST: "≤", Comparison.BELOW: "<"}


def result_of(explanation: Explanation) -> Operand:
    """What a step comes to, as it is shown: an amount, a number, or whether a condition holds."""
    if explanation.does in _VERDICTS:
        return Operand(HOLDS if explanation.value else DOES_NOT_HOLD, explanation.value)
    return Operand(text_of(explanation.value, explanation.unit or Unit.NUMBER), explanation.value)


def formula(explanation: Explanation, before: Explanation | None) -> Terms:
    """The figures and signs that make a step's result; nothing for one that is found, or that only names its steps."""
    way = _WAYS.get(explanation.does)
    return () if way is None else way(explanation, before)


def in_one_sentence(name: Sentence, terms: Terms, result: Operand) -> Sentence:
    """A step with its figures put in and what it comes to."""
    if not terms:
        return say("{name}: {amount}", name=name, amount=result.text)
    if isinstance(result.text, Sentence):  # whether something holds
        return say("{name}: {figures}, {verdict}", name=name, figures=line_of(terms), verdict=result.text)
    return say("{name}: {figures} = {result}", name=name, figures=line_of(terms), result=result.text)


def told(explanation: Explanation) -> Sentence:
    """A step that stands by itself, in one sentence."""
    if explanation.unit is None:
        return explanation.sentence
    return in_one_sentence(explanation.sentence, formula(explanation, None), result_of(explanation))


def line_of(terms: Terms) -> Sentence:
    """Signs and figures one after the other."""
    said = [word for term in terms for word in (term.sign, term.operand.text if term.operand else "") if word]
    first, *rest = said
    return reduce(_beside, rest, say("{text}", text=first))


def _beside(one: Sentence, other: Sentence | str) -> Sentence:
    if other == ") ×" or one.values.get("text") == "(":
        return say("{one}{other}", one=one, other=other)
    return say("{one} {other}", one=one, other=other)


def everybodys_weights(share: Explanation) -> Terms:
    """The weights that a pool was shared by, in order of employee number, the person's own marked."""
    place, *weights = share.figures
    given = [Operand(text, value) for text, value in zip(share.read, weights, strict=True)]
    given[int(place)] = replace(given[int(place)], own=True)
    return _joined("+", given)


def whole_weight(share: Explanation) -> Operand:
    """The sum of all weights."""
    _, *weights = share.figures
    whole = sum(weights, Fraction(0))
    return Operand(text_of(whole, Unit.NUMBER), whole)


def amount_of(amount: Money) -> Operand:
    """An amount of money as a figure."""
    return Operand(str(amount), Fraction(amount.fen, FEN_PER_YUAN))


def added(amounts: Sequence[Money]) -> Terms:
    """Amounts of the steps below, added up."""
    return _joined("+", [replace(amount_of(amount), origin=Origin.BELOW) for amount in amounts])


def _joined(sign: Sentence | str, operands: Sequence[Operand]) -> Terms:
    return tuple(Term(sign if place else "", operand) for place, operand in enumerate(operands))


def _parts(explanation: Explanation) -> list[Operand]:
    return [replace(result_of(part), origin=Origin.BELOW) for part in explanation.parts]


def _rules(explanation: Explanation) -> list[Operand]:
    return [Operand(text, value) for text, value in zip(explanation.read, explanation.figures, strict=True)]


def _both(explanation: Explanation) -> list[Operand]:
    return [*_parts(explanation), *_rules(explanation)]


def _above(before: Explanation | None) -> Operand:
    if before is None:
        raise TypeError("this step works on the one before it")
    return replace(result_of(before), origin=Origin.ABOVE)


def _uplift(explanation: Explanation, _: Explanation | None) -> Terms:
    return (*_joined("÷", _parts(explanation)), Term("−", Operand("1", Fraction(1))))


def _edges(explanation: Explanation) -> list[tuple[Operand | None, bool]]:
    """The low edge and the high one of a range, and whether each belongs to it."""
    low_text, high_text, *_ = explanation.read
    has_low, low, low_belongs, has_high, high, high_belongs, *_ = explanation.figures
    return [
        (Operand(low_text, low) if has_low else None, bool(low_belongs)),
        (Operand(high_text, high) if has_high else None, bool(high_belongs)),
    ]


def _within(explanation: Explanation, _: Explanation | None) -> Terms:
    (low, low_belongs), (high, high_belongs) = _edges(explanation)
    terms = [Term("", _parts(explanation)[0])]
    terms += [Term("≥" if low_belongs else ">", low)] if low else []
    terms += [Term("≤" if high_belongs else "<", high)] if high else []
    terms += [] if low or high else [Term(say("any value"))]
    return tuple(terms)


def _met(explanation: Explanation, _: Explanation | None) -> Terms:
    return _joined(_SIGNS[list(Comparison)[int(explanation.figures[0])]], _parts(explanation))


def _share(explanation: Explanation, _: Explanation | None) -> Terms:
    formed, weight = _parts(explanation)
    weight = replace(weight, text=text_of(max(weight.value, Fraction(0)), Unit.NUMBER))
    whole = replace(whole_weight(explanation), origin=Origin.BELOW)
    return (Term("", formed), Term("×", weight), Term("÷", whole), Term(SHARED))


def _band(explanation: Explanation, before: Explanation | None) -> Terms:
    """The slice of the measure that lies in the band, at its rate."""
    measured, rate = _above(before), Operand(explanation.read[-1], explanation.figures[-1])
    (low, _), (high, _) = _edges(explanation)
    end = high if high and high.value < measured.value else measured
    if low is None:
        return _joined("×", [end, rate])
    if end.value <= low.value:
        return (Term("(", low), Term("−", low), Term(") ×", rate))
    return (Term("(", end), Term("−", low), Term(") ×", rate))


def _gate(explanation: Explanation, before: Explanation | None) -> Terms:
    return _joined("→", [*_parts(explanation), _above(before)])


def _less_or_nothing(explanation: Explanation, before: Explanation | None) -> Terms:
    start = _above(before)
    least = min(start.value, Fraction(0))
    limit = Term(AT_LEAST, Operand(text_of(least, Unit.MONEY), least))
    return (*_joined("−", [start, *_parts(explanation)]), limit)


def _on_before(sign: Sentence | str) -> Callable[[Explanation, Explanation | None], Terms]:
    return lambda explanation, before: _joined(sign, [_above(before), *_both(explanation)])


_WAYS: Mapping[Does, Callable[[Explanation, Explanation | None], Terms]] = {
    Does.SUM: lambda explanation, _: _joined("+", _parts(explanation)),
    Does.PRODUCT: lambda explanation, _: _joined("×", _both(explanation)),
    Does.QUOTIENT: lambda explanation, _: _joined("÷", _both(explanation)),
    Does.UPLIFT: _uplift,
    Does.WITHIN: _within,
    Does.MET: _met,
    Does.ANY: lambda explanation, _: _joined(say("or"), _parts(explanation)),
    Does.ALL: lambda explanation, _: _joined(say("and"), _parts(explanation)),
    Does.WHERE: lambda explanation, _: _joined("→", _both(explanation)),
    Does.SHARE: _share,
    Does.BANDS: lambda explanation, _: _joined("+", _parts(explanation)[1:]),
    Does.BAND: _band,
    Does.TIMES: _on_before("×"),
    Does.GATE: _gate,
    Does.LESS: _on_before("−"),
    Does.LESS_OR_NOTHING: _less_or_nothing,
    Does.AT_LEAST: _on_before(AT_LEAST),
    Does.AT_MOST: _on_before(AT_MOST),
    Does.ROUND: lambda _, before: (Term("", _above(before)), Term(ROUNDED)),
    Does.CHANGE: _on_before("−"),
}
