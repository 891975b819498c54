"""How long the files of proposals are kept that came to nothing. Those of a record that ever counted stay for good.

Whoever was accused for nothing should not have photographs lie about for ever; within a year either side may still
bring the matter before labour arbitration. Source: 劳动争议调解仲裁法, article 27.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from incentives import clock
from incentives.audit import service as audit
from incentives.core.approval import RewardState
from incentives.db import db
from incentives.exchange.papers import forget_paper
from incentives.rewards.models import Evidence, RewardEvent, RewardRecord

CAME_TO_NOTHING: Final = (RewardState.REJECTED, RewardState.WITHDRAWN)
KEPT: Final = timedelta(days=366)
"""From the rejection or withdrawal on."""


def kept_until(record: RewardRecord) -> datetime | None:
    """Until when the files of a record are kept; none: for good."""
    if record.state not in CAME_TO_NOTHING or not record.events:
        return None
    return record.events[-1].at + KEPT


def sweep() -> Counter[int]:
    """Delete the files whose time is over; returns how many by store. Their rows stay, with name, size and digest.

    A file that several records name goes with the last of them. A repeat deletes nothing more and writes nothing down.
    """
    swept: Counter[int] = Counter()
    for each in db.session.scalars(
        select(Evidence).where(_is_over(Evidence), ~_named_elsewhere()).order_by(Evidence.id)
    ):
        swept[each.store_id] += forget_paper(each.stored_as, each.mime)
    for store_id, count in sorted((+swept).items()):
        audit.record("rewards.evidence_swept", store_id=store_id, actor_id=None, changes={"files": (count, 0)})
    return +swept


def _is_over(evidence: type[Evidence]) -> ColumnElement[bool]:
    """Whether the record of a file came to nothing, longer ago than files are kept."""
    return exists().where(
        RewardRecord.id == evidence.record_id,
        RewardRecord.state.in_(CAME_TO_NOTHING),
        RewardEvent.record_id == RewardRecord.id,
        RewardEvent.after.in_(CAME_TO_NOTHING),
        RewardEvent.at < clock.now() - KEPT,
    )


def _named_elsewhere() -> ColumnElement[bool]:
    """Whether a record that still needs it names the same file."""
    other = aliased(Evidence)
    return exists().where(other.stored_as == Evidence.stored_as, other.id != Evidence.id, ~_is_over(other))
