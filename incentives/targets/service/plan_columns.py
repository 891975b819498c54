"""What the columns of a plan table mean. A store says it once; the next table is read the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from incentives.audit import service as audit
from incentives.core.errors import DomainError, say
from incentives.db import db
from incentives.exchange.headings import normalised
from incentives.targets.models import Indicator, PlanColumn, PlanFile
from incentives.targets.scopes import STORE, Scope, of_department
from incentives.targets.service.catalogue import indicators
from incentives.targets.service.plan_files import require_undecided, written
from incentives.targets.service.setting import department_ids


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column is: an indicator's targets, for the store or a department; or none, and it is only proof-read."""

    column: str
    indicator: Indicator | None
    scope: Scope = STORE


def meanings(plan: PlanFile) -> list[Meaning]:
    """What each column means: as the store once decided, else by what plan tables usually call an indicator."""
    columns = written(plan).columns
    remembered = {
        known.heading: known
        for known in db.session.scalars(
            select(PlanColumn).where(
                PlanColumn.store_id == plan.store_id, PlanColumn.heading.in_([normalised(each) for each in columns])
            )
        )
    }
    catalogue = indicators(plan.store_id)
    return [_meaning(column, remembered.get(normalised(column)), catalogue) for column in columns]


def _meaning(column: str, known: PlanColumn | None, catalogue: Sequence[Indicator]) -> Meaning:
    if known is None:
        usual = (found for found in catalogue if normalised(column) in _names(found))
        return Meaning(column, next(usual, None))
    scope = STORE if known.department_id is None else of_department(known.department_id)
    return Meaning(column, next((found for found in catalogue if found.id == known.indicator_id), None), scope)


def _names(indicator: Indicator) -> set[str]:
    return {normalised(name) for name in (*indicator.headings, indicator.name, indicator.name_en, indicator.code)}


def remember(plan: PlanFile, chosen: Mapping[str, tuple[int | None, int | None]], *, wan: bool, actor_id: int) -> None:
    """Keep what the columns mean, as indicator and department ids, for this table and the store's next ones.

    Raises:
        DomainError: it is applied already, an id is unknown, or two columns mean the same.
    """
    require_undecided(plan)
    known = {found.id for found in indicators(plan.store_id)}
    there = department_ids(plan.store_id)
    taken = [pair for pair in chosen.values() if pair[0] is not None]
    if any(one not in known or (other is not None and other not in there) for one, other in taken):
        raise DomainError(say("Please choose one of the list."))
    if len(set(taken)) < len(taken):
        raise DomainError(say("Two columns cannot be the same indicator of the same department."))
    before = {meaning.column: meaning.indicator.code for meaning in meanings(plan) if meaning.indicator}
    for column in written(plan).columns:
        if column in chosen:
            _remember(plan.store_id, normalised(column), *chosen[column])
    plan.wan = wan
    db.session.flush()
    after = {meaning.column: meaning.indicator.code for meaning in meanings(plan) if meaning.indicator}
    audit.record(
        "targets.plan_columns_chosen",
        store_id=plan.store_id,
        actor_id=actor_id,
        subject=plan.name,
        changes={name: (before.get(name), after.get(name)) for name in chosen if before.get(name) != after.get(name)},
    )


def _remember(store_id: int, heading: str, indicator_id: int | None, department_id: int | None) -> None:
    found = db.session.scalars(
        select(PlanColumn).where(PlanColumn.store_id == store_id, PlanColumn.heading == heading)
    ).one_or_none()
    if found is None:
        found = PlanColumn(store_id=store_id, heading=heading)
        db.session.add(found)
    found.indicator_id = indicator_id
    found.department_id = None if indicator_id is None else department_id
