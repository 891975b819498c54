"""The pages of training: sessions and rosters, progress and quotas, and one's own."""

from __future__ import annotations

from functools import partial

from flask import Flask
from flask_babel import lazy_gettext as _l

from incentives.core.access import Capability
from incentives.core.errors import say
from incentives.ledger.service import facts_from
from incentives.ledger.service.derived import Counting, offer_figures
from incentives.periods.checks import check_months
from incentives.training import reference
from incentives.training.service import counting, figures, telling
from incentives.training.service.sessions import lacking
from incentives.training.views import mine, progress, quotas, roster, sessions
from incentives.training.views.blueprint import bp
from incentives.web import navigation
from incentives.web.navigation import Entry

__all__ = ["bp", "init_app", "mine", "progress", "quotas", "roster", "sessions"]


def init_app(app: Flask) -> None:
    """Offer the figures that follow from training, and stand in the menu."""
    reference.known_kinds()
    _offer_figures(app)
    check_months(app, lacking)
    facts_from(app, counting.SESSIONS_ATTENDED, counting.counted_facts)
    group, see = _l("Training"), (Capability.READ_TRAINING,)
    navigation.add(
        app,
        Entry(_l("Sessions"), "training.index", "school", group, 400, see),
        Entry(_l("Training progress"), "training.progress", "checklist", group, 410, see),
        Entry(_l("Training quotas"), "training.quotas", "adjustments", group, 420, (Capability.SET_TARGETS,)),
        Entry(_l("My training"), "training.mine", "school", group, 430, (Capability.READ_OWN,)),
    )


def _offer_figures(app: Flask) -> None:
    for measure, title, kind in (
        ("training_sessions_held", say("training sessions held"), ""),
        ("car_lectures_held", say("customer car lectures held"), reference.CAR_LECTURE),
        ("technical_lectures_held", say("special technical lectures held"), reference.TECHNICAL_LECTURE),
    ):
        counting = Counting(partial(figures.held, kind=kind), partial(telling.sessions_behind, kind=kind))
        offer_figures(app, measure, title, counting)
    attendance = Counting(figures.attendance, telling.attendance_behind)
    offer_figures(app, "training_attendance", say("training attendance"), attendance)
