"""``audit verify``: prove that nobody changed, cut or put back the trail."""

from __future__ import annotations

import argparse

from incentives.audit import service
from incentives.cli.frame import Commands, answer, command, takes_json, verbs
from incentives.cli.opening import open_product, takes_data
from incentives.core.errors import Plain

MOST_SHOWN = 20


def add(commands: Commands) -> None:
    """Declare the command."""
    family = verbs(command(commands, "audit", "the audit trail"))
    parser = command(family, "verify", "find any change, cut tail or rollback", verify)
    takes_data(parser)
    takes_json(parser)


def verify(arguments: argparse.Namespace) -> int:
    """Say where the trail was touched; exit code 1 if it was."""
    with open_product(arguments).app_context():
        breaks = service.verify()
    said: list[Plain] = [f"entry {found.entry}: {found.reason}" for found in breaks]
    more = [f"… and {len(said) - MOST_SHOWN} more"] if len(said) > MOST_SHOWN else []
    shown = [*map(str, said[:MOST_SHOWN]), *more] or ["The audit trail is whole."]
    answer(arguments, {"whole": not breaks, "breaks": said}, shown)
    return 1 if breaks else 0
