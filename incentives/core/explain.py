"""Explanations: a tree of sentences that carries its operands, so that anybody can work the amount out again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import prod
from typing import TypeAlias

from incentives.core.attainment import Comparison, is_met
from incentives.core.catalogue import Unit
from incentives.core.errors import Plain, Sentence, from_plain
from incentives.core.keys import MeasureKey, key_from_plain
from incentives.core.measure import Given, Range, exact
from incentives.core.money import FEN_PER_YUAN, round_half_away, share_out


class Does(StrEnum):
    """What a node of an explanation does with the values of its parts and its own figures.

    Those from ``BAND`` on work on the amount before them: the measure of the bands, or the last step of a chain.
    """

    GIVEN = "given"
    SUM = "sum"
    PRODUCT = "product"
    QUOTIENT = "quotient"
    UPLIFT = "uplift"
    WITHIN = "within"
    MET = "met"
    ANY = "any"
    ALL = "all"
    WHERE = "where"
    SHARE = "share"
    CHAIN = "chain"
    BANDS = "bands"
    BAND = "band"
    TIMES = "times"
    GATE = "gate"
    LESS = "less"
    LESS_OR_NOTHING = "less_or_nothing"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ROUND = "round"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One step: what it is in words, its figures as exact numbers, and what it comes to.

    ``read`` says how the plan reads the figures (``5 %``, ``2.00 per unit``), ``unit`` what the value is counted in;
    one kept before steps said so has none. ``key`` names the measure whose facts stand behind the figure.
    """

    does: Does
    sentence: Sentence
    value: Fraction
    parts: tuple[Explanation, ...] = ()
    figures: tuple[Fraction, ...] = ()
    key: MeasureKey | None = None
    unit: Unit | None = None
    read: tuple[Sentence | str, ...] = ()

    def as_plain(self) -> dict[str, Plain]:
        """JSON-ready data; :func:`explanation_from_plain` reads it back."""
        plain: dict[str, Plain] = {
            "does": self.does.value,
            "sentence": self.sentence.as_plain(),
            "value": str(self.value),
        }
        if self.parts:
            plain["parts"] = [part.as_plain() for part in self.parts]
        if self.figures:
            plain["figures"] = [str(figure) for figure in self.figures]
        if self.key:
            plain["key"] = self.key.as_plain()
        if self.unit:
            plain["unit"] = self.unit.value
        if self.read:
            plain["read"] = [text if isinstance(text, str) else text.as_plain() for text in self.read]
        return plain

    def used(self) -> set[MeasureKey]:
        """Every measure used here and below."""
        found = {self.key} if self.key else set()
        return found.union(*(part.used() for part in self.parts))


def explanation_from_plain(data: dict[str, Plain]) -> Explanation:
    """Read an explanation stored by :meth:`Explanation.as_plain`."""
    sentence, key, unit = data["sentence"], data.get("key"), data.get("unit")
    return Explanation(
        does=Does(str(data["does"])),
        sentence=from_plain(_mapping(sentence)),
        value=Fraction(str(data["value"])),
        parts=tuple(explanation_from_plain(_mapping(part)) for part in _listed(data.get("parts", []))),
        figures=tuple(Fraction(str(figure)) for figure in _listed(data.get("figures", []))),
        key=key_from_plain(_mapping(key)) if key else None,
        unit=Unit(str(unit)) if unit else None,
        read=tuple(
            each if isinstance(each, str) else from_plain(_mapping(each)) for each in _listed(data.get("read", []))
        ),
    )


def _mapping(data: Plain) -> dict[str, Plain]:
    if not isinstance(data, dict):
        raise TypeError("a stored explanation is made of mappings")
    return data


def _listed(data: Plain) -> list[Plain]:
    if not isinstance(data, list):
        raise TypeError("a stored explanation keeps its parts in lists")
    return data


Values: TypeAlias = Sequence[Fraction]


def _share(_before: Fraction, parts: Values, figures: Values) -> Fraction:
    place, *weights = figures
    fen = share_out(int(parts[0] * FEN_PER_YUAN), weights)
    return Fraction(fen[int(place)], FEN_PER_YUAN)


def _met(_before: Fraction, parts: Values, figures: Values) -> Fraction:
    actual, target = parts
    return Fraction(is_met(actual, target, list(Comparison)[int(figures[0])]))


def _band(before: Fraction, _parts: Values, figures: Values) -> Fraction:
    *edges, rate = figures
    low, _, high, _ = _edges(edges)
    start = low or Fraction(0)
    end = before if high is None else min(before, high)
    return (end - start) * rate if low is None else max(end - start, Fraction(0)) * rate


def range_figures(within: Range) -> tuple[Fraction, ...]:
    """A range as six numbers, so that a comparison can be made again: there is a low edge, it, it belongs; same above."""
    figures: list[Fraction] = []
    for edge, belongs in ((within.low, within.low_belongs), (within.high, within.high_belongs)):
        figures += [Fraction(edge is not None), Fraction(0) if edge is None else exact(edge), Fraction(belongs)]
    return tuple(figures)


