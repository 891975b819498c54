"""My training: what is asked of me, what comes next, and where I was."""

from __future__ import annotations

from flask import Response, g
from flask_babel import gettext as _

from incentives import clock
from incentives.core.access import Capability
from incentives.core.attendance import Attendance as State
from incentives.core.errors import NotFound, say
from incentives.training.models import Attendance, TrainingKind, TrainingSession
from incentives.training.service import own, progress, sessions
from incentives.training.views.blueprint import bp
from incentives.training.views.progress import explain
from incentives.training.views.words import STATE_TONES, STATUS_TONES, kind_name, time_text, trainer_text
from incentives.web.filters import shown
from incentives.web.guards import actor, guarded
from incentives.web.hooks import Place
from incentives.web.i18n import tell
from incentives.web.lists import Column, Filter, Listing


@bp.get("/me/training")
@guarded(Capability.READ_OWN)
def mine() -> str | Response:
    """Own quotas with what is missing, the next sessions, and own attendance."""
    me, home = actor().employee_id, _home()
    today = clock.today(home.zone) if home else clock.today()
    found = progress.matrix(home.id, actor().group_id, today.year, today, only=me) if home else None
    row = found.of(me) if found else None
    return _listing(me).respond(
        "training/mine.html",
        cells=[cell for cell in row.cells if cell.is_relevant] if row else [],
        coming=sessions.coming(home.id, row.member.position_id, clock.now()) if home and row else [],
        given=found.given.get(me, 0) if found else 0,
        kind_name=kind_name,
        time_text=time_text,
        trainer_text=trainer_text,
        tones=STATUS_TONES,
    )


@bp.get("/me/training/<int:kind_id>")
@guarded(Capability.READ_OWN)
def my_why(kind_id: int) -> str:
    """The sessions behind one of one's own quotas."""
    home = _home()
    if home is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return explain(home, actor().employee_id, kind_id)


def _home() -> Place | None:
    """The store where the person works; none for somebody between postings."""
    found: Place | None = g.get("home_place")
    return found


def _listing(me: int) -> Listing[Attendance]:
    return Listing[Attendance](
        name="my-training",
        columns=[
            Column("topic", _("Topic"), lambda row: row.session.topic, sort=TrainingSession.topic),
            Column(
                "day",
                _("Day"),
                lambda row: shown(row.session.business_date),
                kind="date",
                sort=TrainingSession.starts_at,
            ),
            Column("kind", _("Kind of training"), lambda row: kind_name(row.session.kind), sort=TrainingKind.order),
            Column("trainer", _("Trainer"), lambda row: trainer_text(row.session)),
            Column(
                "state",
                _("Attendance"),
                lambda row: tell(row.state.says),
                kind="badge",
                tone=lambda row: STATE_TONES[row.state],
            ),
        ],
        statement=own.attendance_of(me),
        order=[TrainingSession.starts_at.desc(), Attendance.id.desc()],
        search_in=(TrainingSession.topic, TrainingKind.name, TrainingKind.name_en),
        filters=[
            Filter(
                "state",
                _("Attendance"),
                [("", _("all states")), *((state.value, tell(state.says)) for state in State)],
                lambda chosen: Attendance.state == State(chosen),
            )
        ],
        empty_title=_("No sessions of yours yet"),
        empty_text=_("Sessions to which you are called stand here once they have begun."),
    )
