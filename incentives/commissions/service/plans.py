"""Pay plans: drafted by one, approved by another, adopted, and in force from a month that is still to begin."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from incentives import clock
from incentives.audit import service as audit
from incentives.commissions.format import load
from incentives.commissions.models import PayPlan, PlanAssignment, PlanDeed, PlanMove, PlanVersion
from incentives.commissions.service import checking, concern
from incentives.core.access import refuse_self
from incentives.core.approval import PLAN, PlanAction, PlanState
from incentives.core.errors import Conflict, DomainError, NotAllowed, NotFound, say
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger.service import changed
from incentives.people.service import staff
from incentives.periods import service as periods

LONGEST_TEXT = 200_000
"""Characters of a plan's text."""
DRAFTING_DEEDS = (PlanDeed.DRAFTED, PlanDeed.REWRITTEN, PlanDeed.SUBMITTED)
"""Who did one of these had a hand in the draft."""
CHECKED = frozenset({PlanAction.SUBMIT, PlanAction.APPROVE})
"""The acts before which the plan check must find nothing that stands against the version."""


def plans_of(store_id: int) -> Sequence[PayPlan]:
    """The store's plans, with versions and assignments. Two queries."""
    return plans_of_stores([store_id])


def plans_of_stores(store_ids: Collection[int]) -> Sequence[PayPlan]:
    """The same for several stores, store by store. Two queries."""
    found = select(PayPlan).where(PayPlan.store_id.in_(store_ids)).order_by(PayPlan.store_id, PayPlan.code)
    loaded = found.options(joinedload(PayPlan.versions), selectinload(PayPlan.assignments))
    return db.session.scalars(loaded).unique().all()


def plan_of(store_id: int, plan_id: int) -> PayPlan:
    """A plan of the store.

    Raises:
        NotFound: it has none of that id.
    """
    found = db.session.scalars(select(PayPlan).where(PayPlan.store_id == store_id, PayPlan.id == plan_id)).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def plan_by_code(store_id: int, code: str) -> PayPlan | None:
    """The store's plan with that code, if there is one."""
    return db.session.scalars(select(PayPlan).where(PayPlan.store_id == store_id, PayPlan.code == code)).one_or_none()


def version_of(store_id: int, version_id: int) -> PlanVersion:
    """A version of one of the store's plans, locked to be changed.

    Raises:
        NotFound: it has none of that id.
    """
    found = db.session.scalars(
        select(PlanVersion)
        .join(PayPlan, PayPlan.id == PlanVersion.plan_id)
        .where(PayPlan.store_id == store_id, PlanVersion.id == version_id)
        .with_for_update(of=PlanVersion)
    ).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def draft(store_id: int, text: str, *, from_month: Month, actor_id: int | None) -> PlanVersion:
    """Write a plan, or the next version of one that has the same code.

    Raises:
        Faults: the text is no plan, with every fault named by its place.
        DomainError: the month is not open any more.
    """
    document = load(text)
    periods.require_open(store_id, from_month)
    label = document.plan.label
    plan = plan_by_code(store_id, document.plan.code)
    if plan is None:
        plan = PayPlan(store_id=store_id, code=document.plan.code, name=label.zh, name_en=label.en)
        db.session.add(plan)
        db.session.flush()
    number = max((version.number for version in plan.versions), default=0) + 1
    version = PlanVersion(
        plan_id=plan.id, number=number, text=text, from_month=from_month, drafted_by=actor_id, drafted_at=clock.now()
    )
    plan.versions.append(version)
    db.session.flush()
    note_move(version, PlanDeed.DRAFTED, actor_id)
    audit.record("commissions.drafted", store_id=store_id, actor_id=actor_id, subject=f"{plan.code} v{number}")
    return version


