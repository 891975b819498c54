"""Exact numbers as text, rounded only to be shown."""

from __future__ import annotations

from fractions import Fraction

from incentives.core.money import round_half_away


def figure(value: Fraction | int, places: int = 0) -> str:
    """A number with thousands separators and fixed decimals, rounded half away from zero: ``-1,234.5``."""
    units = round_half_away(Fraction(value) * 10**places)
    whole, rest = divmod(abs(units), 10**places)
    sign = "-" if units < 0 else ""
    return f"{sign}{whole:,}.{rest:0{places}d}" if places else f"{sign}{whole:,}"


def signed(value: Fraction | int, places: int = 0) -> str:
    """The same with its sign always written, for differences: ``+0.9``. Zero has none."""
    text = figure(value, places)
    return f"+{text}" if Fraction(value) > 0 and text.strip("0.,") else text


def percent(value: Fraction | int, places: int = 1) -> str:
    """A bare quotient as a percentage without the sign: 11/400 with two decimals is ``2.75``."""
    return figure(Fraction(value) * 100, places)
