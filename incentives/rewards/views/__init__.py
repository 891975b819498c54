"""The pages of rewards and penalties."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from incentives.core.access import Capability
from incentives.periods.checks import check_months
from incentives.rewards import reference
from incentives.rewards.service import listing
from incentives.rewards.views import reasons, records
from incentives.rewards.views.blueprint import bp
from incentives.rewards.views.roles import DECIDERS, PARTAKERS
from incentives.web import navigation
from incentives.web.navigation import Entry

__all__ = ["bp", "init_app", "reasons", "records"]


def init_app(app: Flask) -> None:
    """Stand in the menu, and say what a month lacks."""
    reference.known_reasons()
    check_months(app, listing.lacking)
    group = _l("Rewards and penalties")
    navigation.add(
        app,
        Entry(_l("To decide"), "rewards.waiting", "checklist", group, 600, DECIDERS),
        Entry(_l("Propose"), "rewards.propose", "gift", group, 610, (Capability.PROPOSE_REWARDS,)),
        Entry(_l("Rewards and penalties"), "rewards.index", "list-details", group, 620, DECIDERS),
        Entry(_l("Reasons and rules"), "rewards.reasons_list", "settings", group, 630, PARTAKERS),
        Entry(_l("My rewards"), "rewards.mine", "gift", group, 640, (Capability.READ_OWN,)),
    )
