"""Recording that a rule was made known, and asking whether and since when it counts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from incentives import clock
from incentives.adoptions.models import Adoption, Subject, Way
from incentives.audit import service as audit
from incentives.core.errors import Conflict, DomainError, NotFound, Plain, Sentence, say
from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import Store


@dataclass(frozen=True, slots=True)
class Rule:
    """What is adopted: which rule, what it is called, and its words as people read them."""

    subject: Subject
    subject_id: int
    title: Sentence
    sentences: Sequence[Sentence]
    before_id: int | None = None
    """The adoption that this one follows, if it is another rule's: that of the plan's version before."""
    meant: Sequence[Sentence] = ()
    """What the plan check warned of, and why that is meant. Kept with the record, no part of what is acknowledged."""

    @property
    def digest(self) -> str:
        """SHA-256 of title and words, whatever the language of the reader."""
        said: list[Plain] = [self.title.as_plain(), *(each.as_plain() for each in self.sentences)]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Consultation:
    """Who was heard, how and when; when and where the rule was published; from which day it counts."""

    consulted: str
    way: Way
    consulted_on: date
    published_on: date
    published_where: str
    counts_from: date


def adopt(
    store_id: int, rule: Rule, record: Consultation, *, actor_id: int | None, changes: audit.Changes | None = None
) -> Adoption:
    """Record that a rule was made known. Saying the same again changes nothing and gives the record there is.

    The caller holds the rule itself locked, so that two people do not adopt it at once. ``changes`` are what else
    changes by it, for the trail.

    Raises:
        DomainError: nobody was heard, nothing was published, the days contradict each other, or the rule would reach back.
    """
    today = _today_at(store_id)
    latest = adoption_of(store_id, rule.subject, rule.subject_id)
    if latest is not None and _says_the_same(latest, rule, record):
        return latest
    _refuse_nonsense(record, today)
    adoption = Adoption(
        store_id=store_id,
        subject=rule.subject,
        subject_id=rule.subject_id,
        number=1 if latest is None else latest.number + 1,
        before_id=rule.before_id if latest is None else latest.id,
        title=rule.title.as_plain(),
        rule=[each.as_plain() for each in rule.sentences],
        digest=rule.digest,
        meant=[each.as_plain() for each in rule.meant],
        consulted=record.consulted,
        way=record.way,
        consulted_on=record.consulted_on,
        published_on=record.published_on,
        published_where=record.published_where,
        counts_from=record.counts_from,
        recorded_by=actor_id,
        recorded_on=today,
        recorded_at=clock.now(),
    )
    db.session.add(adoption)
    db.session.flush()
    audit.record(
        "adoptions.adopted",
        store_id=store_id,
        actor_id=actor_id,
        subject=str(rule.title),
        changes={
            "consulted_on": (None, record.consulted_on),
            "counts_from": (None, record.counts_from),
            **(changes or {}),
        },
    )
    return adoption


def _today_at(store_id: int) -> date:
    return clock.today(db.session.scalar(select(Store.zone).where(Store.id == store_id)) or clock.DEFAULT_ZONE)


def _says_the_same(latest: Adoption, rule: Rule, record: Consultation) -> bool:
    said = Consultation(
        consulted=latest.consulted,
        way=latest.way,
        consulted_on=latest.consulted_on,
        published_on=latest.published_on,
        published_where=latest.published_where,
        counts_from=latest.counts_from,
    )
    return latest.digest == rule.digest and said == record


def _refuse_nonsense(record: Consultation, today: date) -> None:
    """Heard, then published, then recorded, then counting: a rule never reaches back (product.md §8)."""
    if not record.consulted:
        raise DomainError(say("Say who was consulted."))
    if not record.published_where:
        raise DomainError(say("Say where the rule was published."))
    if record.published_on > today:
        raise DomainError(say("The day of publication lies in the future: record the adoption once it is published."))
    if record.consulted_on > record.published_on:
        raise DomainError(say("The staff are consulted before the rule is published, not after."))
    if record.counts_from < today:
        raise DomainError(
            say("A rule counts from the day of its record at the earliest, {day}: never backwards.", day=str(today))
        )


def first_month(adoption_counts_from: date) -> Month:
    """The first month that may be worked out by a rule: the first that begins on or after the day it counts from."""
    month = Month.of(adoption_counts_from)
    return month if adoption_counts_from == month.first else month.plus(1)


def adoption_of(store_id: int, subject: Subject, subject_id: int) -> Adoption | None:
    """The latest adoption of a rule in a store; none if it was never adopted."""
    return adoptions_of(store_id, subject, [subject_id]).get(subject_id)


def adoptions_of(store_id: int, subject: Subject, subject_ids: Collection[int]) -> dict[int, Adoption]:
    """The latest adoption of each of several rules, by the rule's id, in one query."""
    found = select(Adoption).where(
        Adoption.store_id == store_id, Adoption.subject == subject, Adoption.subject_id.in_(subject_ids)
    )
    return {each.subject_id: each for each in db.session.scalars(found.order_by(Adoption.number))}


def adopted_since(store_id: int, subject: Subject, subject_id: int) -> date | None:
    """The day from which a rule counts, by its first adoption; none if it was never adopted."""
    return db.session.scalar(
        select(func.min(Adoption.counts_from)).where(
            Adoption.store_id == store_id, Adoption.subject == subject, Adoption.subject_id == subject_id
        )
    )


def is_adopted(store_id: int, subject: Subject, subject_id: int, on: date) -> bool:
    """Whether a rule counts on a day."""
    since = adopted_since(store_id, subject, subject_id)
    return since is not None and since <= on


def require_adopted(store_id: int, subject: Subject, subject_id: int, on: date) -> None:
    """Refuse to apply a rule to a day for which it does not count.

    Raises:
        DomainError: it was never adopted, or counts only from a later day.
    """
    since = adopted_since(store_id, subject, subject_id)
    if since is None:
        raise DomainError(say("This rule has no adoption record: it counts only once there is one."))
    if on < since:
        raise DomainError(say("This rule counts from {day} on, by its adoption record.", day=since.isoformat()))


def adoption_at(store_id: int, adoption_id: int) -> Adoption:
    """One adoption record of a store.

    Raises:
        NotFound: the store has none of that id.
    """
    found = db.session.scalars(
        select(Adoption).where(Adoption.store_id == store_id, Adoption.id == adoption_id)
    ).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def adoptions_at(store_id: int) -> Select[Adoption]:
    """Every adoption record of a store, as a statement to be listed."""
    return select(Adoption).where(Adoption.store_id == store_id).options(joinedload(Adoption.recorder))


def latest_of(store_id: int) -> Sequence[Adoption]:
    """A store's adoption records, the latest first, for a choice among them."""
    return db.session.scalars(select(Adoption).where(Adoption.store_id == store_id).order_by(Adoption.id.desc())).all()


def require_seen(adoption: Adoption, digest: str) -> None:
    """Refuse to act on words that are not the rule's.

    Raises:
        Conflict: what was on the page is not what was adopted.
    """
    if adoption.digest != digest:
        raise Conflict(say("The words on your page are not those of the rule. Load the page again."))
