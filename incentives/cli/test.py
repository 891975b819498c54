"""``test``: everything, browser included. First all that can run side by side, then the browser, one summary.

Words after ``test`` go to pytest as they are, in one ordinary run: ``python3 -m incentives test tests/ledger -k sum``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from incentives.cli import browser
from incentives.cli.frame import Commands, command, passes_words_on
from incentives.cli.outcome import Outcome

ROOT = Path(__file__).resolve().parent.parent.parent
CAME_TO_ITS_END = (0, 1, 5)
"""Pytest's exit codes: all passed, some failed, none of that kind."""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "test", "run all tests; words that follow go to pytest", test)
    parser.add_argument("words", nargs="*", metavar="PYTEST-WORD", help="paths and options for pytest")
    passes_words_on(parser)


def test(arguments: argparse.Namespace) -> int:
    """Run the tests. Exit code 0 only when every test ran that could, and none failed."""
    if not (ROOT / "tests").is_dir():
        print("incentives: tests come with the source checkout, not with an installed package.", file=sys.stderr)
        return 2
    browser_ready = browser.make_ready()
    required = os.environ.get("INCENTIVES_BROWSER") == "required"
    if not browser_ready:
        print(f"incentives: {browser.HOW_TO_GET}", file=sys.stderr, flush=True)
    words = [*arguments.words, *arguments.passed_on]
    code = _pytest(words) if words else _everything()
    if required and not browser_ready:
        print("incentives: INCENTIVES_BROWSER=required, and there is none.", file=sys.stderr)
        return code or 1
    return code


def _everything() -> int:
    """All tests in two turns; browsers gain nothing from sharing two cores and lose their timing."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        side_by_side = _turn(Path(folder) / "1.xml", "-m", "not browser", "-n", "auto")
        in_browser = _turn(Path(folder) / "2.xml", "-m", "browser", "-p", "no:randomly")  # one demo, told in order
    outcome = side_by_side + in_browser
    print(*outcome.report(time.monotonic() - began), sep="\n")
    return 0 if outcome.good else 1


def _turn(record: Path, *words: str) -> Outcome:
    code = _pytest([*words, "-qq", "-rN", f"--junitxml={record}", "-o", "junit_family=xunit1"])
    print(flush=True)
    return Outcome.read(record, whole=code in CAME_TO_ITS_END)


def _pytest(words: Sequence[str]) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *words], cwd=ROOT, check=False).returncode  # noqa: S603 (our own words)
