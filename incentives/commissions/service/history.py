"""The life of a version: drafted, checked, submitted, approved, adopted, in force, superseded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incentives.adoptions.models import Adoption
from incentives.adoptions.service.acknowledging import Tally
from incentives.commissions.models import PlanCheck, PlanDeed, PlanMove, PlanVersion
from incentives.core.approval import PlanState
from incentives.core.errors import Sentence, say
from incentives.core.period import Month
from incentives.db import db


@dataclass(frozen=True, slots=True)
class Passed:
    """Something that a version has passed, or is still to pass: what, when, by whom, with what words."""

    sentence: Sentence
    at: datetime | None = None
    who: str = ""
    words: str = ""


def history(version: PlanVersion, record: Adoption | None, tally: Tally | None, month: Month) -> list[Passed]:
    """What a version went through, the earliest first; two queries.

    Args:
        version: whose life is told.
        record: its adoption, if there is one.
        tally: how many of those concerned have acknowledged it.
        month: the running one.
    """
    moves = db.session.scalars(
        select(PlanMove)
        .where(PlanMove.version_id == version.id)
        .order_by(PlanMove.id)
        .options(joinedload(PlanMove.actor))
    )
    checked = db.session.scalars(select(PlanCheck).where(PlanCheck.version_id == version.id).order_by(PlanCheck.id))
    passed = [*(_moved(move) for move in moves), *(_checked(check) for check in checked)]
    passed.sort(key=lambda each: each.at or version.drafted_at)
    return [*passed, *_after(version, record, tally, month)]


def _moved(move: PlanMove) -> Passed:
    who = move.actor.name if move.actor else ""
    if move.deed is PlanDeed.ADOPTED:
        return Passed(say("adopted, holds from {month}", month=str(move.from_month)), move.at, who, move.reason)
    return Passed(move.deed.says, move.at, who, move.reason)


def _checked(check: PlanCheck) -> Passed:
    return Passed(
        say("checked: {count} findings, none of which stands against it", count=len(check.findings)), check.checked_at
    )


def _after(version: PlanVersion, record: Adoption | None, tally: Tally | None, month: Month) -> Iterator[Passed]:
    """What follows from its adoption."""
    if version.state is PlanState.APPROVED:
        yield Passed(say("waits for its adoption: until then it pays nobody"))
    if version.state is not PlanState.ADOPTED:
        return
    if record is None:
        yield Passed(say("in force since before adoption records were kept"))
    elif tally is not None:
        yield Passed(say("acknowledged by {done} of {all}", done=tally.done, all=tally.of))
    yield Passed(
        say("in force from {month}", month=str(version.from_month))
        if version.from_month <= month
        else say("will be in force from {month}", month=str(version.from_month))
    )
    follower = superseded_by(version)
    if follower is not None:
        yield Passed(
            say("superseded by version {number} from {month}", number=follower.number, month=str(follower.from_month))
        )


def superseded_by(version: PlanVersion) -> PlanVersion | None:
    """The adopted version that follows upon this one, the first if there are several."""
    place = (version.from_month, version.number)
    later = [
        each
        for each in version.plan.versions
        if each.state is PlanState.ADOPTED and (each.from_month, each.number) > place
    ]
    return min(later, key=lambda each: (each.from_month, each.number), default=None)
