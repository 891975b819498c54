"""Plan tables as they were sent: kept with every cell, proof-read, and decided before a single target is written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incentives import clock
from incentives.audit import service as audit
from incentives.core.approval import ProposalState
from incentives.core.attainment import Aggregation
from incentives.core.errors import DomainError, NotFound, say
from incentives.core.period import Month
from incentives.core.plan_mending import edit, keep_months, keep_total
from incentives.core.plan_table import PlanTable, Row, read_table
from incentives.core.proofreading import Finding, Kind, Sense, proofread, sense_of_product, sense_of_target
from incentives.db import db
from incentives.exchange import reading
from incentives.exchange.headings import normalised
from incentives.people.models import Department, Store
from incentives.targets.models import Indicator, PlanColumn, PlanFile, PlanTableState, Target
from incentives.targets.plan_sheets import find_plan
from incentives.targets.scopes import STORE, Scope, checked_year, of_department
from incentives.targets.service.catalogue import indicators
from incentives.targets.service.holding import Held, held
from incentives.targets.units import WAN, Unit

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


# --- what the columns mean -------------------------------------------------------------------------------


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
    _require_undecided(plan)
    known = {found.id for found in indicators(plan.store_id)}
    there = set(db.session.scalars(select(Department.id).join(Store, Store.group_id == Department.group_id)))
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


# --- proof-reading ---------------------------------------------------------------------------------------


def written(plan: PlanFile) -> PlanTable:
    """The table as it was written."""
    return read_table(plan.lines)


def decided(plan: PlanFile) -> PlanTable:
    """The table as it was decided so far."""
    numbers = {(int(month), str(column)): Fraction(str(number)) for month, column, number in plan.edits}
    table = written(plan)
    return edit(table, numbers) if numbers else table


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


# --- deciding --------------------------------------------------------------------------------------------


def decide(plan: PlanFile, keep_totals: Mapping[str, bool], *, actor_id: int) -> None:
    """Settle the columns that miss their totals: by their months, or (true) by their totals. Writes no target.

    A column that is not named goes by its months.

    Raises:
        DomainError: it is applied already, or months are missing or hold no number: the table must be edited first.
    """
    _require_undecided(plan)
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
    _require_undecided(plan)
    _keep(plan, edit(decided(plan), numbers), "edited", actor_id)


def undo(plan: PlanFile, *, actor_id: int) -> None:
    """Back to what was written.

    Raises:
        DomainError: it is applied already.
    """
    _require_undecided(plan)
    _keep(plan, written(plan), "", actor_id)


def _require_undecided(plan: PlanFile) -> None:
    if plan.state is PlanTableState.APPLIED:
        raise DomainError(say("This plan table became targets already. Change the targets, or send a new table."))


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


def still_open(found: Sequence[Finding]) -> list[Finding]:
    """The findings that must be decided before the table can become targets; the others may stand as they are."""
    return [finding for finding in found if finding.kind not in {Kind.STEADY_SHARE, Kind.PARTS, Kind.SENSE}]


def waiting_targets(plan: PlanFile) -> int:
    """How many of the table's targets still wait for a second person."""
    rows = select(Target.id).where(Target.plan_table_id == plan.id, Target.state == ProposalState.PROPOSED)
    return len(db.session.scalars(rows).all())
