"""Record who was there, correct it with a reason, and take in people nobody expected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from incentives import clock
from incentives.audit import service as audit
from incentives.core.access import refuse_for_self
from incentives.core.attendance import SESSION, SessionAction, SessionState
from incentives.core.attendance import Attendance as State
from incentives.core.errors import Conflict, DomainError, Faults, NotFound, Sentence, say
from incentives.db import db
from incentives.people.service.staff import posting_on
from incentives.periods import service as periods
from incentives.training.models import Attendance, TrainingSession, WalkIn
from incentives.training.service import rows
from incentives.training.service.counting import recount
from incentives.training.service.sessions import session_to_change


@dataclass(frozen=True, slots=True)
class Mark:
    """What a roster's form says of a person: what the page showed, and what was chosen."""

    employee_id: int
    seen: State
    chosen: State


def save(store_id: int, session_id: int, marks: Iterable[Mark], *, actor_id: int) -> int:
    """Record the rows in which something else was chosen than the page showed; how many were changed.

    All others stay as they are, so two trainers can record different people at once, and saving again resets nobody.

    Raises:
        Conflict: the session is not running.
        DomainError: its month takes no more facts, or somebody is not on the roster.
        NotAllowed: a row is the actor's own.
        Faults: somebody else recorded one of these people differently in the meantime; nothing is saved.
    """
    session = _running(store_id, session_id)
    roster = {row.employee_id: row for row in rows.rows_of(session.id)}
    wanted = [mark for mark in marks if mark.chosen is not mark.seen]
    for mark in wanted:
        refuse_for_self(actor_id, mark.employee_id)
        if mark.employee_id not in roster:
            raise DomainError(say("Somebody on this form is not on the roster. Load the page again."))
    _refuse_overtaken(roster, wanted)
    fresh = [(roster[mark.employee_id], mark) for mark in wanted if roster[mark.employee_id].state is not mark.chosen]
    changes: dict[str, tuple[object, object]] = {}
    for row, mark in fresh:
        changes[row.employee.number] = (row.state.value, mark.chosen.value)
        rows.put(row, mark.chosen, by_id=actor_id)
    if changes:
        _tell_trail("training.attendance_recorded", session, actor_id, changes)
    return len(changes)


def _refuse_overtaken(roster: Mapping[int, Attendance], wanted: Iterable[Mark]) -> None:
    overtaken = [
        say("{name}: recorded as {state} by somebody else", name=row.employee.name, state=row.state.says)
        for mark in wanted
        if (row := roster[mark.employee_id]).state not in (mark.seen, mark.chosen)
    ]
    if overtaken:
        raise Faults(say("Somebody else has saved this roster in the meantime. Look at these people again."), overtaken)


def correct(
    store_id: int, session_id: int, employee_id: int, state: State, *, seen: State, reason: str, actor_id: int
) -> None:
    """Correct somebody's attendance after the session was closed. Points and boards follow at once.

    Of a closed month too: what it paid stays, and the first open month pays the difference.

    Raises:
        Conflict: the session is not closed, or somebody else corrected the row since.
        DomainError: there is no reason, or the month is under review.
        NotAllowed: it is the actor's own row.
        NotFound: the person is not on the roster.
    """
    session = session_to_change(store_id, session_id)
    if session.state is not SessionState.CLOSED:
        raise Conflict(say("The session is not closed yet: record attendance on its roster."))
    refuse_for_self(actor_id, employee_id)
    row = on_roster(session, employee_id)
    if not reason.strip():
        raise DomainError(say("A correction needs a reason."))
    if row.employee_id == session.trainer_id:
        raise DomainError(say("The trainer gave this session; there is no attendance to correct."))
    if row.state is not seen:
        raise Conflict(
            say("{name}: recorded as {state} by somebody else", name=row.employee.name, state=row.state.says)
        )
    if row.state is state:
        raise DomainError(say("That is what is recorded already."))
    periods.require_takes_facts(store_id, session.month)
    before = row.state
    rows.put(row, state, by_id=actor_id, reason=reason)
    recount(session, [row])
    changes: dict[str, tuple[object, object]] = {
        row.employee.number: (before.value, state.value),
        "reason": (None, reason),
    }
    _tell_trail("training.attendance_corrected", session, actor_id, changes)


