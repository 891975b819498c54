"""Money in whole fen. Floats are refused; rounding has one name and one place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from incentives.core.errors import DomainError, say

FEN_PER_YUAN = 100
LARGEST_FEN = 10**15
"""Ten trillion yuan: no dealership's figure, so anything beyond it is a slip of the keyboard."""

_AMOUNT = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?")


def round_half_away(value: Fraction) -> int:
    """Round to a whole number, halves away from zero: 2.5 → 3, -2.5 → -3.

    The only rounding of money in the product. Symmetric, so a sale and its full return cancel.
    """
    rounded = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return rounded if value.numerator >= 0 else -rounded


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of CNY in whole fen (1 yuan = 100 fen). Immutable; adds, compares and negates."""

    fen: int

    def __post_init__(self) -> None:
        if not isinstance(self.fen, int) or isinstance(self.fen, bool):
            raise TypeError("money is made of whole fen; a float or text would lose cents")

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __abs__(self) -> Money:
        return Money(abs(self.fen))

    def __bool__(self) -> bool:
        return self.fen != 0

    def __str__(self) -> str:
        """Yuan and fen with thousands separators: ``-1,234.50``."""
        yuan, fen = divmod(abs(self.fen), FEN_PER_YUAN)
        return f"{'-' if self.fen < 0 else ''}{yuan:,}.{fen:02d}"

    def plain(self) -> str:
        """Yuan and fen without separators, as files carry it: ``-1234.50``."""
        return str(self).replace(",", "")

    def exact(self) -> Fraction:
        """The amount in fen as an exact number, for arithmetic that is rounded later."""
        return Fraction(self.fen)

    def times(self, factor: Fraction | int) -> Money:
        """This amount times an exact factor, rounded once, half away from zero."""
        return Money(round_half_away(Fraction(self.fen) * factor))

    @classmethod
    def rounded(cls, fen: Fraction) -> Money:
        """An exact number of fen, rounded once, half away from zero."""
        return cls(round_half_away(fen))

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read yuan as people write them: ``1,944.00``, ``¥53.3``, ``-20``. At most two decimals.

        Raises:
            DomainError: the text is no amount, or is beyond what the product keeps.
        """
        cleaned = text.strip().removeprefix("¥").removeprefix("￥").strip().replace("，", ",")
        if not _AMOUNT.fullmatch(cleaned) or not cleaned.isascii():
            raise DomainError(say("“{text}” is not an amount in yuan with at most two decimals.", text=text[:40]))
        fen = int(Decimal(cleaned.replace(",", "")).scaleb(2))
        if abs(fen) > LARGEST_FEN:
            raise DomainError(say("“{text}” is larger than any amount kept here.", text=text[:40]))
        return cls(fen)


ZERO = Money(0)


def total(amounts: Iterable[Money]) -> Money:
    """The sum of amounts; of none, zero."""
    return Money(sum(amount.fen for amount in amounts))


def share_out(amount: int, weights: Sequence[Fraction | int]) -> list[int]:
    """Share whole units among weights so that the parts add up to the amount, by largest remainder.

    Equal remainders go to the earlier place, so give the weights in order of employee number. A negative
    amount is shared like its opposite, so a return takes back just what the sale gave. All-zero weights
    share nothing out: every part is zero.

    Raises:
        ValueError: a weight is negative.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight cannot be negative")
    whole = sum((Fraction(weight) for weight in weights), Fraction(0))
    if whole == 0:
        return [0] * len(weights)
    exact = [abs(amount) * Fraction(weight) / whole for weight in weights]
    parts = [part.numerator // part.denominator for part in exact]
    missing = abs(amount) - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in by_remainder[:missing]:
        parts[place] += 1
    return parts if amount >= 0 else [-part for part in parts]
