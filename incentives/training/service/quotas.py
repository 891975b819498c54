"""Quotas of a year: what the department holds and what each position attends, at least."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import flag_modified

from incentives.audit import service as audit
from incentives.core.errors import Conflict, DomainError, NotFound, say
from incentives.core.period import FIRST_YEAR, LAST_YEAR, MONTHS_IN_YEAR, Month
from incentives.db import db
from incentives.people.models import Store
from incentives.people.service.staff import positions
from incentives.periods import service as periods
from incentives.training.models import Quota, QuotaPosition, TrainingKind
from incentives.training.reference import known_kinds
from incentives.training.service.kinds import kinds_of

MOST = 366


def quotas_of(store_id: int, year: int) -> dict[int, Quota]:
    """The store's quotas of a year by kind."""
    found = select(Quota).where(Quota.store_id == store_id, Quota.year == year).options(joinedload(Quota.positions))
    return {quota.kind_id: quota for quota in db.session.scalars(found).unique()}


def asked_of(quota: Quota | None) -> dict[int, int]:
    """How many sessions each position is asked to attend."""
    return {row.position_id: row.attended_required for row in quota.positions} if quota else {}


def set_quota(
    store: Store,
    kind: TrainingKind,
    year: int,
    *,
    held: int,
    attended: Mapping[int, int],
    seen: int,
    actor_id: int | None,
) -> Quota:
    """Set both sides of a kind's quota for a year.

    Args:
        attended: by position, sessions each person attends at least; positions that are not named need not attend.
        seen: the version that was on the page; zero where there was no quota.

    Raises:
        DomainError: a figure is out of range, or the year's last month takes no more facts.
        Conflict: somebody else set it since the page was loaded.
        NotFound: a position is not the group's.
    """
    _require_sensible(year, held, attended)
    periods.require_open(store.id, Month(year, MONTHS_IN_YEAR))
    if not set(attended) <= {position.id for position in positions(store.group_id)}:
        raise NotFound(say("There is no such position."))
    quota = _to_change(store.id, kind.id, year)
    if (quota.version if quota else 0) != seen:
        raise Conflict(say("Somebody has changed “{name}” in the meantime. Load the page again.", name=kind.name))
    before = (quota.held_required, sum(asked_of(quota).values())) if quota else (None, None)
    quota = quota or Quota(store_id=store.id, kind_id=kind.id, year=year, held_required=held)
    _fill(quota, held, attended)
    audit.record(
        "training.quota_set",
        store_id=store.id,
        actor_id=actor_id,
        subject=f"{year} {kind.name}",
        changes={"held": (before[0], held), "attended": (before[1], sum(attended.values()))},
    )
    return quota


def begin_year(store: Store, year: int, *, actor_id: int | None) -> int:
    """Give a year without quotas those of the year before or, where there are none, the usual plan's; how many.

    Raises:
        Conflict: the year has quotas already.
        DomainError: the year is out of range, or its last month takes no more facts.
    """
    _require_sensible(year, 0, {})
    periods.require_open(store.id, Month(year, MONTHS_IN_YEAR))
    if db.session.scalar(select(func.count()).where(Quota.store_id == store.id, Quota.year == year)):
        raise Conflict(say("{year} has its quotas already.", year=str(year)))
    wanted = _of_year_before(store.id, year) or _of_the_plan(store.group_id)
    for kind_id, (held, attended) in wanted.items():
        _fill(Quota(store_id=store.id, kind_id=kind_id, year=year, held_required=held), held, attended)
    changes: dict[str, tuple[object, object]] = {"quotas": (0, len(wanted))}
    audit.record("training.quotas_begun", store_id=store.id, actor_id=actor_id, subject=str(year), changes=changes)
    return len(wanted)


def _of_year_before(store_id: int, year: int) -> dict[int, tuple[int, dict[int, int]]]:
    return {kind_id: (quota.held_required, asked_of(quota)) for kind_id, quota in quotas_of(store_id, year - 1).items()}


def _of_the_plan(group_id: int) -> dict[int, tuple[int, dict[int, int]]]:
    places = positions(group_id)
    plan = {known.code: known for known in known_kinds()}
    return {
        kind.id: (
            plan[kind.code].held,
            {
                place.id: plan[kind.code].attended
                for place in places
                if plan[kind.code].attended and plan[kind.code].is_for(place.department.code)
            },
        )
        for kind in kinds_of(group_id)
        if kind.code in plan
    }


def _require_sensible(year: int, held: int, attended: Mapping[int, int]) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DomainError(say("The year must lie between {first} and {last}.", first=FIRST_YEAR, last=LAST_YEAR))
    if not 0 <= held <= MOST or not all(0 < count <= MOST for count in attended.values()):
        raise DomainError(say("A quota lies between 0 and {most} sessions a year.", most=MOST))


def _to_change(store_id: int, kind_id: int, year: int) -> Quota | None:
    found = select(Quota).where(Quota.store_id == store_id, Quota.kind_id == kind_id, Quota.year == year)
    found = found.options(selectinload(Quota.positions)).with_for_update(of=Quota)
    return db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def _fill(quota: Quota, held: int, attended: Mapping[int, int]) -> None:
    """Write both sides; the version grows even if only a position's side changed."""
    db.session.add(quota)
    known = {row.position_id: row for row in quota.positions}
    for position_id, row in known.items():
        if position_id not in attended:
            quota.positions.remove(row)
    for position_id, count in attended.items():
        if position_id in known:
            known[position_id].attended_required = count
        else:
            quota.positions.append(QuotaPosition(position_id=position_id, attended_required=count))
    quota.held_required = held
    if quota.id is not None:
        flag_modified(quota, "held_required")
    db.session.flush()