def rewrite(version: PlanVersion, text: str, *, from_month: Month, seen: int, actor_id: int) -> None:
    """Change a draft.

    Raises:
        Conflict: it is no draft any more, or somebody else changed it since it was loaded.
        Faults: the text is no plan.
        DomainError: it would become another plan, or its month is not open any more.
    """
    document = load(text)
    require_draft(version)
    if version.revision != seen:
        raise Conflict(say("Somebody else changed this draft while you were typing. Load the page again."))
    require_code(version.plan, document.plan.code)
    periods.require_open(version.plan.store_id, from_month)
    before = version.text
    version.text, version.from_month, version.drafted_by = text, from_month, actor_id
    version.plan.name, version.plan.name_en = document.plan.label.zh, document.plan.label.en
    note_move(version, PlanDeed.REWRITTEN, actor_id)
    audit.record(
        "commissions.rewritten",
        store_id=version.plan.store_id,
        actor_id=actor_id,
        subject=f"{version.plan.code} v{version.number}",
        changes={"text": (before, text)},
    )


def require_draft(version: PlanVersion) -> None:
    """Refuse to change what is no draft any more.

    Raises:
        Conflict: it was submitted, published or withdrawn.
    """
    if version.state is not PlanState.DRAFT:
        raise Conflict(say("Only a draft can be changed: draft a new version."))


def require_code(plan: PayPlan, code: str) -> None:
    """A version of a plan keeps the plan's code.

    Raises:
        DomainError: it would be another plan's.
    """
    if plan.code != code:
        raise DomainError(say("This is a version of the plan “{code}”: its code must stay the same.", code=plan.code))


def note_move(version: PlanVersion, deed: PlanDeed, actor_id: int | None, reason: str = "") -> None:
    """Keep what was done to a version, with whatever else was changed about it."""
    db.session.add(
        PlanMove(
            version_id=version.id,
            deed=deed,
            at=clock.now(),
            actor_id=actor_id,
            from_month=version.from_month,
            reason=reason,
        )
    )
    db.session.flush()


def act(version: PlanVersion, action: PlanAction, *, actor_id: int, reason: str = "") -> bool:
    """Submit, send back, approve or withdraw a version; a repeat does nothing. Returns whether anything changed.

    Adopting takes more words: :func:`incentives.commissions.service.adopting.adopt`.

    Raises:
        Refused: the version is in no state for it.
        NotAllowed: the approver drafted, changed or submitted this version, or is paid by the plan.
        Faults: the plan check stands against it.
        DomainError: it is to be adopted without a word about who was consulted.
    """
    step = PLAN.after(version.state, action)
    if not step.changed:
        return False
    if action is PlanAction.ADOPT:
        raise DomainError(say("Say who was consulted."))
    if action in CHECKED:
        checking.require_sound(version, actor_id=actor_id)
    if action is PlanAction.APPROVE:
        _refuse_approval(version, actor_id)
    before, version.state = version.state, step.state
    version.decided_by, version.decided_at = actor_id, clock.now()
    note_move(version, PlanDeed(action.value), actor_id, reason)
    audit.record(
        f"commissions.{action.value}",
        store_id=version.plan.store_id,
        actor_id=actor_id,
        subject=f"{version.plan.code} v{version.number}",
        changes={
            "state": (before.value, step.state.value),
            "from": (None, version.from_month),
            **({"reason": (None, reason)} if reason else {}),
        },
    )
    return True


def _refuse_approval(version: PlanVersion, actor_id: int) -> None:
    """Whoever had a hand in the draft does not approve it, however long ago; nor does anybody whom it pays."""
    wrote = set(
        db.session.scalars(
            select(PlanMove.actor_id).where(PlanMove.version_id == version.id, PlanMove.deed.in_(DRAFTING_DEEDS))
        )
    )
    refuse_self(actor_id, actor_id if actor_id in {version.drafted_by, *wrote} else None, None)
    if concern.is_paid_by(version.plan, actor_id, clock.today()):
        refuse_self(actor_id, None, actor_id)