def on_roster(session: TrainingSession, employee_id: int) -> Attendance:
    """Somebody's row.

    Raises:
        NotFound: the person is not on the roster.
    """
    row = rows.row_of(session.id, employee_id)
    if row is None:
        raise NotFound(say("This person is not on the roster."))
    return row


def welcome(store_id: int, session_id: int, *, name: str, employee_id: int | None, actor_id: int) -> WalkIn:
    """Take in somebody who was not called: a person of the store at once, or a name to be linked later.

    Raises:
        Conflict: the session is not running.
        DomainError: there is no name, or the person does not work here that day.
        NotAllowed: it is the actor himself.
    """
    session = _running(store_id, session_id)
    if not name.strip() and employee_id is None:
        raise DomainError(say("Choose a person, or write down the name."))
    guest = WalkIn(session_id=session.id, name=name.strip(), recorded_by=actor_id, recorded_at=clock.now())
    db.session.add(guest)
    if employee_id is not None:
        _link(session, guest, employee_id, actor_id)
    db.session.flush()
    _tell_trail("training.walk_in_recorded", session, actor_id, {"name": (None, guest.name)})
    return guest


def link(store_id: int, session_id: int, walk_in_id: int, *, employee_id: int, actor_id: int) -> None:
    """Say who a walk-in was: the person counts as present from now on, also after the session was closed.

    Raises:
        Conflict: it was linked before.
        DomainError: the person does not work here that day, or the month is under review.
        NotAllowed: it is the actor himself.
        NotFound: the session has no such walk-in.
    """
    session = session_to_change(store_id, session_id)
    guest = walk_in_of(session, walk_in_id)
    if guest.employee_id is not None:
        raise Conflict(say("Somebody has already said who this was."))
    periods.require_takes_facts(store_id, session.month)
    row = _link(session, guest, employee_id, actor_id)
    if session.state is SessionState.CLOSED:
        recount(session, [row])
    _tell_trail("training.walk_in_linked", session, actor_id, {guest.name: (None, row.employee.number)})


def walk_in_of(session: TrainingSession, walk_in_id: int) -> WalkIn:
    """A walk-in of a session.

    Raises:
        NotFound: it has none of that id.
    """
    found = select(WalkIn).where(WalkIn.session_id == session.id, WalkIn.id == walk_in_id)
    guest = db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if guest is None:
        raise NotFound(say("This session has no such walk-in."))
    return guest


def _link(session: TrainingSession, guest: WalkIn, employee_id: int, actor_id: int) -> Attendance:
    refuse_for_self(actor_id, employee_id)
    posting = posting_on(employee_id, session.business_date)
    if posting is None or posting.store_id != session.store_id:
        raise DomainError(say("This person did not work in this store on that day."))
    if employee_id == session.trainer_id:
        raise DomainError(say("The trainer gave this session; there is no attendance to correct."))
    row = rows.row_of(session.id, employee_id) or rows.add(session, employee_id, posting.department_id)
    reason = str(_REASON) if session.state is SessionState.CLOSED else ""
    rows.put(row, State.PRESENT, by_id=actor_id, reason=reason)
    guest.name = guest.name or row.employee.name
    guest.employee_id, guest.linked_by, guest.linked_at = employee_id, actor_id, clock.now()
    db.session.flush()
    return row


_REASON: Sentence = say("walk-in linked")


def _running(store_id: int, session_id: int) -> TrainingSession:
    """The session, held; refused with the table's own sentence unless it is running and its month open."""
    session = session_to_change(store_id, session_id)
    SESSION.after(session.state, SessionAction.START)  # not once it is closed or cancelled
    SESSION.after(session.state, SessionAction.CLOSE)  # not before it has started
    periods.require_open(store_id, session.month)
    return session


def _tell_trail(
    act: str, session: TrainingSession, actor_id: int, changes: Mapping[str, tuple[object, object]]
) -> None:
    subject = f"{session.business_date.isoformat()} {session.topic}"
    audit.record(act, store_id=session.store_id, actor_id=actor_id, subject=subject, changes=changes)
