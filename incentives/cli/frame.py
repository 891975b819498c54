"""What the families of commands share: how one is declared, and how it answers in words or in JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from incentives.core.errors import DomainError, Faults, Plain

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 (argparse has no public name for it)
Run: TypeAlias = Callable[[argparse.Namespace], int]


def command(commands: Commands, name: str, purpose: str, run: Run | None = None) -> argparse.ArgumentParser:
    """Declare a command; without ``run`` it is a family whose verbs follow in :func:`verbs`."""
    parser = commands.add_parser(name, help=purpose, description=purpose)
    if run is not None:
        parser.set_defaults(run=run)
    return parser


def passes_words_on(parser: argparse.ArgumentParser) -> None:
    """Keep words this command does not know, for the program behind it, in ``arguments.passed_on``."""
    parser.set_defaults(passed_on=[])


def verbs(parser: argparse.ArgumentParser) -> Commands:
    """The second word of a family: ``ledger check``, ``month close``."""
    return parser.add_subparsers(dest="verb", metavar="VERB", required=True)


def takes_json(parser: argparse.ArgumentParser) -> None:
    """Let the command answer in JSON."""
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of sentences")


def answer(arguments: argparse.Namespace, record: Mapping[str, Plain], lines: Iterable[str]) -> None:
    """Print the record as JSON if that was asked for, else the lines."""
    if arguments.json:
        print(json.dumps(record, ensure_ascii=False, indent=2))
    else:
        print(*lines, sep="\n")


def refused(refusal: DomainError, *, as_json: bool) -> int:
    """Print a refusal with all its faults, and give the exit code for it."""
    faults: list[Plain] = [str(fault) for fault in refusal.faults] if isinstance(refusal, Faults) else []
    if as_json:
        print(json.dumps({"refused": str(refusal), "faults": faults}, ensure_ascii=False))
    else:
        print(f"incentives: {refusal}", *[f"  {fault}" for fault in faults], sep="\n", file=sys.stderr)
    return 1
