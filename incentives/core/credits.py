"""Who is credited with how much of a sale, and what a return takes back.

Each earning role is credited with the whole line; within a role the earners share it by their weights, to the
fen. A return never looks at its own size: what everybody keeps is worked out anew from what is left of the sale, and
the return takes the difference. So any row of partial returns that takes everything back leaves nobody anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from incentives.core.errors import DomainError, say
from incentives.core.money import Money, round_half_away, share_out
from incentives.core.reading import THOUSANDTHS


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted of a sale line: fen received, thousandths of a unit, and the cost in fen where it is known."""

    received: int
    quantity: int
    cost: int | None = None

    def __add__(self, other: Figures) -> Figures:
        cost = None if self.cost is None or other.cost is None else self.cost + other.cost
        return Figures(self.received + other.received, self.quantity + other.quantity, cost)

    def __sub__(self, other: Figures) -> Figures:
        return self + -other

    def __neg__(self) -> Figures:
        return Figures(-self.received, -self.quantity, None if self.cost is None else -self.cost)


def credits_of(line: Figures, weights: Sequence[int]) -> list[Figures]:
    """What the earners of one role are credited with, in their order; the parts add up to the line.

    Largest remainder, equal remainders to the earlier place: give the weights in order of employee number.
    """
    if len(weights) == 1:
        return [line]
    if not (line.received or line.quantity or line.cost):
        return [line] * len(weights)
    received = share_out(line.received, weights)
    quantity = share_out(line.quantity, weights)
    costs = [None] * len(weights) if line.cost is None else share_out(line.cost, weights)
    return [Figures(*parts) for parts in zip(received, quantity, costs, strict=True)]


def credits_of_change(before: Figures, after: Figures, weights: Sequence[int]) -> list[Figures]:
    """What a return (or its being undone) gives each earner: the credit afterwards less the credit before."""
    if len(weights) == 1:
        return [after - before]
    pairs = zip(credits_of(after, weights), credits_of(before, weights), strict=True)
    return [later - earlier for later, earlier in pairs]


def left_after_return(sold: Figures, left: Figures, *, quantity: int, received: int) -> Figures:
    """What remains of a sale when so much is taken back.

    The cost goes back with the goods, in proportion to all that has come back so far, so that it is gone
    with the last unit. A refund of money alone leaves it.

    Args:
        sold: the sale as it was.
        left: what remains of it after the returns so far.
        quantity: thousandths that come back, not negative.
        received: fen that are paid back, not negative.

    Raises:
        DomainError: nothing, or more than is left, would be taken back.
    """
    if quantity < 0 or received < 0 or not (quantity or received):
        raise DomainError(say("A return takes back a quantity, an amount, or both."))
    if quantity > left.quantity:
        raise DomainError(
            say(
                "Only {left} of this sale are left; {asked} cannot be taken back.",
                left=_units(left),
                asked=_number(quantity),
            )
        )
    if received > left.received:
        raise DomainError(
            say(
                "Only {left} of what was received for this sale is left; {asked} cannot be paid back.",
                left=str(Money(left.received)),
                asked=str(Money(received)),
            )
        )
    remaining = left.quantity - quantity
    cost = None if sold.cost is None else round_half_away(Fraction(sold.cost * remaining, sold.quantity))
    return Figures(left.received - received, remaining, cost)


def _units(figures: Figures) -> str:
    return _number(figures.quantity)


def _number(thousandths: int) -> str:
    whole, rest = divmod(abs(thousandths), THOUSANDTHS)
    return f"{'-' if thousandths < 0 else ''}{whole:,}.{rest:03d}".rstrip("0").rstrip(".")
