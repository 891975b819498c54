"""Turn a plan table that agrees with itself into targets for the year and its months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from incentives import clock
from incentives.core.approval import MonthState
from incentives.core.attainment import Aggregation
from incentives.core.errors import DomainError, Faults, say
from incentives.core.period import Month
from incentives.core.plan_table import TOTAL, PlanTable
from incentives.db import db
from incentives.periods import service as periods
from incentives.targets.models import Origin, PlanFile, PlanTableState
from incentives.targets.service.plan_columns import Meaning, meanings
from incentives.targets.service.plan_files import decided, require_undecided
from incentives.targets.service.plan_proof import factor, findings, still_open
from incentives.targets.service.setting import NewTarget, Outcome, Why, set_targets


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a plan table. Months that are not open any more keep the targets they had."""

    outcome: Outcome
    not_open: tuple[Month, ...]


def apply(plan: PlanFile, *, actor_id: int, today: date) -> Applied:
    """Write the targets of every column that means an indicator. All or nothing.

    Raises:
        Faults: something must be decided first, each with its place.
        DomainError: no column means an indicator, or it was applied already.
    """
    require_undecided(plan)
    table, meant = decided(plan), meanings(plan)
    undecided = still_open(findings(plan, table, meant))
    if undecided:
        raise Faults(say("Decide this first, then save the targets."), [finding.sentence for finding in undecided])
    not_open = _not_open(plan)
    wanted = [new for meaning in meant for new in _targets(plan, table, meaning, not_open)]
    if not wanted:
        raise DomainError(say("Say first which indicator the columns mean."))
    why = Why(actor_id, today, reason=plan.name, origin=Origin.PLAN_TABLE, plan_table_id=plan.id)
    outcome = set_targets(plan.store_id, wanted, why)
    plan.state, plan.decider_id, plan.decided_at = PlanTableState.APPLIED, actor_id, clock.now()
    db.session.flush()
    return Applied(outcome, not_open)


def _not_open(plan: PlanFile) -> tuple[Month, ...]:
    states = periods.states_of(plan.store_id, [Month(plan.year, number) for number in range(1, 13)])
    return tuple(month for month, state in states.items() if state is not MonthState.OPEN)


def _targets(plan: PlanFile, table: PlanTable, meaning: Meaning, not_open: Sequence[Month]) -> list[NewTarget]:
    """A column's months and, of a sum, its total. Of a rate or level the total row has no meaning that is sure."""
    indicator = meaning.indicator
    if indicator is None:
        return []
    column, worth = table.columns.index(meaning.column), factor(indicator, wan=plan.wan)
    months = [Month(plan.year, number) for number in range(1, 13)]
    found = [
        NewTarget(indicator, month, number * worth, meaning.scope)
        for month in months
        if month not in not_open and (number := table.number(month.month, column)) is not None
    ]
    total = table.number(TOTAL, column)
    if indicator.aggregation is Aggregation.SUM:
        whole = table.months_sum(column) if total is None else total
        found.append(NewTarget(indicator, plan.year, whole * worth, meaning.scope))
    return found
