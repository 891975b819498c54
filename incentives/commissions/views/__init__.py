"""Pay plans: the list, a plan and its versions, writing with a live sample, whom it pays; and why a line is what it is."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from incentives.adoptions.concern import offer_concern
from incentives.adoptions.models import Subject
from incentives.commissions.service import calculation, concern
from incentives.commissions.views import assigning, comparing, deciding, editing, showing, why, writing
from incentives.commissions.views.blueprint import bp
from incentives.core.access import Capability
from incentives.ledger.service import on_change
from incentives.people.telling import on_posting_change
from incentives.web import navigation
from incentives.web.navigation import Entry

__all__ = ["assigning", "bp", "comparing", "deciding", "editing", "init_app", "showing", "why", "writing"]


def init_app(app: Flask) -> None:
    """Hear of changed facts and postings, say whom plans concern, and stand in the menu."""
    on_change(app, calculation.mark_stale)
    on_posting_change(app, calculation.mark_stale_from)
    offer_concern(app, Subject.PLAN_VERSION, concern.concern)
    navigation.add(
        app, Entry(_l("Pay plans"), "commissions.index", "file-text", _l("Pay"), 400, (Capability.READ_PLANS,))
    )
