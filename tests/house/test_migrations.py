"""Migrations lead from nothing to exactly the tables the models describe, along one line."""

from __future__ import annotations

import re
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection

from incentives.app import create_app
from incentives.audit import service as audit
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


@pytest.mark.both_databases
def test_migrating_makes_the_lasting_tables_last_and_the_trail_begin(app: Flask) -> None:
    made = _guards()
    with db.engine.begin() as connection:
        Base.metadata.drop_all(connection)
        if connection.dialect.name == "postgresql":
            for name in {statement.split()[2] for statement in _functions(connection)}:
                connection.exec_driver_sql(f"DROP FUNCTION {name}")
    db.session.remove()
    flask_migrate.upgrade(directory=str(app.config["MIGRATIONS"]))
    assert _guards() == made
    audit.record("test.begun", store_id=None, actor_id=None)
    db.session.commit()
    assert audit.verify() == []


def _functions(connection: Connection) -> list[str]:
    rows = connection.exec_driver_sql(
        "SELECT 'CREATE FUNCTION ' || proname || '()' FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
    )
    return [row[0] for row in rows]


def _guards() -> set[tuple[str, str]]:
    asked = (
        "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
        if db.engine.dialect.name == "sqlite"
        else "SELECT event_object_table, trigger_name || event_manipulation FROM information_schema.triggers"
        " WHERE trigger_schema = current_schema()"
    )
    with db.engine.connect() as connection:
        return {(str(table), str(name)) for table, name in connection.exec_driver_sql(asked)}
