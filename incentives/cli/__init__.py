"""The command line. One module for each family of commands; each offers ``add(commands)``.

Exit codes: 0 done, 1 refused or something was found, 2 used wrongly, 130 interrupted. With ``--json`` a command
prints one JSON document on standard output and nothing else there.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from incentives import __version__
from incentives.cli.frame import Commands, refused
from incentives.config import UnsafeSettingsError
from incentives.core.errors import DomainError

FAMILIES = {
    "init": "init",
    "audit": "audit",
    "ledger": "ledger",
    "import": "importing",
    "month": "month",
    "export": "month",
    "plan": "plans",
    "standings": "standings",
    "evidence": "evidence",
    "demo": "demo",
    "serve": "serve",
    "migrate": "migrate",
    "routes": "routes",
    "test": "test",
    "check": "check",
}
"""Command → its module in this folder. Only the one asked for is imported, so ``test`` works on a broken product."""


def main(words: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    try:
        return _run(list(words))
    except DomainError as refusal:
        return refused(refusal, as_json="--json" in words)
    except UnsafeSettingsError as error:
        print(f"incentives: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def _run(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python3 -m incentives", description="Fair, explainable incentives.")
    parser.add_argument("--version", action="version", version=__version__)
    commands: Commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in _modules_for(words):
        importlib.import_module(f"{__name__}.{module}").add(commands)
    arguments, rest = parser.parse_known_args(words)
    if rest and not hasattr(arguments, "passed_on"):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    arguments.passed_on = rest
    code: int = arguments.run(arguments)
    sys.stdout.flush()
    return code


def _modules_for(words: list[str]) -> list[str]:
    """The family that is asked for; all of them when help is wanted or the word is unknown."""
    asked = FAMILIES.get(words[0]) if words else None
    return [asked] if asked else sorted(set(FAMILIES.values()))
