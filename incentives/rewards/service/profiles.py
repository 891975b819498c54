"""What is allowed at a store: its province profile, entered by the operator with its source, kept by date.

Nothing here is legal advice. A profile says what somebody entered, and whether a lawyer confirmed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased, joinedload

from incentives import clock
from incentives.audit import service as audit
from incentives.core.errors import DomainError, say
from incentives.core.money import ZERO, Money
from incentives.db import db
from incentives.people.models import Store
from incentives.rewards.models import ProvinceProfile

CAUTIOUS: Final = ("广东",)
"""Provinces that penalise employers for fines (广东省劳动保障监察条例, article 51): until a profile says otherwise, no
rule takes variable pay there."""
LOSS_PERCENT: Final = 20
APPEAL_WORKDAYS: Final = 5
"""product.md §8: working days, from the day after the decision, within which an employee may appeal."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a store allows on a day. ``minimum_wage`` is a month's; none is not known, so that nothing may be taken."""

    province: str
    minimum_wage: Money | None
    loss_percent: int = LOSS_PERCENT
    appeal_workdays: int = APPEAL_WORKDAYS
    pay_penalties: bool = True
    consultation: bool = True
    source: str = ""
    city_class: str = ""
    confirmed_by: str = ""
    confirmed_on: date | None = None
    confirmed_document: str = ""

    @property
    def share(self) -> Fraction:
        """The part of a month's wage that may be taken for losses."""
        return Fraction(self.loss_percent, 100)


def allowed(store_id: int, day: date) -> Allowed:
    """What holds on a day: the profile entered for then, else the store's province and minimum wage. One query."""
    found = select(Store, ProvinceProfile).outerjoin(ProvinceProfile, holds_on(day)).where(Store.id == store_id)
    return terms_of(*db.session.execute(found).one())


def holds_on(day: date) -> ColumnElement[bool]:
    """Which profile of a store holds on a day, for a statement that asks for it with its store."""
    entered = aliased(ProvinceProfile)
    latest = (
        select(entered.id)
        .where(entered.store_id == Store.id, entered.starts <= day)
        .order_by(entered.starts.desc(), entered.id.desc())
        .limit(1)
    )
    return ProvinceProfile.id == latest.correlate(Store).scalar_subquery()


def terms_of(store: Store, profile: ProvinceProfile | None) -> Allowed:
    """What a store allows by the profile that holds; without one, by its province and minimum wage."""
    if profile is not None:
        return _said(profile)
    wage, cautious = store.minimum_wage, store.province.startswith(CAUTIOUS)
    return Allowed(store.province, wage if wage > ZERO else None, pay_penalties=not cautious)


def _said(profile: ProvinceProfile) -> Allowed:
    return Allowed(
        province=profile.province,
        minimum_wage=profile.minimum_wage,
        loss_percent=profile.loss_percent,
        appeal_workdays=profile.appeal_workdays,
        pay_penalties=profile.pay_penalties,
        consultation=profile.consultation,
        source=profile.source,
        city_class=profile.city_class,
        confirmed_by=profile.confirmed_by,
        confirmed_on=profile.confirmed_on,
        confirmed_document=profile.confirmed_document,
    )


def history(store_id: int) -> Sequence[ProvinceProfile]:
    """Every profile entered for a store, the latest first."""
    return db.session.scalars(
        select(ProvinceProfile)
        .where(ProvinceProfile.store_id == store_id)
        .order_by(ProvinceProfile.starts.desc(), ProvinceProfile.id.desc())
        .options(joinedload(ProvinceProfile.maker))
    ).all()


def enter(store_id: int, said: Allowed, *, starts: date, actor_id: int | None) -> ProvinceProfile:
    """Enter what holds from a day on; what was entered before stays in the history.

    Raises:
        DomainError: the day lies before an earlier entry, a figure is out of bounds, or something has no source.
    """
    _require_sense(store_id, said, starts)
    before = allowed(store_id, starts)
    profile = ProvinceProfile(
        store_id=store_id,
        starts=starts,
        province=said.province,
        city_class=said.city_class,
        minimum_wage=said.minimum_wage,
        source=said.source,
        loss_percent=said.loss_percent,
        appeal_workdays=said.appeal_workdays,
        pay_penalties=said.pay_penalties,
        consultation=said.consultation,
        confirmed_by=said.confirmed_by,
        confirmed_on=said.confirmed_on,
        confirmed_document=said.confirmed_document,
        made_by=actor_id,
        made_at=clock.now(),
    )
    db.session.add(profile)
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {
        name: (getattr(before, name), getattr(said, name))
        for name in Allowed.__dataclass_fields__
        if getattr(before, name) != getattr(said, name)
    }
    audit.record(
        "rewards.profile_entered", store_id=store_id, actor_id=actor_id, subject=starts.isoformat(), changes=changes
    )
    return profile


def _require_sense(store_id: int, said: Allowed, starts: date) -> None:
    latest = next(iter(history(store_id)), None)
    if latest is not None and starts < latest.starts:
        raise DomainError(
            say("A profile holds from {day} on already: enter a later day.", day=latest.starts.isoformat())
        )
    if not 0 <= said.loss_percent <= LOSS_PERCENT:
        raise DomainError(say("The share of the wage lies between 0 and 20 %."))
    if not 1 <= said.appeal_workdays <= 30:
        raise DomainError(say("The days to appeal lie between 1 and 30."))
    if said.minimum_wage is not None and (said.minimum_wage <= ZERO or not said.source):
        raise DomainError(say("Say where the minimum wage was published: it counts only with its source."))
    if bool(said.confirmed_by) != (said.confirmed_on is not None):
        raise DomainError(say("A confirmation has a name and a day."))
