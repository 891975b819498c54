"""People who have left are on no board. Their points, statements and closed months stay.

Whoever's last day is already over leaves the boards in the transaction that records it; whoever's last day was
still to come, with the first fact of the day after.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from incentives import clock
from incentives.db import db
from incentives.ledger.models import Standing, StandingBoard, StandingSweep
from incentives.ledger.service.standings import BATCH, BoardKey, hold, in_batches, replaced, upsert, write
from incentives.people.models import Employee

_LEFT = "incentives-left"
_SWEPT_TO = select(StandingSweep.swept_to)


def take_off(employee_ids: Collection[int]) -> None:
    """Take people off every board they are on. Frozen boards stay as they were."""
    for people in in_batches(sorted(employee_ids), BATCH):
        rows = db.session.execute(
            select(StandingBoard.scope, StandingBoard.measure, StandingBoard.period, Standing.employee_id)
            .join(Standing, Standing.board_id == StandingBoard.id)
            .where(Standing.employee_id.in_(people))
        )
        changes: dict[BoardKey, dict[int, int | None]] = defaultdict(dict)
        for scope, measure, period, employee_id in rows:
            changes[BoardKey(scope, measure, period)][employee_id] = None
        write(changes, replaced)


def sweep() -> None:
    """Take off the boards whoever's last day was before today. Costs one look after the first time of a day."""
    hold()
    today = clock.today()
    swept_to = db.session.connection().execute(_SWEPT_TO).scalar()
    if swept_to is not None and swept_to >= today:
        return
    left = select(Employee.id).where(Employee.left_on < today)
    if swept_to is not None:
        left = left.where(Employee.left_on >= swept_to)
    take_off(db.session.scalars(left).all())
    statement = upsert(StandingSweep.metadata.tables["standing_sweep"])
    statement = statement.on_conflict_do_update(index_elements=["id"], set_={"swept_to": today})
    db.session.execute(statement, {"id": 1, "swept_to": today})


@event.listens_for(Session, "after_flush")
def _note_leavers(session: Session, _flush: UOWTransaction) -> None:
    today = clock.today()
    gone = {
        person.id
        for person in session.dirty
        if isinstance(person, Employee)
        and person.left_on is not None
        and person.left_on < today
        and inspect(person).attrs.left_on.history.has_changes()
    }
    if gone:
        session.info.setdefault(_LEFT, set()).update(gone)


@event.listens_for(Session, "after_flush_postexec")
def _take_off_leavers(session: Session, _flush: UOWTransaction) -> None:
    if gone := session.info.pop(_LEFT, None):
        take_off(gone)
