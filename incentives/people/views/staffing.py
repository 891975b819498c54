"""人员定编: planned against actual people."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from incentives import clock
from incentives.core.access import Capability
from incentives.core.period import Month
from incentives.db import db
from incentives.people.forms import HeadcountForm
from incentives.people.models import Position
from incentives.people.service import setup
from incentives.people.service import staffing as service
from incentives.people.service.staff import positions
from incentives.people.views.blueprint import bp
from incentives.people.views.staff import position_name
from incentives.web.guards import actor, allows, guarded, place
from incentives.web.tables import Table, as_xlsx, download


@bp.get("/stores/<store_code>/staffing")
@guarded(Capability.READ_PEOPLE)
def staffing() -> str:
    """Planned and actual people by position, with the gap."""
    here = place()
    rows = service.staffing(setup.store_by_id(here.id), clock.today(here.zone))
    return render_template(
        "people/staffing.html",
        rows=rows,
        planned=sum(row.planned or 0 for row in rows),
        actual=sum(row.actual for row in rows),
        position_name=position_name,
        may_manage=allows(Capability.MANAGE_PEOPLE, here.id),
    )


@bp.get("/stores/<store_code>/staffing.xlsx")
@guarded(Capability.READ_PEOPLE)
def staffing_file() -> Response:
    """The same as a file."""
    here = place()
    rows = service.staffing(setup.store_by_id(here.id), clock.today(here.zone))
    heading = [_("Position"), _("Planned people"), _("Actual people"), _("Gap"), _("Planned change")]
    cells = [(position_name(row.position), row.planned, row.actual, row.gap, row.note) for row in rows]
    return download(as_xlsx(Table("staffing", heading, cells)), f"staffing-{here.code}", "xlsx")


@bp.route("/stores/<store_code>/staffing/plan", methods=["GET", "POST"])
@guarded(Capability.MANAGE_PEOPLE)
def plan_headcount() -> str | Response | tuple[str, int]:
    """Plan so many people of a position from a month on."""
    store = setup.store_by_id(place().id)
    form = HeadcountForm(month=Month.of(clock.today(store.zone)))
    form.position.choices = [(position.id, position_name(position)) for position in positions(store.group_id)]
    if form.submitted():
        with form.refusals():
            service.plan_headcount(
                store,
                db.session.get_one(Position, form.position.data),
                month=form.month.data,
                planned=form.planned.data,
                note=form.note.data or "",
                actor_id=actor().employee_id,
            )
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("people.staffing"))
    return render_template("people/plan_headcount.html", headcount_form=form), 422 if form.refused else 200
