"""``migrate``: bring the database to the shape this version needs."""

from __future__ import annotations

import argparse

import flask_migrate
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from incentives.cli.frame import Commands, answer, command, takes_json
from incentives.cli.opening import open_product, takes_data
from incentives.db import db


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "migrate", "bring the database up to date", migrate)
    takes_data(parser)
    takes_json(parser)


def migrate(arguments: argparse.Namespace) -> int:
    """Bring it up to date; a second time changes nothing."""
    app = open_product(arguments)
    before, _ = revisions(app)
    bring_up_to_date(app)
    after, _ = revisions(app)
    line = (
        f"The database is up to date ({after})." if before == after else f"The database went from {before} to {after}."
    )
    answer(arguments, {"before": before, "after": after}, [line])
    return 0


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
