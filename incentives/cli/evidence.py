"""``evidence sweep``: delete the files of proposals that came to nothing, once their time is over."""

from __future__ import annotations

import argparse

from incentives.cli.frame import Commands, answer, command, takes_json, verbs
from incentives.cli.opening import open_product, takes_data
from incentives.db import db
from incentives.rewards.service import retention


def add(commands: Commands) -> None:
    """Declare the command."""
    family = verbs(command(commands, "evidence", "the files that people send in as evidence"))
    parser = command(family, "sweep", "delete files of proposals rejected or withdrawn over a year ago", sweep)
    takes_data(parser)
    takes_json(parser)


def sweep(arguments: argparse.Namespace) -> int:
    """Say how many files went. A repeat finds none."""
    with open_product(arguments).app_context():
        count = retention.sweep().total()
        db.session.commit()
    answer(arguments, {"deleted": count}, [f"{count} files deleted; their names and digests stay on record."])
    return 0
