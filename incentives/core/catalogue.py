"""What a store calls the things that plans name by a code, so that sentences say names.

Names are given as they are today. A kept explanation keeps the words that it was told in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from incentives.core.attainment import Aggregation, Better, Comparison
from incentives.core.errors import Sentence, say
from incentives.core.measure import Label


class Unit(StrEnum):
    """What a figure is counted in."""

    MONEY = "money"
    PERCENT = "percent"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Indicator:
    """What a plan has to know of a catalogued indicator.

    ``met`` is the comparison that says whether a target is met, ``adds`` how its months come to a quarter or a year.
    """

    code: str
    label: Label
    unit: Unit = Unit.NUMBER
    better: Better = Better.HIGHER
    met: Comparison = Comparison.AT_LEAST
    adds: Aggregation = Aggregation.SUM


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The store's indicators, and the names of its positions, departments and products, each by its code."""

    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    positions: Mapping[str, Label] = field(default_factory=dict)
    departments: Mapping[str, Label] = field(default_factory=dict)
    products: Mapping[str, Label] = field(default_factory=dict)

    def position(self, code: str) -> Sentence:
        """A position's name."""
        return _named(self.positions, code)

    def department(self, code: str) -> Sentence:
        """A department's name."""
        return _named(self.departments, code)

    def product(self, code: str) -> Sentence:
        """A product's name."""
        return _named(self.products, code)

    def indicator(self, code: str) -> Sentence:
        """An indicator's name."""
        known = self.indicators.get(code)
        return known.label.sentence() if known else in_words(code)


NO_CATALOGUE = Catalogue()


def _named(labels: Mapping[str, Label], code: str) -> Sentence:
    return labels[code].sentence() if code in labels else in_words(code)


def in_words(code: str) -> Sentence:
    """A code that nobody has given a name, with blanks for its joints, in quotation marks: it is the author's own word."""
    return say("“{words}”", words=in_blanks(code))


def in_blanks(code: str) -> str:
    """A code with blanks for its joints."""
    return code.replace("_", " ").replace("-", " ")
