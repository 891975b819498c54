"""The demo's year for tests that walk through it: by its links, and in a real browser, signed in as each role."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from bench import pages
from bench.pages import Visit
from incentives.cli import browser
from incentives.db import db
from incentives.demo.story import told
from tests.conftest import NOW

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
AXE = Path(__file__).resolve().parents[2] / "static" / "vendor" / "axe.min.js"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium, or a line that says how to get it."""
    if not browser.is_ready():
        if os.environ.get("INCENTIVES_BROWSER") == "required":
            pytest.fail(browser.HOW_TO_GET)
        pytest.skip(browser.HOW_TO_GET)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser.find_browser(), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """The demo, invented once and served until the last test."""
    app = pages.invented(tmp_path_factory.mktemp("browser"))
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield app, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    with app.app_context():
        db.engine.dispose()


ROLES = ("1002", "1013", "1025", "1001", "9001", "9002", "9009")
"""Employee, trainer, inspector, manager, finance, head office, admin."""


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo's year up to the day of the tests, invented once for those that only read it."""
    with time_machine.travel(NOW, tick=False):
        app = pages.invented(tmp_path_factory.mktemp("demo"))
    yield app
    with app.app_context():
        db.engine.dispose()


Walked = Callable[[str], list[Visit]]


@pytest.fixture(scope="session")
def walked(demo: Flask) -> Walked:
    """The pages that a person of the demo reaches by links, as that person gets them; each person walks once."""
    return cache(lambda number: list(pages.visits(demo, pages.signed_in(demo, number))))


Opens = Callable[..., Page]


@pytest.fixture
def opens(chromium: Browser, served: tuple[Flask, str]) -> Iterator[Opens]:
    """A page signed in as somebody; every word on the console, and every error, fails the test.

    A story that means to be refused names the ``refused`` answers: the browser itself says them on the console.
    """
    _app, address = served
    said: list[str] = []
    contexts = []

    def _open(
        number: str,
        *,
        dark: bool = False,
        wide: bool = False,
        language: str = "zh",
        script: bool = True,
        refused: tuple[int, ...] = (),
    ) -> Page:
        context = chromium.new_context(
            base_url=address,
            viewport=DESKTOP if wide else PHONE,  # type: ignore[arg-type]  # a plain mapping will do
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        meant = tuple(f"the server responded with a status of {status} " for status in refused)
        page.on(
            "console",
            lambda message: (
                None if any(each in message.text for each in meant) else said.append(f"{page.url}: {message.text}")
            ),
        )
        page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
        page.goto("/sign-in")
        page.fill("form.form input[name=username]", number)
        page.fill("form.form input[name=password]", told("sign_ins")["password"])
        page.click("form.form button")
        page.wait_for_load_state()
        token = page.locator("input[name=csrf_token]").first.input_value()
        page.request.post("/language", form={"language": language, "csrf_token": token})
        return page

    yield _open
    for context in contexts:
        context.close()
    assert said == []
