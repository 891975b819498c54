"""How training is named and coloured on its pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import request
from flask_babel import gettext as _

from incentives.core.attendance import Attendance as State
from incentives.core.attendance import SessionState
from incentives.core.period import FIRST_YEAR, LAST_YEAR
from incentives.core.quota import QuotaStatus
from incentives.people.service import staff
from incentives.people.views.staff import position_name
from incentives.training.models import TrainerKind, TrainingKind, TrainingSession
from incentives.web.filters import moment
from incentives.web.i18n import language, tell
from incentives.web.sent import whole_or

STATE_TONES = {
    State.PRESENT: "good",
    State.LATE: "warn",
    State.EXCUSED: "info",
    State.ABSENT: "bad",
    State.NOT_RECORDED: "quiet",
}
SESSION_TONES = {
    SessionState.PLANNED: "info",
    SessionState.RUNNING: "brand",
    SessionState.CLOSED: "good",
    SessionState.CANCELLED: "quiet",
}
STATUS_TONES = {
    QuotaStatus.DONE: "good",
    QuotaStatus.ON_COURSE: "good",
    QuotaStatus.AT_RISK: "warn",
    QuotaStatus.IMPOSSIBLE: "bad",
}


def kind_name(kind: TrainingKind) -> str:
    """A kind in the reader's language."""
    return kind.name_en or kind.name if language() == "en" else kind.name


def trainer_text(session: TrainingSession) -> str:
    """Who gives it, and whether as a guest or from outside."""
    if session.trainer_kind is TrainerKind.OWN:
        return session.given_by
    return str(_("%(name)s (%(origin)s)", name=session.given_by, origin=tell(session.trainer_kind.says)))


def time_text(session: TrainingSession) -> str:
    """From when to when, in the store's zone."""
    return f"{moment(session.starts_at)} – {moment(session.ends_at)[-5:]}"


def audience_text(session: TrainingSession) -> str:
    """The positions called."""
    names = [position_name(row.position) for row in session.audience]
    if not names:
        return str(_("for customers"))
    return ("、" if language() == "zh" else ", ").join(names)


def position_choices(group_id: int) -> list[tuple[int, str]]:
    """The positions of the group for a form."""
    return [(position.id, position_name(position)) for position in staff.positions(group_id)]


def year_asked(today: date) -> int:
    """The year of the address, else the present one."""
    return min(max(whole_or(today.year, request.args.get("year", "")), FIRST_YEAR), LAST_YEAR)


def years_around(year: int, today: date) -> Sequence[int]:
    """The years beside one another on a page of years."""
    return sorted({year, today.year - 1, today.year, today.year + 1})
