"""Where everybody lands."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template

from incentives.web.guards import signed_in

bp = Blueprint("home", __name__)


def init_app(app: Flask) -> None:
    """Nothing beyond the pages yet."""


@bp.get("/")
@signed_in
def index() -> str:
    """The start page of the person who is signed in."""
    return render_template("home/index.html")


@bp.get("/stores/<store_code>/")
@signed_in
def store() -> str:
    """The start page of a store."""
    return render_template("home/index.html")
