"""The database: one base class, the column types that hold the house's words, and an engine that loses nothing.

Money is whole fen, months are ``2026-11``, moments are aware UTC, enums are stored by value. SQLite opens
write transactions with BEGIN IMMEDIATE (a plain BEGIN loses updates or fails under two writers) and syncs
fully, because it holds money; requests that only read say so and never wait for a writer.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, TypeAlias, TypeVar

from flask import Flask, current_app, has_request_context, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    DDL,
    BigInteger,
    BindParameter,
    CompoundSelect,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    FromClause,
    MetaData,
    Select,
    String,
    TypeDecorator,
    cast,
    event,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

from incentives.core.money import Money
from incentives.core.period import Month

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")
MOST_TOGETHER = 100
"""SQLite takes 500 statements in one; each brings its own parameters, of which there is an end too."""
READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

E = TypeVar("E", bound=StrEnum)
R = TypeVar("R")
T = TypeVar("T")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. A naive one is refused at once."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone; keep the rest in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite gives back a naive moment; it was UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class MoneyType(TypeDecorator[Money]):
    """An amount in whole fen. Sums in SQL come back as money too."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        """Store the fen."""
        return None if value is None else value.fen

    def process_result_value(self, value: int | None, dialect: Dialect) -> Money | None:
        """Read the fen; PostgreSQL sums whole numbers to a numeric, hence the int."""
        return None if value is None else Money(int(value))


class MonthType(TypeDecorator[Month]):
    """A month as the text ``2026-11``, which sorts as months do."""

    impl = String(7)
    cache_ok = True

    def process_bind_param(self, value: Month | None, dialect: Dialect) -> str | None:
        """Store the text."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Month | None:
        """Read the text."""
        return None if value is None else Month.parse(value)


def enum_column(kind: type[E]) -> Enum:
    """An enum stored by its value (``draft``, not ``DRAFT``), checked by the database."""
    return Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=False,
        validate_strings=True,
        length=32,
    )


class Base(DeclarativeBase):
    """What every table derives from."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={Money: MoneyType, Month: MonthType, datetime: UtcDateTime},
    )


def lasting(*tables: FromClause) -> None:
    """Let the database itself refuse to change or delete a row of these tables; a migration writes the same triggers."""
    for table in tables:
        for dialect, statements in forbid_changes(str(table)).items():
            for statement in statements:
                rule = DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy's own
                event.listen(table, "after_create", rule.execute_if(dialect=dialect))


def forbid_changes(table: str) -> dict[str, tuple[str, ...]]:
    """The statements by dialect that make a table append-only."""
    refusal = f"'{table} is append-only'"
    body = f"RETURNS trigger AS $$ BEGIN RAISE EXCEPTION {refusal}; END $$ LANGUAGE plpgsql"
    stays = f"CREATE TRIGGER {table}_stays BEFORE UPDATE"
    return {
        "sqlite": (
            f"{stays} ON {table} BEGIN SELECT RAISE(ABORT, {refusal}); END",
            f"CREATE TRIGGER {table}_remains BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, {refusal}); END",
        ),
        "postgresql": (
            f"CREATE OR REPLACE FUNCTION {table}_stays() {body}",
            f"{stays} OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_stays()",
        ),
    }


IntPk = Annotated[int, mapped_column(primary_key=True)]
"""A surrogate key. Never shown as somebody's number, never guessable into another store."""

db = SQLAlchemy(model_class=Base)
migrate = Migrate()


def init_app(app: Flask) -> None:
    """Bind the database to an application."""
    db.init_app(app)
    migrate.init_app(app, db, directory=str(app.config["MIGRATIONS"]), render_as_batch=True, compare_type=True)
    with app.app_context():
        for engine in db.engines.values():
            if engine.dialect.name == "sqlite":
                _careful_sqlite(engine)


def _careful_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the listener below says when a transaction begins
        for pragma in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if _only_reads(connection) else "BEGIN IMMEDIATE")


def _only_reads(connection: Connection) -> bool:
    """What the caller said, else what the request's method says."""
    said = connection.get_execution_options().get("readonly")
    return is_reading() if said is None else bool(said)


def is_reading() -> bool:
    """Whether this is a request that only reads."""
    return has_request_context() and request.method in READING_METHODS


Given: TypeAlias = T | BindParameter[T]
"""A value within a statement, or the place of one that is named when it is asked."""


class Answers:
    """What :func:`ask_together` found, by the record that was asked for, in no order."""

    def __init__(self) -> None:
        self._found: dict[object, list[Any]] = defaultdict(list)

    def add(self, record: Callable[..., object], values: Mapping[str, object]) -> None:
        """Keep a row as the record it was asked for as."""
        self._found[record].append(record(**values))

    def of(self, record: Callable[..., R]) -> Sequence[R]:
        """All of one kind."""
        return self._found[record]


Question: TypeAlias = tuple[Callable[..., object], Select[*tuple[Any, ...]]]


def ask_together(*questions: Question) -> Answers:
    """Ask several small questions in one query, where each alone would cost a way to the database and back.

    Each names the record that its rows become and a statement with a column for each of the record's fields, by name.
    Fields of one name have one type in all records. Past :data:`MOST_TOGETHER` questions it takes another query.
    """
    return Together(questions).ask()


class Together:
    """Such questions, put together once; asked many times they name what they leave open by ``bindparam``."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self._parts = [
            _Part.of(questions[first : first + MOST_TOGETHER]) for first in range(0, len(questions), MOST_TOGETHER)
        ]

    def ask(self, **given: object) -> Answers:
        """The answers, with these values for what was left open."""
        answers = Answers()
        db.session.flush()  # what is written but not flushed yet is asked for too
        for part in self._parts:
            for number, *values in db.session.execute(part.statement, given):
                record, fields = part.records[number]
                answers.add(record, {name: values[place] for name, place in fields})
        return answers


class _Part(NamedTuple):
    """Questions as one statement, and of each the record with the place of every field among all columns."""

    statement: CompoundSelect[Any]
    records: Sequence[tuple[Callable[..., object], Sequence[tuple[str, int]]]]

    @classmethod
    def of(cls, questions: Sequence[Question]) -> _Part:
        asked = [{column.name: column for column in statement.subquery().c} for _record, statement in questions]
        types = {name: column.type for columns in asked for name, column in columns.items()}
        places = {name: place for place, name in enumerate(types)}
        lacking = {name: cast(null(), kind).label(name) for name, kind in types.items()}
        arms = [
            select(literal_column(str(number)), *(columns.get(name, lacking[name]) for name in types))
            for number, columns in enumerate(asked)
        ]
        records = [
            (record, [(name, places[name]) for name in columns])
            for (record, _statement), columns in zip(questions, asked, strict=True)
        ]
        return cls(union_all(*arms), records)


@contextmanager
def apart() -> Iterator[None]:
    """A writing transaction of its own, committed at the end, out of a request that only reads.

    What the request has read so far is let go, so that it sees what was written.
    """
    db.session.rollback()
    with current_app.app_context():
        begin_writing()
        yield
        db.session.commit()


def begin_writing() -> None:
    """Begin the session's next transaction as a writer, even in a request that reads."""
    db.session.connection(execution_options={"readonly": False})
