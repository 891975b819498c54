"""Submitting, sending back, approving and withdrawing a version."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse

from incentives.commissions.service import plans
from incentives.commissions.views.blueprint import bp
from incentives.commissions.views.here import DRAFTING
from incentives.core.access import Capability, Scope, scope_at
from incentives.core.approval import PlanAction
from incentives.db import db
from incentives.web.guards import actor, guarded, place


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
    if plans.act(version, wanted, actor_id=actor().employee_id):
        db.session.commit()
        flash(_("Done."), "success")
    return redirect(url_for("commissions.plan", plan_id=version.plan_id, version=version.id))
