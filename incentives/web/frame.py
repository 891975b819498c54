"""The parts of a page that are the same for everybody with the same menu: drawn once, then kept.

Navigation and windows are half the work of a small page, and on thousands of pages a minute they come out the same.
Nothing personal belongs in here: what is kept depends on the language, the address the app is served under and the
menu's entries, and on nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial

from flask import Flask, request
from markupsafe import Markup

from incentives.web.i18n import Language, language
from incentives.web.navigation import Link

MOST_KEPT = 512
"""Some five kilobytes each; a store has one a role, a language and a menu entry."""


def init_app(app: Flask) -> None:
    """Offer ``sidebar(links)``, ``bottombar(links)`` and ``dialogs()`` to the layouts."""

    @lru_cache(maxsize=MOST_KEPT)
    def drawn(template: str, _language: Language, _root: str, links: tuple[Link, ...]) -> Markup:
        return Markup(app.jinja_env.get_template(template).render(navigation=links))  # noqa: S704 (escaped by the template)

    def kept(template: str, links: Sequence[Link] = ()) -> Markup:
        return drawn(template, language(), request.script_root, tuple(links))

    app.jinja_env.globals.update(
        sidebar=partial(kept, "layouts/sidebar.html"),
        bottombar=partial(kept, "layouts/bottombar.html"),
        dialogs=partial(kept, "layouts/dialogs.html"),
    )
