"""The answer to "why?": sections of sentences and, behind each figure, its facts. Pages and documents show the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from incentives.core.errors import Sentence, say
from incentives.core.explain import Explanation
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
    """A sentence and what it is made of. ``number`` leads to the facts behind its figure, ``page`` to its record."""

    text: Sentence
    steps: tuple[Step, ...] = ()
    number: int | None = None
    page: Page | None = None

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
    """An explanation as the steps of an answer, from the outermost on; numbers are those of :func:`numbered`."""
    return Section(say("The arithmetic"), (_step(explanation, numbered(explanation)),))


def _step(explanation: Explanation, keys: Sequence[MeasureKey]) -> Step:
    number = None if explanation.key is None else keys.index(explanation.key)
    return Step(explanation.sentence, tuple(_step(part, keys) for part in explanation.parts), number)
