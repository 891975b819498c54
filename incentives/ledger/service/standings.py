"""The standings: everybody's value on every board, kept in the transaction of the fact that changes it.

A fact counts on twenty boards: five periods × the store, department, league and group that the person's posting
names on the fact's day. All writing goes through :func:`write`, one writer at a time until the transaction ends
(on SQLite every writer is alone anyway), so values, buckets and head counts always agree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple, TypeAlias, TypeVar

from sqlalchemy import Table, TextClause, bindparam, text
from sqlalchemy.dialects import postgresql, sqlite

from incentives.db import db
from incentives.ledger.buckets import lowest_of

WRITERS_LOCK = 4_660_001
"""The advisory lock that standings' writers share on PostgreSQL; any number that nothing else uses."""

FEW = 50
BATCH = 500

T = TypeVar("T")

# These run with every fact, and both databases understand them as they stand.
_LOCK = text("SELECT pg_advisory_xact_lock(:number)")
_BOARDS = text(
    "SELECT id, scope, measure, period FROM standing_board"
    " WHERE scope IN :scopes AND measure IN :measures AND period IN :periods"
).bindparams(
    bindparam("scopes", expanding=True), bindparam("measures", expanding=True), bindparam("periods", expanding=True)
)
_NEW_BOARD = text(
    "INSERT INTO standing_board (scope, measure, period, version, people) VALUES (:scope, :measure, :period, 0, 0)"
)
_VALUES = text(
    "SELECT board_id, employee_id, value FROM standing WHERE board_id IN :boards AND employee_id IN :people"
).bindparams(bindparam("boards", expanding=True), bindparam("people", expanding=True))
_KEEP_VALUE = text(
    "INSERT INTO standing (board_id, employee_id, value) VALUES (:board, :person, :value)"
    " ON CONFLICT (board_id, employee_id) DO UPDATE SET value = excluded.value"
)
_REMOVE_VALUE = text("DELETE FROM standing WHERE board_id = :board AND employee_id = :person")
_KEEP_BUCKET = text(
    "INSERT INTO standing_bucket (board_id, lowest, people) VALUES (:board, :lowest, :people)"
    " ON CONFLICT (board_id, lowest) DO UPDATE SET people = standing_bucket.people + excluded.people"
)
_KEEP_BOARD = text("UPDATE standing_board SET version = version + 1, people = people + :people WHERE id = :board")


class BoardKey(NamedTuple):
    """What names a board."""

    scope: str
    measure: str
    period: str


class Move(NamedTuple):
    """A person's value on a board before and after; ``None``: not on it."""

    board_id: int
    employee_id: int
    before: int | None
    after: int | None


Changes: TypeAlias = Mapping[BoardKey, Mapping[int, int | None]]
Decide: TypeAlias = Callable[[int | None, int | None], int | None]


def added(before: int | None, change: int | None) -> int:
    """The new value where changes are differences."""
    return (before or 0) + (change or 0)


def replaced(_before: int | None, change: int | None) -> int | None:
    """The new value where changes are values; ``None`` takes the person off the board."""
    return change


def write(changes: Changes, decide: Decide) -> None:
    """Change values on boards, with their buckets, head counts and versions, in the caller's transaction.

    Args:
        changes: board → person → difference or new value.
        decide: how the value before and the change make the value after.
    """
    if not changes:
        return
    hold()
    ids = _open_boards(changes)
    known = {(board_id, employee_id): value for board_id, employee_id, value in _known(_blocks(changes, ids))}
    moves = []
    for key, people in changes.items():
        board_id = ids[key]
        for employee_id, change in people.items():
            before = known.get((board_id, employee_id))
            moves.append(Move(board_id, employee_id, before, decide(before, change)))
    _keep(moves)


def hold() -> None:
    """Be the only writer of standings until the transaction ends."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"number": WRITERS_LOCK})


def upsert(table: Table) -> Any:  # noqa: ANN401 (the two dialects share no type for it)
    """An INSERT that can say what to do ON CONFLICT, in the dialect of the database in use."""
    dialects = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    return dialects[db.session.get_bind().dialect.name](table)


def in_batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """The rows, so many at a time."""
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch


def _open_boards(keys: Collection[BoardKey]) -> dict[BoardKey, int]:
    """The boards' ids; those that nobody was on yet are made."""
    ids = _known_boards(keys)
    missing = [key._asdict() for key in keys if key not in ids]
    if missing:
        db.session.connection().execute(_NEW_BOARD, missing)
        ids = _known_boards(keys)
    return ids


def _known_boards(keys: Collection[BoardKey]) -> dict[BoardKey, int]:
    ids: dict[BoardKey, int] = {}
    for scopes in in_batches(sorted({key.scope for key in keys}), BATCH):
        named = {
            "scopes": scopes,
            "measures": sorted({key.measure for key in keys}),
            "periods": sorted({key.period for key in keys}),
        }
        for board_id, scope, measure, period in db.session.connection().execute(_BOARDS, named).all():
            ids[BoardKey(scope, measure, period)] = board_id
    return ids


def _blocks(changes: Changes, ids: Mapping[BoardKey, int]) -> Iterator[tuple[list[int], list[int]]]:
    """Boards × people to look up. A few people: all at once; many: scope by scope, where the product is dense."""
    everybody = {employee_id for people in changes.values() for employee_id in people}
    if len(everybody) <= FEW:
        for boards in in_batches(ids.values(), BATCH):
            yield boards, list(everybody)
        return
    boards_of: dict[str, list[int]] = defaultdict(list)
    people_of: dict[str, set[int]] = defaultdict(set)
    for key, people in changes.items():
        boards_of[key.scope].append(ids[key])
        people_of[key.scope].update(people)
    for scope, boards in boards_of.items():
        for some in in_batches(sorted(people_of[scope]), BATCH):
            yield boards, some


def _known(blocks: Iterable[tuple[list[int], list[int]]]) -> Iterator[tuple[int, int, int]]:
    for boards, people in blocks:
        for row in db.session.connection().execute(_VALUES, {"boards": boards, "people": people}).all():
            yield row.board_id, row.employee_id, row.value


def _keep(moves: Iterable[Move]) -> None:
    """Write what really changes: values, buckets, and the boards' head counts and versions."""
    kept, removed = [], []
    buckets: Counter[tuple[int, int]] = Counter()
    heads: Counter[int] = Counter()
    for board_id, employee_id, before, after in moves:
        if before == after:
            continue
        heads[board_id] += (after is not None) - (before is not None)
        if before is not None:
            buckets[board_id, lowest_of(before)] -= 1
        if after is None:
            removed.append({"board": board_id, "person": employee_id})
        else:
            buckets[board_id, lowest_of(after)] += 1
            kept.append({"board": board_id, "person": employee_id, "value": after})
    _run(_KEEP_VALUE, kept)
    _run(_REMOVE_VALUE, removed)
    _run(_KEEP_BUCKET, _rows(buckets))
    _run(_KEEP_BOARD, [{"board": board_id, "people": people} for board_id, people in sorted(heads.items())])


def _rows(buckets: Mapping[tuple[int, int], int]) -> list[dict[str, int]]:
    return [
        {"board": board_id, "lowest": lowest, "people": people}
        for (board_id, lowest), people in sorted(buckets.items())
        if people
    ]


def _run(statement: TextClause, rows: Sequence[Mapping[str, int]]) -> None:
    if rows:
        db.session.connection().execute(statement, rows)
