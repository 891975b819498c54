"""Two versions of a plan side by side, in sentences."""

from __future__ import annotations

from flask import render_template, request

from incentives.commissions.models import PayPlan, PlanVersion
from incentives.commissions.service import plans, sheets
from incentives.commissions.service.comparing import differences
from incentives.commissions.views.blueprint import bp
from incentives.core.access import Capability
from incentives.core.errors import NotFound, say
from incentives.db import db
from incentives.web.guards import actor, guarded, place


@bp.get("/stores/<store_code>/plans/<int:plan_id>/compare")
@guarded(Capability.DRAFT_PLANS, Capability.APPROVE_PLANS)
def compare(plan_id: int) -> str:
    """What one version says otherwise than another; the last two unless chosen."""
    found = plans.plan_of(place().id, plan_id)
    later = _chosen(found, "other") or found.versions[-1]
    before = [each for each in found.versions if each.number < later.number]
    earlier = _chosen(found, "one") or (before[-1] if before else later)
    told = differences(place().id, earlier.text, later.text, later.from_month)
    return render_template("commissions/compare.html", plan=found, one=earlier, other=later, told=told, sheet=None)


def _chosen(plan: PayPlan, name: str) -> PlanVersion | None:
    return next((each for each in plan.versions if str(each.id) == request.args.get(name)), None)


@bp.get("/stores/<store_code>/plans/sheets/<int:sheet_id>/compare")
@guarded(Capability.DRAFT_PLANS)
def compare_sheet(sheet_id: int) -> str:
    """What one's own sheet says otherwise than the draft as it is by now."""
    sheet = sheets.sheet_of(place().id, actor().employee_id, sheet_id)
    version = None if sheet.version_id is None else db.session.get(PlanVersion, sheet.version_id)
    if version is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    told = differences(place().id, version.text, sheets.text_of(sheet), sheet.from_month)
    return render_template(
        "commissions/compare.html", plan=version.plan, one=version, other=None, told=told, sheet=sheet
    )
