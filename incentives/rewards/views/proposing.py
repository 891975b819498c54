"""Propose a reward or a penalty, for one person or for several at once; record a proven loss."""

from __future__ import annotations

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from incentives import clock
from incentives.core.access import Capability
from incentives.core.errors import NotFound
from incentives.db import db
from incentives.exchange.papers import keep_papers
from incentives.people.service import staff
from incentives.rewards.forms import LossForm, ProposeForm, sent
from incentives.rewards.models import Instrument, ReasonCode
from incentives.rewards.service import listing, reasons, records
from incentives.rewards.views.blueprint import bp
from incentives.web.guards import actor, guarded, place
from incentives.web.i18n import tell
from incentives.web.sent import whole_or


@bp.route("/stores/<store_code>/rewards/new", methods=["GET", "POST"])
@guarded(Capability.PROPOSE_REWARDS)
def propose() -> str | Response | tuple[str, int]:
    """Propose a reward or penalty, with evidence. Those named together share one cause."""
    here, today = place(), clock.today(place().zone)
    form = ProposeForm(day=today, token=secrets.token_hex(16), cause=request.args.get("cause", ""))
    known = [each for each in reasons.reasons_of(here.id, only_active=True) if each.instrument is not Instrument.LOSS]
    people = [each for each in staff.searchable(here.id, today) if each[0] != actor().employee_id]
    ticked = set(request.form.getlist("person"))
    people.sort(key=lambda each: str(each[0]) not in ticked)
    form.offer([(key, name) for key, name, _words in people], [(each.id, _choice(each)) for each in known])
    if form.submitted():
        with form.refusals():
            made = records.propose_together(
                here.id, _proposal(form, here.id), form.person.data or [], maker_id=actor().employee_id, today=today
            )
            db.session.commit()
            flash(_("Proposed. Somebody else decides."), "success")
            return redirect(url_for("rewards.show", record_id=made[0].id))
    words = {key: said for key, _name, said in people}
    return render_template("rewards/propose.html", propose_form=form, words=words), 422 if form.refused else 200


def _choice(reason: ReasonCode) -> str:
    usual = reason.usual(clock.today(place().zone))
    return f"{tell(reason.direction.says)} · {tell(reason.says)} ({usual} · {tell(reason.instrument.says)})"


def _proposal(form: ProposeForm, store_id: int) -> records.Proposal:
    reason = reasons.reason_of(store_id, form.reason.data or 0)
    usual = reason.usual(form.day.data)
    points, amount = (usual, None) if isinstance(usual, int) else (None, usual)
    return records.Proposal(
        employee_id=0,
        reason_id=reason.id,
        day=form.day.data,
        instrument=Instrument(form.instrument.data) if form.instrument.data else reason.instrument,
        points=points if form.points.data is None else form.points.data,
        amount=amount if form.amount.data is None else form.amount.data,
        note=str(form.note.data),
        token=str(form.token.data),
        papers=keep_papers(store_id, sent(form.photo)),
        cause=_cause(str(form.cause.data or "")),
    )


def _cause(record_id: str) -> str:
    """The cause of an earlier record that the maker may see; none if there is no such record."""
    try:
        return listing.record_for(actor(), place().id, whole_or(0, record_id)).cause
    except NotFound:
        return ""


@bp.route("/stores/<store_code>/rewards/losses/new", methods=["GET", "POST"])
@guarded(Capability.PROPOSE_REWARDS)
def record_loss() -> str | Response | tuple[str, int]:
    """Record a proven loss, with the clause and at least one file."""
    here, today = place(), clock.today(place().zone)
    form = LossForm(day=today, token=secrets.token_hex(16))
    known = [each for each in reasons.reasons_of(here.id, only_active=True) if each.instrument is Instrument.LOSS]
    people = [each for each in staff.choices(here.id, today) if each[0] != actor().employee_id]
    form.offer(people, [(each.id, tell(each.says)) for each in known])
    if form.submitted():
        with form.refusals():
            made = records.propose(here.id, _loss(form, here.id), maker_id=actor().employee_id, today=today)
            db.session.commit()
            flash(_("Recorded. Somebody else decides; the written notice follows the approval."), "success")
            return redirect(url_for("rewards.show", record_id=made.id))
    return render_template("rewards/loss.html", loss_form=form), 422 if form.refused else 200


def _loss(form: LossForm, store_id: int) -> records.Proposal:
    claim = records.Claim(
        what=str(form.what.data), contract=str(form.contract.data), clause=" ".join(str(form.clause.data).split())
    )
    return records.Proposal(
        employee_id=form.person.data or 0,
        reason_id=form.reason.data or 0,
        day=form.day.data,
        instrument=Instrument.LOSS,
        points=None,
        amount=form.amount.data,
        note=str(form.note.data),
        token=str(form.token.data),
        papers=keep_papers(store_id, sent(form.photo)),
        claim=claim,
    )
