"""Every change of a record's state goes through here and is kept."""

from __future__ import annotations

from sqlalchemy import select

from incentives import clock
from incentives.core.approval import REWARD, RewardAction
from incentives.core.errors import NotFound, say
from incentives.db import db
from incentives.rewards.models import RewardEvent, RewardRecord


def locked(store_id: int, record_id: int) -> RewardRecord:
    """A record of the store, held until the transaction ends and read afresh.

    Raises:
        NotFound: the store has none of that id.
    """
    found = db.session.scalars(
        select(RewardRecord)
        .where(RewardRecord.store_id == store_id, RewardRecord.id == record_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def move(record: RewardRecord, action: RewardAction, *, actor_id: int | None, comment: str = "") -> bool:
    """Move a record on by the workflow and keep the change. False for a repeat, which changes nothing.

    Raises:
        Refused: this cannot be done in the record's state.
    """
    step = REWARD.after(record.state, action)
    if step.changed:
        record.events.append(
            RewardEvent(at=clock.now(), actor_id=actor_id, before=record.state, after=step.state, comment=comment)
        )
        record.state = step.state
        db.session.flush()
    return step.changed
