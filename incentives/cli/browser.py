"""The browser that tests drive: Chromium and a Chinese font, found here or installed where that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
PACKAGES = ("chromium", "fonts-noto-cjk")
SECONDS_TO_INSTALL = 900

HOW_TO_GET = "the browser tests need Chromium and a Chinese font; on Debian: apt install " + " ".join(PACKAGES)


def find_browser() -> str | None:
    """The path of a Chromium, or nothing. ``INCENTIVES_CHROMIUM`` names one of your own."""
    own = os.environ.get("INCENTIVES_CHROMIUM")
    if own:
        return own if Path(own).is_file() else None
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (str(MAC) if MAC.is_file() else None)


def has_chinese_font() -> bool:
    """Whether Chinese would be drawn as signs and not as boxes. Windows and macOS always bring a font."""
    if sys.platform in {"win32", "darwin"}:
        return True
    if lister := shutil.which("fc-list"):
        listed = subprocess.run([lister, ":lang=zh", "family"], capture_output=True, check=False)  # noqa: S603 (fixed words)
        return bool(listed.stdout.strip())
    return any(next(folder.rglob("*CJK*"), None) for folder in FONT_FOLDERS if folder.is_dir())


def is_ready() -> bool:
    """Whether browser tests can run."""
    return find_browser() is not None and has_chinese_font()


def make_ready() -> bool:
    """Install what is missing where that takes no question: as root on Debian. Returns whether tests can run."""
    if is_ready():
        return True
    apt = shutil.which("apt-get")
    if apt is None or sys.platform == "win32" or os.geteuid() != 0:
        return False
    print("incentives: installing Chromium and a Chinese font …", flush=True)
    for words in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *PACKAGES]):
        _apt(apt, words)
    return is_ready()


def _apt(apt: str, words: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(  # noqa: S603 (fixed words)
            [apt, *words], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            timeout=SECONDS_TO_INSTALL, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        print(f"incentives: apt-get {words[0]} took too long", file=sys.stderr, flush=True)
