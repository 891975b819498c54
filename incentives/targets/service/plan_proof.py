"""What does not agree in a plan table: in itself, and with the targets that the indicators have."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from incentives.core.attainment import Aggregation
from incentives.core.period import Month
from incentives.core.plan_table import PlanTable, Row
from incentives.core.proofreading import Finding, Kind, Sense, proofread, sense_of_product, sense_of_target
from incentives.targets.models import Indicator, PlanFile, PlanTableState
from incentives.targets.scopes import STORE
from incentives.targets.service.catalogue import indicators
from incentives.targets.service.holding import Held, held
from incentives.targets.service.plan_columns import Meaning
from incentives.targets.units import WAN, Unit


def findings(plan: PlanFile, table: PlanTable, meant: Sequence[Meaning]) -> tuple[Finding, ...]:
    """What does not agree in a table, and with the targets that the indicators have.

    Columns of rates and levels have months that do not add up, so they are not asked to.
    """
    return proofread(_sums_only(table, meant), _senses(plan, meant))


def _adds_up(meaning: Meaning) -> bool:
    return meaning.indicator is None or meaning.indicator.aggregation is Aggregation.SUM


def _sums_only(table: PlanTable, meant: Sequence[Meaning]) -> PlanTable:
    asked = {meaning.column for meaning in meant if _adds_up(meaning)}
    places = [place for place, column in enumerate(table.columns) if column in asked]
    rows = (Row(row.line, row.label, row.month, tuple(row.cells[place] for place in places)) for row in table.rows)
    return PlanTable(tuple(table.columns[place] for place in places), tuple(rows))


def _senses(plan: PlanFile, meant: Sequence[Meaning]) -> list[Sense]:
    """What the store's own targets say about columns of the whole store, but for those that this table has made."""
    if plan.state is PlanTableState.APPLIED:
        return []
    catalogue = indicators(plan.store_id)
    holding = held(plan.store_id, {plan.year}, scopes=[STORE])
    senses = []
    for meaning in meant:
        if meaning.indicator is not None and meaning.scope == STORE and _adds_up(meaning):
            unit = factor(meaning.indicator, wan=plan.wan)
            target = holding.target(meaning.indicator, plan.year)
            if target is not None:
                senses.append(sense_of_target(meaning.column, target / unit, meaning.indicator.comparison))
            senses += _products(meaning, catalogue, holding, plan.year, unit)
    return senses


def _products(
    meaning: Meaning, catalogue: Sequence[Indicator], holding: Held, year: int, unit: Fraction
) -> list[Sense]:
    """Totals that follow from a ratio and its count: 650 vehicles x 12 x 800 yuan."""
    found = []
    for ratio in catalogue:
        count = next((each for each in catalogue if each.id == ratio.count_id), None)
        if count is None or meaning.indicator is None or ratio.total_id != meaning.indicator.id:
            continue
        per_unit, times = holding.target(ratio, year), _times(count, holding, year)
        if per_unit is not None and times:
            found.append(sense_of_product(meaning.column, [*times, per_unit], unit))
    return found


def _times(count: Indicator, holding: Held, year: int) -> list[Fraction]:
    """A year's count: as twelve times the months' target if all are the same, else as it is."""
    months = {holding.written(count, Month(year, number)) for number in range(1, 13)}
    each = months.pop() if len(months) == 1 else None
    whole = holding.target(count, year)
    if each is not None and whole == each * 12:
        return [each, Fraction(12)]
    return [] if whole is None else [whole]


def factor(indicator: Indicator, *, wan: bool) -> Fraction:
    """What a figure of the table is worth in the indicator's unit."""
    if indicator.unit is Unit.PERCENT:
        return Fraction(1, 100)
    return Fraction(WAN) if wan and indicator.unit is Unit.CNY else Fraction(1)


def still_open(found: Sequence[Finding]) -> list[Finding]:
    """The findings that must be decided before the table can become targets; the others may stand as they are."""
    return [finding for finding in found if finding.kind not in {Kind.STEADY_SHARE, Kind.PARTS, Kind.SENSE}]
