"""Reasons and the rules behind them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from incentives.core.access import Capability
from incentives.db import db
from incentives.rewards.forms import TermsForm
from incentives.rewards.models import Instrument
from incentives.rewards.service import reasons
from incentives.rewards.views.blueprint import bp
from incentives.rewards.views.roles import PARTAKERS
from incentives.web.guards import actor, allows, guarded, place


@bp.get("/stores/<store_code>/rewards/reasons")
@guarded(*PARTAKERS)
def reasons_list() -> str:
    """The reasons with what they usually come to, and when the rule behind each was made known."""
    here = place()
    return render_template(
        "rewards/reasons.html",
        reasons=reasons.reasons_of(here.id),
        may_change=allows(Capability.APPROVE_PLANS, here.id),
    )


@bp.route("/stores/<store_code>/rewards/reasons/<int:reason_id>", methods=["GET", "POST"])
@guarded(Capability.APPROVE_PLANS)
def reason(reason_id: int) -> str | Response | tuple[str, int]:
    """Change the terms of a reason, for the whole group."""
    here = place()
    found = reasons.reason_of(here.id, reason_id)
    form = TermsForm(obj=found)
    if form.submitted():
        with form.refusals():
            terms = reasons.Terms(
                points=form.points.data,
                amount=form.amount.data,
                active=bool(form.active.data),
                published_on=form.published_on.data,
                published_where=form.published_where.data or "",
            )
            reasons.change(here.id, reason_id, terms, actor_id=actor().employee_id)
            db.session.commit()
            flash(_("Saved. Records made before keep their terms."), "success")
            return redirect(url_for("rewards.reasons_list"))
    page = render_template("rewards/reason.html", terms_form=form, reason=found, points=Instrument.POINTS)
    return page, 422 if form.refused else 200
