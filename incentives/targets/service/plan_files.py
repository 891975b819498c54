"""Plan tables as they were sent: kept with every cell, proof-read, and decided before a single target is written."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incentives import clock
from incentives.audit import service as audit
from incentives.core.errors import DomainError, NotFound, say
from incentives.core.plan_mending import edit
from incentives.core.plan_table import PlanTable, read_table
from incentives.db import db
from incentives.exchange import reading
from incentives.targets.models import PlanFile, PlanTableState
from incentives.targets.plan_sheets import find_plan
from incentives.targets.scopes import checked_year

MOST_BYTES = 2 * 1024 * 1024
"""A plan of a year has some twenty rows; a larger file is something else."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A plan table that came in; ``again``: the very same file was sent for that year before."""

    plan: PlanFile
    again: bool


def send(store_id: int, year: int, name: str, data: bytes, *, actor_id: int) -> Sent:
    """Keep a plan table to be proof-read. No target is written. The same file for the same year is kept once.

    Raises:
        DomainError: it cannot be read, or holds no plan table.
    """
    checked_year(year)
    if len(data) > MOST_BYTES:
        raise DomainError(say("The file is larger than {most} MB.", most=MOST_BYTES // (1024 * 1024)))
    digest = hashlib.sha256(data).hexdigest()
    known = db.session.scalars(
        select(PlanFile).where(PlanFile.store_id == store_id, PlanFile.year == year, PlanFile.digest == digest)
    ).one_or_none()
    if known is not None:
        return Sent(known, again=True)
    found = find_plan(reading.read(data))
    plan = PlanFile(
        store_id=store_id,
        year=year,
        name=name[:200],
        digest=digest,
        data=data,
        lines=found.lines,
        edits=[],
        wan=found.wan,
        maker_id=actor_id,
        created_at=clock.now(),
    )
    db.session.add(plan)
    db.session.flush()
    audit.record(
        "targets.plan_table_sent",
        store_id=store_id,
        actor_id=actor_id,
        subject=plan.name,
        changes={"year": (None, year)},
    )
    return Sent(plan, again=False)


def plan_files(store_id: int) -> Sequence[PlanFile]:
    """The store's plan tables, the latest first."""
    found = select(PlanFile).where(PlanFile.store_id == store_id).options(joinedload(PlanFile.maker))
    return db.session.scalars(found.order_by(PlanFile.id.desc())).all()


def plan_file(store_id: int, plan_id: int, *, lock: bool = False) -> PlanFile:
    """One of them.

    Raises:
        NotFound: the store has no such plan table.
    """
    wanted = select(PlanFile).where(PlanFile.store_id == store_id, PlanFile.id == plan_id)
    found = db.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def written(plan: PlanFile) -> PlanTable:
    """The table as it was written."""
    return read_table(plan.lines)


def decided(plan: PlanFile) -> PlanTable:
    """The table as it was decided so far."""
    numbers = {(int(month), str(column)): Fraction(str(number)) for month, column, number in plan.edits}
    table = written(plan)
    return edit(table, numbers) if numbers else table


def require_undecided(plan: PlanFile) -> None:
    """Refuse a table that is targets already: it stays as it was decided.

    Raises:
        DomainError: it was applied.
    """
    if plan.state is PlanTableState.APPLIED:
        raise DomainError(say("This plan table became targets already. Change the targets, or send a new table."))
