"""The answer to "why?": sections of sentences and, behind each figure, its facts. Pages and documents show the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from incentives.core.errors import Sentence, say
from incentives.core.explain import Does, Explanation
from incentives.core.formula import (
    Operand,
    Terms,
    everybodys_weights,
    formula,
    in_one_sentence,
    result_of,
    whole_weight,
)
from incentives.core.keys import MeasureKey
from incentives.core.money import Money
from incentives.core.period import Month


@dataclass(frozen=True, slots=True)
class Page:
    """Where something can be looked at: an endpoint and what its address needs."""

    endpoint: str
    arguments: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A sentence and what it is made of. ``number`` leads to the facts behind its figure, ``page`` to its record.

    A step of the arithmetic has a ``result``, and the figures that make it in ``terms``.
    """

    text: Sentence
    steps: tuple[Step, ...] = ()
    number: int | None = None
    page: Page | None = None
    terms: Terms = ()
    result: Operand | None = None

    @property
    def in_full(self) -> Sentence:
        """The step with its figures put in and what it comes to."""
        return self.text if self.result is None else in_one_sentence(self.text, self.terms, self.result)

    @property
    def deep(self) -> bool:
        """Whether some step below is made of steps itself."""
        return any(step.steps for step in self.steps)

    def sentences(self) -> Iterator[Sentence]:
        """Its own and all below, in reading order."""
        yield self.text
        for step in self.steps:
            yield from step.sentences()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an answer under its heading."""

    heading: Sentence
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Why an amount is what it is: the rule, the arithmetic, where it came from. Sections without a step are left out."""

    name: Sentence
    month: Month
    amount: Money
    sections: tuple[Section, ...]

    def sentences(self) -> Iterator[Sentence]:
        """Every heading and sentence, in reading order."""
        for section in self.sections:
            yield section.heading
            for step in section.steps:
                yield from step.sentences()


@dataclass(frozen=True, slots=True)
class Fact:
    """Something recorded that a figure counts: which document, of which day, and who entered it when.

    ``counted`` is the text of what it adds. ``late`` says that it came after the month was worked out: it is shown
    beside the figure and is no part of it. ``page`` is the record's for those who may read the store's, ``own_page``
    that for the person whom it is about.
    """

    day: date
    document: Sentence | str
    what: Sentence | str
    counted: str
    by: str = ""
    at: datetime | None = None
    page: Page | None = None
    late: bool = False
    own_page: Page | None = None

    def as_of(self, moment: datetime | None) -> Fact:
        """The fact as seen at a moment: late if it was entered after it."""
        late = moment is not None and self.at is not None and self.at > moment
        return replace(self, late=late or self.late)


def section(heading: Sentence, sentences: Sequence[Sentence]) -> Section:
    """A section of plain sentences."""
    return Section(heading, tuple(Step(sentence) for sentence in sentences))


def answer(name: Sentence, month: Month, amount: Money, sections: Sequence[Section]) -> Answer:
    """An answer without the sections that have nothing to say."""
    return Answer(name, month, amount, tuple(each for each in sections if each.steps))


def numbered(explanation: Explanation) -> list[MeasureKey]:
    """The measures used, in a fixed order, so that an address can name one by its number."""
    return sorted(explanation.used(), key=lambda key: str(key.as_plain()))


def arithmetic(explanation: Explanation) -> Section:
    """An explanation as the steps of an answer, from the outermost on; numbers are those of :func:`numbered`.

    The steps of a chain follow each other; the last one's result is the amount.
    """
    told = _step(explanation, numbered(explanation), None)
    chained = explanation.does is Does.CHAIN and explanation.unit is not None
    return Section(say("The arithmetic"), told.steps if chained else (told,))


def _step(explanation: Explanation, keys: Sequence[MeasureKey], before: Explanation | None) -> Step:
    number = None if explanation.key is None else keys.index(explanation.key)
    below = _below(explanation, keys)
    if explanation.unit is None:
        return Step(explanation.sentence, below, number)
    return Step(explanation.sentence, below, number, terms=formula(explanation, before), result=result_of(explanation))


def _below(explanation: Explanation, keys: Sequence[MeasureKey]) -> tuple[Step, ...]:
    """The steps that a step is made of. In a chain each works on the one before, in bands each on what was measured."""
    parts = explanation.parts
    if explanation.does is Does.CHAIN:
        return tuple(_step(part, keys, before) for part, before in zip(parts, (None, *parts), strict=False))
    first = parts[0] if explanation.does is Does.BANDS else None
    steps = tuple(_step(part, keys, first) for part in parts)
    if explanation.does is not Does.SHARE or explanation.unit is None:
        return steps
    name = say("Everybody's weights, in order of employee number")
    return (*steps, Step(name, terms=everybodys_weights(explanation), result=whole_weight(explanation)))
