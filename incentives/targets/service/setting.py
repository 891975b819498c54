"""Set targets and change them. In a period that has begun, a change waits for a second person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from incentives import clock
from incentives.audit import service as audit
from incentives.core.access import refuse_self
from incentives.core.approval import TARGET_CHANGE, ProposalAction, ProposalState
from incentives.core.errors import Conflict, DomainError, Faults, NotAllowed, NotFound, Sentence, say
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger.service import changed
from incentives.people.models import Department, Posting, Store
from incentives.periods import service as periods
from incentives.targets.models import Indicator, Level, Origin, Target
from incentives.targets.scopes import STORE, Period, Scope, has_begun, scope_from, span_of, year_of
from incentives.targets.service.holding import newest
from incentives.targets.service.readings import STALE, name_of, people_of
from incentives.targets.units import kept


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A target to be set, in the indicator's unit. No value takes the target back."""

    indicator: Indicator
    period: Period
    value: Fraction | None
    scope: Scope = STORE

    @property
    def place(self) -> tuple[int, str, str]:
        """The indicator, period and scope."""
        return self.indicator.id, str(self.period), str(self.scope)

    @property
    def kept(self) -> int | None:
        """In smallest parts."""
        return None if self.value is None else kept(self.value, self.indicator.unit.scale)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of setting targets: how many hold at once, wait for a second person, or stood there already."""

    in_force: int
    proposed: int
    same: int


@dataclass(frozen=True, slots=True)
class Why:
    """How targets came to be set, and by whom."""

    actor_id: int
    today: date
    reason: str = ""
    origin: Origin = Origin.TYPED
    plan_table_id: int | None = None


def set_targets(store_id: int, wanted: Sequence[NewTarget], why: Why) -> Outcome:
    """Set targets, all or none. The same figure again changes nothing.

    A first target holds at once. A change holds at once while its period has not begun; later it is proposed, and
    :func:`decide` is for another person. A month that is not open takes none.

    Raises:
        Faults: some cannot be set, each with its reason.
        DomainError: a month is not open.
        Conflict: a change waits already, or somebody else was quicker.
    """
    _refuse(store_id, wanted)
    latest = _latest(store_id, wanted)
    changes = [new for new in wanted if _in_force(latest.get(new.place, ())) != new.kept]
    for month in sorted({new.period for new in changes if isinstance(new.period, Month)}):
        periods.require_open(store_id, month)
    made = [_version(store_id, new, latest.get(new.place, ()), why) for new in changes]
    db.session.add_all(made)
    try:
        db.session.flush()
    except IntegrityError as fault:
        raise Conflict(STALE) from fault
    _tell(store_id, changes, made, latest, why)
    in_force = sum(row.state is ProposalState.IN_FORCE for row in made)
    return Outcome(in_force=in_force, proposed=len(made) - in_force, same=len(wanted) - len(made))


def refuse_stale(store_id: int, indicator: Indicator, year: int, scope: Scope, seen: int) -> None:
    """Refuse a form that was made before the newest version it would change.

    Raises:
        Conflict: somebody else has set or proposed something since.
    """
    if newest(store_id, indicator.id, year, scope) > seen:
        raise Conflict(STALE)


def _refuse(store_id: int, wanted: Sequence[NewTarget]) -> None:
    faults = [_placed(new, fault) for new in wanted if (fault := _fault_of(new))]
    strangers = _strangers(store_id, wanted)
    faults += [
        _placed(new, say("This is no department or person of the store in that time."))
        for new in wanted
        if new.place in strangers
    ]
    if len({new.place for new in wanted}) < len(wanted):
        faults.append(say("The same target is given twice."))
    if faults:
        raise Faults(say("Some targets cannot be set, so none was."), faults)


def _fault_of(new: NewTarget) -> Sentence | None:
    if new.value is not None and new.value < 0:
        return say("A target cannot be negative.")
    try:
        _ = new.kept
    except DomainError as refusal:
        return refusal.sentence
    return None


def _placed(new: NewTarget, fault: Sentence) -> Sentence:
    return say("{indicator}, {period}: {fault}", indicator=name_of(new.indicator), period=str(new.period), fault=fault)


def _strangers(store_id: int, wanted: Sequence[NewTarget]) -> set[tuple[int, str, str]]:
    """Targets of departments the group does not have, or of people not posted here in the period."""
    people = [new for new in wanted if new.scope.level is Level.PERSON]
    known = department_ids(store_id)
    strange = {new.place for new in wanted if new.scope.level is Level.DEPARTMENT and new.scope.id not in known}
    if people:
        ids = {new.scope.id for new in people}
        postings = db.session.scalars(
            select(Posting).where(Posting.store_id == store_id, Posting.employee_id.in_(ids))
        ).all()
        here = {
            (posting.employee_id, str(new.period))
            for posting in postings
            for new in people
            if posting.span.overlap(span_of(new.period)).days
        }
        strange |= {new.place for new in people if (new.scope.id, str(new.period)) not in here}
    return strange


def department_ids(store_id: int) -> set[int]:
    """The departments of the store's group."""
    found = select(Department.id).join(Store, Store.group_id == Department.group_id).where(Store.id == store_id)
    return set(db.session.scalars(found))


