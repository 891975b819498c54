"""The three ways to settle a plan table: keep the months, keep the totals, or edit. What was written stays."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from incentives.audit import service as audit
from incentives.core.plan_mending import edit, keep_months, keep_total
from incentives.core.plan_table import PlanTable
from incentives.db import db
from incentives.targets.models import PlanFile
from incentives.targets.service.plan_files import decided, require_undecided, written


def decide(plan: PlanFile, keep_totals: Mapping[str, bool], *, actor_id: int) -> None:
    """Settle the columns that miss their totals: by their months, or (true) by their totals. Writes no target.

    A column that is not named goes by its months.

    Raises:
        DomainError: it is applied already, or months are missing or hold no number: the table must be edited first.
    """
    require_undecided(plan)
    table = decided(plan)
    by_months = keep_months(table)
    if any(keep_totals.values()):
        stated = {
            (0, column): by_months.months_sum(place)
            for place, column in enumerate(table.columns)
            if not keep_totals.get(column)
        }
        _keep(plan, keep_total(edit(table, stated)), "keep_total", actor_id)
    else:
        _keep(plan, by_months, "keep_months", actor_id)


def edit_cells(plan: PlanFile, numbers: Mapping[tuple[int, str], Fraction], *, actor_id: int) -> None:
    """Write other numbers into the table, by month (0: the total) and column. What was written stays beside it.

    Raises:
        DomainError: it is applied already, or has no such place.
    """
    require_undecided(plan)
    _keep(plan, edit(decided(plan), numbers), "edited", actor_id)


def undo(plan: PlanFile, *, actor_id: int) -> None:
    """Back to what was written.

    Raises:
        DomainError: it is applied already.
    """
    require_undecided(plan)
    _keep(plan, written(plan), "", actor_id)


def _keep(plan: PlanFile, table: PlanTable, decision: str, actor_id: int) -> None:
    before = {(month, column): number for month, column, number in plan.edits}
    plan.edits = [[month, column, str(number)] for (month, column), number in differences(written(plan), table).items()]
    plan.decision = decision
    db.session.flush()
    after = {(month, column): number for month, column, number in plan.edits}
    audit.record(
        "targets.plan_table_decided",
        store_id=plan.store_id,
        actor_id=actor_id,
        subject=plan.name,
        changes={
            f"{month} {column}": (before.get((month, column)), after.get((month, column)))
            for month, column in sorted(before.keys() | after.keys())
            if before.get((month, column)) != after.get((month, column))
        },
    )


def differences(before: PlanTable, after: PlanTable) -> dict[tuple[int, str], Fraction]:
    """The places whose numbers differ, with the later number."""
    places = ((month, place) for month in range(13) for place in range(len(before.columns)))
    return {
        (month, after.columns[place]): number
        for month, place in places
        if (number := after.number(month, place)) is not None and number != before.number(month, place)
    }
