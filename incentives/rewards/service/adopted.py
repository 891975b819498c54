"""The adoption of the rule behind a reason: a penalty of pay counts only by words that were adopted before its day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from incentives.adoptions.models import Adoption, Subject, Way
from incentives.adoptions.service import adopting
from incentives.adoptions.service.adopting import Consultation, Rule
from incentives.core.errors import DomainError, Sentence, say
from incentives.db import db
from incentives.rewards.models import Direction, Instrument, ReasonCode
from incentives.rewards.service import profiles
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
        DomainError: the staff were not heard as the province profile asks, or see
            :func:`incentives.adoptions.service.adopting.adopt`.
    """
    reason = reason_of(store_id, reason_id)
    _require_heard(store_id, reason, record.way, record.counts_from)
    rule = rule_of(reason, record.counts_from)
    return adopting.adopt(store_id, rule, record, actor_id=actor_id)


def adoption_on(store_id: int, reason: ReasonCode, day: date) -> Adoption | None:
    """The adoption by which the rule counts on a day, in the very words that hold then."""
    return adoptions_on(store_id, [(reason, day)])[0]


def adoptions_on(store_id: int, asked: Sequence[tuple[ReasonCode, date]]) -> list[Adoption | None]:
    """The same for several reasons, each on its day. One query."""
    known = db.session.scalars(
        select(Adoption)
        .where(
            Adoption.store_id == store_id,
            Adoption.subject == Subject.REWARD_REASON,
            Adoption.subject_id.in_({reason.id for reason, _day in asked}),
        )
        .order_by(Adoption.number.desc())
    ).all()
    return [_in_words_of(known, reason, day) for reason, day in asked]


def _in_words_of(known: Iterable[Adoption], reason: ReasonCode, day: date) -> Adoption | None:
    digest = rule_of(reason, day).digest
    return next(
        (each for each in known if each.subject_id == reason.id and each.counts_from <= day and each.digest == digest),
        None,
    )


def require_adopted(store_id: int, reason: ReasonCode, day: date) -> None:
    """Refuse a penalty of pay for a day on which its rule, in its present words, does not count.

    Raises:
        DomainError: it was never adopted, counts from a later day, was changed since, or was adopted without hearing the
            staff as the province profile of that day asks.
    """
    adopting.require_adopted(store_id, Subject.REWARD_REASON, reason.id, day)
    adoption = adoption_on(store_id, reason, day)
    if adoption is None:
        raise DomainError(say("What this rule takes was changed since it was adopted: adopt it anew first."))
    _require_heard(store_id, reason, adoption.way, day)


def _require_heard(store_id: int, reason: ReasonCode, way: Way, day: date) -> None:
    """A rule that takes pay is talked over with the staff or their representatives, where the profile asks for it.

    Source: 劳动合同法, article 4: rules that touch the staff's interests are discussed by all staff or their congress and
    settled with the union or representatives; publishing them alone is not enough.
    """
    takes_pay = reason.direction is Direction.PENALTY and reason.instrument is Instrument.PAY
    if takes_pay and way is Way.NOTICE and profiles.allowed(store_id, day).consultation:
        raise DomainError(
            say(
                "The province profile asks that the staff, their representatives or the union were heard before such a"
                " rule counts: a notice with time for objections is not enough."
            )
        )
