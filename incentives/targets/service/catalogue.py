"""The catalogue of indicators: the group's, and those a store has added for itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Select, or_, select

from incentives.audit import service as audit
from incentives.core.attainment import Aggregation, Better, Comparison
from incentives.core.catalogue import Indicator as PlanIndicator
from incentives.core.errors import Conflict, DomainError, NotAllowed, NotFound, say
from incentives.core.measure import Label
from incentives.db import db
from incentives.people.models import Store
from incentives.targets.models import Indicator, Reading, Source
from incentives.targets.units import Unit

_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}", re.ASCII)
_LOOKS_DOWN = frozenset({Comparison.AT_MOST, Comparison.BELOW})


@dataclass(frozen=True, slots=True)
class IndicatorText:
    """What somebody typed about an indicator."""

    code: str
    name: str
    name_en: str
    unit: Unit
    aggregation: Aggregation
    comparison: Comparison
    parent_id: int | None
    measure: str
    active: bool = True

    @property
    def better(self) -> Better:
        """Which way is better follows from the comparison."""
        return Better.LOWER if self.comparison in _LOOKS_DOWN else Better.HIGHER


def of_store(store_id: int) -> Select[Indicator]:
    """The indicators a store sees: its group's and its own."""
    group = select(Store.group_id).where(Store.id == store_id).scalar_subquery()
    return select(Indicator).where(
        Indicator.group_id == group, or_(Indicator.store_id.is_(None), Indicator.store_id == store_id)
    )


def indicators(store_id: int, *, inactive: bool = False) -> list[Indicator]:
    """The store's indicators in the catalogue's order."""
    found = of_store(store_id) if inactive else of_store(store_id).where(Indicator.active)
    return list(db.session.scalars(found.order_by(Indicator.order, Indicator.id)))


def indicator(store_id: int, code: str) -> Indicator:
    """One of the store's indicators.

    Raises:
        NotFound: the store has none of that code.
    """
    found = db.session.scalars(of_store(store_id).where(Indicator.code == code)).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def for_plans(store_id: int) -> Mapping[str, PlanIndicator]:
    """The catalogue as pay plans need it, by code; retired indicators too, for the months in which they counted."""
    return as_plans_need(indicators(store_id, inactive=True))


class Indicated(Protocol):
    """As much of an indicator as pay plans need."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def name_en(self) -> str:
        """The same in English; empty: as in Chinese."""

    @property
    def unit(self) -> Unit:
        """What it is counted in."""

    @property
    def better(self) -> Better:
        """Which way is better."""

    @property
    def comparison(self) -> Comparison:
        """When a target is met."""

    @property
    def aggregation(self) -> Aggregation:
        """How its readings add up."""


def as_plans_need(everything: Iterable[Indicated]) -> Mapping[str, PlanIndicator]:
    """Indicators that are at hand, as pay plans need them, by code."""
    return {
        found.code: PlanIndicator(
            code=found.code,
            label=Label(zh=found.name, en=found.name_en or found.name),
            unit=found.unit.in_plans,
            better=found.better,
            met=found.comparison,
            adds=found.aggregation,
        )
        for found in everything
    }


def add(store_id: int, typed: IndicatorText, *, for_group: bool, actor_id: int) -> Indicator:
    """Add an indicator, for the whole group or for this store alone.

    Raises:
        DomainError: the code is taken or none, or the indicator cannot be read.
    """
    group_id = db.session.scalars(select(Store.group_id).where(Store.id == store_id)).one()
    if not _CODE.fullmatch(typed.code):
        raise DomainError(say("A code has small letters, digits and underscores, and begins with a letter."))
    taken = select(Indicator.id).where(Indicator.group_id == group_id, Indicator.code == typed.code)
    if db.session.scalar(taken) is not None:
        raise DomainError(say("There is an indicator with the code “{code}” already.", code=typed.code))
    found = Indicator(
        group_id=group_id, store_id=None if for_group else store_id, code=typed.code, order=_next(group_id)
    )
    _write(found, typed, store_id)
    db.session.add(found)
    db.session.flush()
    audit.record(
        "targets.indicator_added",
        store_id=store_id,
        actor_id=actor_id,
        subject=found.code,
        changes={"name": (None, found.name), "unit": (None, found.unit.value)},
    )
    return found


def _next(group_id: int) -> int:
    orders = db.session.scalars(select(Indicator.order).where(Indicator.group_id == group_id))
    return max(orders, default=0) + 1


def change(
    found: Indicator, typed: IndicatorText, *, seen: int, store_id: int, whole_group: bool, actor_id: int
) -> None:
    """Change an indicator. Unit and adding up stay as they are once there are readings.

    Raises:
        NotAllowed: it is the group's, and the person answers for one store.
        Conflict: somebody else has changed it since it was seen.
        DomainError: its readings forbid the change.
    """
    if found.store_id is None and not whole_group:
        raise NotAllowed(say("This indicator is the whole group's: head office changes it."))
    if found.version != seen:
        raise Conflict(say("Somebody else has changed this in the meantime. Load the page again."))
    before = {name: getattr(found, name) for name in _KEPT}
    if (found.unit, found.aggregation) != (typed.unit, typed.aggregation) and _has_readings(found):
        raise DomainError(
            say("There are readings already, so unit and adding up stay as they are. Add a new indicator.")
        )
    _write(found, typed, store_id)
    changes = {name: (before[name], getattr(found, name)) for name in _KEPT if before[name] != getattr(found, name)}
    if changes:
        db.session.flush()
        audit.record(
            "targets.indicator_changed", store_id=store_id, actor_id=actor_id, subject=found.code, changes=changes
        )


_KEPT = ("name", "name_en", "unit", "aggregation", "comparison", "parent_id", "measure", "active")


def _has_readings(found: Indicator) -> bool:
    return db.session.scalar(select(Reading.id).where(Reading.indicator_id == found.id).limit(1)) is not None


def _write(found: Indicator, typed: IndicatorText, store_id: int) -> None:
    found.name, found.name_en, found.active = typed.name, typed.name_en, typed.active
    found.unit, found.aggregation = typed.unit, typed.aggregation
    found.comparison, found.better = typed.comparison, typed.better
    found.parent_id = _checked_parent(found, typed, store_id)
    found.measure = typed.measure
    found.source = Source.DERIVED if typed.measure else Source.TYPED


def _checked_parent(found: Indicator, typed: IndicatorText, store_id: int) -> int | None:
    if typed.parent_id is None:
        return None
    parents = {each.id: each for each in indicators(store_id, inactive=True)}
    parent = parents.get(typed.parent_id)
    if parent is None:
        raise DomainError(say("Please choose one of the list."))
    if parent.unit is not typed.unit or Aggregation.SUM not in {parent.aggregation, typed.aggregation}:
        raise DomainError(say("A part and its whole are sums of the same unit."))
    climbed: Indicator | None = parent
    while climbed is not None:
        if climbed.id == found.id:
            raise DomainError(say("An indicator cannot be a part of itself."))
        climbed = parents.get(climbed.parent_id or 0)
    return parent.id
