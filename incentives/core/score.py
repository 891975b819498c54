"""The score of a month: the weighted attainment of the measures of a position, each contribution shown.

Source: product.md §7. A measure without a target drops out and the weights of the others are scaled up to
take its place. Attainment is capped at 150 %. A score of 100 is "every target just reached".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from incentives.core.attainment import capped
from incentives.core.errors import Sentence, say
from incentives.core.figures import figure, percent
from incentives.core.money import round_half_away
from incentives.core.spoken import Spoken


class Part(Spoken):
    """What a position is measured by unless its own measures are set."""

    REVENUE = "revenue", say("revenue target")
    ACCESSORIES = "accessories", say("accessories")
    TRAINING = "training", say("training")
    SIX_S = "six_s", say("6S")
    CONDUCT = "conduct", say("conduct and recognition")


DEFAULT_WEIGHTS = {
    Part.REVENUE: 40,
    Part.ACCESSORIES: 20,
    Part.TRAINING: 15,
    Part.SIX_S: 15,
    Part.CONDUCT: 10,
}
"""The weights where a position has none of its own; they add up to 100."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure's weight and attainment; ``None`` where there is no target."""

    code: str
    weight: Fraction | int
    attainment: Fraction | None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a measure adds to the score: its weight after scaling, in points of 100, times what counts of it."""

    code: str
    weight: Fraction
    attainment: Fraction
    points: Fraction

    @property
    def sentence(self) -> Sentence:
        """The arithmetic in words."""
        return say(
            "weight {weight} x {counted} % (attainment {attainment} %) = {points}",
            weight=figure(self.weight, 2),
            counted=percent(capped(self.attainment), 2),
            attainment=percent(self.attainment, 2),
            points=figure(self.points, 2),
        )


@dataclass(frozen=True, slots=True)
class MonthScore:
    """The contributions that make the score, and the measures that dropped out for want of a target."""

    contributions: tuple[Contribution, ...]
    without_target: tuple[str, ...]

    @property
    def value(self) -> Fraction:
        """The exact score: the sum of the contributions, 0 to 150."""
        return sum((contribution.points for contribution in self.contributions), Fraction(0))

    @property
    def hundredths(self) -> int:
        """The score as it is kept and ranked: hundredths of a point, rounded once, half away from zero."""
        return round_half_away(self.value * 100)


def month_score(measures: Sequence[Measured]) -> MonthScore | None:
    """The score of a month; ``None`` where no measure has both a weight and a target.

    Raises:
        ValueError: a weight is negative.
    """
    if any(measure.weight < 0 for measure in measures):
        raise ValueError("a weight cannot be negative")
    reached = [(m.code, Fraction(m.weight), m.attainment) for m in measures if m.attainment is not None]
    whole = sum((weight for _, weight, _ in reached), Fraction(0))
    if not whole:
        return None
    return MonthScore(
        contributions=tuple(_contribution(code, weight * 100 / whole, done) for code, weight, done in reached),
        without_target=tuple(measure.code for measure in measures if measure.attainment is None),
    )


def _contribution(code: str, weight: Fraction, reached: Fraction) -> Contribution:
    return Contribution(code, weight, reached, weight * capped(reached))
