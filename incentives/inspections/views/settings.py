"""Areas, and who answers for them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from incentives import clock
from incentives.core.access import Capability
from incentives.core.inspection import Level
from incentives.db import db
from incentives.inspections.forms import AreaForm, ResponsibleForm
from incentives.inspections.service import areas as service
from incentives.inspections.views import words
from incentives.inspections.views.blueprint import bp
from incentives.people.service import staff
from incentives.people.service.setup import store_by_id
from incentives.web.guards import actor, guarded, place


@bp.route("/stores/<store_code>/areas", methods=["GET", "POST"])
@guarded(Capability.MANAGE_CHECKLISTS)
def areas() -> str | Response | tuple[str, int]:
    """The areas with those who answer for them; add another."""
    here = place()
    form = AreaForm()
    if form.submitted():
        with form.refusals():
            service.open_area(
                store_by_id(here.id),
                name=str(form.name.data),
                name_en=form.name_en.data or "",
                actor_id=actor().employee_id,
            )
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("inspections.areas"))
    return render_template(
        "inspections/areas.html",
        area_form=form,
        areas=service.areas_of(here.id),
        people=service.responsibilities(here.id),
        today=clock.today(here.zone),
        words=words,
    ), 422 if form.refused else 200


@bp.post("/stores/<store_code>/areas/usual")
@guarded(Capability.MANAGE_CHECKLISTS)
def usual_areas() -> Response:
    """Take over the usual areas of an after-sales department."""
    added = service.open_usual_areas(store_by_id(place().id), actor_id=actor().employee_id)
    db.session.commit()
    flash(_("%(count)d areas were added.", count=added), "success")
    return redirect(url_for("inspections.areas"))


@bp.route("/stores/<store_code>/areas/<int:area_id>/responsible", methods=["GET", "POST"])
@guarded(Capability.MANAGE_CHECKLISTS)
def responsible(area_id: int) -> str | Response | tuple[str, int]:
    """Say who answers for an area from a day on."""
    here, today = place(), clock.today(place().zone)
    area = service.area_of(here.id, area_id)
    form = ResponsibleForm(day=today)
    form.offer(staff.choices(here.id, today))
    if form.submitted():
        with form.refusals():
            service.make_responsible(
                area,
                form.person.data,
                level=Level(form.level.data),
                day=form.day.data,
                actor_id=actor().employee_id,
            )
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("inspections.areas"))
    return render_template(
        "inspections/responsible.html", responsible_form=form, area=area, words=words
    ), 422 if form.refused else 200
