"""Read a board: its top, one's own exact place with the neighbours, and what is missing — in two queries.

No page counts or sorts everybody: the index gives the top, and a rank is the sum of the buckets above one's own
plus a count within it. Order inside a tie is that of the employee ids, so a board looks the same every time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select, text

from incentives.core.ranking import movement
from incentives.db import db
from incentives.ledger.calendar import before
from incentives.ledger.models import Standing, StandingBoard


class Place(NamedTuple):
    """A place on a board. Equal values share a rank."""

    rank: int
    employee_id: int
    name: str
    number: str
    value: int


@dataclass(frozen=True, slots=True)
class Mine:
    """The viewer's own place.

    ``around`` holds it with up to two neighbours either side; ``to_go`` is what is missing to share the next
    better rank ``next_rank`` (both ``None`` for those who lead); ``moved`` is places won (+) or lost (-) since the
    period before, ``None`` for somebody new.
    """

    place: Place
    around: Sequence[Place]
    to_go: int | None
    next_rank: int | None
    moved: int | None


@dataclass(frozen=True, slots=True)
class Board:
    """A measure in a period among some people, as one viewer may need it. Privacy is the reader's business."""

    scope: str
    measure: str
    period: str
    version: int
    people: int
    top: Sequence[Place]
    mine: Mine | None


NEIGHBOURS = 2
NOBODY = 0
"""No employee and no board has this id."""

_HEADS = text(
    "SELECT b.period, b.id, b.version, b.people, s.value FROM standing_board b"
    " LEFT JOIN standing s ON s.board_id = b.id AND s.employee_id = :viewer"
    " WHERE b.scope = :scope AND b.measure = :measure AND b.period IN (:period, :before)"
)

# Everybody in the buckets above one's own, and those above in one's own. The buckets are those that have rows:
# what lies below the next of them is in one's own.
_AHEAD = """
    (SELECT coalesce(sum(b.people), 0) FROM standing_bucket b WHERE b.board_id = :{board} AND b.lowest > :{value})
  + (SELECT count(*) FROM standing s WHERE s.board_id = :{board} AND s.value > :{value}
       AND s.value < (SELECT coalesce(min(b.lowest), 9223372036854775807) FROM standing_bucket b
                       WHERE b.board_id = :{board} AND b.lowest > :{value}))
"""
_TIED = "(SELECT count(*) FROM standing t WHERE t.board_id = :board AND t.value = s.value)"
_PART = """
    SELECT * FROM (
        SELECT '{part}' AS part, s.employee_id, s.value, e.name, e.number, {counts}
        FROM standing s JOIN employee e ON e.id = s.employee_id
        WHERE s.board_id = :board AND {which} ORDER BY {order} LIMIT {limit}
    ) AS part_{part}
"""
_TOP = _PART.format(part="top", counts="0 AS tied", which="1 = 1", order="s.value DESC, s.employee_id", limit=":top")
_AROUND = " UNION ALL ".join(
    _PART.format(part=part, counts=f"{_TIED} AS tied", which=which, order=order, limit=NEIGHBOURS)
    for part, which, order in (
        ("better", "s.value > :value", "s.value, s.employee_id DESC"),
        ("before", "s.value = :value AND s.employee_id < :viewer", "s.employee_id DESC"),
        ("mine", "s.value = :value AND s.employee_id = :viewer", "s.employee_id"),
        ("behind", "s.value = :value AND s.employee_id > :viewer", "s.employee_id"),
        ("worse", "s.value < :value", "s.value DESC, s.employee_id"),
    )
)
_AHEAD_NOW = _AHEAD.format(board="board", value="value")
_AHEAD_PAST = _AHEAD.format(board="past_board", value="past_value")
_RANKS = (
    f"SELECT 'ranks' AS part, 0 AS employee_id, {_AHEAD_NOW} AS value, '' AS name, '' AS number, {_AHEAD_PAST} AS tied"
)

_PEOPLE_AT = text("SELECT count(*) FROM standing WHERE board_id = :board AND value = :value")
_MEASURES = text(
    "SELECT measure FROM standing_board WHERE scope = :scope AND period = :period AND people > 0 ORDER BY measure"
)
_TOP_ONLY = text(_TOP)
_TOP_AND_MINE = text(f"{_TOP} UNION ALL {_AROUND} UNION ALL {_RANKS}")


class Found(NamedTuple):
    """A row of the query below, without its part."""

    employee_id: int
    value: int
    name: str
    number: str
    tied: int


@dataclass(frozen=True, slots=True)
class Head:
    """What a board's page depends on, found in one small query: the same version shows the same page."""

    scope: str
    measure: str
    period: str
    id: int
    version: int
    people: int
    value: int | None
    """The viewer's own value; ``None`` for somebody who is not on the board."""
    past_id: int
    past_version: int
    past_value: int | None


