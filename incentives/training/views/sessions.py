"""The sessions of a store: the list, each one's page, and planning, starting, closing and cancelling them."""

from __future__ import annotations

from datetime import date

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from incentives import clock
from incentives.core.access import Capability
from incentives.core.attendance import Attendance as State
from incentives.core.attendance import SessionState
from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import Employee
from incentives.people.service import staff
from incentives.people.service.setup import store_by_id
from incentives.training.forms import ConfirmForm, SessionForm
from incentives.training.models import TrainingKind, TrainingSession
from incentives.training.service import kinds, quotas, rows, sessions
from incentives.training.views.blueprint import bp
from incentives.training.views.words import (
    SESSION_TONES,
    STATE_TONES,
    audience_text,
    kind_name,
    position_choices,
    time_text,
    trainer_text,
)
from incentives.web.filters import month_name
from incentives.web.guards import actor, allows, guarded, place
from incentives.web.i18n import tell
from incentives.web.lists import Column, Filter, Listing

MONTHS_OFFERED = range(-12, 4)
WORDS = {"kind_name": kind_name, "time_text": time_text, "trainer_text": trainer_text, "audience_text": audience_text}


@bp.get("/stores/<store_code>/training")
@guarded(Capability.READ_TRAINING)
def index() -> str | Response:
    """Every session of the store, planned and held."""
    here, may_run = place(), allows(Capability.RUN_TRAINING, place().id)
    group_id = actor().group_id
    listing = Listing[TrainingSession](
        name=f"training-{here.code}",
        columns=_columns(),
        statement=sessions.sessions_of(here.id).outerjoin(TrainingSession.trainer),
        order=[TrainingSession.starts_at.desc(), TrainingSession.id.desc()],
        search_in=(
            TrainingSession.topic,
            TrainingSession.place,
            TrainingSession.trainer_name,
            TrainingKind.name,
            TrainingKind.name_en,
            Employee.name,
            Employee.pinyin,
            Employee.initials,
            staff.JOINED_PINYIN,
        ),
        filters=_filters(group_id, clock.today(here.zone)),
        link=lambda session: url_for("training.session", session_id=session.id),
        empty_title=_("No sessions found"),
        empty_text=_("Plan the year's sessions; everybody called sees them on the phone."),
        empty_action=(_("Plan a session"), url_for("training.plan")) if may_run else None,
    )
    return listing.respond("training/index.html", may_run=may_run)


def _columns() -> list[Column[TrainingSession]]:
    return [
        Column("topic", _("Topic"), lambda session: session.topic, sort=TrainingSession.topic),
        Column("time", _("Time"), time_text, kind="date", sort=TrainingSession.starts_at),
        Column("kind", _("Kind of training"), lambda session: kind_name(session.kind), sort=TrainingKind.order),
        Column("trainer", _("Trainer"), trainer_text),
        Column("audience", _("Who is called"), audience_text),
        Column("place", _("Place"), lambda session: session.place),
        Column(
            "state",
            _("State"),
            lambda session: tell(session.state.says),
            kind="badge",
            tone=lambda session: SESSION_TONES[session.state],
        ),
    ]


def _filters(group_id: int, today: date) -> list[Filter]:
    months = [Month.of(today).plus(number) for number in reversed(MONTHS_OFFERED)]
    offered = kinds.kinds_of(group_id, also_former=True)
    return [
        Filter(
            "month",
            _("Month"),
            [("", _("all months")), *((str(month), month_name(month)) for month in months)],
            lambda chosen: TrainingSession.business_date.between(Month.parse(chosen).first, Month.parse(chosen).last),
        ),
        Filter(
            "kind",
            _("Kind of training"),
            [("", _("all kinds")), *((str(kind.id), kind_name(kind)) for kind in offered)],
            lambda chosen: TrainingSession.kind_id == int(chosen),
        ),
        Filter(
            "state",
            _("State"),
            [("", _("all states")), *((state.value, tell(state.says)) for state in SessionState)],
            lambda chosen: TrainingSession.state == SessionState(chosen),
        ),
    ]


@bp.get("/stores/<store_code>/training/<int:session_id>")
@guarded(Capability.READ_TRAINING)
def session(session_id: int) -> str:
    """A session with its roster and everything that was changed in it."""
    return show(sessions.session_of(place().id, session_id))


def show(found: TrainingSession, *, typed: dict[int, State] | None = None, refusals: tuple[str, ...] = ()) -> str:
    """The page of a session; with what was typed into its roster where that was refused."""
    here = place()
    roster = rows.rows_of(found.id)
    counts = {state: sum(row.state is state for row in roster) for state in State}
    return render_template(
        "training/session.html",
        session=found,
        roster=roster,
        counts=counts,
        states=list(State),
        typed=typed or {},
        refusals=refusals,
        changes=rows.changes_of(found.id),
        called=len(rows.expected(found)) if found.state is SessionState.PLANNED else len(roster),
        is_today=found.business_date <= clock.today(here.zone),
        may_run=allows(Capability.RUN_TRAINING, here.id),
        may_correct=allows(Capability.CORRECT_ATTENDANCE, here.id),
        me=actor().employee_id,
        tones=STATE_TONES,
        session_tones=SESSION_TONES,
        **WORDS,
    )


