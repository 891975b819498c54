"""The pages of rewards and penalties."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from incentives.adoptions.concern import offer_concern
from incentives.adoptions.models import Subject
from incentives.core.access import Capability
from incentives.exchange import registry
from incentives.periods.checks import check_months
from incentives.rewards import reference
from incentives.rewards.importing import BaseWages
from incentives.rewards.service import listing
from incentives.rewards.service.concern import concerned_by_reasons
from incentives.rewards.views import deciding, own, papers, proposing, reasons, records, settings
from incentives.rewards.views.blueprint import bp
from incentives.rewards.views.roles import DECIDERS, KEEPERS, PARTAKERS, PROFILE_READERS
from incentives.web import navigation
from incentives.web.navigation import Entry

__all__ = ["bp", "deciding", "init_app", "own", "papers", "proposing", "reasons", "records", "settings"]


def init_app(app: Flask) -> None:
    """Stand in the menu, and say what a month lacks."""
    reference.known_reasons()
    check_months(app, listing.lacking)
    offer_concern(app, Subject.REWARD_REASON, concerned_by_reasons)
    registry.register(app, BaseWages())
    group = _l("Rewards and penalties")
    navigation.add(
        app,
        Entry(_l("To decide"), "rewards.waiting", "checklist", group, 600, DECIDERS),
        Entry(_l("Propose"), "rewards.propose", "gift", group, 610, (Capability.PROPOSE_REWARDS,)),
        Entry(_l("Rewards and penalties"), "rewards.index", "list-details", group, 620, PARTAKERS),
        Entry(_l("Reasons and rules"), "rewards.reasons_list", "settings", group, 630, KEEPERS),
        Entry(_l("Province profile"), "rewards.profile", "shield-check", group, 632, PROFILE_READERS),
        Entry(_l("Base wages"), "rewards.base_wages", "receipt", group, 634, (Capability.KEEP_BASE_WAGES,)),
        Entry(_l("My rewards"), "rewards.mine", "gift", group, 640, (Capability.READ_OWN,)),
    )
