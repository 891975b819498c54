"""``init``: the first group, store and admin. The password is asked for or read from a file, never given by default."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path

from incentives import clock
from incentives.cli.frame import Commands, answer, command, takes_json
from incentives.cli.migrate import bring_up_to_date
from incentives.cli.opening import open_product
from incentives.core.errors import DomainError, say
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.people.service import setup


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "init", "make the first group, store and admin", init)
    parser.add_argument("--group", required=True, help="name of the group")
    parser.add_argument("--store", required=True, help="name of the first store")
    parser.add_argument("--code", required=True, help="its code in addresses: letters, digits, hyphens")
    parser.add_argument("--admin", required=True, help="the admin's name")
    parser.add_argument("--number", required=True, help="the admin's employee number, which is used to sign in")
    parser.add_argument("--password-file", type=Path, help="read the password from this file's first line")
    takes_json(parser)


def init(arguments: argparse.Namespace) -> int:
    """Bring the database up to date, then make them; refused if there is a group already."""
    app = open_product(arguments)
    bring_up_to_date(app)
    with app.app_context():
        store = setup.begin(
            group=arguments.group,
            store=arguments.store,
            code=arguments.code,
            admin=arguments.admin,
            number=arguments.number,
            password=_password(arguments.password_file),
            day=clock.today(),
        )
        ledger.ensure_default_rules(store.group_id, clock.today())
        db.session.commit()
        record = {"group": arguments.group, "store": store.code, "admin": arguments.number}
    answer(arguments, record, [f"{arguments.group} begins with store {arguments.code}; sign in as {arguments.number}."])
    return 0


def _password(file: Path | None) -> str:
    if file is not None:
        return (file.read_text(encoding="utf-8").splitlines() or [""])[0]
    first = getpass.getpass("The admin's password: ")
    if first != getpass.getpass("The same once more: "):
        raise DomainError(say("The two new passwords differ."))
    return first
