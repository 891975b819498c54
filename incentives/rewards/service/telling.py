"""A reward or penalty as the answer to "why?": what it is for, by which rule, and who decided it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from incentives.core.answer import Page, Section, Step, section
from incentives.core.errors import Sentence, from_plain, say
from incentives.core.period import business_date
from incentives.db import db
from incentives.people.models import Store
from incentives.rewards.models import RewardEvent, RewardRecord
from incentives.rewards.service.adopted import adoption_on


def sections_of(store_id: int, record_id: int, *, own: bool) -> list[Section]:
    """What a record tells about itself; nothing if the store has no such record."""
    record = db.session.scalars(
        select(RewardRecord)
        .where(RewardRecord.store_id == store_id, RewardRecord.id == record_id)
        .options(
            joinedload(RewardRecord.reason),
            joinedload(RewardRecord.maker),
            selectinload(RewardRecord.events).joinedload(RewardEvent.actor),
        )
    ).one_or_none()
    if record is None:
        return []
    zone = db.session.get_one(Store, store_id).zone
    page = Page("rewards.own" if own else "rewards.show", {"record_id": record.id})
    what = Step(say("{reason}, on {day}", reason=record.says, day=record.business_date.isoformat()), page=page)
    more = (Step(sentence) for sentence in _more(record))
    return [
        Section(say("What it is for"), (what, *more)),
        section(say("Who decided"), [_decided(event, zone) for event in record.events]),
    ]


def _more(record: RewardRecord) -> list[Sentence]:
    told = [] if record.explanation is None else [from_plain(record.explanation)]
    if record.note:
        told.append(say("What happened: {words}", words=record.note))
    adoption = adoption_on(record.store_id, record.reason, record.business_date)
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
