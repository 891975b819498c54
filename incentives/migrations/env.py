"""Alembic's way to the product's database.

All missing steps happen in one transaction, on SQLite too: an interrupted upgrade leaves the database as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from alembic import context
from flask import current_app
from sqlalchemy import BigInteger, Connection, DateTime, String
from sqlalchemy.types import TypeDecorator

from incentives.db import Base, db

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


def upgrade() -> None:
    """Run what Alembic was asked for."""
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection, _rebuilding_tables_allowed(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transactional_ddl=True,
            render_item=_plain_type,
            **options,
        )
        with context.begin_transaction():
            context.run_migrations()


@contextmanager
def _rebuilding_tables_allowed(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by building it anew, which its foreign keys would take for deleting every row."""
    driver = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or driver is None:
        yield
        return
    driver.execute("PRAGMA foreign_keys=OFF")
    yield
    broken = driver.execute("PRAGMA foreign_key_check").fetchall()
    driver.execute("PRAGMA foreign_keys=ON")
    if broken:
        raise ValueError(f"rows that refer to nothing after the upgrade: {broken[:5]}")


def _plain_type(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write column types out in SQLAlchemy's own, so that old steps outlive changes to ours."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    plain = item.impl_instance
    if isinstance(plain, DateTime):
        return f"sa.DateTime(timezone={plain.timezone})"
    if isinstance(plain, String):
        return f"sa.String({plain.length})"
    if isinstance(plain, BigInteger):
        return "sa.BigInteger()"
    return False


upgrade()
