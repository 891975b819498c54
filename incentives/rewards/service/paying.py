"""What a month's statements take over: rewards and penalties of variable pay, and apart from them compensation of losses."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from incentives.core.approval import RewardAction, RewardState
from incentives.core.errors import Sentence
from incentives.core.money import ZERO, Money
from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import Store
from incentives.rewards.models import Instrument, ProvinceProfile, ReasonCode, RewardRecord
from incentives.rewards.service import profiles
from incentives.rewards.service.losses import (
    Loss,
    LossLine,
    counting_here,
    loss_lines,
    set_aside,
    take,
    taken_for,
)
from incentives.rewards.service.moving import move
from incentives.rewards.service.wages import wage_at

__all__ = ["LossLine", "Payable", "TakenOver", "loss_lines", "mark_posted", "set_aside", "take", "taken_over"]


@dataclass(frozen=True, slots=True)
class Payable:
    """An approved record that a statement pays. The amount of a penalty is negative."""

    id: int
    employee_id: int
    amount: Money
    what: Sentence


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What a month's statements find: records of variable pay by id, and losses from the oldest on."""

    payable: Sequence[Payable]
    losses: Sequence[Loss]


def taken_over(store_id: int, month: Month) -> TakenOver:
    """The approved records that a month pays, and the losses it may take something for. One query, whoever they are of.

    What was posted in the month stays in it, whatever became of it later: an appeal reverses by a record of its own.
    """
    pays = and_(
        RewardRecord.store_id == store_id,
        RewardRecord.pay_month == month,
        RewardRecord.instrument == Instrument.PAY,
        or_(RewardRecord.state == RewardState.APPROVED, RewardRecord.postings > 0),
    )
    found = db.session.execute(
        select(RewardRecord, taken_for(), wage_at(RewardRecord.employee_id, month), Store, ProvinceProfile)
        .select_from(RewardRecord)
        .join(Store, Store.id == store_id)
        .outerjoin(ProvinceProfile, profiles.holds_on(month.last))
        .where(or_(pays, counting_here(store_id, month)))
        .options(
            joinedload(RewardRecord.reason).lazyload(ReasonCode.terms),  # the record keeps what held
            joinedload(RewardRecord.notice),
            joinedload(RewardRecord.claim),
        )
        .order_by(RewardRecord.decided_on, RewardRecord.id)
    ).all()
    payable = [_payable(record) for record, *_of_loss in found if record.instrument is Instrument.PAY]
    losses = [
        Loss(record, taken or ZERO, wage, profiles.terms_of(store, profile))
        for record, taken, wage, store, profile in found
        if record.instrument is Instrument.LOSS
    ]
    return TakenOver(sorted(payable, key=lambda each: each.id), losses)


def _payable(record: RewardRecord) -> Payable:
    return Payable(record.id, record.employee_id, record.amount or ZERO, record.says)


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
