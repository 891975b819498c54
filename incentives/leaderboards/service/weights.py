"""How much each part counts in the score of a position."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select

from incentives.core.errors import DomainError, say
from incentives.core.period import Month
from incentives.core.score import DEFAULT_WEIGHTS, Part
from incentives.db import db
from incentives.leaderboards.models import ScoreWeight

WHOLE = 100


def weights(position_ids: Collection[int], month: Month) -> dict[int, Mapping[Part, int]]:
    """Each position's weights in a month: those set last, else the usual ones. Old months keep theirs."""
    rows = db.session.scalars(
        select(ScoreWeight)
        .where(ScoreWeight.position_id.in_(position_ids), ScoreWeight.from_month <= month)
        .order_by(ScoreWeight.from_month)
    )
    found: dict[int, Mapping[Part, int]] = dict.fromkeys(position_ids, DEFAULT_WEIGHTS)
    since: dict[int, Month] = {}
    for row in rows:
        if since.get(row.position_id) != row.from_month:
            since[row.position_id] = row.from_month
            found[row.position_id] = {}
        found[row.position_id] = {**found[row.position_id], row.part: row.weight}
    return found


def set_weights(position_id: int, month: Month, chosen: Mapping[Part, int], *, today: date) -> None:
    """Let other weights count from a month on. Setting the same month again replaces them.

    Raises:
        DomainError: they do not add up to 100, or the month is over: its scores stay as they were.
    """
    if month < Month.of(today):
        raise DomainError(say("Weights count from this month or a later one on; what is over stays as it was."))
    together = sum(chosen.values())
    if together != WHOLE:
        raise DomainError(say("The weights must add up to 100; these come to {sum}.", sum=together))
    known = {
        row.part: row
        for row in db.session.scalars(
            select(ScoreWeight).where(ScoreWeight.position_id == position_id, ScoreWeight.from_month == month)
        )
    }
    for part in Part:
        row = known.get(part) or ScoreWeight(position_id=position_id, from_month=month, part=part)
        row.weight = chosen.get(part, 0)
        db.session.add(row)
    db.session.flush()
