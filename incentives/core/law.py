"""What the law lets an employer take from a wage for a proven loss.

Source: product.md §8, after article 16 of the Provisional Regulations on Payment of Wages (工资支付暂行规定): at
most 20 % of the month's wage, and what remains is never below the local minimum wage. There is no "fine".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from incentives.core.errors import DomainError, say
from incentives.core.money import ZERO, Money

DEDUCTIBLE = Fraction(20, 100)
"""The largest part of a month's wage that may be taken for a loss."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds in a month for one person. ``share`` is the part of the wage, ``minimum`` the local minimum wage."""

    wage: Money
    minimum: Money
    share: Fraction = DEDUCTIBLE

    @property
    def limit(self) -> Money:
        """The most that may be taken in the month, for all losses together."""
        return deduction_limit(self.wage, self.minimum, self.share)


@dataclass(frozen=True, slots=True)
class Claim:
    """A loss as it stands: what is due in all (nothing once an appeal has stopped it), and what was taken so far."""

    key: int
    due: Money
    taken: Money


@dataclass(frozen=True, slots=True)
class Step:
    """What a month takes for one loss, negative where it pays back, and what stays open then."""

    key: int
    amount: Money
    still_open: Money


def deduction_limit(wage: Money, minimum_wage: Money, share: Fraction = DEDUCTIBLE) -> Money:
    """The most that may be taken: a share of the wage, but no more than what the wage is above the minimum.

    Parts of a fen are cut off, in the employee's favour. Nothing where the wage is not above the minimum.

    Raises:
        DomainError: the share is below zero or above the law's 20 %.
    """
    if not 0 <= share <= DEDUCTIBLE:
        raise DomainError(say("The share of the wage lies between 0 and 20 %."))
    part = Money(int(max(ZERO, wage).exact() * share))
    return max(ZERO, min(part, wage - minimum_wage))


def steps_of_month(claims: Iterable[Claim], limits: Limits | None) -> list[Step]:
    """What a month takes for each loss of one person: in the order given (the oldest first), together within the limit.

    What was taken too much is paid back at once and in full, whatever the wage. Without limits (the wage or the
    minimum wage is not known) nothing is taken.
    """
    left = ZERO if limits is None else limits.limit
    steps = []
    for claim in claims:
        amount = min(claim.due - claim.taken, left)
        left -= max(ZERO, amount)
        if amount:
            steps.append(Step(claim.key, amount, max(ZERO, claim.due - claim.taken - amount)))
    return steps
