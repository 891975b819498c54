"""The blueprint that all pages of the boards hang on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("leaderboards", __name__)
