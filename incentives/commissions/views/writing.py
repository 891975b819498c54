"""How a plan begins: with one of the usual ones, with another plan, with a file, or with nothing."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from incentives.commissions.forms import FileForm
from incentives.commissions.models import PayPlan, PlanVersion
from incentives.commissions.service import beginnings, checking, plans, sheets
from incentives.commissions.views.blueprint import bp
from incentives.commissions.views.here import this_month
from incentives.core.access import Capability
from incentives.core.errors import DomainError, say
from incentives.db import db
from incentives.people.service.setup import stores_of
from incentives.web.guards import actor, allows, guarded, place
from incentives.web.sent import whole_or


@bp.route("/stores/<store_code>/plans/new", methods=["GET", "POST"])
@guarded(Capability.DRAFT_PLANS)
def new() -> str | BaseResponse | tuple[str, int]:
    """Choose what to begin with."""
    here = place()
    form = FileForm()
    if "template" in request.form or "version" in request.form:
        return _begun(_chosen_text())
    if form.submitted():
        with form.refusals():
            return _begun(form.text())
    page = render_template(
        "commissions/new.html",
        file_form=form,
        templates=beginnings.templates(),
        plans=plans.plans_of(here.id),
        elsewhere=_plans_elsewhere(),
        store_of={each.id: each for each in stores_of(actor().group_id)},
        sheets=sheets.begun(here.id, actor().employee_id),
    )
    return page, 422 if form.refused else 200


def _chosen_text() -> str:
    """The text of the template or the version that was chosen.

    Raises:
        DomainError: there is no such template.
    """
    if sent := request.form.get("version", ""):
        return beginnings.copied(place().id, _version_to_copy(sent).text)
    name = request.form["template"]
    text = beginnings.EMPTY if name == "empty" else beginnings.template(name)
    if not text:
        raise DomainError(say("Please choose one of the list."))
    return beginnings.copied(place().id, text)


def _version_to_copy(sent: str) -> PlanVersion:
    """A version of this store, or of another one whose drafts the person may see.

    Raises:
        NotFound: there is no such version, or it is not for the person to see.
    """
    wanted = whole_or(0, sent)
    last = (plan.versions[-1] for plan in _plans_elsewhere())
    found = next((each for each in last if each.id == wanted), None)
    return found or plans.version_of(place().id, wanted)


def _plans_elsewhere() -> list[PayPlan]:
    """The plans of the other stores where the person drafts or approves plans, with their versions."""
    others = [each.id for each in stores_of(actor().group_id) if each.id != place().id and _sees_drafts(each.id)]
    found = plans.plans_of_stores(others) if others else ()
    return sorted((plan for plan in found if plan.versions), key=lambda plan: others.index(plan.store_id))


def _sees_drafts(store_id: int) -> bool:
    return allows(Capability.DRAFT_PLANS, store_id) or allows(Capability.APPROVE_PLANS, store_id)


def _begun(text: str, plan_id: int | None = None, reasons: Mapping[str, str] = checking.NO_REASONS) -> BaseResponse:
    month = this_month()
    sheet = sheets.begin(place().id, actor().employee_id, text, from_month=month, plan_id=plan_id, reasons=reasons)
    db.session.commit()
    return redirect(url_for("commissions.sheet", sheet_id=sheet.id))


@bp.post("/stores/<store_code>/plans/<int:plan_id>/versions/new")
@guarded(Capability.DRAFT_PLANS)
def new_version(plan_id: int) -> BaseResponse:
    """Write the next version of a plan, beginning with the latest one."""
    found = plans.plan_of(place().id, plan_id)
    last = found.versions[-1]
    return _begun(last.text, plan_id, checking.reasons_of(last.id))


@bp.post("/stores/<store_code>/plans/versions/<int:version_id>/edit")
@guarded(Capability.DRAFT_PLANS)
def edit(version_id: int) -> BaseResponse:
    """Change a draft on a sheet of one's own."""
    version = plans.version_of(place().id, version_id)
    sheet = sheets.begin(
        place().id,
        actor().employee_id,
        version.text,
        from_month=version.from_month,
        version=version,
        reasons=checking.reasons_of(version.id),
    )
    db.session.commit()
    return redirect(url_for("commissions.sheet", sheet_id=sheet.id))


@bp.route("/stores/<store_code>/plans/<int:plan_id>/versions/import", methods=["GET", "POST"])
@guarded(Capability.DRAFT_PLANS)
def import_version(plan_id: int) -> str | BaseResponse | tuple[str, int]:
    """Begin the next version of a plan with a file."""
    found = plans.plan_of(place().id, plan_id)
    form = FileForm()
    if form.submitted():
        with form.refusals():
            text = form.text()
            plans.require_code(found, beginnings.code_in(text))
            return _begun(text, found.id)
    return render_template("commissions/import_version.html", file_form=form, plan=found), 422 if form.refused else 200


@bp.get("/stores/<store_code>/plans/versions/<int:version_id>/plan.yaml")
@guarded(Capability.DRAFT_PLANS, Capability.APPROVE_PLANS)
def file(version_id: int) -> Response:
    """A version as a file, exactly as it was written."""
    version = plans.version_of(place().id, version_id)
    response = Response(version.text, mimetype="application/yaml")
    name = f"{version.plan.code}-v{version.number}.yaml"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@bp.post("/stores/<store_code>/plans/versions/<int:version_id>/reasons")
@guarded(Capability.DRAFT_PLANS)
def give_reason(version_id: int) -> BaseResponse:
    """Say why a warning of the plan check is meant."""
    version = plans.version_of(place().id, version_id)
    checking.give_reason(
        version, request.form.get("finding", ""), request.form.get("reason", ""), actor_id=actor().employee_id
    )
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(url_for("commissions.plan", plan_id=version.plan_id, version=version.id, _anchor="check"))
