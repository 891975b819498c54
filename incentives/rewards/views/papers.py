"""Evidence and notices: added, received, and saved as files by those who may see the record."""

from __future__ import annotations

from flask import Response as FileResponse
from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from incentives import clock
from incentives.core.access import Capability
from incentives.core.errors import DomainError, NotAllowed, NotFound, say
from incentives.db import db
from incentives.exchange.papers import PDF, as_attachment, keep_papers, load_paper
from incentives.rewards.forms import EvidenceForm, HandOverForm, sent
from incentives.rewards.models import Evidence, Purpose, RewardRecord
from incentives.rewards.service import evidence, listing, notices
from incentives.rewards.views.blueprint import bp
from incentives.rewards.views.records import page
from incentives.rewards.views.roles import PARTAKERS
from incentives.web.guards import actor, allows, guarded, place


@bp.get("/stores/<store_code>/rewards/<int:record_id>/files/<int:file_id>")
@guarded(*PARTAKERS)
def file(record_id: int, file_id: int) -> FileResponse:
    """A piece of evidence, for its maker and those who decide."""
    return saved(evidence.file_of(listing.record_for(actor(), place().id, record_id), file_id))


def saved(found: Evidence) -> FileResponse:
    """A file as an attachment, under a name that the product gives it."""
    ending = "pdf" if found.mime == PDF else "jpg"
    return as_attachment(
        load_paper(found.stored_as, found.mime), found.mime, f"evidence-{found.record_id}-{found.id}.{ending}"
    )


@bp.get("/stores/<store_code>/rewards/<int:record_id>/notice")
@guarded(*PARTAKERS)
def notice(record_id: int) -> FileResponse:
    """The written notice as it was issued."""
    return notice_of(listing.record_for(actor(), place().id, record_id))


def notice_of(record: RewardRecord) -> FileResponse:
    """The notice of a record as an attachment, the very bytes that were issued."""
    if record.notice is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return as_attachment(load_paper(record.notice.stored_as, PDF), PDF, f"notice-{record.id}.pdf")


@bp.post("/stores/<store_code>/rewards/<int:record_id>/files")
@guarded(*PARTAKERS)
def add_files(record_id: int) -> Response | tuple[str, int]:
    """Add evidence to a record, or put a better file in the place of an older one."""
    form, here = EvidenceForm(), place()
    record = _to_add_to(record_id)
    form.supersedes.choices = [("", "–"), *((each.id, each.name) for each in listing.current(record))]
    if form.submitted():
        with form.refusals():
            papers = keep_papers(here.id, sent(form.photo))
            if not papers:
                raise DomainError(say("Choose a file."))
            evidence.add(
                record,
                papers,
                purpose=Purpose.PROPOSAL,
                actor_id=actor().employee_id,
                supersedes_id=form.supersedes.data,
            )
            db.session.commit()
            flash(_("Added. Earlier files stay."), "success")
            return redirect(url_for("rewards.show", record_id=record_id))
    return page(record_id, evidence=form), 422


def _to_add_to(record_id: int) -> RewardRecord:
    """The record, for its maker and those who decide.

    Raises:
        NotAllowed: the reader may see it, but is neither.
    """
    record = listing.record_for(actor(), place().id, record_id)
    if record.maker_id != actor().employee_id and not allows(Capability.APPROVE_REWARDS, place().id):
        raise NotAllowed(say("Its maker and those who decide add evidence here."))
    return record


@bp.post("/stores/<store_code>/rewards/<int:record_id>/receipt")
@guarded(*PARTAKERS)
def hand_over(record_id: int) -> Response | tuple[str, int]:
    """Record that the notice was handed over on paper."""
    form, here = HandOverForm(), place()
    _to_add_to(record_id)
    if form.submitted():
        with form.refusals():
            notices.hand_over(
                here.id,
                record_id,
                day=form.day.data,
                how=str(form.how.data),
                actor_id=actor().employee_id,
                today=clock.today(here.zone),
            )
            db.session.commit()
            flash(_("The receipt is recorded."), "success")
            return redirect(url_for("rewards.show", record_id=record_id))
    return page(record_id, hand_over=form), 422
