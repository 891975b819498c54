"""The proof-reader of plan tables: what does not add up, where, and by how much. It never corrects anything.

Source: product.md §3 and plan-facts.md §3. The rules know no particular table: which columns make up another one,
and which shares are steady, :mod:`incentives.core.plan_splits` reads from the table itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import chain
from math import prod

from incentives.core.attainment import Comparison, is_met
from incentives.core.errors import Sentence, say
from incentives.core.figures import figure, signed
from incentives.core.period import MONTHS_IN_YEAR
from incentives.core.plan_splits import Split, SteadySplit, broken_months, figures, steady_splits, whole_splits
from incentives.core.plan_table import MONTH_NAMES, TOTAL, PlanTable, Row, number_in


class Kind(StrEnum):
    """What the proof-reader looks for."""

    MISSING_MONTH = "missing_month"
    DOUBLED_MONTH = "doubled_month"
    UNKNOWN_ROW = "unknown_row"
    NO_NUMBER = "no_number"
    NEGATIVE = "negative"
    COLUMN_TOTAL = "column_total"
    PARTS = "parts"
    STEADY_SHARE = "steady_share"
    SENSE = "sense"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree: its place, its sentence, and the amounts of the mismatch.

    ``line`` is the line of the file (``None`` where nothing was written), ``month`` as in a row.
    ``differences`` are what is written (or added up) less what it should be, one for each of ``columns``.
    """

    kind: Kind
    line: int | None
    month: int | None
    columns: tuple[str, ...]
    differences: tuple[Fraction, ...]
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Sense:
    """What another indicator says a column's total should be, and why."""

    column: str
    expected: Fraction
    comparison: Comparison | None
    factors: tuple[Fraction, ...] = ()


def sense_of_product(column: str, factors: Sequence[Fraction], unit: Fraction) -> Sense:
    """A total that follows from others: 650 vehicles x 12 x 800 yuan, in units of 10,000 yuan."""
    return Sense(column, prod(factors, start=Fraction(1)) / unit, None, tuple(factors))


def sense_of_target(column: str, target: Fraction, comparison: Comparison) -> Sense:
    """A total for which the indicators set a target of their own, in the table's unit."""
    return Sense(column, target, comparison)


def proofread(table: PlanTable, senses: Sequence[Sense] = ()) -> tuple[Finding, ...]:
    """Everything that does not agree; nothing for a sound table."""
    rules: tuple[Callable[[PlanTable], Iterator[Finding]], ...] = (
        _missing_months,
        _doubled_rows,
        _unknown_rows,
        _no_numbers,
        _negatives,
        _column_totals,
        _unequal_parts,
        _broken_shares,
    )
    found = chain.from_iterable(rule(table) for rule in rules)
    return (*found, *_senseless(table, senses))


def _missing_months(table: PlanTable) -> Iterator[Finding]:
    for month in range(1, MONTHS_IN_YEAR + 1):
        if table.row(month) is None:
            sentence = say("{month} is missing.", month=MONTH_NAMES[month])
            yield Finding(Kind.MISSING_MONTH, None, month, (), (), sentence)


def _doubled_rows(table: PlanTable) -> Iterator[Finding]:
    first: dict[int, Row] = {}
    for row in table.rows:
        if row.month is None:
            continue
        if (earlier := first.setdefault(row.month, row)) is not row:
            sentence = say(
                "{month} stands there twice, in rows {first} and {second}.",
                month=MONTH_NAMES[row.month],
                first=earlier.line,
                second=row.line,
            )
            yield Finding(Kind.DOUBLED_MONTH, row.line, row.month, (), (), sentence)


def _unknown_rows(table: PlanTable) -> Iterator[Finding]:
    for row in table.rows:
        if row.month is None:
            sentence = say("Row {line}: “{label}” is neither a month nor a total.", line=row.line, label=row.label)
            yield Finding(Kind.UNKNOWN_ROW, row.line, None, (), (), sentence)


def _no_numbers(table: PlanTable) -> Iterator[Finding]:
    for row in table.rows:
        for name, cell in zip(table.columns, row.cells, strict=True):
            if row.month is not None and not isinstance(cell, Fraction):
                yield Finding(Kind.NO_NUMBER, row.line, row.month, (name,), (), _no_number(row.line, name, cell))


def _no_number(line: int, column: str, cell: str | None) -> Sentence:
    if cell is None:
        return say("Row {line}, {column}: there is no number.", line=line, column=column)
    return say("Row {line}, {column}: “{text}” is not a number.", line=line, column=column, text=cell[:40])


def _negatives(table: PlanTable) -> Iterator[Finding]:
    for row in table.rows:
        for name, cell in zip(table.columns, row.cells, strict=True):
            if row.month is not None and isinstance(cell, Fraction) and cell < 0:
                sentence = say("Row {line}, {column}: a planned figure cannot be negative.", line=row.line, column=name)
                yield Finding(Kind.NEGATIVE, row.line, row.month, (name,), (cell,), sentence)


