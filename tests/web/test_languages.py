"""Which language a page is written in, and how sentences get into it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response, jsonify
from flask_babel import force_locale, gettext

from incentives.core.errors import say
from incentives.web import i18n
from incentives.web.hooks import KEY, Hooks

ACCOUNT: dict[str, str | None] = {"language": None}


@pytest.fixture
def languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An app with a catalogue of three entries, one of them spoilt."""
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (tmp_path / "a.po").write_text(header + 'msgid "Good morning"\nmsgstr "早上好"\n', encoding="utf-8")
    (tmp_path / "b.po").write_text(
        header + 'msgid "{month} is closed."\nmsgstr "{month}已结账。"\n\nmsgid "Hello {name}"\nmsgstr "你好{nmae}"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(i18n, "CATALOGUES", tmp_path)
    i18n.chinese.cache_clear()
    ACCOUNT["language"] = None
    app = Flask("languages")
    app.extensions[KEY] = Hooks(language_of=lambda: ACCOUNT["language"])
    i18n.init_app(app)

    @app.get("/")
    def greeting() -> Response:
        return jsonify(text=gettext("Good morning"), lang=i18n.html_lang())

    @app.post("/<choice>")
    def choose(choice: str) -> Response:
        response = Response()
        i18n.keep_language(response, i18n.known_language(choice) or i18n.DEFAULT)
        return response

    yield app
    i18n.chinese.cache_clear()


def greeted(app: Flask, **headers: str) -> str:
    return str(app.test_client().get("/", headers=headers).json["text"])  # type: ignore[index]  # a dict here


def test_a_browser_that_says_nothing_gets_chinese(languages: Flask) -> None:
    assert greeted(languages) == "早上好"


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("en-GB,en;q=0.9", "Good morning"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "早上好"),
        ("fr", "早上好"),
        ("fr,en;q=0.5", "Good morning"),
    ],
)
def test_the_browsers_languages_are_honoured_as_far_as_we_speak_them(languages: Flask, header: str, text: str) -> None:
    assert greeted(languages, **{"Accept-Language": header}) == text


def test_a_choice_made_in_this_browser_beats_what_the_browser_asks_for(languages: Flask) -> None:
    client = languages.test_client()
    client.post("/en")
    assert client.get("/", headers={"Accept-Language": "zh"}).json == {"text": "Good morning", "lang": "en"}


def test_the_accounts_language_beats_the_browsers_choice(languages: Flask) -> None:
    client = languages.test_client()
    client.post("/en")
    ACCOUNT["language"] = "zh"
    assert client.get("/").json == {"text": "早上好", "lang": "zh-CN"}


@pytest.mark.parametrize("nonsense", ["", "xx", "../../etc", "zh_CN"])
def test_a_language_we_do_not_speak_is_passed_over(languages: Flask, nonsense: str) -> None:
    ACCOUNT["language"] = nonsense
    assert greeted(languages, Cookie=f"language={nonsense}", **{"Accept-Language": "en"}) == "Good morning"


def test_a_sentence_is_told_with_the_sentences_inside_it(languages: Flask) -> None:
    inner = say("{month} is closed.", month="2026-10")
    with languages.app_context():
        assert i18n.tell(say("“{what}”", what=inner)) == "“2026-10已结账。”"
        with force_locale("en"):
            assert i18n.tell(inner) == "2026-10 is closed."


def test_a_translation_with_a_wrong_placeholder_falls_back_to_english(languages: Flask) -> None:
    with languages.app_context():
        assert i18n.tell(say("Hello {name}", name="张伟")) == "Hello 张伟"


def test_what_people_typed_is_never_taken_for_a_pattern(languages: Flask) -> None:
    with languages.app_context():
        assert i18n.tell(say("{month} is closed.", month="{name} %s")) == "{name} %s已结账。"


def test_outside_a_page_sentences_are_english() -> None:
    assert i18n.tell(say("{month} is closed.", month="2026-10")) == "2026-10 is closed."
