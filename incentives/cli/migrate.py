"""``migrate``: bring the database to the shape this version needs."""

from __future__ import annotations

import argparse
import secrets
import tempfile
from pathlib import Path

import flask_migrate
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from incentives.app import create_app
from incentives.cli.frame import Commands, answer, command, takes_json
from incentives.cli.opening import open_product, takes_data
from incentives.config import Settings
from incentives.db import db


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "migrate", "bring the database up to date", migrate)
    parser.add_argument("--new", metavar="WHAT", help="write the next numbered step from the models (for developers)")
    takes_data(parser)
    takes_json(parser)


def migrate(arguments: argparse.Namespace) -> int:
    """Bring it up to date; a second time changes nothing."""
    if arguments.new:
        write_next_step(arguments.new)
        return 0
    app = open_product(arguments)
    before, _ = revisions(app)
    bring_up_to_date(app)
    after, _ = revisions(app)
    line = (
        f"The database is up to date ({after})." if before == after else f"The database went from {before} to {after}."
    )
    answer(arguments, {"before": before, "after": after}, [line])
    return 0


def write_next_step(what: str) -> None:
    """Write down how the tables of the models differ from where the steps so far lead."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'steps.db'}"
        app = create_app(Settings(secrets.token_urlsafe(48), database, files=Path(folder), testing=True))
        bring_up_to_date(app)
        _, newest = revisions(app)
        with app.app_context():
            directory = str(app.config["MIGRATIONS"])
            flask_migrate.migrate(directory=directory, message=what, rev_id=f"{int(newest or 0) + 1:04d}")
            db.engine.dispose()


def bring_up_to_date(app: Flask) -> None:
    """Run every migration that is missing."""
    app.config["SETTINGS"].files.mkdir(parents=True, exist_ok=True)
    with app.app_context():
        flask_migrate.upgrade(directory=str(app.config["MIGRATIONS"]))


def revisions(app: Flask) -> tuple[str | None, str | None]:
    """The database's revision and the newest there is."""
    with app.app_context():
        newest = ScriptDirectory(str(app.config["MIGRATIONS"])).get_current_head()
        with db.engine.connect().execution_options(readonly=True) as connection:
            return MigrationContext.configure(connection).get_current_revision(), newest
