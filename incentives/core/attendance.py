"""Training sessions and attendance: five states that are never mixed up, and a denominator that is always named.

Source: product.md §5. Excused leaves the denominator; so do sessions before somebody joined. What was not
recorded is not known: it counts neither for nor against anybody, and is shown apart until somebody records it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from incentives.core.errors import Sentence, say
from incentives.core.spoken import Spoken
from incentives.core.workflow import Refusal, Workflow


class Attendance(Spoken):
    """What a roster says about a person."""

    PRESENT = "present", say("present")
    LATE = "late", say("late")
    EXCUSED = "excused", say("excused")
    ABSENT = "absent", say("absent")
    NOT_RECORDED = "not_recorded", say("not recorded")


@dataclass(frozen=True, slots=True)
class Invitation:
    """A session that was held for a person's position, and what the roster says."""

    day: date
    state: Attendance


@dataclass(frozen=True, slots=True)
class Summary:
    """A person's attendance over some sessions. ``countable`` is the denominator."""

    attended: int
    countable: int
    excused: int
    not_recorded: int
    before_joining: int

    @property
    def rate(self) -> Fraction | None:
        """Attended of countable; ``None`` where nothing counts."""
        return Fraction(self.attended, self.countable) if self.countable else None

    @property
    def sentence(self) -> Sentence:
        """The figure with its denominator."""
        return say(
            "{attended} of {countable} countable sessions attended",
            attended=self.attended,
            countable=self.countable,
        )

    @property
    def denominator(self) -> Sentence:
        """What the denominator leaves out."""
        return say(
            "Countable are the sessions held. Left out: {before} before joining, {excused} excused, "
            "{not_recorded} not recorded.",
            before=self.before_joining,
            excused=self.excused,
            not_recorded=self.not_recorded,
        )


def attended(state: Attendance, *, late_counts: bool = True) -> bool:
    """Whether a state counts as attended. Late does, unless the kind of training says otherwise."""
    return state is Attendance.PRESENT or (state is Attendance.LATE and late_counts)


def is_countable(state: Attendance) -> bool:
    """Whether a state stays in the denominator: all but excused and not recorded."""
    return state not in (Attendance.EXCUSED, Attendance.NOT_RECORDED)


def summary(invitations: Iterable[Invitation], *, joined: date | None = None, late_counts: bool = True) -> Summary:
    """Count a person's sessions. ``joined`` is the first day in the posting; that day's session counts."""
    every = list(invitations)
    since = [held.state for held in every if joined is None or held.day >= joined]
    states = Counter(since)
    return Summary(
        attended=sum(attended(state, late_counts=late_counts) for state in since),
        countable=sum(is_countable(state) for state in since),
        excused=states[Attendance.EXCUSED],
        not_recorded=states[Attendance.NOT_RECORDED],
        before_joining=len(every) - len(since),
    )


class SessionState(Spoken):
    """A training session."""

    PLANNED = "planned", say("planned")
    RUNNING = "running", say("running")
    CLOSED = "closed", say("held")
    CANCELLED = "cancelled", say("cancelled")


class SessionAction(StrEnum):
    """What is done to a session."""

    START = "start"
    CLOSE = "close"
    CANCEL = "cancel"


_SESSION_NOT_STARTED = Refusal("session_not_started", say("The session has not started yet."))
_SESSION_RUNNING = Refusal("session_running", say("The session is running: close it instead."))
_SESSION_CLOSED = Refusal("session_closed", say("The session is closed: attendance is corrected with a reason."))
_SESSION_CANCELLED = Refusal("session_cancelled", say("The session was cancelled: plan a new one."))

SESSION: Workflow[SessionState, SessionAction] = Workflow(
    {
        SessionAction.START: {
            SessionState.PLANNED: SessionState.RUNNING,
            SessionState.RUNNING: SessionState.RUNNING,
            SessionState.CLOSED: _SESSION_CLOSED,
            SessionState.CANCELLED: _SESSION_CANCELLED,
        },
        SessionAction.CLOSE: {
            SessionState.PLANNED: _SESSION_NOT_STARTED,
            SessionState.RUNNING: SessionState.CLOSED,
            SessionState.CLOSED: SessionState.CLOSED,
            SessionState.CANCELLED: _SESSION_CANCELLED,
        },
        SessionAction.CANCEL: {
            SessionState.PLANNED: SessionState.CANCELLED,
            SessionState.RUNNING: _SESSION_RUNNING,
            SessionState.CLOSED: _SESSION_CLOSED,
            SessionState.CANCELLED: SessionState.CANCELLED,
        },
    }
)
"""planned → running → closed; a planned one can be cancelled. Starting twice resets nobody's attendance."""
