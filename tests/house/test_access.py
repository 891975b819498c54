"""Every address says who may open it, and the guide's table is the one that is enforced."""

from __future__ import annotations

from flask import Flask

from incentives.web.guards import access_of
from tests.house import access_guide
from tests.house.source import none_of


def test_every_endpoint_declares_who_may_open_it(app: Flask) -> None:
    undeclared = (name for name, view in app.view_functions.items() if access_of(view) is None)
    none_of(sorted(undeclared), "declare @guarded(…), @signed_in or @public on these views:")


def test_a_view_without_a_declaration_is_noticed(app: Flask) -> None:
    assert access_of(lambda: "anybody may read this") is None
    assert access_of(app.view_functions["people.sign_in"]) is not None


def test_the_guide_shows_the_grants_that_are_enforced() -> None:
    assert access_guide.GUIDE.is_file(), access_guide.HOW_TO_WRITE
    assert access_guide.GUIDE.read_text(encoding="utf-8") == access_guide.page(), access_guide.HOW_TO_WRITE
