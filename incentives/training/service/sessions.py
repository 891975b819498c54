"""Plan sessions, change, start, close and cancel them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from incentives import clock
from incentives.audit import service as audit
from incentives.core.attendance import SESSION, SessionAction, SessionState
from incentives.core.errors import Conflict, DomainError, NotFound, say
from incentives.core.period import FIRST_YEAR, LAST_YEAR, Month, business_date
from incentives.db import db
from incentives.people.models import Position, Posting, Store
from incentives.people.service.staff import posting_on
from incentives.periods import service as periods
from incentives.periods.checks import Lack
from incentives.training.models import SessionAudience, TrainerKind, TrainingKind, TrainingSession
from incentives.training.service import counting, rows
from incentives.training.service.kinds import kind_of

LONGEST = timedelta(hours=24)
LARGEST_ROOM = 9999


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is said of a session when it is planned. Moments are aware; the trainer is an employee or a name."""

    kind_id: int
    topic: str
    starts_at: datetime
    ends_at: datetime
    trainer_id: int | None = None
    trainer_name: str = ""
    position_ids: frozenset[int] = frozenset()
    place: str = ""
    capacity: int | None = None
    notes: str = ""


def sessions_of(store_id: int) -> Select[TrainingSession]:
    """The sessions of a store with kind, trainer and audience, as a statement to be listed."""
    return _with_trainer(store_id).options(selectinload(TrainingSession.audience).joinedload(SessionAudience.position))


def _with_trainer(store_id: int) -> Select[TrainingSession]:
    return (
        select(TrainingSession)
        .join(TrainingSession.kind)
        .where(TrainingSession.store_id == store_id)
        .options(contains_eager(TrainingSession.kind), joinedload(TrainingSession.trainer))
    )


def session_of(store_id: int, session_id: int) -> TrainingSession:
    """A session of the store.

    Raises:
        NotFound: it has none of that id.
    """
    return _one(sessions_of(store_id).where(TrainingSession.id == session_id))


def session_to_change(store_id: int, session_id: int) -> TrainingSession:
    """The same, read anew and held until the transaction ends.

    Raises:
        NotFound: the store has none of that id.
    """
    found = select(TrainingSession).where(TrainingSession.store_id == store_id, TrainingSession.id == session_id)
    return _one(found.with_for_update(of=TrainingSession).execution_options(populate_existing=True))


def _one(statement: Select[TrainingSession]) -> TrainingSession:
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound(say("There is no such session in this store."))
    return found


def plan(store: Store, wanted: Particulars, *, actor_id: int | None) -> TrainingSession:
    """Plan a session. One that already took place may be entered late, while its month is open.

    Raises:
        DomainError: something about it cannot be, or its month takes no more facts.
        Conflict: the same session is planned already.
    """
    session = TrainingSession(
        store_id=store.id, state=SessionState.PLANNED, made_by=actor_id, made_at=clock.now(), notes=""
    )
    _fill(session, store, wanted)
    db.session.add(session)
    db.session.flush()
    audit.record("training.planned", store_id=store.id, actor_id=actor_id, subject=_title(session))
    return session


def change(store: Store, session_id: int, wanted: Particulars, *, seen: int, actor_id: int | None) -> TrainingSession:
    """Change a session that has not begun.

    Args:
        seen: the version that was on the page.

    Raises:
        DomainError: something about it cannot be, or a month it touches takes no more facts.
        Conflict: it has begun or was cancelled, or somebody else changed it since.
    """
    session = session_to_change(store.id, session_id)
    if session.version != seen:
        raise Conflict(say("Somebody has changed this session in the meantime. Load the page again."))
    if session.state is not SessionState.PLANNED:
        raise Conflict(say("Only a planned session can be changed; this one has begun or was cancelled."))
    periods.require_open(store.id, session.month)
    before = (session.topic, session.starts_at)
    _fill(session, store, wanted)
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {
        "topic": (before[0], session.topic),
        "starts_at": (before[1], session.starts_at),
    }
    audit.record("training.changed", store_id=store.id, actor_id=actor_id, subject=_title(session), changes=changes)
    return session


def start(store_id: int, session_id: int, *, actor_id: int | None, today: date) -> TrainingSession:
    """Start a session: from now on everybody called has a row on its roster. Starting twice changes nothing.

    Raises:
        Conflict: it is closed or cancelled.
        DomainError: its day is still to come, or its month takes no more facts.
    """
    session = session_to_change(store_id, session_id)
    step = SESSION.after(session.state, SessionAction.START)
    if not step.changed:
        return session
    if session.business_date > today:
        raise DomainError(
            say("The session is planned for {day}: it cannot start before.", day=session.business_date.isoformat())
        )
    return _moved(session, step.state, "training.started", actor_id)


def close(store_id: int, session_id: int, *, actor_id: int | None) -> TrainingSession:
    """Close a session: it counts as held, attendance and the trainer's credit count. Closing twice changes nothing.

    Who was not recorded stays so, and counts neither for nor against anybody.

    Raises:
        Conflict: it has not started, or was cancelled.
        DomainError: its month takes no more facts.
    """
    session = session_to_change(store_id, session_id)
    step = SESSION.after(session.state, SessionAction.CLOSE)
    if not step.changed:
        return session
    _moved(session, step.state, "training.closed", actor_id)
    rows.record_trainer(session)
    counting.count_closed(session, rows.rows_of(session.id))
    return session


