"""The adoption of the rule behind a reason: a penalty of pay counts only by words that were adopted before its day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from incentives.adoptions.models import Adoption, Subject
from incentives.adoptions.service import adopting
from incentives.adoptions.service.adopting import Consultation, Rule
from incentives.core.errors import DomainError, Sentence, say
from incentives.db import db
from incentives.rewards.models import Direction, Instrument, ReasonCode
from incentives.rewards.service.reasons import reason_of


def rule_of(reason: ReasonCode, day: date) -> Rule:
    """The rule behind a reason as it reads on a day: what it is about, what it takes, and how one appeals."""
    return Rule(Subject.REWARD_REASON, reason.id, reason.says, [_words(reason, day), _APPEAL])


_APPEAL = say(
    "The person may appeal. The total of variable pay never falls below zero, and the base wage is not touched."
)


def _words(reason: ReasonCode, day: date) -> Sentence:
    figure = reason.usual(day)
    if reason.instrument is Instrument.POINTS:
        return say("{reason}: {figure} points.", reason=reason.says, figure=str(figure))
    if reason.instrument is Instrument.LOSS:
        return say("{reason}: the proven loss, within the limits of the law.", reason=reason.says)
    if reason.direction is Direction.PENALTY:
        return say("{reason}: at most {figure} yuan of variable pay are taken.", reason=reason.says, figure=str(figure))
    return say("{reason}: {figure} yuan of variable pay.", reason=reason.says, figure=str(figure))


def adopt(store_id: int, reason_id: int, record: Consultation, *, actor_id: int | None) -> Adoption:
    """Record that the rule behind a reason was adopted at a store, in the words that hold when it begins to count.

    Raises:
        NotFound: the group has no such reason.
        DomainError: see :func:`incentives.adoptions.service.adopting.adopt`.
    """
    rule = rule_of(reason_of(store_id, reason_id), record.counts_from)
    return adopting.adopt(store_id, rule, record, actor_id=actor_id)


def adoption_on(store_id: int, reason: ReasonCode, day: date) -> Adoption | None:
    """The adoption by which the rule counts on a day, in the very words that hold then."""
    return db.session.scalars(
        select(Adoption)
        .where(
            Adoption.store_id == store_id,
            Adoption.subject == Subject.REWARD_REASON,
            Adoption.subject_id == reason.id,
            Adoption.counts_from <= day,
            Adoption.digest == rule_of(reason, day).digest,
        )
        .order_by(Adoption.number.desc())
        .limit(1)
    ).first()


def require_adopted(store_id: int, reason: ReasonCode, day: date) -> None:
    """Refuse a penalty of pay for a day on which its rule, in its present words, does not count.

    Raises:
        DomainError: it was never adopted, counts from a later day, or was changed since.
    """
    adopting.require_adopted(store_id, Subject.REWARD_REASON, reason.id, day)
    if adoption_on(store_id, reason, day) is None:
        raise DomainError(say("What this rule takes was changed since it was adopted: adopt it anew first."))
