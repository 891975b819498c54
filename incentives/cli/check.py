"""``check``: format, lint, types, floors, templates, catalogues and the other house rules. Quick ones first.

All that were asked for run, and what failed is said again at the end. ``check catalogues`` runs just that one.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from incentives.cli.frame import Commands, command

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = sys.executable
SCRIPTS = Path(sys.executable).parent
HOUSE = (PYTHON, "-m", "pytest", "-q", "--tb=short", "-rN")

CHECKS: dict[str, tuple[str, ...]] = {
    "format": (PYTHON, "-m", "ruff", "format", "--check", "."),
    "lint": (PYTHON, "-m", "ruff", "check", "."),
    "floors": (str(SCRIPTS / "lint-imports"), "--no-cache"),
    "locks": (*HOUSE, "tests/house/test_locks.py"),
    "catalogues": (*HOUSE, "tests/house/test_catalogues.py"),
    "templates-format": (PYTHON, "-m", "djlint", "--check", "templates"),
    "templates-lint": (PYTHON, "-m", "djlint", "--lint", "--quiet", "templates"),
    "migrations": (*HOUSE, "tests/house/test_migrations.py"),
    "house": (*HOUSE, "tests/house"),
    "core": (PYTHON, "-m", "tests.covered"),
    "types": (PYTHON, "-m", "mypy"),
}
"""What each check runs, in this order."""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "check", "check format, lint, types, floors, templates and catalogues", check)
    parser.add_argument("names", nargs="*", metavar="CHECK", help=f"only these: {', '.join(CHECKS)}")


def check(arguments: argparse.Namespace) -> int:
    """Run the checks and say at the end which failed."""
    unknown = set(arguments.names) - set(CHECKS)
    if unknown:
        print(
            f"incentives: no such check: {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}", file=sys.stderr
        )
        return 2
    failed = list(_failing(arguments.names or [name for name in CHECKS if name not in WITHIN_HOUSE]))
    print(f"FAILED: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


WITHIN_HOUSE = {"locks", "catalogues", "migrations"}
"""House rules that can be asked for alone; a full check runs them with all the others."""


def _failing(names: list[str]) -> Iterator[str]:
    for name in names:
        began = time.monotonic()
        done = subprocess.run(CHECKS[name], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 (the table above)
        verdict = "ok" if done.returncode == 0 else "FAILED"
        print(f"{name:<18} {verdict:<7} {time.monotonic() - began:5.1f} s", flush=True)
        if done.returncode:
            print(done.stdout, done.stderr, sep="", flush=True)
            yield name
