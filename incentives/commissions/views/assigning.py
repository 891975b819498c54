"""Whom a plan pays."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from incentives import clock
from incentives.commissions.forms import AssignForm, EndForm
from incentives.commissions.service import plans
from incentives.commissions.views.blueprint import bp
from incentives.commissions.views.here import this_month
from incentives.core.access import Capability
from incentives.core.errors import DomainError, say
from incentives.db import db
from incentives.people.service import setup, staff
from incentives.people.views.staff import position_name
from incentives.web.forms import optional_choices
from incentives.web.guards import actor, guarded, place


@bp.route("/stores/<store_code>/plans/<int:plan_id>/assign", methods=["GET", "POST"])
@guarded(Capability.DRAFT_PLANS)
def assign(plan_id: int) -> str | BaseResponse | tuple[str, int]:
    """Say whom a plan pays."""
    here = setup.store_by_id(place().id)
    found = plans.plan_of(here.id, plan_id)
    form = AssignForm(from_month=this_month())
    positions = [(position.id, position_name(position)) for position in staff.positions(here.group_id)]
    form.position.choices = optional_choices(positions)
    form.person.choices = optional_choices(staff.choices(here.id, clock.today(here.zone)))
    if form.submitted():
        with form.refusals():
            if not form.one_of_both():
                raise DomainError(say("Choose either a position or one person."))
            plans.assign(
                found,
                position_id=form.position.data,
                employee_id=form.person.data,
                from_month=form.from_month.data,
                to_month=form.to_month.data,
                actor_id=actor().employee_id,
            )
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("commissions.plan", plan_id=plan_id))
    return render_template("commissions/assign.html", assign_form=form, plan=found), 422 if form.refused else 200


@bp.route("/stores/<store_code>/plans/<int:plan_id>/assignments/<int:assignment_id>/end", methods=["GET", "POST"])
@guarded(Capability.DRAFT_PLANS)
def end_assignment(plan_id: int, assignment_id: int) -> str | BaseResponse | tuple[str, int]:
    """Let a plan stop paying somebody after a month."""
    found = plans.plan_of(place().id, plan_id)
    form = EndForm(last=this_month())
    if form.submitted():
        with form.refusals():
            plans.end_assignment(place().id, assignment_id, last=form.last.data, actor_id=actor().employee_id)
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("commissions.plan", plan_id=plan_id))
    return render_template("commissions/end_assignment.html", end_form=form, plan=found), 422 if form.refused else 200
