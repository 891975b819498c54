"""6S inspections: the score, its band, the way of a finding, and what happens when the same fault comes back.

Source: product.md §6. Score = points reached / points possible; what is not applicable leaves both. A failed
"must" item fails its section: the section reaches nothing, and its points stay possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from incentives.core.errors import DomainError, say
from incentives.core.spoken import Spoken
from incentives.core.workflow import Refusal, Workflow

REPEAT_DAYS = 30
"""The same item in the same area again, at most so many days later, is a repeat."""


class Band(Spoken):
    """The band of a score: from 90 %, from 80 %, from 70 %, and below."""

    EXCELLENT = "excellent", say("excellent")
    GOOD = "good", say("good")
    FAIR = "fair", say("fair")
    POOR = "poor", say("poor")


_BAND_FROM = ((Fraction(90, 100), Band.EXCELLENT), (Fraction(80, 100), Band.GOOD), (Fraction(70, 100), Band.FAIR))


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a checklist. ``weight`` multiplies its points; a must item is met in full or not at all."""

    code: str
    section: str
    maximum: int
    weight: int = 1
    must: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the inspector gave an item; ``None`` is "not applicable"."""

    item: Item
    points: int | None

    def __post_init__(self) -> None:
        if self.points is not None and not 0 <= self.points <= self.item.maximum:
            raise DomainError(
                say("“{item}” takes 0 to {maximum} points.", item=self.item.code, maximum=self.item.maximum)
            )

    @property
    def reached(self) -> int:
        """Weighted points reached."""
        return (self.points or 0) * self.item.weight

    @property
    def possible(self) -> int:
        """Weighted points possible; none where the item does not apply."""
        return 0 if self.points is None else self.item.maximum * self.item.weight

    @property
    def fails_section(self) -> bool:
        """Whether this is a must item that applies and was not met in full."""
        return self.item.must and self.points is not None and self.points < self.item.maximum


@dataclass(frozen=True, slots=True)
class SectionScore:
    """A section's points. ``failed_by`` are the must items that failed it; it then reaches nothing."""

    section: str
    reached: int
    possible: int
    failed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """The points of an inspection, by section."""

    sections: tuple[SectionScore, ...]

    @property
    def reached(self) -> int:
        """Weighted points reached in all."""
        return sum(section.reached for section in self.sections)

    @property
    def possible(self) -> int:
        """Weighted points possible in all."""
        return sum(section.possible for section in self.sections)

    @property
    def value(self) -> Fraction | None:
        """Reached over possible, exact; ``None`` where nothing applied."""
        return Fraction(self.reached, self.possible) if self.possible else None

    @property
    def band(self) -> Band | None:
        """The band of the exact score: 89.99 % is not excellent."""
        return None if self.value is None else band(self.value)


def band(value: Fraction) -> Band:
    """The band a score lies in; each band includes its lower edge."""
    return next((name for edge, name in _BAND_FROM if value >= edge), Band.POOR)


def score(answers: Iterable[Answer]) -> Score:
    """The score of an inspection; sections in the order in which they first occur."""
    by_section: dict[str, list[Answer]] = {}
    for answer in answers:
        by_section.setdefault(answer.item.section, []).append(answer)
    return Score(tuple(_section(name, given) for name, given in by_section.items()))


def _section(name: str, answers: Sequence[Answer]) -> SectionScore:
    failed_by = tuple(answer.item.code for answer in answers if answer.fails_section)
    reached = 0 if failed_by else sum(answer.reached for answer in answers)
    return SectionScore(name, reached, sum(answer.possible for answer in answers), failed_by)


class Level(Spoken):
    """Who answers for a finding."""

    OWNER = "owner", say("owner")
    TEAM_LEAD = "team_lead", say("team lead")
    MANAGER = "manager", say("manager")

    @property
    def next(self) -> Level:
        """One level up; the manager's stays with the manager."""
        return Level.TEAM_LEAD if self is Level.OWNER else Level.MANAGER


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier finding on the same item in the same area."""

    day: date
    level: Level


def is_repeat(before: date, day: date) -> bool:
    """Whether a finding repeats one of an earlier day: up to 30 days later, the thirtieth included."""
    return 0 <= (day - before).days <= REPEAT_DAYS


def level_of(day: date, earlier: Iterable[Earlier]) -> Level:
    """Who answers for a new finding: the owner, or one level above the highest it repeats."""
    repeated = [found.level for found in earlier if is_repeat(found.day, day)]
    return max(repeated, key=list(Level).index).next if repeated else Level.OWNER


class FindingState(Spoken):
    """A finding of a 6S inspection."""

    OPEN = "open", say("to be put right")
    ANSWERED = "answered", say("answered")
    CLOSED = "closed", say("put right")
    WITHDRAWN = "withdrawn", say("withdrawn")


class FindingAction(StrEnum):
    """What is done to a finding. ``CLOSE`` is a re-check that was passed, ``SEND_BACK`` one that was not."""

    ANSWER = "answer"
    CLOSE = "close"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"


_FINDING_OPEN = Refusal("finding_open", say("The finding is open: it must be answered and re-checked first."))
_FINDING_CLOSED = Refusal("finding_closed", say("The finding is closed: if it happens again, record a new one."))
_FINDING_WITHDRAWN = Refusal("finding_withdrawn", say("The finding was withdrawn with the inspection it came from."))

FINDING: Workflow[FindingState, FindingAction] = Workflow(
    {
        FindingAction.ANSWER: {
            FindingState.OPEN: FindingState.ANSWERED,
            FindingState.ANSWERED: FindingState.ANSWERED,
            FindingState.CLOSED: _FINDING_CLOSED,
            FindingState.WITHDRAWN: _FINDING_WITHDRAWN,
        },
        FindingAction.CLOSE: {
            FindingState.OPEN: _FINDING_OPEN,
            FindingState.ANSWERED: FindingState.CLOSED,
            FindingState.CLOSED: FindingState.CLOSED,
            FindingState.WITHDRAWN: _FINDING_WITHDRAWN,
        },
        FindingAction.SEND_BACK: {
            FindingState.OPEN: FindingState.OPEN,
            FindingState.ANSWERED: FindingState.OPEN,
            FindingState.CLOSED: _FINDING_CLOSED,
            FindingState.WITHDRAWN: _FINDING_WITHDRAWN,
        },
        FindingAction.WITHDRAW: {
            FindingState.OPEN: FindingState.WITHDRAWN,
            FindingState.ANSWERED: FindingState.WITHDRAWN,
            FindingState.CLOSED: _FINDING_CLOSED,
            FindingState.WITHDRAWN: FindingState.WITHDRAWN,
        },
    }
)
"""open → answered → closed by a re-check, or back to open; withdrawn when a correction replaces the inspection."""