def assign(
    plan: PayPlan,
    *,
    position_id: int | None,
    employee_id: int | None,
    from_month: Month,
    to_month: Month | None,
    actor_id: int | None,
) -> PlanAssignment:
    """Let a plan pay a position or a person from a month on.

    Raises:
        DomainError: one of its months is not open any more, it ends before it begins, or it does so already.
        NotAllowed: it would pay the actor by a plan that was approved without him among those whom it pays.
    """
    periods.require_open_from(plan.store_id, from_month, to_month)
    if to_month is not None and to_month < from_month:
        raise DomainError(say("The last month lies before the first."))
    _refuse_for_oneself(plan, position_id, employee_id, from_month, actor_id)
    for other in plan.assignments:
        same = (other.position_id, other.employee_id) == (position_id, employee_id)
        if same and _overlaps(other, from_month, to_month):
            raise Conflict(say("The plan pays them in these months already."))
    assignment = PlanAssignment(
        store_id=plan.store_id,
        position_id=position_id,
        employee_id=employee_id,
        from_month=from_month,
        to_month=to_month,
    )
    plan.assignments.append(assignment)
    db.session.flush()
    changed(plan.store_id, from_month, ())
    changes: dict[str, tuple[object, object]] = {"from": (None, from_month)}
    audit.record("commissions.assigned", store_id=plan.store_id, actor_id=actor_id, subject=plan.code, changes=changes)
    return assignment


def _refuse_for_oneself(
    plan: PayPlan, position_id: int | None, employee_id: int | None, from_month: Month, actor_id: int | None
) -> None:
    """Before approval the head office still sees whom a plan pays; afterwards nobody lets it pay himself."""
    decided = any(version.state in {PlanState.APPROVED, PlanState.ADOPTED} for version in plan.versions)
    if actor_id is None or not decided:
        return
    posting = staff.posting_on(actor_id, max(from_month.first, clock.today()))
    holds_it = posting is not None and position_id is not None and posting.position_id == position_id
    refuse_self(actor_id, None, actor_id if holds_it or employee_id == actor_id else None)


def _overlaps(other: PlanAssignment, first: Month, last: Month | None) -> bool:
    starts_before_end = last is None or other.from_month <= last
    return starts_before_end and (other.to_month is None or other.to_month >= first)


def end_assignment(store_id: int, assignment_id: int, *, last: Month, actor_id: int) -> None:
    """Let a plan stop paying after a month; that month and those before stay as they are.

    Raises:
        NotFound: the store has no such assignment.
        DomainError: a month after it is not open any more, or lies before the beginning.
    """
    found = db.session.scalars(
        select(PlanAssignment)
        .where(PlanAssignment.store_id == store_id, PlanAssignment.id == assignment_id)
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    if last < found.from_month:
        raise DomainError(say("The last month lies before the first."))
    periods.require_open_from(store_id, last.plus(1))
    before, found.to_month = found.to_month, last
    db.session.flush()
    changed(store_id, last.plus(1), ())
    changes: dict[str, tuple[object, object]] = {"to": (before, last)}
    audit.record(
        "commissions.assignment_ended", store_id=store_id, actor_id=actor_id, subject=found.plan.code, changes=changes
    )


def not_for_you() -> NotAllowed:
    """The refusal of an act that another role does."""
    return NotAllowed(say("Plans are drafted by managers and finance, and approved by the head office."))


def in_force(plan: PayPlan, month: Month) -> PlanVersion | None:
    """The adopted version that holds in a month: the one with the latest beginning not after it."""
    held = [v for v in plan.versions if v.state is PlanState.ADOPTED and v.from_month <= month]
    return max(held, key=lambda version: (version.from_month, version.number), default=None)


def of_month(plan: PayPlan, month: Month) -> list[PlanAssignment]:
    """Whom a plan pays in a month."""
    return [each for each in plan.assignments if _overlaps(each, month, month)]
