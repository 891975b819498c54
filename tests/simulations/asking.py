"""Asking for simulations as the manager of the east store does, and having them done."""

from __future__ import annotations

from incentives.commissions.models import PlanVersion
from incentives.core.access import Actor
from incentives.db import db
from incentives.exchange import jobs
from incentives.simulations.models import Simulation
from incentives.simulations.service import asking
from incentives.simulations.service.asking import Whose, Wish
from tests.conftest import Cast
from tests.simulations.conftest import AUGUST, NOVEMBER, OCTOBER, WHOLE_TIERS


def manager_of(cast: Cast) -> Actor:
    """Ma, at her store."""
    return Actor(cast.ma.id, cast.ma.name, cast.ma.number, cast.east.id, cast.group.id)


def wish_for(draft: PlanVersion | None) -> Wish:
    """The draft, or just such a text, over August to October."""
    text, version = (WHOLE_TIERS, None) if draft is None else (draft.text, draft.id)
    return Wish(text, AUGUST, OCTOBER, NOVEMBER, version_id=version)


def simulated(cast: Cast, wish: Wish, *, group: bool = False) -> Simulation:
    """Ask for it and have it done."""
    whose = Whose(cast.group.id, None if group else cast.east.id)
    found = asking.ask(whose, wish, actor=manager_of(cast), running=NOVEMBER)
    number, job_id = found.id, found.job_id
    db.session.commit()
    assert job_id is not None
    jobs.dispatch(job_id)
    return db.session.get_one(Simulation, number)
