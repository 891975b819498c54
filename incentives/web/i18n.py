"""The reader's language: which one, and how sentences get into it.

English text is the key, Chinese stands in ``incentives/locale/zh/*.po``. The catalogues are read straight from
those files, once a process and only when somebody reads Chinese (3,000 entries take about 60 ms), so there is no
compiled file that could be stale, missing from a wheel, or not writable.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Literal, TypeAlias

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, current_app, has_request_context, request
from flask_babel import Babel, Domain, get_locale, gettext

from incentives.core.errors import Sentence

Language: TypeAlias = Literal["zh", "en"]
Asked: TypeAlias = Callable[[], str | None]

LANGUAGES: dict[Language, str] = {"zh": "中文", "en": "English"}
"""Each language by its own name, the default first."""
DEFAULT: Language = "zh"
DEFAULT_ZONE = "Asia/Shanghai"
COOKIE = "language"
CATALOGUES = Path(__file__).resolve().parent.parent / "locale" / "zh"

_A_YEAR = 365 * 24 * 3600
_EXTENSION = "incentives.i18n"


def init_app(app: Flask, *, account_language: Asked | None = None, store_zone: Asked | None = None) -> None:
    """Give the app its languages.

    ``account_language`` says what the signed-in person has chosen and ``store_zone`` which time zone the page's
    store keeps; both answer None for "nothing said". They are handed in, since accounts and stores live upstairs.
    """
    app.extensions[_EXTENSION] = account_language
    babel = Babel(
        app,
        default_locale=DEFAULT,
        default_timezone=DEFAULT_ZONE,
        locale_selector=chosen_language,
        timezone_selector=store_zone,
    )
    babel.domain_instance = _Catalogues()
    app.jinja_env.filters["tell"] = tell
    app.jinja_env.globals.update(html_lang=html_lang, languages=LANGUAGES)


class _Catalogues(Domain):  # type: ignore[misc]  # flask_babel ships no types
    """Flask-Babel's way to the translations, leading to the .po files."""

    def get_translations(self) -> NullTranslations:
        return chinese() if language() == "zh" else NullTranslations()


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
    account_language: Asked | None = current_app.extensions[_EXTENSION]
    for wish in (account_language and account_language(), request.cookies.get(COOKIE)):
        if known := known_language(wish):
            return known
    return known_language(request.accept_languages.best_match(LANGUAGES)) or DEFAULT


def known_language(wish: str | None) -> Language | None:
    """The language of that code, None if it is not one of ours."""
    return next((code for code in LANGUAGES if code == wish), None)


def language() -> Language:
    """The language this page is written in."""
    return known_language(str(get_locale())) or "en"


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