@bp.route("/stores/<store_code>/training/plan", methods=["GET", "POST"])
@guarded(Capability.RUN_TRAINING)
def plan() -> str | BaseResponse | tuple[str, int]:
    """Plan a session. The address may name the kind; its usual audience is then ticked."""
    store = store_by_id(place().id)
    form = SessionForm(day=clock.today(store.zone))
    _offer(form, store.id, store.group_id, store.zone)
    if request.method == "GET":
        _suggest(form, store.id, clock.today(store.zone).year)
    if form.submitted():
        with form.refusals():
            planned = sessions.plan(store, form.particulars(store.zone), actor_id=actor().employee_id)
            db.session.commit()
            flash(_("The session is planned. Everybody called sees it from now on."), "success")
            return redirect(url_for("training.session", session_id=planned.id))
    page = render_template("training/plan.html", session_form=form, session=None)
    return page, 422 if form.refused else 200


def _offer(form: SessionForm, store_id: int, group_id: int, zone: str, also: TrainingKind | None = None) -> None:
    offered = list(kinds.kinds_of(group_id))
    if also is not None and also not in offered:
        offered.append(also)
    people = staff.choices(store_id, form.day.data or clock.today(zone))
    form.offer([(kind.id, kind_name(kind)) for kind in offered], people, position_choices(group_id))


def _suggest(form: SessionForm, store_id: int, year: int) -> None:
    asked = request.args.get("kind", "")
    known = {str(choice[0]): int(choice[0]) for choice in form.kind.iter_choices()}
    if asked in known:
        form.kind.data = known[asked]
        form.positions.data = sorted(quotas.asked_of(quotas.quotas_of(store_id, year).get(known[asked])))


@bp.route("/stores/<store_code>/training/<int:session_id>/change", methods=["GET", "POST"])
@guarded(Capability.RUN_TRAINING)
def change(session_id: int) -> str | BaseResponse | tuple[str, int]:
    """Change a planned session."""
    store = store_by_id(place().id)
    found = sessions.session_of(store.id, session_id)
    form = SessionForm()
    if request.method == "GET":
        form.show(found, store.zone)
    _offer(form, store.id, store.group_id, store.zone, also=found.kind)
    if form.submitted():
        with form.refusals():
            sessions.change(
                store,
                session_id,
                form.particulars(store.zone),
                seen=form.seen_version(),
                actor_id=actor().employee_id,
            )
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("training.session", session_id=session_id))
    return render_template("training/plan.html", session_form=form, session=found), 422 if form.refused else 200


@bp.post("/stores/<store_code>/training/<int:session_id>/start")
@guarded(Capability.RUN_TRAINING)
def start(session_id: int) -> BaseResponse:
    """Start a session: its roster opens."""
    here = place()
    sessions.start(here.id, session_id, actor_id=actor().employee_id, today=clock.today(here.zone))
    db.session.commit()
    flash(_("The session is running. Record who is here."), "success")
    return redirect(url_for("training.session", session_id=session_id))


@bp.route("/stores/<store_code>/training/<int:session_id>/close", methods=["GET", "POST"])
@guarded(Capability.RUN_TRAINING)
def close(session_id: int) -> str | BaseResponse | tuple[str, int]:
    """Close a session, after a page that says what then counts."""
    here, form = place(), ConfirmForm()
    found = sessions.session_of(here.id, session_id)
    if form.submitted():
        with form.refusals():
            sessions.close(here.id, session_id, actor_id=actor().employee_id)
            db.session.commit()
            flash(_("The session is held. Attendance counts from now on."), "success")
            return redirect(url_for("training.session", session_id=session_id))
    missing = sum(row.state is State.NOT_RECORDED for row in rows.rows_of(session_id))
    page = render_template(
        "training/close.html", confirm_form=form, session=found, missing=missing, time_text=time_text
    )
    return page, 422 if form.refused else 200


@bp.route("/stores/<store_code>/training/<int:session_id>/cancel", methods=["GET", "POST"])
@guarded(Capability.RUN_TRAINING)
def cancel(session_id: int) -> str | BaseResponse | tuple[str, int]:
    """Cancel a planned session."""
    here, form = place(), ConfirmForm()
    found = sessions.session_of(here.id, session_id)
    if form.submitted():
        with form.refusals():
            sessions.cancel(here.id, session_id, actor_id=actor().employee_id)
            db.session.commit()
            flash(_("The session is cancelled. It stays on record."), "success")
            return redirect(url_for("training.session", session_id=session_id))
    return render_template(
        "training/cancel.html", confirm_form=form, session=found, time_text=time_text
    ), 422 if form.refused else 200
