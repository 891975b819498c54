"""Pay plans: the list, a plan and its versions, writing with a live sample, whom it pays; and why a line is what it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse

from incentives import clock
from incentives.commissions.format import load
from incentives.commissions.forms import AssignForm, EndForm, PlanForm
from incentives.commissions.models import PayPlan, PlanVersion
from incentives.commissions.service import calculation, explaining, plans, trying
from incentives.core.access import Capability, Scope, scope_at
from incentives.core.approval import PLAN, PlanAction, PlanState
from incentives.core.errors import DomainError, say
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger.service import on_change
from incentives.people.service import setup, staff
from incentives.people.views.staff import position_name
from incentives.web import navigation
from incentives.web.forms import optional_choices
from incentives.web.guards import actor, allows, guarded, place, signed_in
from incentives.web.navigation import Entry

bp = Blueprint("commissions", __name__)

DRAFTING = frozenset({PlanAction.SUBMIT, PlanAction.WITHDRAW})


def init_app(app: Flask) -> None:
    """Hear of changed facts, and stand in the menu."""
    on_change(app, calculation.mark_stale)
    navigation.add(
        app, Entry(_l("Pay plans"), "commissions.index", "file-text", _l("Pay"), 400, (Capability.READ_PLANS,))
    )


def _this_month() -> Month:
    return Month.of(clock.today(place().zone))


@bp.get("/stores/<store_code>/plans")
@guarded(Capability.READ_PLANS)
def index() -> str:
    """The store's pay plans: what is in force, what waits, and whom each pays."""
    here = place()
    may_draft = allows(Capability.DRAFT_PLANS, here.id)
    may_see_drafts = may_draft or allows(Capability.APPROVE_PLANS, here.id)
    shown = [plan for plan in plans.plans_of(here.id) if may_see_drafts or _was_published(plan)]
    month = _this_month()
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


def _was_published(plan: PayPlan) -> bool:
    return any(version.state is PlanState.PUBLISHED for version in plan.versions)


def _waiting(plan: PayPlan) -> list[PlanVersion]:
    return [version for version in plan.versions if version.state in {PlanState.DRAFT, PlanState.SUBMITTED}]


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
    versions = [each for each in reversed(found.versions) if sees_drafts or each.state is PlanState.PUBLISHED]
    shown = next((each for each in versions if str(each.id) == request.args.get("version")), None)
    shown = shown or plans.in_force(found, _this_month()) or (versions[0] if versions else None)
    positions = {position.id: position_name(position) for position in staff.positions(actor().group_id)}
    people = dict(staff.choices(here.id, clock.today(here.zone)))
    return render_template(
        "commissions/plan.html",
        plan=found,
        versions=versions,
        shown=shown,
        trial=None if shown is None else trying.try_out(here.id, shown.text, _this_month(), None),
        actions=_actions(shown),
        payees=[
            (each, positions.get(each.position_id or 0) or people.get(each.employee_id or 0, ""))
            for each in found.assignments
        ],
        may_draft=allows(Capability.DRAFT_PLANS, here.id),
    )


def _actions(version: PlanVersion | None) -> list[PlanAction]:
    if version is None:
        return []
    here = place()
    return [
        action
        for action in PLAN.possible(version.state)
        if allows(Capability.DRAFT_PLANS if action in DRAFTING else Capability.APPROVE_PLANS, here.id)
    ]


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
    here, month = place(), _this_month()
    form = PlanForm(text=text, from_month=from_month or month, seen=str(seen), month=month)
    form.person.choices = optional_choices(staff.choices(here.id, clock.today(here.zone)))
    return form


def _writing(form: PlanForm, title: str) -> tuple[str, int]:
    trial = None
    if request.method == "POST" and form.text.data:
        with form.refusals():
            month = form.month.data or _this_month()
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


@bp.get("/stores/<store_code>/plans/versions/<int:version_id>/plan.yaml")
@guarded(Capability.DRAFT_PLANS, Capability.APPROVE_PLANS)
def file(version_id: int) -> Response:
    """A version as a file."""
    version = plans.version_of(place().id, version_id)
    response = Response(version.text, mimetype="application/yaml")
    name = f"{version.plan.code}-v{version.number}.yaml"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@bp.route("/stores/<store_code>/plans/<int:plan_id>/assign", methods=["GET", "POST"])
@guarded(Capability.DRAFT_PLANS)
def assign(plan_id: int) -> str | BaseResponse | tuple[str, int]:
    """Say whom a plan pays."""
    here = setup.store_by_id(place().id)
    found = plans.plan_of(here.id, plan_id)
    form = AssignForm(from_month=_this_month())
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
    form = EndForm(last=_this_month())
    if form.submitted():
        with form.refusals():
            plans.end_assignment(place().id, assignment_id, last=form.last.data, actor_id=actor().employee_id)
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("commissions.plan", plan_id=plan_id))
    return render_template("commissions/end_assignment.html", end_form=form, plan=found), 422 if form.refused else 200


@bp.get("/stores/<store_code>/pay-lines/<int:line_id>")
@guarded(Capability.READ_STATEMENTS)
def why(line_id: int) -> str:
    """Why a line of somebody's pay is what it is."""
    found = explaining.why(explaining.line_of(place().id, line_id))
    return render_template("commissions/why.html", why=found, own=False)


@bp.get("/me/pay-lines/<int:line_id>")
@signed_in
def my_why(line_id: int) -> str:
    """Why a line of one's own pay is what it is."""
    found = explaining.why(explaining.own_line(actor().employee_id, line_id))
    return render_template("commissions/why.html", why=found, own=True)


@bp.get("/stores/<store_code>/pay-lines/<int:line_id>/facts/<int:number>")
@guarded(Capability.READ_STATEMENTS)
def facts(line_id: int, number: int) -> str:
    """The sale lines behind a figure."""
    line = explaining.line_of(place().id, line_id)
    return render_template("commissions/facts.html", **explaining.facts_page(line, number), own=False)


@bp.get("/me/pay-lines/<int:line_id>/facts/<int:number>")
@signed_in
def my_facts(line_id: int, number: int) -> str:
    """The sale lines behind a figure of one's own."""
    line = explaining.own_line(actor().employee_id, line_id)
    return render_template("commissions/facts.html", **explaining.facts_page(line, number), own=True)
