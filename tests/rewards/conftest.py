"""What stories of rewards and penalties share: the reasons, and a proposal that will do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from incentives.core.money import Money
from incentives.db import db
from incentives.rewards.models import Instrument, ReasonCode, RewardRecord
from incentives.rewards.service import records
from tests.conftest import Cast

TODAY = date(2026, 11, 16)


def reason(code: str) -> ReasonCode:
    return db.session.scalars(select(ReasonCode).where(ReasonCode.code == code)).one()


@pytest.fixture
def proposal(cast: Cast) -> records.Proposal:
    """A customer praised Wei: 20 points."""
    return records.Proposal(
        employee_id=cast.wei.id,
        reason_id=reason("praise").id,
        day=date(2026, 11, 13),
        instrument=Instrument.POINTS,
        points=20,
        amount=None,
        note="Came back with cake",
        token="one",
    )


Propose = Callable[..., RewardRecord]


@pytest.fixture
def propose(cast: Cast, proposal: records.Proposal) -> Propose:
    """Sun, who inspects, proposes; anything may be said differently."""

    def said(**changes: object) -> RewardRecord:
        wanted = replace(proposal, **changes)  # type: ignore[arg-type]  # what a story says differently
        found = records.propose(cast.east.id, wanted, maker_id=cast.sun.id, today=TODAY)
        db.session.commit()
        return found

    return said


@pytest.fixture
def bonus(cast: Cast, propose: Propose) -> RewardRecord:
    """Wei's special bonus of 100 yuan, submitted."""
    return propose(
        employee_id=cast.wei.id,
        reason_id=reason("extra_bonus").id,
        instrument=Instrument.PAY,
        points=None,
        amount=Money(10_000),
        token="bonus",
    )
