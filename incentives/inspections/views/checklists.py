"""The group's checklist as it stands, and a new version of it: copied, edited, published from a day on."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from incentives import clock
from incentives.core.access import Capability, Scope, reach
from incentives.db import db
from incentives.inspections.forms import ChecklistForm
from incentives.inspections.models import Section
from incentives.inspections.service import checklists as service
from incentives.inspections.views import words
from incentives.inspections.views.blueprint import bp
from incentives.web.guards import actor, guarded


@bp.get("/group/checklist")
@guarded(Capability.READ_INSPECTIONS, Capability.MANAGE_CHECKLISTS)
def checklist() -> str:
    """The checklist in all its versions; the one of the address, else the latest."""
    found = service.checklist_of(actor().group_id)
    asked = request.args.get("version", "")
    shown = next((version for version in found.versions if str(version.number) == asked), found.versions[-1])
    return render_template(
        "inspections/checklist.html",
        checklist=found,
        version=shown,
        sections=[(section, [item for item in shown.items if item.section is section]) for section in Section],
        words=words,
        may_publish=reach(actor(), Capability.MANAGE_CHECKLISTS).scope >= Scope.GROUP,
    )


@bp.route("/group/checklist/revise", methods=["GET", "POST"])
@guarded(Capability.MANAGE_CHECKLISTS, least=Scope.GROUP)
def revise() -> str | Response | tuple[str, int]:
    """Copy the latest version, edit the copy, publish it. All stores keep one checklist, so that they compare."""
    found, today = service.checklist_of(actor().group_id), clock.today()
    form = ChecklistForm(day=today)
    if request.method == "GET":
        form.show(found.versions[-1])
    form.offer()
    if form.submitted():
        with form.refusals():
            version = service.publish(
                found,
                form.published(),
                day=form.day.data,
                today=today,
                seen=form.seen_number(),
                actor_id=actor().employee_id,
            )
            db.session.commit()
            flash(_("Version %(number)d is published.", number=version.number), "success")
            return redirect(url_for("inspections.checklist"))
    page = render_template("inspections/revise.html", checklist_form=form, checklist=found, words=words)
    return page, 422 if form.refused else 200