def cancel(store_id: int, session_id: int, *, actor_id: int | None) -> TrainingSession:
    """Cancel a planned session. It stays on record.

    Raises:
        Conflict: it is running or closed.
        DomainError: its month takes no more facts.
    """
    session = session_to_change(store_id, session_id)
    step = SESSION.after(session.state, SessionAction.CANCEL)
    return _moved(session, step.state, "training.cancelled", actor_id) if step.changed else session


def unfinished(store_id: int, month: Month) -> list[TrainingSession]:
    """Sessions of a month that are neither closed nor cancelled."""
    return list(
        db.session.scalars(sessions_of(store_id).where(*_unfinished(month)).order_by(TrainingSession.starts_at))
    )


def _unfinished(month: Month) -> tuple[ColumnElement[bool], ...]:
    return (
        TrainingSession.business_date.between(month.first, month.last),
        TrainingSession.state.in_((SessionState.PLANNED, SessionState.RUNNING)),
    )


def lacking(store_id: int, month: Month) -> list[Lack]:
    """Rosters of the month that are not finished, for its cockpit."""
    counted = select(func.count(TrainingSession.id)).where(TrainingSession.store_id == store_id, *_unfinished(month))
    return [Lack(say("Training sessions not closed yet"), db.session.scalar(counted) or 0, "training.index")]


def _moved(session: TrainingSession, state: SessionState, act: str, actor_id: int | None) -> TrainingSession:
    periods.require_open(session.store_id, session.month)
    before, session.state = session.state, state
    if state in (SessionState.RUNNING, SessionState.CLOSED):
        rows.call(session)
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {"state": (before.value, state.value)}
    audit.record(act, store_id=session.store_id, actor_id=actor_id, subject=_title(session), changes=changes)
    return session


def _title(session: TrainingSession) -> str:
    return f"{session.business_date.isoformat()} {session.topic}"


def _fill(session: TrainingSession, store: Store, wanted: Particulars) -> None:
    """Take over what was said, once all of it has been found in order."""
    kind = kind_of(store.group_id, wanted.kind_id)
    _require_sensible(kind, wanted)
    day = business_date(wanted.starts_at, store.zone)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DomainError(say("The year must lie between {first} and {last}.", first=FIRST_YEAR, last=LAST_YEAR))
    periods.require_open(store.id, Month.of(day))
    departments = _departments(store.group_id, wanted.position_ids)
    session.trainer_kind = _trainer_kind(store.id, wanted, day, departments)
    _require_new(session, store.id, wanted)
    for name in ("topic", "place", "starts_at", "ends_at", "trainer_id", "trainer_name", "capacity", "notes"):
        setattr(session, name, getattr(wanted, name))
    session.kind, session.late_counts, session.business_date = kind, kind.late_counts, day
    called = session.position_ids
    session.audience = [row for row in session.audience if row.position_id in wanted.position_ids] + [
        SessionAudience(position_id=position_id) for position_id in sorted(wanted.position_ids - called)
    ]


def _require_sensible(kind: TrainingKind, wanted: Particulars) -> None:
    if not wanted.topic.strip():
        raise DomainError(say("Say what the session is about."))
    if not wanted.starts_at < wanted.ends_at <= wanted.starts_at + LONGEST:
        raise DomainError(say("A session ends after it starts, and lasts at most a day."))
    if (wanted.trainer_id is None) == (not wanted.trainer_name.strip()):
        raise DomainError(say("Choose a trainer of the store, or name one from outside, not both."))
    if wanted.capacity is not None and not 0 < wanted.capacity <= LARGEST_ROOM:
        raise DomainError(say("The room has place for 1 to {most} people.", most=LARGEST_ROOM))
    if not wanted.position_ids and not kind.for_customers:
        raise DomainError(say("Choose at least one position that is called to attend."))


def _departments(group_id: int, position_ids: frozenset[int]) -> set[int]:
    """The departments of the positions called."""
    found = db.session.execute(
        select(Position.id, Position.department_id).where(Position.group_id == group_id, Position.id.in_(position_ids))
    ).all()
    if len(found) < len(position_ids):
        raise NotFound(say("There is no such position."))
    return {department for _position, department in found}


def _trainer_kind(store_id: int, wanted: Particulars, day: date, departments: set[int]) -> TrainerKind:
    if wanted.trainer_id is None:
        return TrainerKind.EXTERNAL
    posting: Posting | None = posting_on(wanted.trainer_id, day)
    if posting is None or posting.store_id != store_id:
        raise DomainError(say("The trainer does not work in this store on {day}.", day=day.isoformat()))
    is_own = not departments or posting.department_id in departments
    return TrainerKind.OWN if is_own else TrainerKind.GUEST


def _require_new(session: TrainingSession, store_id: int, wanted: Particulars) -> None:
    same = select(TrainingSession.id).where(
        TrainingSession.store_id == store_id,
        TrainingSession.kind_id == wanted.kind_id,
        TrainingSession.topic == wanted.topic,
        TrainingSession.starts_at == wanted.starts_at,
        TrainingSession.state != SessionState.CANCELLED,
        TrainingSession.id != (session.id or 0),
    )
    with db.session.no_autoflush:
        taken = db.session.scalar(same.limit(1))
    if taken is not None:
        raise Conflict(say("This session is planned already: the same kind, topic and time."))


def coming(store_id: int, position_id: int, since: datetime, most: int = 5) -> list[TrainingSession]:
    """The next sessions that call a position, soonest first."""
    found = _with_trainer(store_id).where(
        TrainingSession.ends_at >= since,
        TrainingSession.state.in_((SessionState.PLANNED, SessionState.RUNNING)),
        TrainingSession.audience.any(SessionAudience.position_id == position_id),
    )
    return list(db.session.scalars(found.order_by(TrainingSession.starts_at).limit(most)))
