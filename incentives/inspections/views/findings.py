"""Findings on pages: one's own, an answer, a re-check, a fault in conduct, and their photographs."""

from __future__ import annotations

from flask import Response as FileResponse
from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from incentives import clock
from incentives.core.access import Capability, may
from incentives.core.inspection import FindingState
from incentives.db import db
from incentives.exchange.pictures import MIME_TYPE, load_picture
from incentives.inspections.forms import AnswerForm, ConductForm, RecheckForm, sent_picture
from incentives.inspections.models import ConductFault
from incentives.inspections.service import findings as service
from incentives.inspections.service import photos
from incentives.inspections.views import words
from incentives.inspections.views.blueprint import bp
from incentives.people.service import staff
from incentives.web.guards import actor, allows, guarded, place


@bp.get("/me/findings")
@guarded(Capability.READ_OWN)
def mine() -> str:
    """My findings: what, until when, and the way to say it is done."""
    return render_template(
        "inspections/mine.html",
        findings=service.mine(actor()),
        today=clock.today(),
        words=words,
        may_answer=allows(Capability.ANSWER_FINDINGS),
    )


@bp.route("/me/findings/<int:finding_id>", methods=["GET", "POST"])
@guarded(Capability.ANSWER_FINDINGS)
def answer(finding_id: int) -> str | Response | tuple[str, int]:
    """Say what was done about a finding, with a photograph."""
    finding = service.finding_of([found.id for found in g.places], finding_id)
    form = AnswerForm(seen=str(finding.version), words=finding.answer_text)
    if form.submitted():
        with form.refusals():
            service.answer(
                finding,
                actor(),
                text=str(form.words.data),
                photo_id=photos.keep(finding.store_id, sent_picture(form.photo), actor().employee_id),
                seen=form.seen_version(),
                day=clock.today(),
            )
            db.session.commit()
            flash(_("Answered. An inspector will re-check it."), "success")
            return redirect(url_for("inspections.mine"))
    service.require_concerned(actor(), finding)
    return render_template(
        "inspections/answer.html", finding=finding, finding_form=form, words=words, today=clock.today()
    ), 422 if form.refused else 200


@bp.get("/stores/<store_code>/findings/<int:finding_id>")
@guarded(Capability.READ_INSPECTIONS)
def finding(finding_id: int) -> str:
    """A finding with its photographs and its history."""
    here = place()
    found = service.finding_of([here.id], finding_id)
    return render_template(
        "inspections/finding.html",
        finding=found,
        words=words,
        today=clock.today(here.zone),
        may_recheck=found.state is FindingState.ANSWERED and allows(Capability.INSPECT, here.id),
        may_answer=found.state in {FindingState.OPEN, FindingState.ANSWERED}
        and may(actor(), Capability.ANSWER_FINDINGS, store_id=here.id),
    )


@bp.route("/stores/<store_code>/findings/<int:finding_id>/recheck", methods=["GET", "POST"])
@guarded(Capability.INSPECT)
def recheck(finding_id: int) -> str | Response | tuple[str, int]:
    """Close a finding with an evaluation, or send it back with a reason."""
    here = place()
    found = service.finding_of([here.id], finding_id)
    form = RecheckForm(seen=str(found.version))
    if form.submitted():
        with form.refusals():
            text, seen = str(form.words.data), form.seen_version()
            if form.outcome.data == "close":
                service.close(found, actor(), evaluation=text, seen=seen, day=clock.today(here.zone))
            else:
                service.send_back(found, actor(), reason=text, seen=seen)
            db.session.commit()
            flash(_("The re-check is recorded."), "success")
            return redirect(url_for("inspections.finding", finding_id=finding_id))
    return render_template(
        "inspections/recheck.html", finding=found, finding_form=form, words=words, today=clock.today(here.zone)
    ), 422 if form.refused else 200


@bp.route("/stores/<store_code>/findings/conduct", methods=["GET", "POST"])
@guarded(Capability.INSPECT)
def conduct() -> str | Response | tuple[str, int]:
    """Record a fault in somebody's conduct."""
    here, today = place(), clock.today(place().zone)
    form = ConductForm()
    form.offer(staff.choices(here.id, today))
    if form.submitted():
        with form.refusals():
            found = service.raise_conduct(
                here.id,
                form.person.data,
                fault=ConductFault(form.fault.data),
                reason=str(form.reason.data),
                photo_id=photos.keep(here.id, sent_picture(form.photo), actor().employee_id),
                day=today,
                inspector_id=actor().employee_id,
            )
            db.session.commit()
            flash(_("Recorded. The person sees it and may answer."), "success")
            return redirect(url_for("inspections.finding", finding_id=found.id))
    return render_template("inspections/conduct.html", conduct_form=form), 422 if form.refused else 200


@bp.get("/photos/<int:photo_id>")
@guarded(Capability.READ_OWN)
def photo(photo_id: int) -> FileResponse:
    """A photograph, for those who may see it."""
    found = photos.photo_for(actor(), photo_id)
    response = FileResponse(load_picture(found.stored_as), mimetype=MIME_TYPE)
    response.headers.set("Content-Disposition", "inline", filename=f"photo-{found.id}.jpg")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
