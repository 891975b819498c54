"""The adoption records of a store: the list, one record with its evidence, and the signed list for the file."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from incentives import clock
from incentives.adoptions.forms import EvidenceForm
from incentives.adoptions.models import Adoption, FileKind, Subject, Way
from incentives.adoptions.service import acknowledging, adopting, files
from incentives.adoptions.service.acknowledging import Tally
from incentives.adoptions.views import signed
from incentives.adoptions.views.blueprint import KEEPERS, bp
from incentives.adoptions.views.mine import change_of
from incentives.audit import service as audit
from incentives.core.access import Capability
from incentives.core.errors import DomainError, NotFound, say
from incentives.db import db
from incentives.exchange.papers import as_attachment
from incentives.web.guards import actor, allows, guarded, place
from incentives.web.i18n import tell
from incentives.web.lists import Column, Filter, Listing
from incentives.web.tables import download


@bp.get("/stores/<store_code>/adoptions")
@guarded(*KEEPERS)
def index() -> str | Response:
    """Every adoption record of the store, the latest first, with how many have acknowledged."""
    here = place()
    counted = acknowledging.tallies(here.id, clock.today(here.zone))
    listing = Listing[Adoption](
        name=f"adoptions-{here.code}",
        columns=[
            Column("rule", _("Plan or rule"), lambda row: tell(row.says)),
            Column("kind", _("Kind"), lambda row: tell(row.subject.says), sort=Adoption.subject),
            Column("heard", _("Consulted on"), lambda row: row.consulted_on, kind="date", sort=Adoption.consulted_on),
            Column("way", _("How"), lambda row: tell(row.way.says)),
            Column("from", _("Counts from"), lambda row: row.counts_from, kind="date", sort=Adoption.counts_from),
            Column("done", _("Acknowledged"), lambda row: _counted(counted.get(row.id))),
        ],
        statement=adopting.adoptions_at(here.id),
        order=[Adoption.id.desc()],
        search_in=(Adoption.consulted, Adoption.published_where),
        filters=[
            Filter(
                "kind",
                _("Kind"),
                [("", _("all")), *((each.value, tell(each.says)) for each in Subject)],
                lambda chosen: Adoption.subject == Subject(chosen),
            ),
            Filter(
                "way",
                _("How"),
                [("", _("all")), *((each.value, tell(each.says)) for each in Way)],
                lambda chosen: Adoption.way == Way(chosen),
            ),
        ],
        link=lambda row: url_for("adoptions.show", adoption_id=row.id),
        empty_title=_("Nothing adopted yet"),
        empty_text=_("A plan that the head office approved is adopted on its own page; then it stands here."),
    )
    return listing.respond("adoptions/index.html")


def _counted(tally: Tally | None) -> str:
    return "–" if tally is None else f"{tally.done} / {tally.of}"


@bp.get("/stores/<store_code>/adoptions/<int:adoption_id>")
@guarded(Capability.READ_PLANS)
def show(adoption_id: int) -> str:
    """One record: everybody may read who was heard and what was published; its keepers see who has acknowledged."""
    return _page(adoption_id, EvidenceForm())


def _page(adoption_id: int, form: EvidenceForm) -> str:
    here = place()
    adoption = adopting.adoption_at(here.id, adoption_id)
    keeps = any(allows(each, here.id) for each in KEEPERS)
    today = clock.today(here.zone)
    return render_template(
        "adoptions/show.html",
        adoption=adoption,
        change=change_of(adoption),
        keeps=keeps,
        may_record=allows(Capability.DRAFT_PLANS, here.id),
        acknowledged=acknowledging.acknowledgements(adoption_id) if keeps else [],
        missing=acknowledging.unacknowledged(here.id, today, adoption_id) if keeps else [],
        evidence_form=form,
        today=today,
    )


@bp.post("/stores/<store_code>/adoptions/<int:adoption_id>/evidence")
@guarded(Capability.DRAFT_PLANS)
def add_evidence(adoption_id: int) -> BaseResponse | tuple[str, int]:
    """Add evidence to a record; what is there stays."""
    adoption, form = adopting.adoption_at(place().id, adoption_id), EvidenceForm()
    if form.submitted():
        with form.refusals():
            if not form.sent:
                raise DomainError(say("Choose a file."))
            for name, data in form.sent:
                files.attach(adoption, name, data, actor_id=actor().employee_id)
            db.session.commit()
            flash(_("The evidence is kept."), "success")
            return redirect(url_for("adoptions.show", adoption_id=adoption_id))
    return _page(adoption_id, form), 422


@bp.get("/stores/<store_code>/adoptions/<int:adoption_id>/evidence/<int:file_id>")
@guarded(*KEEPERS)
def evidence(adoption_id: int, file_id: int) -> Response:
    """A piece of evidence, as an attachment."""
    file = files.file_of(adopting.adoption_at(place().id, adoption_id), file_id)
    ending = "pdf" if file.kind is FileKind.PDF else "jpg"
    name = f"adoption-{adoption_id}-{file_id}.{ending}"
    return as_attachment(files.content_of(file), files.MIME_TYPES[file.kind], name)


@bp.get("/stores/<store_code>/adoptions/<int:adoption_id>/signed.<kind>")
@guarded(*KEEPERS)
def signed_list(adoption_id: int, kind: str) -> Response:
    """Who was heard, the words of the rule, and who has acknowledged them when: for the file, should it be argued about."""
    here = place()
    adoption = adopting.adoption_at(here.id, adoption_id)
    made = {"xlsx": signed.as_workbook, "pdf": signed.as_document}.get(kind)
    if made is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    found = signed.gather(here, adoption)
    data = made(found)
    audit.record_apart("adoptions.exported", store_id=here.id, actor_id=actor().employee_id, subject=found.title)
    return download(data, f"acknowledged-{here.code}-{adoption_id}", kind)
