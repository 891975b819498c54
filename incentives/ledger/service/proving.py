"""Prove the standings equal to the facts they come from, and put right what is not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy import func as sql

from incentives import clock
from incentives.db import db
from incentives.ledger.buckets import lowest_of
from incentives.ledger.models import Standing, StandingBoard, StandingBucket
from incentives.ledger.service.leavers import sweep
from incentives.ledger.service.sources import facts_of, is_proved, values_of_people
from incentives.ledger.service.standings import BATCH, BoardKey, hold, in_batches, replaced, write
from incentives.ledger.service.tallying import changes_of, values_of
from incentives.people.models import Employee


@dataclass(frozen=True, slots=True)
class Difference:
    """A value on a board that is not what the facts say; ``None``: not on the board."""

    board: BoardKey
    employee_id: int
    kept: int | None
    proved: int | None


@dataclass(slots=True)
class Proof:
    """What a rebuild found: how many values were compared, which differ, and which boards were counted wrongly."""

    compared: int = 0
    differences: list[Difference] = field(default_factory=list)
    miscounted: list[BoardKey] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether the standings were just what the facts say."""
        return not self.differences and not self.miscounted


def rebuild(*, check: bool = False) -> Proof:
    """Recompute everybody's value on every board and compare; with ``check``, change nothing.

    Holds other writers of standings back until the transaction ends. Boards of measures whose source nobody
    registered are left alone; their counts are checked all the same.
    """
    hold()
    proof = Proof()
    if not check:
        sweep()
    working = select(Employee.id).where(or_(Employee.left_on.is_(None), Employee.left_on >= clock.today()))
    for people in in_batches(db.session.scalars(working.order_by(Employee.id)).all(), BATCH):
        found = _compare(people, proof)
        if not check:
            write(_corrections(found), replaced)
    _count(proof, check=check)
    return proof


def _compare(people: Sequence[int], proof: Proof) -> list[Difference]:
    proved, kept = _proved(people), _kept(people)
    both = proved.keys() | kept.keys()
    differences = [
        Difference(board, employee_id, kept.get((board, employee_id)), proved.get((board, employee_id)))
        for board, employee_id in sorted(both)
        if kept.get((board, employee_id)) != proved.get((board, employee_id))
    ]
    proof.compared += len(both)
    proof.differences += differences
    return differences


def _proved(people: Sequence[int]) -> dict[tuple[BoardKey, int], int | None]:
    boards = [changes_of(measure, facts) for measure, facts in facts_of(people)]
    by_period: dict[tuple[str, str], list[tuple[int, int, int | None]]] = defaultdict(list)
    for measure, period, value in values_of_people(people):
        by_period[measure, period].append(value)
    boards += [values_of(measure, period, values) for (measure, period), values in by_period.items()]
    return {
        (board, employee_id): value
        for found in boards
        for board, of_board in found.items()
        for employee_id, value in of_board.items()
        if value is not None
    }


def _kept(people: Sequence[int]) -> dict[tuple[BoardKey, int], int]:
    rows = db.session.execute(
        select(StandingBoard.scope, StandingBoard.measure, StandingBoard.period, Standing.employee_id, Standing.value)
        .join(Standing, Standing.board_id == StandingBoard.id)
        .where(Standing.employee_id.in_(people))
    )
    return {
        (BoardKey(scope, measure, period), employee_id): value
        for scope, measure, period, employee_id, value in rows
        if is_proved(measure)
    }


def _corrections(differences: Sequence[Difference]) -> dict[BoardKey, dict[int, int | None]]:
    changes: dict[BoardKey, dict[int, int | None]] = defaultdict(dict)
    for difference in differences:
        changes[difference.board][difference.employee_id] = difference.proved
    return changes


def _count(proof: Proof, *, check: bool) -> None:
    """Count every board's people and buckets anew."""
    heads = {head.id: head for head in db.session.execute(select(StandingBoard.__table__))}
    counted = dict(_counted())
    kept = _kept_buckets()
    for board_id, head in heads.items():
        buckets = counted.get(board_id, Counter())
        if buckets == kept.get(board_id, Counter()) and buckets.total() == head.people:
            continue
        proof.miscounted.append(BoardKey(head.scope, head.measure, head.period))
        if not check:
            _recount(board_id, buckets)


def _counted() -> Iterator[tuple[int, Counter[int]]]:
    rows = db.session.execute(
        select(Standing.board_id, Standing.value, sql.count())
        .group_by(Standing.board_id, Standing.value)
        .order_by(Standing.board_id)
    )
    for board_id, values in groupby(rows, key=lambda row: row.board_id):
        buckets: Counter[int] = Counter()
        for _, value, people in values:
            buckets[lowest_of(value)] += people
        yield board_id, buckets


def _kept_buckets() -> dict[int, Counter[int]]:
    kept: dict[int, Counter[int]] = defaultdict(Counter)
    rows = select(StandingBucket.board_id, StandingBucket.lowest, StandingBucket.people)
    for board_id, lowest, people in db.session.execute(rows):
        kept[board_id][lowest] = people
    return kept


def _recount(board_id: int, buckets: Counter[int]) -> None:
    db.session.execute(delete(StandingBucket).where(StandingBucket.board_id == board_id))
    rows = [{"board_id": board_id, "lowest": lowest, "people": people} for lowest, people in buckets.items()]
    if rows:
        db.session.execute(insert(StandingBucket), rows)
    db.session.execute(
        update(StandingBoard)
        .where(StandingBoard.id == board_id)
        .values(people=buckets.total(), version=StandingBoard.version + 1)
    )
