"""Submitting, sending back, approving, adopting and withdrawing a version."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse

from incentives import clock
from incentives.adoptions.forms import AdoptionForm
from incentives.commissions.service import adopting, plans
from incentives.commissions.views.blueprint import bp
from incentives.commissions.views.here import DRAFTING
from incentives.core.access import Capability, Scope, scope_at
from incentives.core.approval import PLAN, PlanAction
from incentives.core.signs import as_it_reads
from incentives.db import db
from incentives.web.forms import LONGEST_NOTE
from incentives.web.guards import actor, guarded, place

LONGEST_REASON = min(500, LONGEST_NOTE)


@bp.post("/stores/<store_code>/plans/versions/<int:version_id>/<action>")
@guarded(Capability.DRAFT_PLANS, Capability.APPROVE_PLANS)
def act(version_id: int, action: str) -> BaseResponse:
    """Submit, send back, approve or withdraw a version."""
    version = plans.version_of(place().id, version_id)
    wanted = next((each for each in PlanAction if each.value == action), None)
    if wanted is None:
        raise BadRequest
    needed = Capability.DRAFT_PLANS if wanted in DRAFTING else Capability.APPROVE_PLANS
    if scope_at(actor(), needed, place().id) < Scope.STORE:
        raise plans.not_for_you()
    reason = as_it_reads(request.form.get("reason", "")).strip()[:LONGEST_REASON]
    if plans.act(version, wanted, actor_id=actor().employee_id, reason=reason):
        db.session.commit()
        flash(_("Done."), "success")
    return redirect(url_for("commissions.plan", plan_id=version.plan_id, version=version.id))


@bp.route("/stores/<store_code>/plans/versions/<int:version_id>/adoption", methods=["GET", "POST"])
@guarded(Capability.DRAFT_PLANS)
def adopt(version_id: int) -> str | BaseResponse | tuple[str, int]:
    """Record the adoption of an approved version: who was consulted, when and where it was published."""
    here = place()
    version, today = plans.version_of(here.id, version_id), clock.today(here.zone)
    PLAN.after(version.state, PlanAction.ADOPT)
    form = AdoptionForm(published_on=today, consulted_on=None, counts_from=max(today, version.from_month.first))
    form.offer()
    if form.submitted():
        with form.refusals():
            if adopting.adopt(version, form.record(), actor_id=actor().employee_id, evidence=form.sent):
                db.session.commit()
                flash(_("Adopted. It holds from %(month)s on.", month=version.from_month), "success")
            return redirect(url_for("commissions.plan", plan_id=version.plan_id, version=version_id))
    page = render_template(
        "commissions/adopt.html", adoption_form=form, version=version, sentences=adopting.rule_of(version).sentences
    )
    return page, 422 if form.refused else 200
