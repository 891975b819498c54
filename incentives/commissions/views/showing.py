"""The list of plans, and one plan with its versions."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request

from incentives import clock
from incentives.adoptions.service.acknowledging import tallies
from incentives.commissions.format import load
from incentives.commissions.models import PayPlan, PlanVersion
from incentives.commissions.service import adopting, checking, history, plans, trying
from incentives.commissions.service.catalogue import catalogue_of
from incentives.commissions.views.blueprint import bp
from incentives.commissions.views.here import DRAFTING, this_month
from incentives.core.access import Capability
from incentives.core.approval import PLAN, PlanAction, PlanState
from incentives.core.errors import NotFound, say
from incentives.core.period import Month
from incentives.people.service import staff
from incentives.people.views.staff import position_name
from incentives.web.guards import actor, allows, guarded, place


@bp.get("/stores/<store_code>/plans")
@guarded(Capability.READ_PLANS)
def index() -> str:
    """The store's pay plans: what is in force, what waits, and whom each pays."""
    here = place()
    may_draft = allows(Capability.DRAFT_PLANS, here.id)
    may_see_drafts = may_draft or allows(Capability.APPROVE_PLANS, here.id)
    shown = [plan for plan in plans.plans_of(here.id) if may_see_drafts or _was_adopted(plan)]
    month = this_month()
    positions = {position.id: position_name(position) for position in staff.positions(actor().group_id)}
    people = dict(staff.choices(here.id, month.first))
    return render_template(
        "commissions/index.html",
        plans=[
            (plan, plans.in_force(plan, month), _waiting(plan), _payees(plan, month, positions, people))
            for plan in shown
        ],
        may_draft=may_draft,
    )


def _was_adopted(plan: PayPlan) -> bool:
    return any(version.state is PlanState.ADOPTED for version in plan.versions)


def _waiting(plan: PayPlan) -> list[PlanVersion]:
    return [
        version
        for version in plan.versions
        if version.state in {PlanState.DRAFT, PlanState.SUBMITTED, PlanState.APPROVED}
    ]


def _payees(plan: PayPlan, month: Month, positions: Mapping[int, str], people: Mapping[int, str]) -> list[str]:
    return [
        positions.get(each.position_id or 0) or people.get(each.employee_id or 0, "")
        for each in plans.of_month(plan, month)
    ]


@bp.get("/stores/<store_code>/plans/<int:plan_id>")
@guarded(Capability.READ_PLANS)
def plan(plan_id: int) -> str:
    """A plan: the rule in plain sentences, its versions, and whom it pays."""
    here = place()
    found = plans.plan_of(here.id, plan_id)
    sees_drafts = allows(Capability.DRAFT_PLANS, here.id) or allows(Capability.APPROVE_PLANS, here.id)
    versions = [each for each in reversed(found.versions) if sees_drafts or each.state is PlanState.ADOPTED]
    shown = next((each for each in versions if str(each.id) == request.args.get("version")), None)
    shown = shown or plans.in_force(found, this_month()) or (versions[0] if versions else None)
    positions = {position.id: position_name(position) for position in staff.positions(actor().group_id)}
    people = dict(staff.choices(here.id, clock.today(here.zone)))
    catalogue = None if shown is None else catalogue_of(here.id, [load(shown.text).plan])
    return render_template(
        "commissions/plan.html",
        plan=found,
        versions=versions,
        shown=shown,
        trial=None if shown is None else trying.try_out(here.id, shown.text, this_month(), None, catalogue),
        actions=_actions(shown),
        report=checking.report_of(shown, catalogue) if shown is not None and sees_drafts else None,
        last_check=checking.last_check(shown.id) if shown is not None and sees_drafts else None,
        payees=[
            (each, positions.get(each.position_id or 0) or people.get(each.employee_id or 0, ""))
            for each in found.assignments
        ],
        may_draft=allows(Capability.DRAFT_PLANS, here.id),
        sees_drafts=sees_drafts,
    )


@bp.get("/stores/<store_code>/plans/versions/<int:version_id>/history")
@guarded(Capability.READ_PLANS)
def version_history(version_id: int) -> str:
    """How a version came about; the plan's page takes it in. Drafts are for those who write or approve them."""
    here = place()
    version, today = plans.version_of(here.id, version_id), clock.today(here.zone)
    sees_drafts = allows(Capability.DRAFT_PLANS, here.id) or allows(Capability.APPROVE_PLANS, here.id)
    if version.state is not PlanState.ADOPTED and not sees_drafts:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    record = adopting.adoption_of(version)
    tally = None if record is None else tallies(here.id, today, [record.id]).get(record.id)
    passed = history.history(version, record, tally, this_month())
    return render_template("commissions/version_history.html", version=version, record=record, passed=passed)


def _actions(version: PlanVersion | None) -> list[PlanAction]:
    if version is None:
        return []
    here = place()
    return [
        action
        for action in PLAN.possible(version.state)
        if action is not PlanAction.ADOPT
        and allows(Capability.DRAFT_PLANS if action in DRAFTING else Capability.APPROVE_PLANS, here.id)
    ]
