"""The pages of sales: the lists, and each sale with what is done to it."""

from __future__ import annotations

from functools import partial

from flask import Flask
from flask_babel import lazy_gettext as _l

from incentives.core.access import Capability
from incentives.exchange import registry
from incentives.ledger.service import facts_from
from incentives.ledger.service.derived import Counting, offer_figures
from incentives.periods.checks import check_months
from incentives.sales.importing.importer import SalesImporter
from incentives.sales.service import listing, telling
from incentives.sales.service.figures import ON_OFFER, add_up, board_facts
from incentives.sales.views import entry, lists, taking_back
from incentives.sales.views.blueprint import bp
from incentives.web import navigation
from incentives.web.navigation import Entry

__all__ = ["bp", "entry", "init_app", "lists", "taking_back"]


def init_app(app: Flask) -> None:
    """Stand in the menu, take in files, and offer figures to indicators and boards."""
    registry.register(app, SalesImporter())
    for measure, offered in ON_OFFER.items():
        shown = Counting(partial(add_up, offered), partial(telling.behind, offered))
        paid = Counting(partial(add_up, offered, for_pay=True), partial(telling.behind, offered, for_pay=True))
        offer_figures(app, measure, offered.title, shown, paid=paid)
    for measure, source in board_facts():
        facts_from(app, measure, source)
    check_months(app, listing.lacking)
    facts = _l("Facts")
    navigation.add(
        app,
        Entry(_l("Sales"), "sales.index", "receipt", facts, 300, (Capability.READ_FACTS,)),
        Entry(_l("My sales"), "sales.mine", "receipt", facts, 310, (Capability.READ_OWN,)),
    )
