"""The standings: everybody's value on every board, kept in the transaction of the fact that changes it.

A fact counts on twenty boards: five periods × the store, department, league and group that the person's posting
names on the fact's day. All writing goes through :func:`write`, one writer at a time until the transaction ends
(on SQLite every writer is alone anyway), so values, buckets and head counts always agree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple, TypeAlias, TypeVar

from sqlalchemy import Table, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from incentives.db import db
from incentives.ledger.buckets import lowest_of
from incentives.ledger.models import Standing

WRITERS_LOCK = 4_660_001
"""The advisory lock that standings' writers share on PostgreSQL; any number that nothing else uses."""

FEW = 50
BATCH = 500

T = TypeVar("T")

_TABLES = Standing.metadata.tables
BOARDS, STANDINGS, BUCKETS = _TABLES["standing_board"], _TABLES["standing"], _TABLES["standing_bucket"]


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
    ids = _open_boards(sorted(changes))
    by_id = {ids[key]: people for key, people in changes.items()}
    blocks = _blocks(changes, ids)
    known = {(board_id, employee_id): value for board_id, employee_id, value in _known(blocks)}
    moves = [
        Move(board_id, employee_id, known.get((board_id, employee_id)), change)
        for board_id, people in by_id.items()
        for employee_id, change in people.items()
    ]
    _keep([move._replace(after=decide(move.before, move.after)) for move in moves])


def hold() -> None:
    """Be the only writer of standings until the transaction ends."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(WRITERS_LOCK)))


def upsert(table: Table) -> Any:  # noqa: ANN401 (the two dialects share no type for it)
    """An INSERT that can say what to do ON CONFLICT, in the dialect of the database in use."""
    dialects = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    return dialects[db.session.get_bind().dialect.name](table)


def in_batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """The rows, so many at a time."""
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch


def _open_boards(keys: Sequence[BoardKey]) -> dict[BoardKey, int]:
    """The boards' ids; new ones are made, known ones get their next version."""
    statement = upsert(BOARDS)
    statement = statement.on_conflict_do_update(
        index_elements=["scope", "measure", "period"], set_={"version": BOARDS.c.version + 1}
    ).returning(BOARDS.c.id, BOARDS.c.scope, BOARDS.c.measure, BOARDS.c.period)
    rows = db.session.execute(statement, [{**key._asdict(), "version": 1, "people": 0} for key in keys])
    return {BoardKey(scope, measure, period): board_id for board_id, scope, measure, period in rows}


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
    statement = select(STANDINGS.c.board_id, STANDINGS.c.employee_id, STANDINGS.c.value).where(
        STANDINGS.c.board_id.in_(bindparam("boards", expanding=True)),
        STANDINGS.c.employee_id.in_(bindparam("people", expanding=True)),
    )
    for boards, people in blocks:
        for row in db.session.execute(statement, {"boards": boards, "people": people}):
            yield row.board_id, row.employee_id, row.value


def _keep(moves: Iterable[Move]) -> None:
    real = [move for move in moves if move.before != move.after]
    _keep_values([move for move in real if move.after is not None])
    _remove([move for move in real if move.after is None])
    _keep_buckets(real)
    _keep_head_counts(real)


def _keep_values(moves: Sequence[Move]) -> None:
    if not moves:
        return
    statement = upsert(STANDINGS)
    statement = statement.on_conflict_do_update(
        index_elements=["board_id", "employee_id"], set_={"value": statement.excluded.value}
    )
    rows = [{"board_id": move.board_id, "employee_id": move.employee_id, "value": move.after} for move in moves]
    db.session.execute(statement, rows)


def _remove(moves: Sequence[Move]) -> None:
    if moves:
        statement = delete(STANDINGS).where(
            STANDINGS.c.board_id == bindparam("board"), STANDINGS.c.employee_id == bindparam("person")
        )
        db.session.connection().execute(
            statement, [{"board": move.board_id, "person": move.employee_id} for move in moves]
        )


def _keep_buckets(moves: Iterable[Move]) -> None:
    change: Counter[tuple[int, int]] = Counter()
    for move in moves:
        if move.before is not None:
            change[move.board_id, lowest_of(move.before)] -= 1
        if move.after is not None:
            change[move.board_id, lowest_of(move.after)] += 1
    rows = [
        {"board_id": board_id, "lowest": lowest, "people": people}
        for (board_id, lowest), people in sorted(change.items())
        if people
    ]
    if rows:
        statement = upsert(BUCKETS)
        statement = statement.on_conflict_do_update(
            index_elements=["board_id", "lowest"], set_={"people": BUCKETS.c.people + statement.excluded.people}
        )
        db.session.execute(statement, rows)


def _keep_head_counts(moves: Iterable[Move]) -> None:
    change: Counter[int] = Counter()
    for move in moves:
        change[move.board_id] += (move.after is not None) - (move.before is not None)
    rows = [{"board": board_id, "more": people} for board_id, people in change.items() if people]
    if rows:
        statement = (
            update(BOARDS).where(BOARDS.c.id == bindparam("board")).values(people=BOARDS.c.people + bindparam("more"))
        )
        db.session.connection().execute(statement, rows)
