"""The pages of indicators, readings and targets."""

from __future__ import annotations

from flask import Flask

from incentives.targets import reference
from incentives.targets.views.frame import bp

__all__ = ["bp", "init_app"]


def init_app(app: Flask) -> None:
    """Give each new group its indicators, and put the pages into the menu."""
    reference.known_indicators()
