"""The reasons that records name, and what each comes to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from incentives import clock
from incentives.audit import service as audit
from incentives.core.errors import DomainError, NotFound, say
from incentives.core.money import ZERO, Money
from incentives.db import db
from incentives.people.models import Store
from incentives.rewards.models import Direction, Instrument, ReasonCode, ReasonTerms
from incentives.rewards.service import profiles

MOST_POINTS = 1000
MOST_PAY = Money(1_000_000)
MOST_LOSS = Money(100_000_000)
"""What one record may come to at most: 1,000 points, 10,000 yuan of pay, or a loss of 1,000,000 yuan."""
_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")


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
class NewReason:
    """A reason that is added: what it is called, which way and by what it works, and what it comes to."""

    code: str
    name: str
    name_en: str
    direction: Direction
    instrument: Instrument
    points: int | None
    amount: Money | None
    conduct: bool


def add(store_id: int, said: NewReason, *, actor_id: int | None) -> ReasonCode:
    """Add a reason for the whole group.

    Raises:
        DomainError: the code is taken, there is no figure, or conduct would reach pay or a wage.
    """
    if any(each.code == said.code for each in reasons_of(store_id)):
        raise DomainError(say("There is a reason with this code already."))
    if not _CODE.fullmatch(said.code):
        raise DomainError(say("A code is made of small letters, digits and underscores."))
    takes = said.direction is Direction.PENALTY
    if said.conduct and (said.instrument is Instrument.LOSS or (takes and said.instrument is Instrument.PAY)):
        raise DomainError(say("What 6S and conduct find never reaches pay: use points."))
    if said.instrument is Instrument.LOSS and not takes:
        raise DomainError(say("A compensation of a loss only takes."))
    points, amount = _figure(said.instrument, said.points, said.amount)
    reason = ReasonCode(
        group_id=db.session.scalars(select(Store.group_id).where(Store.id == store_id)).one(),
        code=said.code,
        name=said.name,
        name_en=said.name_en,
        direction=said.direction,
        instrument=said.instrument,
        points=points,
        amount=amount,
        conduct=said.conduct,
        added_by=actor_id,
    )
    db.session.add(reason)
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {"name": (None, said.name), "usual": (None, points or amount)}
    audit.record("rewards.reason_added", store_id=store_id, actor_id=actor_id, subject=reason.code, changes=changes)
    return reason


def _figure(instrument: Instrument, points: int | None, amount: Money | None) -> tuple[int | None, Money | None]:
    """The figure of the instrument; a loss has none, since it is what was lost.

    Raises:
        DomainError: it is not there, or out of bounds.
    """
    if instrument is Instrument.LOSS:
        return None, None
    if (points if instrument is Instrument.POINTS else amount) is None:
        raise DomainError(say("Say what it usually comes to."))
    fits = 0 < (points or 0) <= MOST_POINTS if instrument is Instrument.POINTS else ZERO < (amount or ZERO) <= MOST_PAY
    if not fits:
        raise DomainError(
            say(
                "The usual figure lies above zero, and at most at {points} points or {pay} yuan.",
                points=MOST_POINTS,
                pay=str(MOST_PAY),
            )
        )
    return (points, None) if instrument is Instrument.POINTS else (None, amount)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a reason comes to from a day on."""

    points: int | None
    amount: Money | None
    starts: date


def change(store_id: int, reason_id: int, terms: Terms, *, today: date, actor_id: int | None) -> None:
    """Change what a reason comes to from a day on, for the whole group. Records made before keep theirs.

    Raises:
        DomainError: there is no figure, or the day lies in the past.
    """
    reason = reason_of(store_id, reason_id)
    points, amount = _figure(reason.instrument, terms.points, terms.amount)
    if points is None and amount is None:
        raise DomainError(say("A loss is what was lost: there is no usual figure to change."))
    if terms.starts < today:
        raise DomainError(say("New terms hold from today or later: they never count for days before."))
    before = reason.usual(terms.starts)
    if before == (points if amount is None else amount):
        return
    reason.terms.append(
        ReasonTerms(starts=terms.starts, points=points, amount=amount, made_by=actor_id, made_at=clock.now())
    )
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {
        "usual": (before, points if amount is None else amount),
        "starts": (None, terms.starts),
    }
    audit.record("rewards.reason_changed", store_id=store_id, actor_id=actor_id, subject=reason.code, changes=changes)


def offer(store_id: int, reason_id: int, *, active: bool, actor_id: int | None) -> None:
    """Offer a reason to those who propose, or retire it. Records that name it stay as they are. A repeat does nothing."""
    reason = reason_of(store_id, reason_id)
    if reason.active is active:
        return
    reason.active = active
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {"active": (not active, active)}
    audit.record("rewards.reason_changed", store_id=store_id, actor_id=actor_id, subject=reason.code, changes=changes)


def refuse_instrument(store_id: int, reason: ReasonCode, instrument: Instrument, day: date) -> None:
    """Instruments are never mixed: a penalty works by the reason's own.

    What 6S or conduct find never reaches pay or a wage. Source: product.md §8. A reward of points may be given as pay.

    Raises:
        DomainError: with what stands in the way.
    """
    if reason.conduct and instrument is not Instrument.POINTS and reason.direction is Direction.PENALTY:
        raise DomainError(say("What 6S and conduct find never reaches pay: use points."))
    loss = Instrument.LOSS in (instrument, reason.instrument)
    if instrument is not reason.instrument and (loss or reason.direction is Direction.PENALTY):
        raise DomainError(say("This reason works by {instrument} only.", instrument=reason.instrument.says))
    takes_pay = instrument is Instrument.PAY and reason.direction is Direction.PENALTY
    if takes_pay and not profiles.allowed(store_id, day).pay_penalties:
        raise DomainError(say("The province profile of the store allows no penalty of pay."))
