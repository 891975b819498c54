"""The reader's language: which one, and how sentences get into it.

English text is the key, Chinese stands in ``incentives/locale/zh/*.po``. The catalogues are read straight from
those files, once a process and only when somebody reads Chinese (3,000 entries take about 60 ms), so there is no
compiled file that could be stale, missing from a wheel, or not writable.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Literal, TypeAlias

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, current_app, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale, gettext

from incentives.core.errors import Sentence
from incentives.web.hooks import Place, hooks

Language: TypeAlias = Literal["zh", "en"]

LANGUAGES: dict[Language, str] = {"zh": "中文", "en": "English"}
"""Each language by its own name, the default first."""
DEFAULT: Language = "zh"
DEFAULT_ZONE = "Asia/Shanghai"
COOKIE = "language"
CATALOGUES = Path(__file__).resolve().parent.parent / "locale" / "zh"

_A_YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Give the app its languages, and templates ``html_lang()`` and ``languages``."""
    babel = Babel(
        app,
        default_locale=DEFAULT,
        default_timezone=DEFAULT_ZONE,
        locale_selector=chosen_language,
        timezone_selector=_zone_of_the_page,
    )
    babel.domain_instance = _Catalogues()
    # Flask-Babel's own callables look for the catalogue twice as long; a page asks some sixty times.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # Jinja's i18n extension adds it
        gettext=lambda one: _catalogue().ugettext(one),
        ngettext=lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals.update(html_lang=html_lang, languages=LANGUAGES)


class _Catalogues(Domain):  # type: ignore[misc]  # flask_babel ships no types
    """Flask-Babel's way to the translations, leading to the .po files."""

    def get_translations(self) -> NullTranslations:
        return _catalogue()


ENGLISH = NullTranslations()
"""English text is the key."""


def _catalogue() -> NullTranslations:
    return chinese() if language() == "zh" else ENGLISH


@cache
def chinese() -> Translations:
    """All Chinese catalogues as one."""
    merged = Catalog(locale="zh")
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh"):
                if message.id:
                    merged[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(compiled)


def chosen_language() -> Language:
    """The account's language, else the cookie's, else the browser's, else Chinese.

    Outside a request (command line, jobs) it is Chinese; ``flask_babel.force_locale`` picks another.
    """
    if not has_request_context():
        return DEFAULT
    return known_language(hooks().language_of()) or browser_language()


def browser_language() -> Language:
    """The cookie's language, else the browser's, else Chinese: what is known without asking the database."""
    asked = request.cookies.get(COOKIE), request.accept_languages.best_match(LANGUAGES)
    return next((known for wish in asked if (known := known_language(wish))), DEFAULT)


def _zone_of_the_page() -> str | None:
    """The time zone of the store the page is about; None for the product's own."""
    here = g.get("place") or g.get("home_place")
    return here.zone if isinstance(here, Place) else None


def known_language(wish: str | None) -> Language | None:
    """The language of that code, None if it is not one of ours."""
    return next((code for code in LANGUAGES if code == wish), None)


def language() -> Language:
    """The language this page is written in."""
    locale = get_locale()
    return "zh" if locale is not None and locale.language == "zh" else "en"


def html_lang() -> str:
    """What ``<html lang>`` says: screen readers and line breaking go by it."""
    return "zh-CN" if language() == "zh" else "en"


def keep_language(response: Response, choice: Language) -> None:
    """Let this browser remember the choice for a year, signed in or not."""
    secure = bool(current_app.config.get("SESSION_COOKIE_SECURE"))
    response.set_cookie(COOKIE, choice, max_age=_A_YEAR, samesite="Lax", httponly=True, secure=secure)


def tell(sentence: Sentence) -> str:
    """The sentence in the reader's language, the sentences inside it included.

    A translation that names a value the sentence does not have (a slip the catalogue check finds) never breaks
    the page: the English pattern is used, and failing that, the bare pattern.
    """
    values = {name: tell(value) if isinstance(value, Sentence) else value for name, value in sentence.values.items()}
    for pattern in (gettext(sentence.pattern), sentence.pattern):
        try:
            return pattern.format_map(values)
        except (LookupError, ValueError, AttributeError):
            continue
    return sentence.pattern
