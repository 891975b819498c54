"""Closing a month, confirming the closing, and reopening it by two persons."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse

from incentives.core.access import Capability
from incentives.core.approval import ProposalAction
from incentives.core.period import Month
from incentives.db import db
from incentives.payroll.forms import ReasonForm
from incentives.payroll.service import closing, reopening
from incentives.payroll.views.blueprint import bp
from incentives.web.guards import actor, guarded, place


@bp.post("/stores/<store_code>/months/<month>/close")
@guarded(Capability.CLOSE_MONTH)
def close(month: str) -> BaseResponse:
    """Close an approved month."""
    closing.close(place().id, Month.parse(month), actor_id=actor().employee_id)
    db.session.commit()
    flash(_("%(month)s is closed. It never changes from now on.", month=month), "success")
    return redirect(url_for("payroll.review", month=month))


@bp.post("/stores/<store_code>/months/<month>/confirm")
@guarded(Capability.CONFIRM_CLOSING)
def confirm(month: str) -> BaseResponse:
    """The head office confirms a closing."""
    closing.confirm(place().id, Month.parse(month), actor_id=actor().employee_id)
    db.session.commit()
    flash(_("Confirmed."), "success")
    return redirect(url_for("payroll.review", month=month))


@bp.route("/stores/<store_code>/months/<month>/reopen", methods=["GET", "POST"])
@guarded(Capability.PROPOSE_REOPENING)
def propose_reopening(month: str) -> str | BaseResponse | tuple[str, int]:
    """Propose to reopen a closed month."""
    form = ReasonForm()
    if form.submitted():
        with form.refusals():
            reason = str(form.reason.data)
            reopening.propose_reopening(place().id, Month.parse(month), reason=reason, actor_id=actor().employee_id)
            db.session.commit()
            flash(_("Proposed. A second person of the head office decides."), "success")
            return redirect(url_for("payroll.review", month=month))
    downloaded = reopening.was_downloaded(place().id, Month.parse(month))
    page = render_template(
        "payroll/propose_reopening.html", reason_form=form, month=Month.parse(month), downloaded=downloaded
    )
    return page, 422 if form.refused else 200


@bp.post("/stores/<store_code>/months/<month>/reopen/<decision>")
@guarded(Capability.REOPEN_MONTH)
def decide_reopening(month: str, decision: str) -> BaseResponse:
    """The second person confirms or refuses."""
    action = {"confirm": ProposalAction.CONFIRM, "refuse": ProposalAction.REFUSE}.get(decision)
    if action is None:
        raise BadRequest
    reopening.decide_reopening(place().id, Month.parse(month), action, actor_id=actor().employee_id)
    db.session.commit()
    flash(_("Decided."), "success")
    return redirect(url_for("payroll.review", month=month))
