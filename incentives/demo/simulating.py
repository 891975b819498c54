"""A finished simulation of the plan that is approved and not adopted yet: what it would have cost, who wins, who loses."""

from __future__ import annotations

from flask import Flask

from incentives.commissions.models import PlanVersion
from incentives.db import db
from incentives.demo.story import Story
from incentives.exchange import jobs
from incentives.people.signin import actor_for
from incentives.simulations.service import asking
from incentives.simulations.service.asking import Whose, Wish

MONTHS = 12
"""So many months before the running one, as far as the story goes back."""


def simulate(app: Flask, story: Story, version: PlanVersion) -> None:
    """Replay a version for those whom its plan pays, as its manager would, to its end. Commits."""
    shop = story.shops[0]
    wish = Wish(
        text=version.text,
        first=max(story.months[0], story.running.plus(-MONTHS)),
        last=story.running.plus(-1),
        from_month=version.from_month,
        version_id=version.id,
    )
    whose = Whose(shop.store.group_id, shop.store.id)
    found = asking.ask(whose, wish, actor=actor_for(shop.manager, story.today), running=story.running)
    job_id = found.job_id
    db.session.commit()
    if job_id is not None:
        jobs.do(app, job_id)
