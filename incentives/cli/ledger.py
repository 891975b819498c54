"""``ledger check``: prove sum of statements = ledger = export, for every closed month."""

from __future__ import annotations

import argparse

from incentives.cli.frame import Commands, answer, command, takes_json, verbs
from incentives.cli.opening import open_product, takes_data
from incentives.payroll.service import proving


def add(commands: Commands) -> None:
    """Declare the command."""
    family = verbs(command(commands, "ledger", "the ledger of money and points"))
    parser = command(family, "check", "prove that statements, ledger and export agree", check)
    takes_data(parser)
    takes_json(parser)


def check(arguments: argparse.Namespace) -> int:
    """Name every disagreement; exit code 1 if there is one."""
    with open_product(arguments).app_context():
        months, found = proving.check()
    lines = [str(each) for each in found] or [f"Statements, ledger and export agree in all {months} closed months."]
    answer(arguments, {"months": months, "agree": not found, "disagreements": [str(each) for each in found]}, lines)
    return 1 if found else 0
