"""The pages of indicators, readings and targets, one module for each kind of visit."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from incentives.core.access import Capability
from incentives.exchange import registry
from incentives.targets import reference
from incentives.targets.importing import ReadingImporter
from incentives.targets.views import calendar, catalogue, cockpit, entering, plans, setting, sharing_out
from incentives.targets.views.blueprint import bp
from incentives.web import navigation
from incentives.web.navigation import Entry

__all__ = ["bp", "calendar", "catalogue", "cockpit", "entering", "init_app", "plans", "setting", "sharing_out"]

READ, SET = (Capability.READ_COCKPIT,), (Capability.SET_TARGETS,)


def init_app(app: Flask) -> None:
    """Stand in the menu. A seed file that cannot be read stops the start, not the first new group."""
    reference.known_indicators()
    registry.register(app, ReadingImporter())
    business, data = _l("Business"), _l("Data")
    navigation.add(
        app,
        Entry(_l("Cockpit"), "targets.cockpit", "layout-dashboard", business, 200, READ, bar=True),
        Entry(_l("Targets"), "targets.table", "target", business, 210, READ),
        Entry(_l("Plan tables"), "targets.plans", "file-spreadsheet", business, 220, SET),
        Entry(_l("Readings"), "targets.readings_list", "chart-line", data, 710, (Capability.READ_FACTS,)),
        Entry(_l("Indicators"), "targets.indicators", "list-details", data, 720, READ),
        Entry(_l("Working days"), "targets.workday_list", "calendar", data, 730, READ),
    )
