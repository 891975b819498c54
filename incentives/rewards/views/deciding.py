"""Decide what was proposed, answer appeals, follow a won one to everybody with the same cause."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from incentives import clock
from incentives.core.access import Capability
from incentives.core.period import Month
from incentives.db import db
from incentives.rewards.documents import issue_notices
from incentives.rewards.forms import AnswerForm, DecisionForm, WordsForm
from incentives.rewards.service import appeals, records
from incentives.rewards.service.proposing import propose_for_month
from incentives.rewards.views.blueprint import bp
from incentives.rewards.views.records import page
from incentives.rewards.views.roles import DECIDERS
from incentives.web.forms import Form
from incentives.web.guards import actor, guarded, place
from incentives.web.sent import whole

MOST_AT_ONCE = 200


@bp.post("/stores/<store_code>/rewards/approve")
@guarded(*DECIDERS)
def approve() -> Response:
    """Approve what was ticked, all or none; notices are issued with it."""
    ids = [number for each in request.form.getlist("record")[:MOST_AT_ONCE] if (number := whole(each)) is not None]
    new = _approve(ids, "")
    db.session.commit()
    flash(ngettext("%(num)d approved.", "%(num)d approved.", new), "success")
    return redirect(url_for("rewards.waiting"))


def _approve(ids: list[int], comment: str) -> int:
    here, today = place(), clock.today(place().zone)
    new = records.approve(actor(), here.id, ids, today=today, comment=comment)
    issue_notices(here.id, today=today, actor_id=actor().employee_id)
    return new


@bp.post("/stores/<store_code>/rewards/rules")
@guarded(*DECIDERS)
def run_rules() -> Response:
    """Let the rules propose what they find in a month."""
    here = place()
    month = Month.parse(request.form.get("month", ""))
    new = propose_for_month(here.id, month, clock.today(here.zone), actor_id=actor().employee_id)
    db.session.commit()
    flash(ngettext("The rules propose %(num)d new record.", "The rules propose %(num)d new records.", new), "success")
    return redirect(url_for("rewards.waiting"))


def _act(record_id: int, form: Form, act: Callable[[], object], done: str) -> Response | tuple[str, int]:
    """Do what a button of the record's page says; a refusal is shown on that page."""
    if form.submitted():
        with form.refusals():
            act()
            db.session.commit()
            flash(done, "success")
            return redirect(url_for("rewards.show", record_id=record_id))
    return page(record_id, form), 422


@bp.post("/stores/<store_code>/rewards/<int:record_id>/decision")
@guarded(*DECIDERS)
def decide(record_id: int) -> Response | tuple[str, int]:
    """Approve or reject a record."""
    here, form, today = place(), DecisionForm(), clock.today(place().zone)
    words = form.words.data or ""
    if request.form.get("decision") == "approve":
        return _act(record_id, form, lambda: _approve([record_id], words), _("Approved."))
    return _act(
        record_id,
        form,
        lambda: records.reject(actor(), here.id, record_id, comment=words, today=today),
        _("Rejected. The reason is kept."),
    )


@bp.post("/stores/<store_code>/rewards/<int:record_id>/withdrawal")
@guarded(Capability.PROPOSE_REWARDS)
def withdraw(record_id: int) -> Response | tuple[str, int]:
    """Take back what one proposed."""
    here, form = place(), WordsForm()
    return _act(
        record_id,
        form,
        lambda: records.withdraw(here.id, record_id, actor_id=actor().employee_id, comment=form.words.data or ""),
        _("Withdrawn."),
    )


@bp.post("/stores/<store_code>/rewards/<int:record_id>/appeal")
@guarded(*DECIDERS)
def decide_appeal(record_id: int) -> Response | tuple[str, int]:
    """Grant or dismiss an appeal."""
    here, form, today = place(), AnswerForm(), clock.today(place().zone)
    granted, answer = request.form.get("decision") == "grant", form.words.data or ""
    return _act(
        record_id,
        form,
        lambda: appeals.decide(actor(), here.id, record_id, granted=granted, answer=answer, today=today),
        _("The appeal is decided."),
    )


@bp.post("/stores/<store_code>/rewards/<int:record_id>/same-cause/<int:other_id>")
@guarded(*DECIDERS)
def overturn(record_id: int, other_id: int) -> Response | tuple[str, int]:
    """Overturn another record since an appeal with the same cause was won."""
    here, form, today = place(), WordsForm(), clock.today(place().zone)
    words = form.words.data or ""
    return _act(
        record_id,
        form,
        lambda: appeals.overturn(actor(), here.id, other_id, because_id=record_id, words=words, today=today),
        _("Overturned, for the same cause."),
    )
