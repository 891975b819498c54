"""The blueprint that the pages of rewards and penalties hang on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("rewards", __name__)
