"""Points: what facts earn by published rules. Points are no money, and stand in a ledger of their own.

Source: product.md §7 and §8 (a rule counts only from its publication on). A rule is looked up by the day of
the fact, so an old month always comes to its old result.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from incentives.core.errors import Sentence, say
from incentives.core.spoken import Spoken


class PointsFact(Spoken):
    """What earns points."""

    SALE = "sale", say("sale")
    ATTENDANCE = "attendance", say("training attended")
    TRAINING_GIVEN = "training_given", say("training given")
    CLEAN_INSPECTION = "clean_inspection", say("clean inspection")
    CLOSED_FINDING = "closed_finding", say("finding closed in time")
    KUDOS = "kudos", say("thanks from a colleague")
    MET_TARGET = "met_target", say("target met")


@dataclass(frozen=True, slots=True)
class PointsRule:
    """``points`` for each full ``per`` of a quantity: 1 point for each 100 yuan, 5 for each session.

    In force from ``starts`` to before ``ends`` (``None``: until further notice), and never before it was published.
    """

    code: str
    fact: PointsFact
    points: int
    per: Fraction
    published: date
    starts: date
    ends: date | None = None

    def __post_init__(self) -> None:
        if self.per <= 0:
            raise ValueError("points are given for a quantity above zero")

    def in_force(self, day: date) -> bool:
        """Whether the rule counts for a fact of that day."""
        return max(self.starts, self.published) <= day and (self.ends is None or day < self.ends)

    @property
    def sentence(self) -> Sentence:
        """The rule in words."""
        return say("{points} points for each {per}: {fact}", points=self.points, per=str(self.per), fact=self.fact.says)


def rule_on(rules: Iterable[PointsRule], fact: PointsFact, day: date) -> PointsRule | None:
    """The rule for a fact of that day; of several, the one that started last, then the one published last.

    ``None`` where no rule was in force: such a fact earns nothing.
    """
    in_force = [rule for rule in rules if rule.fact is fact and rule.in_force(day)]
    return max(in_force, key=lambda rule: (rule.starts, rule.published, rule.code), default=None)


def earned(rule: PointsRule | None, quantity: Fraction | int) -> int:
    """Points for a quantity: full steps only, so 250 yuan at 1 point for 100 are 2 points.

    A negative quantity (a return) takes back just what the same quantity gave.
    """
    if rule is None:
        return 0
    steps = abs(Fraction(quantity)) // rule.per
    return rule.points * (steps if quantity > 0 else -steps)
