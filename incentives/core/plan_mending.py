"""The three ways to settle a plan table that does not add up: keep the months, keep the total, or edit.

Source: product.md §3 ("it keeps what was written, shows each mismatch, and asks"). Each gives a new table; the
one that was written stays as it is. What a decision leaves open, proof-reading the new table shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from incentives.core.errors import DomainError, say
from incentives.core.money import share_out
from incentives.core.period import MONTHS_IN_YEAR
from incentives.core.plan_splits import Split, SteadySplit, broken_months, steady_splits, whole_splits
from incentives.core.plan_table import MONTH_NAMES, TOTAL, Cell, PlanTable, Row, number_in

_MONTHS = range(1, MONTHS_IN_YEAR + 1)


def keep_months(table: PlanTable) -> PlanTable:
    """The months count as written; each total becomes what they add up to.

    Raises:
        DomainError: a month is missing, stands there twice, has no number somewhere, or a negative one.
    """
    _require_sound(table)
    return edit(table, {(TOTAL, column): table.months_sum(n) for n, column in enumerate(table.columns)})


def keep_total(table: PlanTable) -> PlanTable:
    """The stated totals count; the months of a column that misses its total are corrected.

    Months that broke a steady share get it back if that makes the totals right. What still misses its total is
    scaled: the total is shared out by the months as written, in the column's decimals, by largest remainder. Where
    columns make up another one, the last of them takes what the others leave of it in each month, so that rows
    go on adding up. A column without a stated total stays as it is.

    Raises:
        DomainError: a month is missing, stands there twice, has no number somewhere, or a negative one.
    """
    _require_sound(table)
    splits = sorted(whole_splits(table), key=lambda split: -table.months_sum(split.whole))
    parts = {part for split in splits for part in split.parts}
    mended = _with_steady_shares(table)
    for column in range(len(table.columns)):
        mended = mended if column in parts else _fitted(mended, column)
    for split in splits:
        mended = _fitted_parts(mended, split)
    return mended


def edit(table: PlanTable, numbers: Mapping[tuple[int, str], Fraction]) -> PlanTable:
    """The table with some numbers replaced, by month (or :data:`TOTAL`) and column.

    Each month then stands there once, in order, and the total last: of a doubled month the first row is kept,
    a missing one is added empty, and rows that are neither are left out.

    Raises:
        DomainError: there is no such month or column.
    """
    for month, column in numbers:
        if column not in table.columns or month not in range(TOTAL, MONTHS_IN_YEAR + 1):
            raise DomainError(say("The table has no place for this number: {column}.", column=column))
    rows = tuple(_edited(table, month, numbers) for month in (*_MONTHS, TOTAL))
    return replace(table, rows=rows)


def _edited(table: PlanTable, month: int, numbers: Mapping[tuple[int, str], Fraction]) -> Row:
    empty: tuple[Cell, ...] = (None,) * len(table.columns)
    row = table.row(month) or Row(0, str(MONTH_NAMES[month]), month, empty)
    cells = (numbers.get((month, name), cell) for name, cell in zip(table.columns, row.cells, strict=True))
    return replace(row, cells=tuple(cells))


def _require_sound(table: PlanTable) -> None:
    """Only twelve months of numbers can be added up or scaled."""
    rows = table.months()
    complete = all(number_in(row, column) is not None for row in rows for column in range(len(table.columns)))
    if sorted(row.month or TOTAL for row in rows) != list(_MONTHS) or not complete:
        raise DomainError(
            say("Each of the twelve months must stand there once, with a number in each column: edit the table first.")
        )
    if any(isinstance(cell, Fraction) and cell < 0 for row in table.rows for cell in row.cells):
        raise DomainError(say("A planned figure cannot be negative: edit the table first."))


def _with_steady_shares(table: PlanTable) -> PlanTable:
    """Give broken months their steady shares back, where that is all that the totals are missing."""
    for steady in steady_splits(table):
        mended = edit(table, _restored(table, steady))
        if all(_agrees(mended, part) for part in steady.parts):
            table = mended
    return table


def _restored(table: PlanTable, steady: SteadySplit) -> dict[tuple[int, str], Fraction]:
    names = [table.columns[part] for part in steady.parts]
    return {
        (row.month or TOTAL, name): right
        for row in broken_months(table, steady)
        for name, right in zip(names, steady.expected(table, number_in(row, steady.whole) or Fraction(0)), strict=True)
    }


def _agrees(table: PlanTable, column: int) -> bool:
    return table.number(TOTAL, column) in (None, table.months_sum(column))


def _fitted(table: PlanTable, column: int) -> PlanTable:
    """Share the stated total out by the months as written (evenly if they are all zero), unless they agree."""
    stated = table.number(TOTAL, column)
    if stated is None or _agrees(table, column):
        return table
    written = [table.number(month, column) or Fraction(0) for month in _MONTHS]
    step = Fraction(1, 10 ** table.places(column))
    units = share_out(int(stated / step), written if any(written) else [1] * MONTHS_IN_YEAR)
    return _with_months(table, column, [step * unit for unit in units])


def _fitted_parts(table: PlanTable, split: Split) -> PlanTable:
    *others, last = split.parts
    for part in others:
        table = _fitted(table, part)
    rests = [_rest(table, month, split.whole, others) for month in _MONTHS]
    if min(rests) < 0 or sum(rests) != table.number(TOTAL, last):
        return _fitted(table, last)
    return _with_months(table, last, rests)


def _rest(table: PlanTable, month: int, whole: int, others: Sequence[int]) -> Fraction:
    taken = sum((table.number(month, part) or Fraction(0) for part in others), Fraction(0))
    return (table.number(month, whole) or Fraction(0)) - taken


def _with_months(table: PlanTable, column: int, values: Sequence[Fraction]) -> PlanTable:
    name = table.columns[column]
    return edit(table, {(month, name): value for month, value in zip(_MONTHS, values, strict=True)})
