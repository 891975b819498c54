"""The pages of the boards, of one's own score and points, and of the rules they follow."""

from __future__ import annotations

from functools import partial

from flask import Flask
from flask_babel import lazy_gettext as _l

from incentives.core.access import Capability
from incentives.leaderboards.service import measures, scoring
from incentives.leaderboards.views import boards, own, rules, why
from incentives.leaderboards.views.blueprint import bp
from incentives.ledger import service as ledger
from incentives.web import navigation
from incentives.web.navigation import Entry

__all__ = ["boards", "bp", "init_app", "own", "rules", "why"]


def init_app(app: Flask) -> None:
    """Keep scores exact with every change of a fact, let them be proved, and put the pages into the menu."""
    ledger.on_change(app, scoring.refresh)
    for prefix in (measures.SCORE, measures.ATTAINMENT):
        ledger.values_from(app, prefix, partial(scoring.proof, prefix))
    standings = _l("Standings")
    navigation.add(
        app,
        Entry(_l("Leaderboard"), "leaderboards.index", "trophy", standings, 20, (Capability.READ_BOARDS,), bar=True),
        Entry(_l("My score"), "leaderboards.score", "target", standings, 30),
        Entry(_l("Rules of points and scores"), "leaderboards.rules", "help-circle", standings, 40),
    )
