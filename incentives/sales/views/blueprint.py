"""The blueprint that the pages of sales hang on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("sales", __name__)
