"""A record about oneself: its evidence and notice, the receipt, and the appeal."""

from __future__ import annotations

from datetime import date

from flask import Response as FileResponse
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from incentives import clock
from incentives.core.access import Capability
from incentives.db import db
from incentives.exchange.papers import keep_papers
from incentives.people.service import setup
from incentives.rewards.forms import AppealForm, WordsForm, sent
from incentives.rewards.models import RewardRecord
from incentives.rewards.service import appeals, evidence, listing, notices
from incentives.rewards.views.blueprint import bp
from incentives.rewards.views.papers import notice_of, saved
from incentives.rewards.views.records import told
from incentives.web.guards import actor, guarded


@bp.route("/me/rewards/<int:record_id>", methods=["GET", "POST"])
@guarded(Capability.READ_OWN)
def own(record_id: int) -> str | Response | tuple[str, int]:
    """A record about oneself, with the way to appeal."""
    form, me = AppealForm(), actor().employee_id
    record = listing.own(me, record_id)
    today = _today(record)
    if form.submitted():
        with form.refusals():
            papers = keep_papers(record.store_id, sent(form.photo))
            appeals.appeal(record_id, employee_id=me, words=form.words.data or "", today=today, papers=papers)
            db.session.commit()
            flash(_("Your appeal is recorded. It holds the record back until somebody else has decided."), "success")
            return redirect(url_for("rewards.own", record_id=record_id))
        record = listing.own(me, record_id)
    page = render_template("rewards/own.html", **told(record, today), appeal_form=form, receipt_form=WordsForm())
    return page, 422 if form.refused else 200


def _today(record: RewardRecord) -> date:
    """Today at the store whose calendar the record's days follow."""
    return clock.today(setup.store_by_id(record.store_id).zone)


@bp.post("/me/rewards/<int:record_id>/receipt")
@guarded(Capability.READ_OWN)
def acknowledge(record_id: int) -> Response:
    """Confirm that the notice was received, which is no agreement."""
    me = actor().employee_id
    notices.acknowledge(record_id, employee_id=me, today=_today(listing.own(me, record_id)))
    db.session.commit()
    flash(_("The receipt is recorded. You can still appeal."), "success")
    return redirect(url_for("rewards.own", record_id=record_id))


@bp.get("/me/rewards/<int:record_id>/files/<int:file_id>")
@guarded(Capability.READ_OWN)
def own_file(record_id: int, file_id: int) -> FileResponse:
    """A piece of evidence about oneself."""
    return saved(evidence.file_of(listing.own(actor().employee_id, record_id), file_id))


@bp.get("/me/rewards/<int:record_id>/notice")
@guarded(Capability.READ_OWN)
def own_notice(record_id: int) -> FileResponse:
    """The written notice to oneself, as it was issued."""
    return notice_of(listing.own(actor().employee_id, record_id))