def head(measure: str, period: str, scope: str, viewer: int | None) -> Head:
    """The head of a board; that of one nobody is on has version 0.

    Raises:
        DomainError: the period is none.
    """
    past = before(period)
    found = db.session.connection().execute(
        _HEADS, {"scope": scope, "measure": measure, "period": period, "before": past, "viewer": viewer or NOBODY}
    )
    heads = {row.period: row for row in found.all()}
    now, then = heads.get(period), heads.get(past)
    return Head(
        scope=scope,
        measure=measure,
        period=period,
        id=now.id if now else NOBODY,
        version=now.version if now else 0,
        people=now.people if now else 0,
        value=now.value if now else None,
        past_id=then.id if then else NOBODY,
        past_version=then.version if then else 0,
        past_value=then.value if then else None,
    )


def board(measure: str, period: str, scope: str, viewer: int | None, top: int = 20) -> Board:
    """A board as one viewer (an employee's id) may need it; without a viewer, only its top.

    Raises:
        DomainError: the period is none.
    """
    return open_board(head(measure, period, scope, viewer), viewer, top)


def open_board(found: Head, viewer: int | None, top: int = 20) -> Board:
    """The rest of a board whose head is known."""
    parts: dict[str, list[Found]] = defaultdict(list)
    values = {"board": found.id, "top": top}
    if viewer is not None and found.value is not None:
        values |= {"viewer": viewer, "value": found.value}
        values |= {"past_board": found.past_id, "past_value": found.past_value or 0}
    statement = _TOP_AND_MINE if "viewer" in values else _TOP_ONLY
    for part, *found_row in db.session.connection().execute(statement, values).all():
        parts[part].append(Found._make(found_row))
    return Board(
        scope=found.scope,
        measure=found.measure,
        period=found.period,
        version=found.version,
        people=found.people,
        top=_ranked(parts["top"]),
        mine=_mine(found, parts) if parts["mine"] else None,
    )


def _ranked(rows: Sequence[Found]) -> list[Place]:
    """The best, from rank 1 on: 1, 1, 3."""
    places: list[Place] = []
    for position, row in enumerate(rows, start=1):
        shares = bool(places) and places[-1].value == row.value
        places.append(_place(row, places[-1].rank if shares else position))
    return places


def _mine(found: Head, parts: Mapping[str, Sequence[Found]]) -> Mine:
    (ranks,), (own,) = parts["ranks"], parts["mine"]
    place = _place(own, int(ranks.value) + 1)
    better = _above(parts["better"], place.rank)
    above = [*better, *(_place(row, place.rank) for row in reversed(parts["before"]))]
    below = [*(_place(row, place.rank) for row in parts["behind"]), *_below(parts["worse"], place.rank + own.tied)]
    past_rank = None if found.past_value is None else int(ranks.tied) + 1
    return Mine(
        place=place,
        around=[*above[-NEIGHBOURS:], place, *below[:NEIGHBOURS]],
        to_go=better[-1].value - place.value if better else None,
        next_rank=better[-1].rank if better else None,
        moved=movement(place.rank, past_rank),
    )


def _above(rows: Iterable[Found], rank: int) -> list[Place]:
    """Those before a rank, given from the nearest up, returned from the top down."""
    places: list[Place] = []
    for row in rows:
        shares = bool(places) and places[-1].value == row.value
        rank -= 0 if shares else row.tied
        places.append(_place(row, rank))
    return places[::-1]


def _below(rows: Iterable[Found], rank: int) -> list[Place]:
    """Those after one's own value, the first of whom has this rank."""
    places: list[Place] = []
    tied = 0
    for row in rows:
        shares = bool(places) and places[-1].value == row.value
        rank += 0 if shares else tied
        tied = row.tied
        places.append(_place(row, rank))
    return places


def _place(row: Found, rank: int) -> Place:
    return Place(rank, row.employee_id, row.name, row.number, int(row.value))


def people_at(found: Head, value: int) -> int:
    """How many people of a board share a value."""
    return int(db.session.connection().execute(_PEOPLE_AT, {"board": found.id, "value": value}).scalar_one())


def measures_on(scope: str, period: str) -> list[str]:
    """The measures that somebody has a value in, in a period and scope."""
    found = db.session.connection().execute(_MEASURES, {"scope": scope, "period": period})
    return list(found.scalars())


def standings_of(measure: str, period: str, scope: str) -> dict[int, int]:
    """Everybody's value on a board; nothing if there is no such board yet."""
    found = (
        select(Standing.employee_id, Standing.value)
        .join(StandingBoard, StandingBoard.id == Standing.board_id)
        .where(StandingBoard.measure == measure, StandingBoard.period == period, StandingBoard.scope == scope)
    )
    return {person: value for person, value in db.session.execute(found)}  # noqa: C416 (rows become typed pairs)