def range_from(figures: Values) -> Range:
    """The range that :func:`range_figures` wrote down."""
    low, low_belongs, high, high_belongs = _edges(figures)
    return Range(
        None if low is None else Given(low),
        low_belongs,
        None if high is None else Given(high),
        high_belongs,
    )


def _edges(figures: Values) -> tuple[Fraction | None, bool, Fraction | None, bool]:
    has_low, low, low_belongs, has_high, high, high_belongs = figures
    return (low if has_low else None, bool(low_belongs), high if has_high else None, bool(high_belongs))


def to_the_fen(yuan: Fraction) -> Fraction:
    """An exact number of yuan rounded once to whole fen, half away from zero."""
    return Fraction(round_half_away(yuan * FEN_PER_YUAN), FEN_PER_YUAN)


_ARITHMETIC: dict[Does, Callable[[Fraction, Values, Values], Fraction]] = {
    Does.GIVEN: lambda _, __, figures: figures[0],
    Does.SUM: lambda _, parts, __: sum(parts, Fraction(0)),
    Does.PRODUCT: lambda _, parts, figures: prod(parts, start=prod(figures, start=Fraction(1))),
    Does.QUOTIENT: lambda _, parts, figures: parts[0] / (*parts, *figures)[1],
    Does.UPLIFT: lambda _, parts, __: parts[0] / parts[1] - 1,
    Does.WITHIN: lambda _, parts, figures: Fraction(parts[0] in range_from(figures)),
    Does.MET: _met,
    Does.ANY: lambda _, parts, __: max(parts),
    Does.ALL: lambda _, parts, __: min(parts),
    Does.WHERE: lambda _, parts, figures: (*parts, *figures)[1] if parts[0] else Fraction(0),
    Does.SHARE: _share,
    Does.BAND: _band,
    Does.GATE: lambda before, parts, _: before if parts[0] else min(before, Fraction(0)),
    Does.TIMES: lambda before, parts, figures: before * (*parts, *figures)[0],
    Does.LESS: lambda before, parts, _: before - parts[0],
    Does.LESS_OR_NOTHING: lambda before, parts, _: max(before - parts[0], min(before, Fraction(0))),
    Does.AT_LEAST: lambda before, parts, figures: max(before, (*parts, *figures)[0]),
    Does.AT_MOST: lambda before, parts, figures: min(before, (*parts, *figures)[0]),
    Does.ROUND: lambda before, _, __: to_the_fen(before),
    Does.CHANGE: lambda before, parts, _: before - parts[0],
}


def work_out(does: Does, before: Fraction, parts: Values, figures: Values) -> Fraction:
    """The arithmetic of one node: the only place where pay is computed, now and when it is checked again."""
    return _ARITHMETIC[does](before, parts, figures)


def recompute(explanation: Explanation, before: Fraction = Fraction(0)) -> Fraction:
    """Work an explanation out again from its operands alone, in yuan; stored values are not trusted."""
    if explanation.does is Does.CHAIN:
        value = before
        for part in explanation.parts:
            value = recompute(part, value)
        return value
    if explanation.does is Does.BANDS:
        measured, *bands = explanation.parts
        return sum((recompute(band, recompute(measured)) for band in bands), Fraction(0))
    parts = [recompute(part) for part in explanation.parts]
    return work_out(explanation.does, before, parts, explanation.figures)


def explain(
    does: Does,
    sentence: Sentence,
    *,
    parts: Sequence[Explanation] = (),
    figures: Sequence[Fraction] = (),
    read: Sequence[Sentence | str] = (),
    before: Fraction = Fraction(0),
    unit: Unit = Unit.MONEY,
    key: MeasureKey | None = None,
) -> Explanation:
    """Work a node out. ``read`` says each figure as the plan does; ``before`` is what the step before came to."""
    value = work_out(does, before, [part.value for part in parts], figures)
    return Explanation(does, sentence, value, tuple(parts), tuple(figures), key, unit, tuple(read))


def chain(sentence: Sentence, parts: Sequence[Explanation]) -> Explanation:
    """Steps in the order in which they were applied; the last one's value is the chain's.

    A chain that goes on under the same name is told as one.
    """
    first, *rest = parts
    if first.does is Does.CHAIN and first.sentence == sentence:
        parts = (*first.parts, *rest)
    return Explanation(Does.CHAIN, sentence, parts[-1].value, tuple(parts), unit=parts[-1].unit)


def bands(sentence: Sentence, measured: Explanation, parts: Sequence[Explanation]) -> Explanation:
    """Bands that each take their own slice of what was measured; their sum is the value."""
    value = sum((part.value for part in parts), Fraction(0))
    return Explanation(Does.BANDS, sentence, value, (measured, *parts), unit=Unit.MONEY)
