"""What a plan table's own months say about its columns: which make up another one, and in which steady shares.

Source: product.md §3 ("steady shares: 70/30 in every month but April"). What holds in at least three quarters of
the months is taken for the rule; :mod:`incentives.core.proofreading` reports the other months.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations

from incentives.core.money import round_half_away
from incentives.core.plan_table import PlanTable, Row, number_in

RULE_FROM = Fraction(3, 4)
"""What holds in this part of the months is the rule."""

FEWEST_MONTHS = 3
"""Fewer months show no rule."""

WIDE_FROM = 10
"""In wider tables only neighbouring columns are tried as parts of another: all combinations would be too many."""


@dataclass(frozen=True, slots=True)
class Split:
    """A column and those (all by position) that add up to it."""

    whole: int
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SteadySplit:
    """Columns that are the same shares of another one in nearly every month."""

    whole: int
    parts: tuple[int, ...]
    shares: tuple[Fraction, ...]

    def expected(self, table: PlanTable, whole: Fraction) -> tuple[Fraction, ...]:
        """What the parts of a whole should be, rounded half away to the decimals of their columns."""
        return tuple(
            _rounded(whole * share, table.places(part)) for part, share in zip(self.parts, self.shares, strict=True)
        )


def figures(row: Row, columns: Sequence[int]) -> tuple[Fraction, ...] | None:
    """A row's numbers in some columns; ``None`` if one of them is no number."""
    numbers = [number_in(row, column) for column in columns]
    found = tuple(number for number in numbers if number is not None)
    return found if len(found) == len(numbers) else None


def whole_splits(table: PlanTable) -> tuple[Split, ...]:
    """For each column the fewest others that add up to it in three quarters of the months, if there are any."""
    units = _in_units(table)
    found = (_split_of(units, whole) for whole in range(len(table.columns)) if units)
    return tuple(split for split in found if split)


def steady_splits(table: PlanTable) -> tuple[SteadySplit, ...]:
    """Steady shares: of the parts of each whole together, and of every other column in the main one.

    The main column is the first that others make up, or else the first.
    """
    splits = whole_splits(table)
    taken = set(chain.from_iterable((split.whole, *split.parts) for split in splits))
    main = splits[0].whole if splits else 0
    alone = (Split(main, (column,)) for column in range(len(table.columns)) if column not in taken | {main})
    found = (_steady(table, split) for split in (*splits, *alone))
    return tuple(steady for steady in found if steady)


def broken_months(table: PlanTable, steady: SteadySplit) -> Iterator[Row]:
    """The months that have other shares than the steady ones."""
    for row in table.months():
        numbers = figures(row, (steady.whole, *steady.parts))
        if numbers and numbers[1:] != steady.expected(table, numbers[0]):
            yield row


def _split_of(units: Sequence[Sequence[int | None]], whole: int) -> Split | None:
    others = [column for column in range(len(units[0])) if column != whole and any(month[column] for month in units)]
    return next((Split(whole, parts) for parts in _candidates(others) if _adds_up(units, whole, parts)), None)


def _candidates(columns: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Two columns or more, the fewest first; in wide tables only runs of neighbours."""
    for size in range(2, len(columns) + 1):
        if len(columns) < WIDE_FROM:
            yield from combinations(columns, size)
        else:
            yield from (tuple(columns[start : start + size]) for start in range(len(columns) - size + 1))


def _adds_up(units: Sequence[Sequence[int | None]], whole: int, parts: Sequence[int]) -> bool:
    """Whether parts make up the whole as a rule; given up at the first month too many that says no."""
    may_miss, holds, misses = len(units) * (1 - RULE_FROM), 0, 0
    for month in units:
        numbers = [number for column in parts if (number := month[column]) is not None]
        if month[whole] is None or len(numbers) < len(parts):
            continue
        agrees = sum(numbers) == month[whole]
        holds, misses = holds + agrees, misses + (not agrees)
        if misses > may_miss:
            return False
    return _is_rule(holds, holds + misses)


def _in_units(table: PlanTable) -> list[list[int | None]]:
    """The months' numbers as whole units of the finest decimals: thousands of sums are tried, so each must be quick."""
    scale = 10 ** max(table.places(column) for column in range(len(table.columns)))
    return [[_units(number_in(row, column), scale) for column in range(len(table.columns))] for row in table.months()]


def _units(number: Fraction | None, scale: int) -> int | None:
    return None if number is None else int(number * scale)


def _is_rule(holds: int, months: int) -> bool:
    return months >= FEWEST_MONTHS and holds >= months * RULE_FROM


def _months(table: PlanTable, columns: Sequence[int]) -> list[tuple[Fraction, ...]]:
    found = (figures(row, columns) for row in table.months())
    return [numbers for numbers in found if numbers]


def _steady(table: PlanTable, split: Split) -> SteadySplit | None:
    months = _months(table, (split.whole, *split.parts))
    options = [SteadySplit(split.whole, split.parts, shares) for shares in _possible_shares(months)]
    kept = {option: _kept_by(option, table, months) for option in options}
    best = max(options, key=lambda option: kept[option], default=None)
    return best if best and _is_rule(kept[best], len(months)) else None


def _kept_by(option: SteadySplit, table: PlanTable, months: Sequence[tuple[Fraction, ...]]) -> int:
    return sum(option.expected(table, whole) == tuple(parts) for whole, *parts in months)


def _possible_shares(months: Sequence[tuple[Fraction, ...]]) -> list[tuple[Fraction, ...]]:
    """The shares of each month, exact and in whole percent; the roundest first, so that it wins a draw."""
    exact = [tuple(part / whole for part in parts) for whole, *parts in months if whole]
    percents = [tuple(_rounded(share, 2) for share in shares) for shares in exact]
    return sorted({*exact, *percents}, key=lambda shares: (sum(share.denominator for share in shares), shares))


def _rounded(value: Fraction, places: int) -> Fraction:
    return Fraction(round_half_away(value * 10**places), 10**places)
