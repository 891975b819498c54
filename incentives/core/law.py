"""What the law lets an employer take from a wage for a proven loss.

Source: product.md §8, after article 16 of the Provisional Regulations on Payment of Wages (工资支付暂行规定): at
most 20 % of the month's wage, and what remains is never below the local minimum wage. There is no "fine".
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from incentives.core.errors import DomainError, Sentence, say
from incentives.core.money import ZERO, Money

DEDUCTIBLE = Fraction(20, 100)
"""The largest part of a month's wage that may be taken for a loss."""


@dataclass(frozen=True, slots=True)
class LossDeduction:
    """What is taken in a month for a proven loss, and what stays open for later months."""

    deducted: Money
    still_open: Money
    limit: Money

    @property
    def sentence(self) -> Sentence:
        """The figures in words."""
        return say(
            "{deducted} is taken this month (at most {limit}); {open} stays open for later months.",
            deducted=str(self.deducted),
            limit=str(self.limit),
            open=str(self.still_open),
        )


def deduction_limit(wage: Money, minimum_wage: Money) -> Money:
    """The most that may be taken: 20 % of the wage, but no more than what the wage is above the minimum.

    Parts of a fen are cut off, in the employee's favour. Nothing where the wage is not above the minimum.
    """
    fifth = Money(int(max(ZERO, wage).exact() * DEDUCTIBLE))
    return max(ZERO, min(fifth, wage - minimum_wage))


def deduct_loss(open_loss: Money, wage: Money, minimum_wage: Money) -> LossDeduction:
    """Take what the law allows of what is still open of a loss.

    Raises:
        DomainError: the loss is negative.
    """
    if open_loss < ZERO:
        raise DomainError(say("A loss cannot be negative."))
    limit = deduction_limit(wage, minimum_wage)
    deducted = min(open_loss, limit)
    return LossDeduction(deducted, open_loss - deducted, limit)
