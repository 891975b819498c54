"""The reasons that records name, and when the rule behind each was made known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from incentives import clock
from incentives.audit import service as audit
from incentives.core.errors import DomainError, NotFound, say
from incentives.core.money import Money
from incentives.db import db
from incentives.people.models import Store
from incentives.rewards.models import Direction, Instrument, ReasonCode

MOST_POINTS = 1000
MOST_PAY = Money(1_000_000)
"""What one record may come to at most: 1,000 points, or 10,000 yuan."""


def reasons_of(store_id: int, *, only_active: bool = False) -> Sequence[ReasonCode]:
    """The reasons of a store's group, in their order."""
    found = select(ReasonCode).join(Store, Store.group_id == ReasonCode.group_id).where(Store.id == store_id)
    if only_active:
        found = found.where(ReasonCode.active)
    return db.session.scalars(found.order_by(ReasonCode.id)).all()


def reason_of(store_id: int, reason_id: int) -> ReasonCode:
    """One of them.

    Raises:
        NotFound: the group has none of that id.
    """
    found = next((reason for reason in reasons_of(store_id) if reason.id == reason_id), None)
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


@dataclass(frozen=True, slots=True)
class Terms:
    """What a reason usually comes to, whether it is offered, and when and where its rule was made known."""

    points: int | None
    amount: Money | None
    active: bool
    published_on: date | None
    published_where: str


def change(store_id: int, reason_id: int, terms: Terms, *, actor_id: int | None) -> None:
    """Change the terms of a reason, for the whole group. Records made before keep theirs.

    Raises:
        DomainError: there is no usual figure, or a day of publication without a place.
    """
    reason = reason_of(store_id, reason_id)
    figure = terms.points if reason.instrument is Instrument.POINTS else terms.amount
    if figure is None:
        raise DomainError(say("Say what it usually comes to."))
    if terms.published_on is not None and not terms.published_where:
        raise DomainError(say("Say where the rule was made known."))
    _refuse_backdating(reason, terms)
    size = figure.fen if isinstance(figure, Money) else figure
    if not 0 < size <= (MOST_PAY.fen if isinstance(figure, Money) else MOST_POINTS):
        raise DomainError(
            say(
                "The usual figure lies above zero, and at most at {points} points or {pay} yuan.",
                points=MOST_POINTS,
                pay=str(MOST_PAY),
            )
        )
    changes: dict[str, tuple[object, object]] = {
        "usual": (reason.points or reason.amount, figure),
        "published_on": (reason.published_on, terms.published_on),
        "active": (reason.active, terms.active),
    }
    if reason.instrument is Instrument.POINTS:
        reason.points = terms.points
    else:
        reason.amount = terms.amount
    reason.active, reason.published_on, reason.published_where = (
        terms.active,
        terms.published_on,
        terms.published_where,
    )
    db.session.flush()
    audit.record("rewards.reason_changed", store_id=store_id, actor_id=actor_id, subject=reason.code, changes=changes)


def _refuse_backdating(reason: ReasonCode, terms: Terms) -> None:
    """A rule is never made known in the past: it would reach back to facts that nobody could have known it for."""
    fresh = terms.published_on is not None and terms.published_on != reason.published_on
    if fresh and terms.published_on is not None and terms.published_on < clock.today():
        raise DomainError(say("A rule is made known today or later: it never counts for days before."))


def refuse_instrument(reason: ReasonCode, instrument: Instrument, day: date) -> None:
    """A penalty reaches variable pay only by a rule made known by then, and one of 6S or conduct never does.

    Source: product.md §8. Rewards may be given either way.

    Raises:
        DomainError: with what stands in the way.
    """
    if instrument is Instrument.POINTS or reason.direction is Direction.REWARD:
        return
    if reason.conduct:
        raise DomainError(say("What 6S and conduct find never reaches pay: use points."))
    if reason.published_on is None:
        raise DomainError(say("No rule about this was made known: a penalty can only be points."))
    if day < reason.published_on:
        raise DomainError(
            say("The rule counts from {day} on, when it was made known.", day=reason.published_on.isoformat())
        )
