"""The blueprint that the pages of 6S hang on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("inspections", __name__)
