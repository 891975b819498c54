"""Submit an inspection, once: its score, and a finding for each fault. A correction is a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from incentives import clock
from incentives.audit import service as audit
from incentives.core import inspection as core
from incentives.core.access import refuse_for_self
from incentives.core.errors import Conflict, DomainError, Faults, NotFound, say
from incentives.core.inspection import Level
from incentives.core.period import Month
from incentives.core.points import PointsFact
from incentives.db import db
from incentives.inspections.models import Area, ChecklistItem, ChecklistVersion, Finding, Inspection, InspectionAnswer
from incentives.inspections.service import areas, findings
from incentives.ledger import service as ledger
from incentives.ledger.service import EarningFact
from incentives.periods import service as periods

SHORTEST_TOKEN, LONGEST_TOKEN = 16, 64


@dataclass(frozen=True, slots=True)
class Given:
    """What an item was given: points, or none for "not applicable", with a note and a photograph."""

    points: int | None
    note: str = ""
    photo_id: int | None = None


def submit(
    area: Area,
    given: Mapping[str, Given],
    *,
    token: str,
    inspector_id: int,
    day: date,
    corrects: Inspection | None = None,
) -> Inspection:
    """Submit an inspection with an answer to every item, by its code. The same token again gives the same record.

    Args:
        area: where; its lock makes submissions wait for one another, so that repeats are seen.
        given: item code → what it was given.
        token: made with the form.
        inspector_id: who looked; not somebody who answers for the area.
        day: the business day; of a correction, that of the inspection it corrects.
        corrects: the inspection it takes the place of, whose findings are withdrawn.

    Raises:
        DomainError: an item is missing or has too many points, nothing applied, or the month takes none: a
            closed one takes corrections, which its pay follows in the first open month, one under review nothing.
        NotAllowed: the inspector answers for the area.
        Conflict: the token is another inspection's, or the old one is corrected already.
    """
    if not SHORTEST_TOKEN <= len(token) <= LONGEST_TOKEN:
        raise DomainError(say("The form is too old to be sent. Open it again."))
    db.session.execute(select(Area.id).where(Area.id == area.id).with_for_update())
    sent = sent_before(token, area, inspector_id)
    if sent is not None:
        return sent
    owner_id = _require_may_submit(area, day, inspector_id=inspector_id, corrects=corrects)
    row = _filled(area, given, day=day, corrects=corrects)
    row.client_token, row.inspector_id = token, inspector_id
    _insert(row)
    if corrects is not None:
        _withdraw(corrects, inspector_id)
    findings.raise_for(row, owner_id)
    _follow(row, owner_id)
    return row


def _require_may_submit(area: Area, day: date, *, inspector_id: int, corrects: Inspection | None) -> int | None:
    """Refuse a month that takes none and somebody who inspects himself; else who answers for the area."""
    if corrects is None:
        periods.require_open(area.store_id, Month.of(day))
    else:
        periods.require_takes_facts(area.store_id, Month.of(day))
    owner_id = areas.responsible_on([area.id], day, Level.OWNER).get(area.id)
    if owner_id is not None:
        refuse_for_self(inspector_id, owner_id)
    return owner_id


def _filled(area: Area, given: Mapping[str, Given], *, day: date, corrects: Inspection | None) -> Inspection:
    """The record with its answers and score, by the checklist of its day or of the one it corrects."""
    version = corrects.version if corrects else areas.version_on(area, day)
    score = score_of(version, given)
    return Inspection(
        store_id=area.store_id,
        area_id=area.id,
        version_id=version.id,
        business_date=day,
        month=Month.of(day),
        submitted_at=clock.now(),
        corrects_id=corrects.id if corrects else None,
        reached=score.reached,
        possible=score.possible,
        answers=[_answer(item, given[item.code]) for item in version.items],
    )


def _answer(item: ChecklistItem, told: Given) -> InspectionAnswer:
    return InspectionAnswer(item_id=item.id, points=told.points, note=told.note.strip(), photo_id=told.photo_id)


def sent_before(token: str, area: Area, inspector_id: int) -> Inspection | None:
    """The inspection that this form was submitted as already, if it was.

    Raises:
        Conflict: somebody else's, or another area's, bears the token.
    """
    found = db.session.scalars(select(Inspection).where(Inspection.client_token == token)).one_or_none()
    if found is not None and (found.area_id, found.inspector_id) != (area.id, inspector_id):
        raise Conflict(say("This form was already used for another inspection. Open it again."))
    return found


def score_of(version: ChecklistVersion, given: Mapping[str, Given]) -> core.Score:
    """What the answers come to.

    Raises:
        DomainError: an item is missing or has too many points, or nothing applied.
    """
    score = core.score(_answers(version, given))
    if not score.possible:
        raise DomainError(say("Nothing applied: an inspection needs at least one item that does."))
    return score


def _answers(version: ChecklistVersion, given: Mapping[str, Given]) -> list[core.Answer]:
    missing = [item for item in version.items if item.code not in given]
    if missing:
        raise Faults(
            say("{count} items have no answer yet.", count=len(missing)), [say("{text}", text=i.text) for i in missing]
        )
    return [core.Answer(item.as_core, given[item.code].points) for item in version.items]


def _insert(row: Inspection) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError as fault:
        raise Conflict(
            say("Somebody else has submitted or corrected this inspection in the meantime. Load the page again.")
        ) from fault


def _withdraw(corrects: Inspection, inspector_id: int) -> None:
    found = select(Finding).join(InspectionAnswer, InspectionAnswer.id == Finding.answer_id)
    for finding in db.session.scalars(found.where(InspectionAnswer.inspection_id == corrects.id).with_for_update()):
        findings.withdraw(finding, by_id=inspector_id)
    ledger.take_back(_clean_key(corrects), why=say("The inspection was corrected."), maker_id=inspector_id)


def _follow(row: Inspection, owner_id: int | None) -> None:
    if row.band is core.Band.EXCELLENT and owner_id is not None:
        ledger.earn(
            [
                EarningFact(
                    key=_clean_key(row),
                    fact=PointsFact.CLEAN_INSPECTION,
                    store_id=row.store_id,
                    employee_id=owner_id,
                    day=row.business_date,
                    source_kind="inspection",
                    source_id=row.id,
                    maker_id=row.inspector_id,
                )
            ]
        )
    act = "inspections.corrected" if row.corrects_id else "inspections.submitted"
    changes: dict[str, tuple[object, object]] = {"score": (None, f"{row.reached}/{row.possible}")}
    audit.record(act, store_id=row.store_id, actor_id=row.inspector_id, subject=f"#{row.id}", changes=changes)
    ledger.changed(row.store_id, row.month, [owner_id] if owner_id is not None else [])


def _clean_key(row: Inspection) -> str:
    return f"inspection:{row.id}:clean"


def inspection_of(store_id: int, inspection_id: int) -> Inspection:
    """An inspection of the store with its answers and items.

    Raises:
        NotFound: the store has none of that id.
    """
    found = db.session.scalars(
        select(Inspection)
        .where(Inspection.store_id == store_id, Inspection.id == inspection_id)
        .options(
            joinedload(Inspection.area),
            joinedload(Inspection.inspector),
            selectinload(Inspection.answers).selectinload(InspectionAnswer.item),
        )
    ).one_or_none()
    if found is None:
        raise NotFound(areas.NONE_OR_HIDDEN)
    return found


def corrected_by(inspection_id: int) -> int | None:
    """The id of the record that takes an inspection's place, if any."""
    return db.session.scalar(select(Inspection.id).where(Inspection.corrects_id == inspection_id))
