"""``standings rebuild``: recompute every board from the facts and prove it equal."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from incentives.cli.frame import Commands, answer, command, takes_json, verbs
from incentives.cli.opening import open_product, takes_data
from incentives.db import db
from incentives.ledger import service as ledger

SHOWN = 20
"""So many differences are listed; the numbers count all."""


def add(commands: Commands) -> None:
    """Declare the command."""
    family = verbs(command(commands, "standings", "the boards' standings"))
    parser = command(family, "rebuild", "recompute the standings from the facts and put right what differs", rebuild)
    parser.add_argument("--check", action="store_true", help="only compare; exit code 1 if anything differs")
    takes_data(parser)
    takes_json(parser)


def rebuild(arguments: argparse.Namespace) -> int:
    """Say what differed; with ``--check`` that is a failure, without it is put right."""
    with open_product(arguments).app_context():
        proof = ledger.rebuild(check=arguments.check)
        db.session.commit()
    record = {
        "compared": proof.compared,
        "differences": len(proof.differences),
        "miscounted": len(proof.miscounted),
        "equal": proof.equal,
    }
    answer(arguments, record, _lines(proof, checked_only=arguments.check))
    return 1 if arguments.check and not proof.equal else 0


def _lines(proof: ledger.Proof, *, checked_only: bool) -> Iterator[str]:
    for found in proof.differences[:SHOWN]:
        board = " ".join(found.board)
        yield f"{board}: employee {found.employee_id} has {found.kept}, the facts say {found.proved}"
    for miscounted in proof.miscounted[:SHOWN]:
        yield f"{' '.join(miscounted)}: its people are counted wrongly"
    if proof.equal:
        yield f"{proof.compared} values compared; the standings are just what the facts say."
    else:
        deed = "differ" if checked_only else "differed and were put right"
        yield f"{proof.compared} values compared; {len(proof.differences)} values and {len(proof.miscounted)} counts {deed}."