def _latest(store_id: int, wanted: Sequence[NewTarget]) -> Mapping[tuple[int, str, str], Sequence[Target]]:
    """All versions of the places asked for, oldest first; locked, so that versions never fork."""
    if not wanted:
        return {}
    found = (
        select(Target)
        .where(
            Target.store_id == store_id,
            Target.year.in_({year_of(new.period) for new in wanted}),
            Target.indicator_id.in_({new.indicator.id for new in wanted}),
            Target.scope.in_({str(new.scope) for new in wanted}),
        )
        .order_by(Target.version)
        .with_for_update()
    )
    places: dict[tuple[int, str, str], list[Target]] = {}
    for row in db.session.scalars(found):
        places.setdefault((row.indicator_id, row.period, row.scope), []).append(row)
    return places


def _in_force(versions: Sequence[Target]) -> int | None:
    return next((row.value for row in reversed(versions) if row.state is ProposalState.IN_FORCE), None)


def _version(store_id: int, new: NewTarget, versions: Sequence[Target], why: Why) -> Target:
    if any(row.state is ProposalState.PROPOSED for row in versions):
        sentence = say("A change of this target waits for a second person already: decide that one first.")
        raise Conflict(_placed(new, sentence))
    was_set = any(row.state is ProposalState.IN_FORCE for row in versions)
    waits = was_set and has_begun(new.period, why.today)
    now = clock.now()
    return Target(
        store_id=store_id,
        indicator_id=new.indicator.id,
        year=year_of(new.period),
        month=new.period if isinstance(new.period, Month) else None,
        period=str(new.period),
        department_id=new.scope.department_id,
        employee_id=new.scope.employee_id,
        scope=str(new.scope),
        value=new.kept,
        version=versions[-1].version + 1 if versions else 1,
        state=ProposalState.PROPOSED if waits else ProposalState.IN_FORCE,
        origin=why.origin,
        plan_table_id=why.plan_table_id,
        reason=why.reason,
        maker_id=why.actor_id,
        created_at=now,
        decided_at=None if waits else now,
    )


_SHOWN_IN_TRAIL = 50


def _tell(
    store_id: int,
    changes: Sequence[NewTarget],
    made: Sequence[Target],
    latest: Mapping[tuple[int, str, str], Sequence[Target]],
    why: Why,
) -> None:
    if not changes:
        return
    proposed = any(row.state is ProposalState.PROPOSED for row in made)
    audit.record(
        "targets.change_proposed" if proposed else "targets.set",
        store_id=store_id,
        actor_id=why.actor_id,
        subject=", ".join(sorted({new.indicator.code for new in changes})),
        changes={
            f"{new.indicator.code} {new.period} {new.scope}": (_in_force(latest.get(new.place, ())), new.kept)
            for new in changes[:_SHOWN_IN_TRAIL]
        },
    )
    _tell_scores(store_id, [row for row in made if row.state is ProposalState.IN_FORCE], why.today)


def _tell_scores(store_id: int, rows: Sequence[Target], today: date) -> None:
    """Scores go by the targets of months; those to come have none yet."""
    for month in {row.month or Month.of(today) for row in rows}:
        if month.first <= today:
            scopes = {scope_from(row.scope) for row in rows if row.month in {month, None}}
            changed(store_id, month, people_of(store_id, month, scopes))


def decide(store_id: int, target_id: int, action: ProposalAction, *, actor_id: int, today: date) -> bool:
    """Confirm, refuse or withdraw a proposed change. A repeat does nothing and is false.

    Raises:
        NotFound: the store has no such proposal.
        NotAllowed: one's own change is confirmed or refused, or somebody else's is withdrawn.
        Refused: it is decided already, otherwise.
        DomainError: its month is no longer open.
    """
    found = db.session.scalars(
        select(Target).where(Target.store_id == store_id, Target.id == target_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    _refuse_actor(found, action, actor_id)
    step = TARGET_CHANGE.after(found.state, action)
    if not step.changed:
        return False
    if found.month is not None and action is ProposalAction.CONFIRM:
        periods.require_open(store_id, found.month)
    before, found.state, found.decided_at = found.state, step.state, clock.now()
    found.decider_id = None if action is ProposalAction.WITHDRAW else actor_id
    db.session.flush()
    audit.record(
        "targets.change_decided",
        store_id=store_id,
        actor_id=actor_id,
        subject=f"{found.indicator.code} {found.period} {found.scope}",
        changes={"state": (before, found.state), "value": (None, found.value)},
    )
    if found.state is ProposalState.IN_FORCE:
        _tell_scores(store_id, [found], today)
    return True


def _refuse_actor(found: Target, action: ProposalAction, actor_id: int) -> None:
    if action is not ProposalAction.WITHDRAW:
        refuse_self(actor_id, found.maker_id, found.employee_id)
    elif actor_id != found.maker_id:
        raise NotAllowed(say("Only the person who proposed a change can withdraw it."))
