"""The pages of 6S: inspecting, findings, areas and checklists."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from incentives.core.access import Capability
from incentives.core.errors import say
from incentives.inspections import reference
from incentives.inspections.service import figures, telling
from incentives.inspections.views import checklists, findings, inspecting, lists, settings
from incentives.inspections.views.blueprint import bp
from incentives.ledger.service.derived import Counting, offer_figures
from incentives.periods.checks import check_months
from incentives.web import navigation
from incentives.web.navigation import Entry

__all__ = ["bp", "checklists", "findings", "init_app", "inspecting", "lists", "settings"]


def init_app(app: Flask) -> None:
    """Offer the 6S score to indicators, say what a month lacks, and stand in the menu."""
    reference.known_items()
    offer_figures(app, "six_s_score", say("6S score"), Counting(figures.scores, telling.behind))
    check_months(app, figures.lacking)
    group, see = _l("6S"), (Capability.READ_INSPECTIONS,)
    navigation.add(
        app,
        Entry(_l("Inspect"), "inspections.start", "clipboard-check", group, 500, (Capability.INSPECT,), bar=True),
        Entry(_l("Inspections"), "inspections.index", "list-details", group, 510, see),
        Entry(_l("Findings"), "inspections.findings", "flag", group, 520, see),
        Entry(_l("6S map"), "inspections.heat_map", "layout-dashboard", group, 530, see),
        Entry(_l("Areas"), "inspections.areas", "map-pin", group, 540, (Capability.MANAGE_CHECKLISTS,)),
        Entry(_l("Checklist"), "inspections.checklist", "checklist", group, 550, see),
        Entry(_l("My findings"), "inspections.mine", "flag", group, 560, (Capability.READ_OWN,)),
    )
