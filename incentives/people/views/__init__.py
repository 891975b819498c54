"""The pages of people and places, one module for each kind of visit."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from incentives.core.access import Capability
from incentives.exchange import registry
from incentives.people.importing import PeopleImporter
from incentives.people.views import accounts, setup, signing_in, staff, staffing
from incentives.people.views.blueprint import bp
from incentives.web import navigation
from incentives.web.navigation import Entry

__all__ = ["accounts", "bp", "init_app", "setup", "signing_in", "staff", "staffing"]


def init_app(app: Flask) -> None:
    """Send people with a handed-over password to change it first, and stand in the menu."""
    app.before_request(signing_in.ask_for_own_password)
    registry.register(app, PeopleImporter())
    people, system = _l("People"), _l("Setup")
    navigation.add(
        app,
        Entry(_l("Staff"), "people.staff", "users", people, 600, (Capability.READ_PEOPLE,)),
        Entry(_l("Staffing plan"), "people.staffing", "chart-bar", people, 610, (Capability.READ_PEOPLE,)),
        Entry(_l("Stores"), "people.stores", "building-store", system, 900, (Capability.CHANGE_SETTINGS,)),
        Entry(_l("Accounts and roles"), "people.accounts", "key", system, 910, (Capability.MANAGE_ACCOUNTS,)),
    )
