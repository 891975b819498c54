"""What the demo's year holds when it opens."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from incentives.db import db
from incentives.exchange.models import Job, JobState
from incentives.simulations.models import Simulation, SimulationState
from incentives.simulations.service.summing import read_summary


def test_it_opens_with_a_finished_simulation_in_which_some_win_and_some_lose(demo: Flask) -> None:
    with demo.app_context():
        found = db.session.scalars(sa.select(Simulation)).one()
        assert found.state is SimulationState.DONE
        whole = read_summary(found.summary or {}).everybody
        assert whole is not None
        assert min(whole.winners, whole.losers) > 0
        db.session.remove()


def test_no_work_waits_for_the_server_to_start(demo: Flask) -> None:
    with demo.app_context():
        unfinished = sa.select(Job.kind).where(Job.state != JobState.DONE)
        assert db.session.scalars(unfinished).all() == []
        db.session.remove()