def _column_totals(table: PlanTable) -> Iterator[Finding]:
    total = table.row(TOTAL)
    for column, name in enumerate(table.columns):
        stated = number_in(total, column) if total else None
        if total is None or stated is None or table.months_sum(column) == stated:
            continue
        added, places = table.months_sum(column), table.places(column)
        sentence = say(
            "{column}: months add up to {sum}, total says {stated} (difference {difference})",
            column=name,
            sum=figure(added, places),
            stated=figure(stated, places),
            difference=signed(added - stated, places),
        )
        yield Finding(Kind.COLUMN_TOTAL, total.line, TOTAL, (name,), (added - stated,), sentence)


def _unequal_parts(table: PlanTable) -> Iterator[Finding]:
    for split in whole_splits(table):
        for row in table.rows:
            numbers = figures(row, (split.whole, *split.parts)) if row.month is not None else None
            if numbers and numbers[0] != sum(numbers[1:]):
                yield _unequal(table, split, row, numbers)


def _unequal(table: PlanTable, split: Split, row: Row, numbers: tuple[Fraction, ...]) -> Finding:
    whole, added = numbers[0], sum(numbers[1:], Fraction(0))
    places = max(table.places(column) for column in (split.whole, *split.parts))
    sentence = say(
        "{month}: {parts} add up to {sum}, {whole} says {stated} (difference {difference})",
        month=MONTH_NAMES[row.month or TOTAL],
        parts=_listed([table.columns[part] for part in split.parts]),
        sum=figure(added, places),
        whole=table.columns[split.whole],
        stated=figure(whole, places),
        difference=signed(added - whole, places),
    )
    return Finding(Kind.PARTS, row.line, row.month, (table.columns[split.whole],), (added - whole,), sentence)


def _broken_shares(table: PlanTable) -> Iterator[Finding]:
    for steady in steady_splits(table):
        broken = list(broken_months(table, steady))
        yield from (_broken_share(table, steady, row, alone=len(broken) == 1) for row in broken)


def _broken_share(table: PlanTable, steady: SteadySplit, row: Row, *, alone: bool) -> Finding:
    whole, *written = figures(row, (steady.whole, *steady.parts)) or ()
    expected = steady.expected(table, whole)
    places = [table.places(part) for part in steady.parts]
    values: dict[str, str | Sentence] = {
        "month": MONTH_NAMES[row.month or TOTAL],
        "written": _listed(list(map(figure, written, places))),
        "shares": _share_text(steady.shares),
        "expected": _listed(list(map(figure, expected, places))),
    }
    sentence = (
        say("{month}: {written} where the {shares} share of every other month gives {expected}", **values)
        if alone
        else say("{month}: {written} where the {shares} share of most other months gives {expected}", **values)
    )
    names = tuple(table.columns[part] for part in steady.parts)
    differences = tuple(given - right for given, right in zip(written, expected, strict=True))
    return Finding(Kind.STEADY_SHARE, row.line, row.month, names, differences, sentence)


def _senseless(table: PlanTable, senses: Sequence[Sense]) -> Iterator[Finding]:
    for sense in senses:
        if sense.column not in table.columns:
            continue
        column = table.columns.index(sense.column)
        stated = table.number(TOTAL, column)
        planned = table.months_sum(column) if stated is None else stated
        if not _makes_sense(planned, sense):
            yield _nonsense(table, sense, column, planned)


def _makes_sense(planned: Fraction, sense: Sense) -> bool:
    if sense.comparison is None:
        return planned == sense.expected
    return is_met(planned, sense.expected, sense.comparison)


def _nonsense(table: PlanTable, sense: Sense, column: int, planned: Fraction) -> Finding:
    total, places = table.row(TOTAL), max(table.places(column), 1)
    difference = planned - sense.expected
    if sense.comparison is None:
        sentence = say(
            "{column}: {factors} gives {expected}, but {planned} is planned in all (difference {difference})",
            column=sense.column,
            factors=" × ".join(figure(factor) for factor in sense.factors),
            expected=figure(sense.expected, places),
            planned=figure(planned, places),
            difference=signed(difference, places),
        )
    else:
        sentence = say(
            "{column}: {planned} is planned in all, but the indicator's target is {comparison} {expected} "
            "(difference {difference})",
            column=sense.column,
            planned=figure(planned, places),
            comparison=sense.comparison.value,
            expected=figure(sense.expected, places),
            difference=signed(difference, places),
        )
    return Finding(Kind.SENSE, total.line if total else None, TOTAL, (sense.column,), (difference,), sentence)


def _listed(texts: Sequence[str]) -> Sentence | str:
    """``a``, ``a and b``, ``a, b and c``."""
    *rest, last = texts
    return say("{first} and {last}", first=", ".join(rest), last=last) if rest else last


def _share_text(shares: Sequence[Fraction]) -> str:
    """Shares in percent, with at most two decimals and no more than needed: ``70/30``, of one alone ``12.5 %``."""
    texts = [figure(share * 100, 2).rstrip("0").rstrip(".") for share in shares]
    return "/".join(texts) if len(texts) > 1 else f"{texts[0]} %"
