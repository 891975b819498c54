"""Who was there: the roster by hand, corrections with a reason, and people nobody expected."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from incentives.core.access import Capability
from incentives.db import db
from incentives.people.service import staff
from incentives.training.forms import CorrectionForm, LinkForm, RosterForm, WalkInForm
from incentives.training.service import roster as service
from incentives.training.service import sessions
from incentives.training.service.roster import Mark
from incentives.training.views.blueprint import bp
from incentives.training.views.sessions import show
from incentives.web.forms import optional_choices
from incentives.web.guards import actor, guarded, place


@bp.post("/stores/<store_code>/training/<int:session_id>/roster")
@guarded(Capability.RUN_TRAINING)
def roster(session_id: int) -> Response | tuple[str, int]:
    """Save the whole roster; only what was changed on this page is written."""
    here, form = place(), RosterForm()
    marks: list[Mark] = []
    if form.submitted():
        with form.refusals():
            marks = form.marks(request.form)
            changed = service.save(here.id, session_id, marks, actor_id=actor().employee_id)
            db.session.commit()
            flash(ngettext("%(num)d person recorded.", "%(num)d people recorded.", changed), "success")
            return redirect(url_for("training.session", session_id=session_id))
    typed = {mark.employee_id: mark.chosen for mark in marks}
    refusals = tuple(str(error) for error in form.form_errors)
    return show(sessions.session_of(here.id, session_id), typed=typed, refusals=refusals), 422


@bp.route("/stores/<store_code>/training/<int:session_id>/attendance/<int:employee_id>", methods=["GET", "POST"])
@guarded(Capability.CORRECT_ATTENDANCE)
def correct(session_id: int, employee_id: int) -> str | Response | tuple[str, int]:
    """Correct somebody's attendance after the session was closed."""
    here = place()
    found = sessions.session_of(here.id, session_id)
    row = service.on_roster(found, employee_id)
    form = CorrectionForm(state=row.state.value, seen=row.state.value)
    form.offer_states()
    name, state = row.employee.name, row.state
    if form.submitted():
        with form.refusals():
            service.correct(
                here.id,
                session_id,
                employee_id,
                type(state)(form.state.data),
                seen=form.seen_state(),
                reason=str(form.reason.data),
                actor_id=actor().employee_id,
            )
            db.session.commit()
            flash(_("Corrected. Points and quotas follow at once."), "success")
            return redirect(url_for("training.session", session_id=session_id))
    page = render_template("training/correct.html", correction_form=form, session=found, name=name, state=state)
    return page, 422 if form.refused else 200


@bp.route("/stores/<store_code>/training/<int:session_id>/walk-in", methods=["GET", "POST"])
@guarded(Capability.RUN_TRAINING)
def welcome(session_id: int) -> str | Response | tuple[str, int]:
    """Take in somebody who was not called."""
    here = place()
    found = sessions.session_of(here.id, session_id)
    form = WalkInForm()
    form.person.choices = optional_choices(staff.choices(here.id, found.business_date))
    if form.submitted():
        with form.refusals():
            service.welcome(
                here.id,
                session_id,
                name=form.name.data or "",
                employee_id=form.person.data,
                actor_id=actor().employee_id,
            )
            db.session.commit()
            flash(_("Recorded."), "success")
            return redirect(url_for("training.session", session_id=session_id))
    return render_template("training/walk_in.html", walk_in_form=form, session=found), 422 if form.refused else 200


@bp.route("/stores/<store_code>/training/<int:session_id>/walk-in/<int:walk_in_id>", methods=["GET", "POST"])
@guarded(Capability.RUN_TRAINING)
def link(session_id: int, walk_in_id: int) -> str | Response | tuple[str, int]:
    """Say who a walk-in was."""
    here = place()
    found = sessions.session_of(here.id, session_id)
    guest = service.walk_in_of(found, walk_in_id)
    form = LinkForm()
    form.person.choices = staff.choices(here.id, found.business_date)
    name = guest.name
    if form.submitted():
        with form.refusals():
            service.link(here.id, session_id, walk_in_id, employee_id=form.person.data, actor_id=actor().employee_id)
            db.session.commit()
            flash(_("Linked: the attendance counts for that person."), "success")
            return redirect(url_for("training.session", session_id=session_id))
    page = render_template("training/link.html", link_form=form, session=found, name=name)
    return page, 422 if form.refused else 200
