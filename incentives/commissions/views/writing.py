"""Writing a plan with a live sample, and taking it out as a file."""

from __future__ import annotations

from typing import cast

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from incentives import clock
from incentives.commissions.format import load
from incentives.commissions.forms import PlanForm
from incentives.commissions.models import PayPlan
from incentives.commissions.service import plans, trying
from incentives.commissions.views.blueprint import bp
from incentives.commissions.views.here import this_month
from incentives.core.access import Capability
from incentives.core.errors import DomainError, say
from incentives.core.period import Month
from incentives.db import db
from incentives.people.service import staff
from incentives.web.forms import optional_choices
from incentives.web.guards import actor, guarded, place


@bp.route("/stores/<store_code>/plans/new", methods=["GET", "POST"])
@guarded(Capability.DRAFT_PLANS)
def new() -> str | BaseResponse | tuple[str, int]:
    """Write a plan, beginning with one of the usual ones or with the plan in force."""
    here = place()
    form = _plan_form(_beginning())
    if form.submitted() and "try" not in request.form:
        with form.refusals():
            version = plans.draft(
                here.id, str(form.text.data), from_month=form.from_month.data, actor_id=actor().employee_id
            )
            db.session.commit()
            flash(_("The draft is kept. Submit it when it is ready for approval."), "success")
            return redirect(url_for("commissions.plan", plan_id=version.plan_id, version=version.id))
    return _writing(form, _("Write a plan"))


def _beginning() -> str:
    return plans.template(request.args.get("template", ""))


def _plan_form(text: str, from_month: Month | None = None, seen: int = 0) -> PlanForm:
    here, month = place(), this_month()
    form = PlanForm(text=text, from_month=from_month or month, seen=str(seen), month=month)
    form.person.choices = optional_choices(staff.choices(here.id, clock.today(here.zone)))
    return form


def _writing(form: PlanForm, title: str) -> tuple[str, int]:
    trial = None
    if request.method == "POST" and form.text.data:
        with form.refusals():
            month = form.month.data or this_month()
            trial = trying.try_out(place().id, form.text.data, month, cast("int | None", form.person.data))
    page = render_template(
        "commissions/write.html", plan_form=form, trial=trial, title=title, templates=plans.templates()
    )
    return page, 422 if form.refused else 200


@bp.route("/stores/<store_code>/plans/<int:plan_id>/versions/new", methods=["GET", "POST"])
@guarded(Capability.DRAFT_PLANS)
def new_version(plan_id: int) -> str | BaseResponse | tuple[str, int]:
    """Write the next version of a plan, beginning with the latest one."""
    here = place()
    found = plans.plan_of(here.id, plan_id)
    form = _plan_form(found.versions[-1].text)
    if form.submitted() and "try" not in request.form:
        with form.refusals():
            _require_same_code(found, str(form.text.data))
            version = plans.draft(
                here.id, str(form.text.data), from_month=form.from_month.data, actor_id=actor().employee_id
            )
            db.session.commit()
            flash(_("The draft is kept. Submit it when it is ready for approval."), "success")
            return redirect(url_for("commissions.plan", plan_id=plan_id, version=version.id))
    return _writing(form, _("A new version of %(name)s", name=_plan_name(found)))


def _require_same_code(found: PayPlan, text: str) -> None:
    if load(text).plan.code != found.code:
        raise DomainError(say("This is a version of the plan “{code}”: its code must stay the same.", code=found.code))


def _plan_name(found: PayPlan) -> str:
    return found.name


@bp.route("/stores/<store_code>/plans/versions/<int:version_id>/edit", methods=["GET", "POST"])
@guarded(Capability.DRAFT_PLANS)
def edit(version_id: int) -> str | BaseResponse | tuple[str, int]:
    """Change a draft."""
    version = plans.version_of(place().id, version_id)
    form = _plan_form(version.text, version.from_month, version.revision)
    if form.submitted() and "try" not in request.form:
        with form.refusals():
            plans.rewrite(
                version,
                str(form.text.data),
                from_month=form.from_month.data,
                seen=form.seen_revision(),
                actor_id=actor().employee_id,
            )
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("commissions.plan", plan_id=version.plan_id, version=version.id))
    return _writing(form, _("Change a draft"))


@bp.get("/stores/<store_code>/plans/versions/<int:version_id>/plan.yaml")
@guarded(Capability.DRAFT_PLANS, Capability.APPROVE_PLANS)
def file(version_id: int) -> Response:
    """A version as a file."""
    version = plans.version_of(place().id, version_id)
    response = Response(version.text, mimetype="application/yaml")
    name = f"{version.plan.code}-v{version.number}.yaml"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
