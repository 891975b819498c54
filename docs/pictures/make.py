"""Draw the pictures of the guide and the README anew, from the demo: ``.venv/bin/python docs/pictures/make.py``.

With a folder for the demo's data and names behind it, only these are drawn: ``make.py /tmp/demo plan-editor``.

Needs what ``python3 -m incentives test`` installs: Playwright, a Chromium on the path, and a Chinese font.
"""

# ruff: noqa: INP001  # a script by itself; nobody imports it
from __future__ import annotations

import io
import logging
import shutil
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

import yaml
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

from incentives.app import create_app  # noqa: E402  # the folder above has to be on the path first
from incentives.cli.demo import prepare  # noqa: E402  # as above
from incentives.cli.opening import demo_settings  # noqa: E402  # as above

SIGN_INS = yaml.safe_load((ROOT / "seeds" / "demo" / "sign_ins.yaml").read_text(encoding="utf-8"))
PHONE, DESKTOP = (390, 844), (1280, 844)
COLOURS = 96
GAP = 24
STORE = "/stores/@"
"""Stands for the store that the person is led to after signing in."""
SHOTS: tuple[tuple[str, str, str, tuple[int, int]], ...] = (
    ("employee", "employee", "/", PHONE),
    ("statement", "employee", "/me/statement", PHONE),
    ("boards", "employee", f"{STORE}/boards", PHONE),
    ("trainer", "trainer", f"{STORE}/training", PHONE),
    ("inspector", "inspector", f"{STORE}/inspections", PHONE),
    ("manager", "manager", f"{STORE}/glance", DESKTOP),
    ("cockpit", "manager", f"{STORE}/cockpit", DESKTOP),
    ("months", "manager", f"{STORE}/months", DESKTOP),
    ("finance", "finance", f"{STORE}/imports/", DESKTOP),
    ("group", "hq", "/group/", DESKTOP),
    ("admin", "admin", "/group/accounts", DESKTOP),
    ("plan-editor", "manager", f"{STORE}/plans/new", DESKTOP),
    ("plan-editor-phone", "manager", f"{STORE}/plans/new", PHONE),
)
PRESSED = {
    "plan-editor": ("button[value=service-advisers]", "#plan-contents a[href='#at-lines-0']"),
    "plan-editor-phone": ("button[value=service-advisers]",),
}
"""What is pressed, one after the other, before a picture is taken."""


def main(folder: Path, names: Sequence[str] = ()) -> None:
    """Draw them all, or those that are named. ``folder`` holds demo data, or gets it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    prepare(folder)
    app = create_app(demo_settings(folder))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_playwright() as player:
            browser = player.chromium.launch(executable_path=shutil.which("chromium"))
            _draw(browser, f"http://127.0.0.1:{server.server_port}", names)
    finally:
        server.shutdown()
    if not names:
        _beside("employee", "cockpit", "overview")


def _draw(browser: Browser, base: str, names: Sequence[str]) -> None:
    for name, role, path, size in (each for each in SHOTS if not names or each[0] in names):
        page = _signed_in(browser, base, role, size)
        address = path if "@" not in path else path.replace("@", _store_of(page))
        answer = page.goto(base + address)
        if answer is None or not answer.ok:
            raise SystemExit(f"{address} does not open for {role}.")
        for selector in PRESSED.get(name, ()):
            page.click(selector)
            page.wait_for_load_state()
        page.wait_for_timeout(500)
        _keep(Image.open(io.BytesIO(page.screenshot())), name)
        page.context.close()


def _signed_in(browser: Browser, base: str, role: str, size: tuple[int, int]) -> Page:
    number = next(person["number"] for person in SIGN_INS["people"] if person["role"] == role)
    page = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", color_scheme="light"
    ).new_page()
    page.goto(f"{base}/sign-in")
    page.fill("form.form input[type=text]", number)
    page.fill("form.form input[type=password]", SIGN_INS["password"])
    page.click("form.form button")
    page.wait_for_selector("meta[name=csrf-token]", state="attached")
    page.wait_for_load_state()
    return page


def _store_of(page: Page) -> str:
    href = page.locator("a[href^='/stores/']").first.get_attribute("href") or ""
    return href.split("/")[2]


def _keep(picture: Image.Image, name: str) -> None:
    picture.convert("RGB").quantize(COLOURS).save(HERE / f"{name}.png", optimize=True)


def _beside(left: str, right: str, name: str) -> None:
    """One picture of two, on a quiet ground."""
    pictures = [Image.open(HERE / f"{part}.png").convert("RGB") for part in (left, right)]
    width, height = sum(picture.width for picture in pictures) + 3 * GAP, max(picture.height for picture in pictures)
    ground = Image.new("RGB", (width, height + 2 * GAP), "#e7e5e4")
    at = GAP
    for picture in pictures:
        ground.paste(picture, (at, GAP))
        at += picture.width + GAP
    ground.thumbnail((1200, 1200))
    _keep(ground, name)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.gettempdir()) / "incentives-pictures", sys.argv[2:])
