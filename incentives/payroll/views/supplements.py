"""Supplements: whom closed months still owe something, preparing, deciding, the file."""

from __future__ import annotations

from functools import partial

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from incentives.audit import service as audit
from incentives.core.access import Capability
from incentives.core.approval import ProposalState
from incentives.core.errors import Conflict, Sentence, from_plain
from incentives.core.period import Month
from incentives.db import db
from incentives.payroll.files import supplement_file
from incentives.payroll.forms import DecisionForm
from incentives.payroll.models import LineKind
from incentives.payroll.service import supplements as service
from incentives.payroll.service.reading import key_of_line
from incentives.payroll.views.blueprint import bp
from incentives.people.service import setup, staff
from incentives.web.guards import actor, allows, guarded, place
from incentives.web.sent import whole
from incentives.web.tables import download

MOST_AT_ONCE = 500
DECIDERS = (Capability.APPROVE_MONTH,)


@bp.get("/stores/<store_code>/supplements")
@guarded(Capability.READ_STATEMENTS)
def supplements() -> str:
    """What was supplemented, and whom closed months still owe something."""
    here = place()
    month, refusal = _month_now(here.id)
    return render_template(
        "payroll/supplements.html",
        month=month,
        refusal=refusal,
        owed=[] if month is None else service.owed(here.id, month),
        supplements=service.supplements(here.id),
        may_prepare=allows(Capability.PREPARE_SUPPLEMENTS, here.id),
    )


def _month_now(store_id: int) -> tuple[Month | None, Sentence | None]:
    try:
        return service.month_of(store_id), None
    except Conflict as refusal:
        return None, refusal.sentence


@bp.post("/stores/<store_code>/supplements")
@guarded(Capability.PREPARE_SUPPLEMENTS)
def prepare_supplement() -> BaseResponse:
    """Prepare a supplement for those who were ticked."""
    ticked = request.form.getlist("person")[:MOST_AT_ONCE]
    chosen = [number for each in ticked if (number := whole(each)) is not None]
    made = service.prepare(place().id, chosen, actor_id=actor().employee_id)
    db.session.commit()
    flash(_("Prepared. Whoever approves these people's statements confirms it."), "success")
    return redirect(url_for("payroll.supplement", supplement_id=made.id))


@bp.get("/stores/<store_code>/supplements/<int:supplement_id>")
@guarded(Capability.READ_STATEMENTS)
def supplement(supplement_id: int) -> str:
    """A supplement with its lines, and what may be done with it."""
    return _page(supplement_id, DecisionForm())


def _page(supplement_id: int, form: DecisionForm) -> str:
    here = place()
    found = service.supplement_of(here.id, supplement_id)
    waits = found.state is ProposalState.PROPOSED
    return render_template(
        "payroll/supplement.html",
        supplement=found,
        people=staff.named(line.employee_id for line in found.lines),
        said=from_plain,
        line_key=partial(key_of_line, LineKind.ADJUSTMENT),
        words_form=form,
        refusal=service.refusal_to(actor(), found) if waits and allows(Capability.APPROVE_MONTH, here.id) else None,
        may_decide=waits and allows(Capability.APPROVE_MONTH, here.id),
        may_export=found.state is ProposalState.IN_FORCE and allows(Capability.EXPORT_PAYROLL, here.id),
    )


@bp.post("/stores/<store_code>/supplements/<int:supplement_id>/decision")
@guarded(*DECIDERS)
def decide_supplement(supplement_id: int) -> BaseResponse | tuple[str, int]:
    """Confirm a supplement, which posts it, or refuse it."""
    form, confirmed = DecisionForm(), request.form.get("decision") == "confirm"
    if form.submitted():
        with form.refusals():
            service.decide(actor(), place().id, supplement_id, confirmed=confirmed, reason=form.words.data or "")
            db.session.commit()
            flash(_("Decided."), "success")
            return redirect(url_for("payroll.supplement", supplement_id=supplement_id))
    return _page(supplement_id, form), 422


@bp.get("/stores/<store_code>/supplements/<int:supplement_id>/payroll.xlsx")
@guarded(Capability.EXPORT_PAYROLL)
def supplement_payroll(supplement_id: int) -> Response:
    """The file of an approved supplement: the same bytes each time. Each download leaves a row in the trail."""
    here = place()
    found = service.supplement_of(here.id, supplement_id)
    people = staff.named(line.employee_id for line in found.lines)
    data = supplement_file(found, setup.store_by_id(here.id), people)
    subject = f"{found.month} #{found.number}"
    audit.record_apart("payroll.supplement_exported", store_id=here.id, actor_id=actor().employee_id, subject=subject)
    return download(data, f"supplement-{here.code}-{found.month}-{found.number}", "xlsx")
