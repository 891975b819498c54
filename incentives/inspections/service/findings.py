"""Findings: raised for each fault, answered by those they concern, closed or sent back by an inspector."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from incentives import clock
from incentives.audit import service as audit
from incentives.core.access import Actor, Capability, may, refuse_for_self
from incentives.core.errors import Conflict, DomainError, NotAllowed, NotFound, say
from incentives.core.inspection import FINDING, REPEAT_DAYS, Earlier, FindingAction, FindingState, Level, level_of
from incentives.core.period import Month
from incentives.core.points import PointsFact
from incentives.db import db
from incentives.inspections.models import (
    ConductFault,
    Finding,
    FindingEvent,
    Inspection,
    InspectionAnswer,
)
from incentives.inspections.service import areas
from incentives.ledger import service as ledger
from incentives.ledger.service import EarningFact
from incentives.people.service import staff
from incentives.periods import service as periods

DUE_DAYS_MUST = 1
DUE_DAYS_HEAVY = 3
"""For items that weigh more than one."""
DUE_DAYS = 7
DUE_DAYS_CONDUCT = 3


def raise_for(inspection: Inspection, owner_id: int | None) -> list[Finding]:
    """A finding for each item of the inspection that applies and was not met in full.

    Where nobody answers for the area, the manager does; a repeat goes one level up from the highest it repeats.

    Raises:
        DomainError: there is neither somebody who answers for the area nor a manager.
    """
    faults = [
        answer for answer in inspection.answers if answer.points is not None and answer.points < answer.item.maximum
    ]
    if not faults:
        return []
    ladder = _ladder(inspection.store_id, inspection.area_id, inspection.business_date, owner_id)
    earlier = _earlier(inspection)
    raised = [_of_answer(inspection, answer, ladder, earlier.get(answer.item.code, [])) for answer in faults]
    db.session.add_all(raised)
    db.session.flush()
    return raised


def _ladder(store_id: int, area_id: int | None, day: date, owner_id: int | None) -> dict[Level, int]:
    managers = sorted(staff.managers_of(store_id))
    top = managers[0] if managers else owner_id
    if top is None:
        raise DomainError(say("Nobody answers for this area, and the store has no manager. Name somebody first."))
    lead = areas.responsible_on([area_id], day, Level.TEAM_LEAD).get(area_id) if area_id else None
    return {Level.OWNER: owner_id or top, Level.TEAM_LEAD: lead or top, Level.MANAGER: top}


def _earlier(inspection: Inspection) -> dict[str, list[Earlier]]:
    rows = db.session.execute(
        select(Finding.code, Finding.business_date, Finding.level)
        .join(InspectionAnswer, InspectionAnswer.id == Finding.answer_id)
        .where(
            Finding.area_id == inspection.area_id,
            Finding.state != FindingState.WITHDRAWN,
            Finding.business_date.between(
                inspection.business_date - timedelta(days=REPEAT_DAYS), inspection.business_date
            ),
            InspectionAnswer.inspection_id.not_in([inspection.id, inspection.corrects_id or inspection.id]),
        )
    )
    found: dict[str, list[Earlier]] = {}
    for code, day, level in rows:
        found.setdefault(code, []).append(Earlier(day, level))
    return found


def _of_answer(
    inspection: Inspection, answer: InspectionAnswer, ladder: dict[Level, int], earlier: Sequence[Earlier]
) -> Finding:
    level = level_of(inspection.business_date, earlier)
    return Finding(
        store_id=inspection.store_id,
        answer_id=answer.id,
        area_id=inspection.area_id,
        code=answer.item.code,
        reason=answer.note,
        raised_by=inspection.inspector_id,
        business_date=inspection.business_date,
        month=inspection.month,
        owner_id=ladder[Level.OWNER],
        level=level,
        escalated_to_id=None if level is Level.OWNER else ladder[level],
        due_on=inspection.business_date + timedelta(days=_due_days(answer)),
        photo_before_id=answer.photo_id,
    )


def _due_days(answer: InspectionAnswer) -> int:
    if answer.item.must:
        return DUE_DAYS_MUST
    return DUE_DAYS_HEAVY if answer.item.weight > 1 else DUE_DAYS


def raise_conduct(
    store_id: int,
    employee_id: int,
    *,
    fault: ConductFault,
    reason: str,
    photo_id: int | None,
    day: date,
    inspector_id: int,
) -> Finding:
    """Record a fault in somebody's conduct, with what was seen. The person may answer it.

    Raises:
        NotAllowed: it is about the inspector.
        NotFound: the person does not belong to the store.
        DomainError: nothing says what was seen, the person was not there, or the month is closed.
    """
    refuse_for_self(inspector_id, employee_id)
    employee = staff.employee_of(store_id, employee_id)
    posting = staff.posting_on(employee_id, day)
    if posting is None or posting.store_id != store_id:
        raise DomainError(say("{name} does not work here on that day.", name=employee.name))
    if not reason.strip():
        raise DomainError(say("Say what was seen: without evidence there is no finding."))
    periods.require_open(store_id, Month.of(day))
    level = level_of(day, _earlier_conduct(store_id, employee_id, fault, day))
    finding = Finding(
        store_id=store_id,
        conduct=fault,
        code=fault.value,
        reason=reason.strip(),
        raised_by=inspector_id,
        business_date=day,
        month=Month.of(day),
        owner_id=employee_id,
        level=level,
        escalated_to_id=None if level is Level.OWNER else _ladder(store_id, None, day, employee_id)[level],
        due_on=day + timedelta(days=DUE_DAYS_CONDUCT),
        photo_before_id=photo_id,
    )
    db.session.add(finding)
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {"conduct": (None, fault.value)}
    audit.record(
        "inspections.raised", store_id=store_id, actor_id=inspector_id, subject=employee.number, changes=changes
    )
    ledger.changed(store_id, finding.month, [employee_id])
    return finding


def _earlier_conduct(store_id: int, employee_id: int, fault: ConductFault, day: date) -> list[Earlier]:
    rows = db.session.execute(
        select(Finding.business_date, Finding.level).where(
            Finding.store_id == store_id,
            Finding.owner_id == employee_id,
            Finding.conduct == fault,
            Finding.state != FindingState.WITHDRAWN,
            Finding.business_date <= day,
        )
    )
    return [Earlier(found, level) for found, level in rows]


def require_concerned(actor: Actor, finding: Finding) -> None:
    """Let through the owner, whom it was escalated to, and the store's manager.

    Raises:
        NotFound: it does not concern this person, who cannot tell it from one that does not exist.
    """
    mine = actor.employee_id in {finding.owner_id, finding.escalated_to_id}
    if not mine and not may(actor, Capability.ANSWER_FINDINGS, store_id=finding.store_id):
        raise NotFound(areas.NONE_OR_HIDDEN)


def answer(finding: Finding, actor: Actor, *, text: str, photo_id: int | None, seen: int, day: date) -> None:
    """Say what was done about it, with a photograph if there is one. Answering again puts the words anew.

    Raises:
        NotFound: it does not concern this person.
        Conflict: the finding is closed or withdrawn, or somebody else acted since the page was loaded.
        DomainError: nothing was said.
    """
    require_concerned(actor, finding)
    if not text.strip():
        raise DomainError(say("Say what was done about it."))
    _step(finding, FindingAction.ANSWER, by_id=actor.employee_id, note=text, seen=seen)
    finding.answer_text = text.strip()
    finding.answered_by = actor.employee_id
    finding.answered_on = day
    finding.photo_after_id = photo_id or finding.photo_after_id
    _written(finding, "inspections.answered", actor.employee_id)


def close(finding: Finding, actor: Actor, *, evaluation: str, seen: int, day: date) -> None:
    """Close it after a re-check that was passed, with an evaluation. Put right in time, it earns the owner points.

    A repeat and a conduct finding earn none: nobody gains by a fault that comes back.

    Raises:
        NotAllowed: the one who re-checks owns or answered the finding.
        Conflict: it was not answered yet, was withdrawn, or somebody else acted since the page was loaded.
        DomainError: there is no evaluation.
    """
    _refuse_recheck(finding, actor)
    if not evaluation.strip():
        raise DomainError(say("Say how you found it: a finding is closed with an evaluation."))
    if not _step(finding, FindingAction.CLOSE, by_id=actor.employee_id, note=evaluation, seen=seen):
        return
    finding.evaluation, finding.closed_on = evaluation.strip(), day
    _written(finding, "inspections.closed", actor.employee_id)
    in_time = finding.answered_on is not None and finding.answered_on <= finding.due_on
    if in_time and finding.conduct is None and finding.level is Level.OWNER:
        _earn(finding, day, actor.employee_id)


def send_back(finding: Finding, actor: Actor, *, reason: str, seen: int) -> None:
    """Open it again after a re-check that was not passed, and say why. The due date stays.

    Raises:
        NotAllowed: the one who re-checks owns or answered the finding.
        Conflict: it is closed or withdrawn, or somebody else acted since the page was loaded.
        DomainError: no reason was given.
    """
    _refuse_recheck(finding, actor)
    if not reason.strip():
        raise DomainError(say("Say what is still to be done."))
    if _step(finding, FindingAction.SEND_BACK, by_id=actor.employee_id, note=reason, seen=seen):
        _written(finding, "inspections.sent_back", actor.employee_id)


def withdraw(finding: Finding, *, by_id: int) -> None:
    """Withdraw it with the inspection it came from; one that was put right already stays so."""
    if finding.state is FindingState.CLOSED:
        return
    if _step(finding, FindingAction.WITHDRAW, by_id=by_id, note="", seen=finding.version):
        _written(finding, "inspections.withdrawn", by_id)


def _refuse_recheck(finding: Finding, actor: Actor) -> None:
    if not may(actor, Capability.INSPECT, store_id=finding.store_id):
        raise NotAllowed(say("Only an inspector re-checks a finding."))
    if actor.employee_id in {finding.owner_id, finding.answered_by, finding.escalated_to_id}:
        raise NotAllowed(say("Nobody re-checks what concerns himself: another inspector must."))


def _step(finding: Finding, action: FindingAction, *, by_id: int, note: str, seen: int) -> bool:
    if seen != finding.version:
        raise Conflict(say("Somebody else acted on this finding in the meantime. Load the page again."))
    step = FINDING.after(finding.state, action)
    if not step.changed and action is not FindingAction.ANSWER:
        return False
    db.session.add(
        FindingEvent(
            finding_id=finding.id,
            action=action,
            before=finding.state,
            after=step.state,
            note=note.strip(),
            by_id=by_id,
            at=clock.now(),
        )
    )
    finding.state = step.state
    return True


def _written(finding: Finding, act: str, by_id: int) -> None:
    db.session.flush()
    audit.record(act, store_id=finding.store_id, actor_id=by_id, subject=f"#{finding.id} {finding.code}")
    ledger.changed(finding.store_id, finding.month, [finding.owner_id])


def _earn(finding: Finding, day: date, maker_id: int) -> None:
    fact = EarningFact(
        key=f"finding:{finding.id}:closed",
        fact=PointsFact.CLOSED_FINDING,
        store_id=finding.store_id,
        employee_id=finding.owner_id,
        day=day,
        source_kind="finding",
        source_id=finding.id,
        maker_id=maker_id,
    )
    ledger.earn([fact])


def finding_of(store_ids: Collection[int], finding_id: int, *, lock: bool = False) -> Finding:
    """A finding of one of these stores, with its history.

    Raises:
        NotFound: they have none of that id.
    """
    wanted = select(Finding).where(Finding.store_id.in_(store_ids), Finding.id == finding_id)
    if lock:
        wanted = wanted.with_for_update()
    found = db.session.scalars(wanted.options(selectinload(Finding.events).selectinload(FindingEvent.by))).one_or_none()
    if found is None:
        raise NotFound(areas.NONE_OR_HIDDEN)
    return found


def mine(actor: Actor) -> Sequence[Finding]:
    """The findings that concern a person and are not closed, the most urgent first; with all that a page shows."""
    me = actor.employee_id
    return db.session.scalars(
        select(Finding)
        .where(
            or_(Finding.owner_id == me, Finding.escalated_to_id == me),
            Finding.state.in_([FindingState.OPEN, FindingState.ANSWERED]),
        )
        .order_by(Finding.due_on, Finding.id)
        .options(
            selectinload(Finding.area),
            selectinload(Finding.owner),
            selectinload(Finding.answer).selectinload(InspectionAnswer.item),
        )
    ).all()
