"""Sharing a target out: the year to months, a month to stores, departments and people.

Source: product.md §1 (prorating) and §3 (allocation). Figures are whole units of the target's resolution: fen
for money, tenths for a plan written in tenths. The parts always add up to the whole, by largest remainder;
equal remainders go to whoever is named first, so name people in order of employee number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from incentives.core.errors import DomainError, say
from incentives.core.money import Money, share_out
from incentives.core.period import MONTHS_IN_YEAR, Month, Span, prorated

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Claim(Generic[Key]):
    """Somebody or something that takes a part: its weight, and the part of the time it was there."""

    key: Key
    weight: Fraction | int = 1
    presence: Fraction | int = 1

    @property
    def counts(self) -> Fraction:
        """The weight after prorating."""
        return Fraction(self.weight) * self.presence


def presence(postings: Iterable[Span], within: Span) -> Fraction:
    """The part of some days covered by a person's postings, by calendar days. Postings never overlap."""
    return sum((prorated(posting, within) for posting in postings), Fraction(0))


def allocate(units: int, claims: Sequence[Claim[Key]]) -> dict[Key, int]:
    """Share whole units out by prorated weights; the parts add up to ``units``.

    Raises:
        DomainError: a weight is negative, or nobody has one, so that the parts could not add up.
        ValueError: the same key claims twice.
    """
    weights = [claim.counts for claim in claims]
    if any(weight < 0 for weight in weights):
        raise DomainError(say("A weight cannot be negative."))
    if units and not any(weights):
        raise DomainError(say("Nobody has a weight, so there is nobody to share this out to."))
    parts = dict(zip((claim.key for claim in claims), share_out(units, weights), strict=True))
    if len(parts) != len(claims):
        raise ValueError("somebody claims twice")
    return parts


def allocate_money(amount: Money, claims: Sequence[Claim[Key]]) -> dict[Key, Money]:
    """Share an amount out to the fen; the parts add up to it. Errors as for :func:`allocate`."""
    return {key: Money(fen) for key, fen in allocate(amount.fen, claims).items()}


def months_of(year: int) -> tuple[Month, ...]:
    """The twelve months of a calendar year."""
    return tuple(Month(year, number) for number in range(1, MONTHS_IN_YEAR + 1))


def allocate_year(units: int, year: int, weights: Mapping[Month, Fraction | int] | None = None) -> dict[Month, int]:
    """Share a year's units out to its months: evenly, or by weights. A month without a weight gets nothing."""
    months = months_of(year)
    given = dict.fromkeys(months, 1) if weights is None else weights
    return allocate(units, [Claim(month, given.get(month, 0)) for month in months])


def in_units(value: Fraction, resolution: Fraction) -> int:
    """A figure as whole units of its resolution: 35.5 in tenths is 355.

    Raises:
        DomainError: the figure is finer than the resolution, so sharing it out would lose some of it.
    """
    units = value / resolution
    if units.denominator != 1:
        raise DomainError(
            say("{value} is finer than the unit of {unit} it is kept in.", value=str(value), unit=str(resolution))
        )
    return units.numerator


def left_over(whole: int, parts: Iterable[int]) -> int:
    """What parts leave of a whole, or (negative) what they exceed it by; zero when they add up."""
    return whole - sum(parts)
