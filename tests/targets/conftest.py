"""What stories of targets need: the catalogue by code, and short ways to give readings and set targets."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from incentives.core.period import Month
from incentives.db import db
from incentives.targets.scopes import STORE, Period, Scope
from incentives.targets.service import catalogue, readings, setting
from incentives.targets.service.readings import Given, NewReading
from incentives.targets.service.setting import NewTarget, Outcome, Why
from incentives.targets.units import read_exact
from tests.conftest import Cast

TODAY = date(2026, 11, 16)
NOVEMBER = Month(2026, 11)


class Desk:
    """Somebody of the east store at work, in few words."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.store_id = cast.east.id

    def read(self, code: str, day: str, value: str, base: str = "", *, scope: Scope = STORE, by: str = "ma") -> Given:
        indicator = catalogue.indicator(self.store_id, code)
        new = NewReading(
            indicator,
            date.fromisoformat(day),
            scope,
            Fraction(value) if value else None,
            Fraction(base) if base else None,
        )
        given = readings.give(self.store_id, [new], actor_id=self.cast.people[by].id, today=TODAY)
        db.session.commit()
        return given

    def aim(self, code: str, period: Period, value: str, *, scope: Scope = STORE, by: str = "ma") -> Outcome:
        indicator = catalogue.indicator(self.store_id, code)
        new = NewTarget(indicator, period, read_exact(value, indicator.unit) if value else None, scope)
        outcome = setting.set_targets(self.store_id, [new], Why(self.cast.people[by].id, TODAY))
        db.session.commit()
        return outcome


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast)
