"""Migrations lead from nothing to exactly the tables the models describe, along one line."""

from __future__ import annotations

import re
from pathlib import Path

import flask_migrate
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from incentives.app import create_app
from incentives.config import PACKAGE
from incentives.db import Base, db
from tests.conftest import settings_for
from tests.house.source import none_of

VERSIONS = PACKAGE / "migrations" / "versions"
_FILE_NAME = re.compile(r"\d{4}_[a-z0-9_]+\.py")


def test_migrating_an_empty_database_gives_the_tables_of_the_models(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path, f"sqlite:///{tmp_path / 'migrated.db'}"))
    with app.app_context():
        flask_migrate.upgrade(directory=str(app.config["MIGRATIONS"]))
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            differences = [str(difference) for difference in compare_metadata(context, Base.metadata)]
        db.engine.dispose()
    none_of(differences, "write a migration for:")


def test_migrations_are_one_line_of_numbered_files() -> None:
    script = ScriptDirectory(str(VERSIONS.parent))
    assert len(script.get_heads()) == 1
    none_of((path.name for path in VERSIONS.glob("*.py") if not _FILE_NAME.fullmatch(path.name)), "number these:")


def test_no_migration_imports_the_models_it_would_outlive() -> None:
    found = (
        path.name
        for path in VERSIONS.glob("*.py")
        if re.search(r"incentives\.\w+(\.models|$)", path.read_text("utf-8"))
    )
    none_of(sorted(found), "write the tables out instead of importing them:")
