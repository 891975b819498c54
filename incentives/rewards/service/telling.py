"""A reward or penalty as the answer to "why?": what it is for, by which rule, and who decided it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incentives.adoptions.models import Adoption
from incentives.core.answer import Page, Section, Step, section
from incentives.core.errors import Sentence, from_plain, say
from incentives.core.period import business_date
from incentives.db import db
from incentives.people.models import Store
from incentives.rewards.models import RewardEvent, RewardRecord
from incentives.rewards.service.adopted import adoptions_on


def sections_of(store_id: int, record_ids: Collection[int], *, own: bool) -> dict[int, list[Section]]:
    """What some records of the store tell about themselves, by id. Three queries, however many records."""
    if not record_ids:
        return {}
    rows = (
        db.session.execute(
            select(RewardRecord, Store.zone)
            .join(Store, Store.id == RewardRecord.store_id)
            .where(RewardRecord.store_id == store_id, RewardRecord.id.in_(record_ids))
            .options(
                joinedload(RewardRecord.reason),
                joinedload(RewardRecord.maker),
                joinedload(RewardRecord.events).joinedload(RewardEvent.actor),
            )
        )
        .unique()
        .all()
    )
    adoptions = adoptions_on(store_id, [(record.reason, record.business_date) for record, _zone in rows])
    return {
        record.id: _sections(record, zone, adoption, own=own)
        for (record, zone), adoption in zip(rows, adoptions, strict=True)
    }


def _sections(record: RewardRecord, zone: str, adoption: Adoption | None, *, own: bool) -> list[Section]:
    page = Page("rewards.own" if own else "rewards.show", {"record_id": record.id})
    what = Step(say("{reason}, on {day}", reason=record.says, day=record.business_date.isoformat()), page=page)
    more = (Step(sentence) for sentence in _more(record, adoption))
    return [
        Section(say("What it is for"), (what, *more)),
        section(say("Who decided"), [_decided(event, zone) for event in record.events]),
    ]


def _more(record: RewardRecord, adoption: Adoption | None) -> list[Sentence]:
    told = [] if record.explanation is None else [from_plain(record.explanation)]
    if record.note:
        told.append(say("What happened: {words}", words=record.note))
    if adoption is not None:
        day, where = adoption.published_on.isoformat(), adoption.published_where
        told.append(say("The rule was made known on {day}: {where}", day=day, where=where))
    return told


def _decided(event: RewardEvent, zone: str) -> Sentence:
    return say(
        "{day}, {name}: {after}",
        day=business_date(event.at, zone).isoformat(),
        name=say("a rule") if event.actor is None else event.actor.name,
        after=event.after.says,
    )
