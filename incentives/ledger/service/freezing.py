"""The standings of a closed month, as they stood at the closing. A snapshot, not a filter: nothing moves it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, insert, or_, select
from sqlalchemy import func as sql

from incentives import clock
from incentives.core.period import Month
from incentives.core.ranking import movement
from incentives.db import db
from incentives.ledger.models import Standing, StandingBoard, StandingFrozen
from incentives.ledger.service.boards import NEIGHBOURS, Board, Mine, Place
from incentives.ledger.service.standings import BATCH, in_batches
from incentives.ledger.service.tallying import store_scope
from incentives.people.models import Employee, Posting


def freeze(store_id: int, month: Month) -> int:
    """Keep the month's standings at its closing; how many places were kept.

    Of the store's and its departments' boards everybody is kept; of the league's and the group's, the places of
    the store's own people. Closing again after a reopening keeps a new set beside the old one.
    """
    ranked = _ranked(store_id, month).subquery()
    rows = db.session.execute(select(ranked).where(ranked.c.whole | ranked.c.employee_id.in_(_people(store_id, month))))
    always = {
        "store_id": store_id,
        "month": month,
        "closing": _closings(store_id, month) + 1,
        "frozen_at": clock.now(),
    }
    kept = [
        {
            "scope": row.scope,
            "measure": row.measure,
            "employee_id": row.employee_id,
            "value": row.value,
            "rank": row.rank,
            "people": row.people,
            **always,
        }
        for row in rows
    ]
    for some in in_batches(kept, BATCH):
        db.session.execute(insert(StandingFrozen), some)
    return len(kept)


def frozen_board(store_id: int, month: Month, measure: str, scope: str, viewer: int | None) -> Board | None:
    """A closed month's board of the store or a department, whole; ``None`` if none was kept.

    Who has left since is not shown, but nobody's rank changes by it.
    """
    places = _frozen(store_id, month, measure, scope)
    if not places:
        return None
    today = clock.today()
    here = [place for place, left_on in places if left_on is None or left_on >= today]
    past = frozen_place(viewer, month.plus(-1), measure, scope) if viewer is not None else None
    return Board(
        scope=scope,
        measure=measure,
        period=str(month),
        version=_closings(store_id, month),
        people=len(places),
        top=here,
        mine=_mine(here, viewer, past[0] if past else None),
    )


def _mine(places: Sequence[Place], viewer: int | None, past_rank: int | None) -> Mine | None:
    own = next((number for number, place in enumerate(places) if place.employee_id == viewer), None)
    if own is None:
        return None
    place = places[own]
    better = [other for other in places[:own] if other.rank < place.rank]
    return Mine(
        place=place,
        around=places[max(0, own - NEIGHBOURS) : own + NEIGHBOURS + 1],
        to_go=better[-1].value - place.value if better else None,
        next_rank=better[-1].rank if better else None,
        moved=movement(place.rank, past_rank),
    )


def frozen_place(employee_id: int, month: Month, measure: str, scope: str) -> tuple[int, int] | None:
    """A person's rank and of how many, on any board, as it stood when the own store closed the month."""
    row = db.session.execute(
        select(StandingFrozen.rank, StandingFrozen.people)
        .where(
            StandingFrozen.employee_id == employee_id,
            StandingFrozen.month == month,
            StandingFrozen.measure == measure,
            StandingFrozen.scope == scope,
        )
        .order_by(StandingFrozen.closing.desc())
        .limit(1)
    ).first()
    return (row.rank, row.people) if row else None


def _frozen(store_id: int, month: Month, measure: str, scope: str) -> list[tuple[Place, date | None]]:
    rows = db.session.execute(
        select(StandingFrozen, Employee.name, Employee.number, Employee.left_on)
        .join(Employee, Employee.id == StandingFrozen.employee_id)
        .where(
            StandingFrozen.store_id == store_id,
            StandingFrozen.month == month,
            StandingFrozen.closing == _closings(store_id, month),
            StandingFrozen.scope == scope,
            StandingFrozen.measure == measure,
        )
        .order_by(StandingFrozen.rank, Employee.number)
    )
    return [
        (Place(frozen.rank, frozen.employee_id, name, number, frozen.value), left_on)
        for frozen, name, number, left_on in rows
    ]


def _closings(store_id: int, month: Month) -> int:
    found = db.session.scalar(
        select(sql.max(StandingFrozen.closing)).where(
            StandingFrozen.store_id == store_id, StandingFrozen.month == month
        )
    )
    return found or 0


def _ranked(store_id: int, month: Month) -> Select[*tuple[Any, ...]]:
    """Everybody's place on the boards of the month: of the store whole, of leagues and groups to choose from."""
    own = store_scope(store_id)
    whole = (StandingBoard.scope == own) | StandingBoard.scope.startswith(f"{own}:")
    return (
        select(
            StandingBoard.scope,
            StandingBoard.measure,
            Standing.employee_id,
            Standing.value,
            sql.rank().over(partition_by=Standing.board_id, order_by=Standing.value.desc()).label("rank"),
            StandingBoard.people,
            whole.label("whole"),
        )
        .join(Standing, Standing.board_id == StandingBoard.id)
        .where(StandingBoard.period == str(month), whole | ~StandingBoard.scope.startswith("s"))
    )


def _people(store_id: int, month: Month) -> Select[int]:
    return select(Posting.employee_id).where(
        Posting.store_id == store_id,
        Posting.first_day <= month.last,
        or_(Posting.last_day.is_(None), Posting.last_day >= month.first),
    )
