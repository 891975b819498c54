"""The pages of adoptions: what I am to acknowledge, who has not done so yet, and the records with their evidence."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from incentives.adoptions.views import chasing, mine, records
from incentives.adoptions.views.blueprint import KEEPERS, bp
from incentives.core.access import Capability
from incentives.web import navigation
from incentives.web.navigation import Entry

__all__ = ["bp", "chasing", "init_app", "mine", "records"]


def init_app(app: Flask) -> None:
    """Stand in the menu."""
    group = _l("Pay")
    navigation.add(
        app,
        Entry(_l("Plans and rules for me"), "adoptions.mine", "file-text", _l("Mine"), 22, (Capability.READ_OWN,)),
        Entry(_l("Adoptions"), "adoptions.index", "checklist", group, 410, KEEPERS),
        Entry(_l("Not yet acknowledged"), "adoptions.chase", "bell", group, 420, KEEPERS),
    )
