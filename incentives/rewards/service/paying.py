"""What a month's statements take over from rewards and penalties of variable pay."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incentives import clock
from incentives.core.approval import REWARD, RewardAction, RewardState
from incentives.core.errors import Sentence
from incentives.core.measure import Label
from incentives.core.money import ZERO, Money
from incentives.core.period import Month
from incentives.db import db
from incentives.rewards.models import Instrument, RewardEvent, RewardRecord


@dataclass(frozen=True, slots=True)
class Payable:
    """An approved record that a statement pays. The amount of a penalty is negative."""

    id: int
    employee_id: int
    amount: Money
    what: Sentence


def payable(store_id: int, month: Month) -> Sequence[Payable]:
    """The approved records of variable pay of a month, posted ones too, by id. One query."""
    found = db.session.scalars(
        select(RewardRecord)
        .where(
            RewardRecord.store_id == store_id,
            RewardRecord.month == month,
            RewardRecord.instrument == Instrument.PAY,
            RewardRecord.state.in_([RewardState.APPROVED, RewardState.POSTED]),
        )
        .options(joinedload(RewardRecord.reason))
        .order_by(RewardRecord.id)
    )
    return [Payable(each.id, each.employee_id, each.amount or ZERO, _what(each)) for each in found]


def _what(record: RewardRecord) -> Sentence:
    reason = record.reason
    return Label(en=reason.name_en, zh=reason.name).sentence()


def mark_posted(store_id: int, ids: Collection[int], *, actor_id: int | None) -> None:
    """The month is closed: its approved records are posted and change no more. A repeat does nothing."""
    found = select(RewardRecord).where(RewardRecord.store_id == store_id, RewardRecord.id.in_(ids)).with_for_update()
    for record in db.session.scalars(found):
        step = REWARD.after(record.state, RewardAction.POST)
        if step.changed:
            db.session.add(
                RewardEvent(
                    record_id=record.id, at=clock.now(), actor_id=actor_id, before=record.state, after=step.state
                )
            )
            record.state = step.state
    db.session.flush()
