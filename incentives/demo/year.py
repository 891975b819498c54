"""The year, told from its first month to today."""

from __future__ import annotations

from flask import Flask

from incentives import clock
from incentives.db import db
from incentives.demo import (
    adopting,
    cast,
    contesting,
    inspecting,
    measuring,
    paying,
    questioning,
    restating,
    rewarding,
    selling,
    simulating,
    training,
)
from incentives.demo.story import Story
from incentives.ledger import service as ledger


def seed(app: Flask) -> None:
    """Fill an empty database. Commits month by month."""
    story = Story(clock.today())
    cast.gather(story)
    selling.list_products(story.shops[0].store.group_id)
    for shop in story.shops:
        measuring.set_year(story, shop)
        paying.adopt_plans(story, shop)
        training.set_quotas(story, shop)
        inspecting.open_areas(story, shop)
    contesting.set_terms(story, story.shops[0])
    db.session.commit()
    for month in story.months:
        for shop in story.shops:
            with ledger.told_together():
                selling.sell(story, shop, month)
                restating.sell_and_take_back(story, shop, month)
                measuring.measure(story, shop, month)
                training.train(story, shop, month)
                inspecting.inspect(story, shop, month)
                rewarding.reward(story, shop, month)
                contesting.contest(story, shop, month)
            if month < story.running.plus(-1):
                paying.close_month(story, shop, month, holds=questioning.holds(story, shop, month))
                questioning.after_closing(story, shop, month)
            elif month < story.running:
                paying.begin_review(story, shop, month)
            db.session.commit()
    questioning.ask(story)
    for shop in story.shops:
        adopting.acknowledge(story, shop)
    version = paying.draft_something(story)
    db.session.commit()
    simulating.simulate(app, story, version)
