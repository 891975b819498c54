"""The written notice of a penalty or a compensation: issued once, kept as issued, and received by the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from incentives.audit import service as audit
from incentives.core.approval import RewardState
from incentives.core.errors import Conflict, DomainError, NotFound, say
from incentives.core.money import ZERO
from incentives.db import db
from incentives.rewards.models import RewardNotice, RewardRecord
from incentives.rewards.service.moving import locked

IN_THE_APP = "在系统内确认收到"
"""How a notice was received that the person confirmed herself; part of the record, so not translated."""


@dataclass(frozen=True, slots=True)
class Issued:
    """The file of a notice: where it is kept, how large it is, its SHA-256, and the last day to appeal that it names."""

    stored_as: str
    size: int
    sha256: str
    last_day: date | None


def without_notice(store_id: int) -> Sequence[RewardRecord]:
    """Penalties and compensations that were approved and have no notice yet, with all that it tells. A few queries."""
    found = db.session.scalars(
        select(RewardRecord)
        .outerjoin(RewardNotice, RewardNotice.record_id == RewardRecord.id)
        .where(
            RewardRecord.store_id == store_id,
            RewardNotice.id.is_(None),
            RewardRecord.reverses_id.is_(None),
            RewardRecord.state.in_((RewardState.APPROVED, RewardState.POSTED)),
            (RewardRecord.points < 0) | (RewardRecord.amount < ZERO) | RewardRecord.loss.is_not(None),
        )
        .options(
            joinedload(RewardRecord.employee),
            joinedload(RewardRecord.reason),
            joinedload(RewardRecord.claim),
            selectinload(RewardRecord.evidence),
        )
        .order_by(RewardRecord.id)
    )
    return found.unique().all()


def keep(record: RewardRecord, issued: Issued, *, today: date, actor_id: int | None) -> RewardNotice:
    """Keep the notice as it was issued.

    Raises:
        Conflict: there is one already.
    """
    if record.notice is not None:
        raise Conflict(say("The notice was issued already."))
    record.notice = RewardNotice(
        store_id=record.store_id,
        issued_on=today,
        last_day=issued.last_day,
        stored_as=issued.stored_as,
        size=issued.size,
        sha256=issued.sha256,
    )
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {"sha256": (None, issued.sha256)}
    audit.record(
        "rewards.notice_issued", store_id=record.store_id, actor_id=actor_id, subject=f"#{record.id}", changes=changes
    )
    return record.notice


def acknowledge(record_id: int, *, employee_id: int, today: date) -> None:
    """The person confirms that the notice was received; that is no agreement. A repeat does nothing.

    Raises:
        NotFound: there is no such notice about this person.
    """
    store_id = db.session.scalar(
        select(RewardRecord.store_id).where(RewardRecord.id == record_id, RewardRecord.employee_id == employee_id)
    )
    if store_id is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    _receive(locked(store_id, record_id), today, IN_THE_APP, employee_id)


def hand_over(store_id: int, record_id: int, *, day: date, how: str, actor_id: int, today: date) -> None:
    """Somebody records that the notice was handed over on paper. A repeat does nothing.

    Raises:
        NotFound: the store has no such notice.
        DomainError: it says not how, or the day lies before the notice or in the future.
    """
    record = locked(store_id, record_id)
    if record.notice is not None and not record.notice.issued_on <= day <= today:
        raise DomainError(say("The day lies between that of the notice and today."))
    if not how:
        raise DomainError(say("Say how it was handed over: signed for, by registered post, before witnesses."))
    _receive(record, day, how, actor_id)


def _receive(record: RewardRecord, day: date, how: str, actor_id: int) -> None:
    notice = record.notice
    if notice is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    if notice.received_on is not None:
        return
    notice.received_on, notice.received_how, notice.recorded_by = day, how, actor_id
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {"received": (None, day), "how": (None, how)}
    audit.record(
        "rewards.notice_received",
        store_id=record.store_id,
        actor_id=actor_id,
        subject=f"#{record.id}",
        changes=changes,
    )
