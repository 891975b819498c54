"""The application, put together: settings, floors from the ground up, features with their pages."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined

from incentives import db
from incentives.adoptions import views as adoptions
from incentives.audit import models as _audit_tables  # noqa: F401 (tables register themselves)
from incentives.commissions import views as commissions
from incentives.config import Settings, resource
from incentives.exchange import views as exchange
from incentives.home import views as home
from incentives.inspections import views as inspections
from incentives.leaderboards import views as leaderboards
from incentives.payroll import views as payroll
from incentives.people import signin
from incentives.people import views as people
from incentives.rewards import views as rewards
from incentives.sales import views as sales
from incentives.simulations import views as simulations
from incentives.targets import views as targets
from incentives.training import views as training
from incentives.web import errors, filters, frame, guards, i18n, navigation, security
from incentives.web.hooks import KEY, Hooks, Place

csrf = CSRFProtect()
FEATURES = (
    payroll,
    leaderboards,
    simulations,
    commissions,
    rewards,
    adoptions,
    sales,
    targets,
    training,
    inspections,
    exchange,
    people,
    home,
)
"""Modules with ``bp`` and ``init_app(app)``, in the order of the menu."""


def create_app(settings: Settings) -> Flask:
    """An application for these settings. Nothing is read from anywhere else."""
    app = Flask(
        "incentives",
        template_folder=str(resource("templates")),
        static_folder=str(resource("static")),
    )
    app.config.update(settings.as_flask())
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    settings.files.mkdir(parents=True, exist_ok=True)
    hooks = app.extensions[KEY] = Hooks()
    db.init_app(app)
    csrf.init_app(app)
    i18n.init_app(app)
    filters.init_app(app)
    frame.init_app(app)
    navigation.init_app(app)
    signin.init_app(app, hooks)
    guards.init_app(app)
    errors.init_app(app)
    security.init_app(app, settings)
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
        feature.init_app(app)
    _offer_to_templates(app)
    return app


def _same_page_at(shop: Place) -> str:
    """The page shown now, at another store, as far as it is a store's and opens there; else that store's start page."""
    endpoint, values = request.endpoint or "", request.view_args or {}
    if request.method == "GET" and set(values) <= {"month"} and "place" in g and guards.opens(endpoint, shop):
        return url_for(endpoint, **values, store_code=shop.code)
    return url_for("home.store", store_code=shop.code)


def _offer_to_templates(app: Flask) -> None:
    static = Path(str(app.static_folder))

    @cache
    def address(root: str, path: str) -> str:
        fingerprint = hashlib.sha256((static / path).read_bytes()).hexdigest()[:12]
        return f"{root}{app.static_url_path}/{path}?v={fingerprint}"

    def asset(path: str) -> str:
        return address(request.script_root, path)

    # A global, not part of the context: macros are imported without it, and a page draws some fifty icons.
    app.jinja_env.globals["asset"] = asset

    @cache
    def account_menu(_root: str, _language: i18n.Language) -> dict[str, object]:
        """What leads to one's account: the same for everybody of a language."""
        return {
            "account_links": [navigation.Link(_("Change password"), url_for("people.password"), "key", False, "", "")],
            "language_url": url_for("people.language"),
            "sign_out_url": url_for("people.sign_out"),
        }

    @app.context_processor
    def _common() -> dict[str, object]:
        return {
            "actor": guards.actor_or_none(),
            "store": g.get("place") or g.get("home_place"),
            "stores": g.get("places", []),
            "navigation": navigation.links(),
            "lang": i18n.html_lang(),
            "store_url": _same_page_at,
            **account_menu(request.script_root, i18n.language()),
        }
