"""What a month's statements take over: rewards and penalties of variable pay, and apart from them compensation of losses."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from incentives.core.approval import RewardAction, RewardState
from incentives.core.errors import Sentence
from incentives.core.money import ZERO, Money
from incentives.core.period import Month
from incentives.db import db
from incentives.rewards.models import Instrument, RewardRecord
from incentives.rewards.service.losses import LossLine, loss_lines, set_aside, take
from incentives.rewards.service.moving import move

__all__ = ["LossLine", "Payable", "loss_lines", "mark_posted", "payable", "set_aside", "take"]


@dataclass(frozen=True, slots=True)
class Payable:
    """An approved record that a statement pays. The amount of a penalty is negative."""

    id: int
    employee_id: int
    amount: Money
    what: Sentence


def payable(store_id: int, month: Month) -> Sequence[Payable]:
    """The approved records of variable pay that a month pays, by id. One query.

    What was posted in the month stays in it, whatever became of it later: an appeal reverses by a record of its own.
    """
    found = db.session.scalars(
        select(RewardRecord)
        .where(
            RewardRecord.store_id == store_id,
            RewardRecord.pay_month == month,
            RewardRecord.instrument == Instrument.PAY,
            or_(RewardRecord.state == RewardState.APPROVED, RewardRecord.postings > 0),
        )
        .options(joinedload(RewardRecord.reason))
        .order_by(RewardRecord.id)
    )
    return [Payable(each.id, each.employee_id, each.amount or ZERO, each.says) for each in found]


def mark_posted(store_id: int, ids: Collection[int], *, actor_id: int | None) -> None:
    """The month is closed: its approved records are posted. A repeat does nothing.

    Raises:
        Refused: one of them is held back by an appeal.
    """
    found = select(RewardRecord).where(RewardRecord.store_id == store_id, RewardRecord.id.in_(ids)).with_for_update()
    for record in db.session.scalars(found.execution_options(populate_existing=True)):
        if record.state is RewardState.APPROVED or not record.postings:
            move(record, RewardAction.POST, actor_id=actor_id)
            record.postings += 1
    db.session.flush()
