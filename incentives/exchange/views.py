"""The pages of files on their way in."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Flask, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from incentives.core.access import Capability, may
from incentives.core.errors import NotAllowed, say
from incentives.db import db
from incentives.exchange import jobs, registry, service, store, work
from incentives.exchange.forms import SettleForm, UploadForm, typed_answers, typed_columns, typed_encoding
from incentives.exchange.interface import Importer
from incentives.exchange.models import Job, Upload, UploadState
from incentives.exchange.pages import STATES, FaultPages, fault_table, listing, template_table
from incentives.exchange.texts import Encoding
from incentives.web import navigation
from incentives.web.guards import actor, guarded, place
from incentives.web.navigation import Entry
from incentives.web.tables import as_csv, as_xlsx, download

IMPORTING = (
    Capability.IMPORT_FACTS,
    Capability.MANAGE_PEOPLE,
    Capability.SET_TARGETS,
    Capability.RUN_TRAINING,
    Capability.MANAGE_CHECKLISTS,
)
"""What an importer may ask for. Whoever holds one of them has import pages; each page asks for its importer's own."""

bp = Blueprint("exchange", __name__, url_prefix="/stores/<store_code>/imports")


def init_app(app: Flask) -> None:
    """Give the application its queue, its work and its entry in the menu."""
    jobs.init_app(app)
    work.init_app(app)
    navigation.add(app, Entry(_l("Imports"), "exchange.index", "upload", _l("Data"), 700, IMPORTING))


def _open_importers() -> list[Importer]:
    """The kinds of files that the person may import here."""
    person, store_id = actor(), place().id
    held = [capability for capability in IMPORTING if may(person, capability, store_id=store_id)]
    return registry.importers(held)


def _importer(key: str) -> Importer:
    found = registry.importer(key)
    if not may(actor(), found.capability, store_id=place().id):
        raise NotAllowed(say("Your role does not open this page. Ask your manager if you need it for your work."))
    return found


def _upload(upload_id: int) -> tuple[Upload, Importer]:
    upload = service.find(place().id, upload_id)
    return upload, _importer(upload.importer)


@bp.get("/")
@guarded(*IMPORTING)
def index() -> str | Response:
    """The store's files, and what can be imported."""
    kinds = _open_importers()
    return listing(place().id, kinds, None).respond("exchange/index.html", kinds=kinds)


@bp.get("/<key>/template.xlsx")
@guarded(*IMPORTING)
def template(key: str) -> Response:
    """An empty file of the kind."""
    importer = _importer(key)
    return download(as_xlsx(template_table(importer)), importer.key, "xlsx")


@bp.route("/<key>/new", methods=["GET", "POST"])
@guarded(*IMPORTING)
def upload(key: str) -> str | Response | tuple[str, int]:
    """Send a file."""
    importer, form = _importer(key), UploadForm()
    if form.submitted():
        with form.refusals():
            return _received(importer, form)
    page = render_template("exchange/upload.html", importer=importer, upload_form=form)
    return (page, 422) if form.refused else page


def _received(importer: Importer, form: UploadForm) -> Response:
    sent: FileStorage = form.file.data
    encoding = Encoding(form.encoding.data)
    found = service.receive(importer, place().id, actor(), sent.filename or "", sent.read(), encoding)
    waited = found.state is not UploadState.UPLOADED
    target, job_id = url_for("exchange.show", upload_id=found.id), found.job_id
    db.session.commit()
    if waited:
        flash(_("This very file is already waiting here."), "info")
    elif job_id is not None:
        jobs.dispatch(job_id)
    return redirect(target)


@bp.get("/<int:upload_id>")
@guarded(*IMPORTING)
def show(upload_id: int) -> Response:
    """A file: how far it is, what is wrong with it, what is asked, what would happen, what has happened."""
    found, importer = _upload(upload_id)
    return _page(found, importer, SettleForm(), {})


def _page(found: Upload, importer: Importer, form: SettleForm, typed: Mapping[str, str], status: int = 200) -> Response:
    report = service.report_of(found)
    job = db.session.get(Job, found.job_id) if found.job_id is not None else None
    page = render_template(
        "exchange/show.html",
        upload=found,
        importer=importer,
        report=report,
        shown_fields=[field for field in importer.fields if field.key in report.columns],
        fields={field.key: field for field in importer.fields},
        faults=FaultPages(report.faults),
        state=STATES[found.state],
        at_work=found.state in service.AT_WORK,
        open=found.state in service.OPEN,
        progress=jobs.progress_of(job) if job is not None else None,
        settle_form=form,
        typed=typed,
        encodings=list(Encoding),
    )
    return make_response(page, status)


@bp.get("/<int:upload_id>/faults.<kind>")
@guarded(*IMPORTING)
def faults(upload_id: int, kind: str) -> Response:
    """The faults as a file."""
    found, _importer_of_it = _upload(upload_id)
    table = fault_table(service.report_of(found))
    return download(as_csv(table), "faults", "csv") if kind == "csv" else download(as_xlsx(table), "faults", "xlsx")


@bp.post("/<int:upload_id>/columns")
@guarded(*IMPORTING)
def columns(upload_id: int) -> Response:
    """Say which column is which field, or that the file is to be read otherwise."""
    found, importer = _upload(upload_id)
    form = SettleForm()
    with form.refusals():
        chosen = typed_columns(importer, request.form)
        sheet = request.form.get("sheet") or None
        encoding = typed_encoding(request.form)
        service.choose_columns(importer, found, actor().employee_id, chosen, encoding=encoding, sheet=sheet)
        return _settled(found)
    return _page(found, importer, form, request.form, 422)


@bp.post("/<int:upload_id>/answers")
@guarded(*IMPORTING)
def answers(upload_id: int) -> Response:
    """Answer what only a person can know."""
    found, importer = _upload(upload_id)
    form = SettleForm()
    with form.refusals():
        service.answer(found, actor().employee_id, typed_answers(service.report_of(found), request.form))
        return _settled(found)
    return _page(found, importer, form, request.form, 422)


@bp.post("/<int:upload_id>/apply")
@guarded(*IMPORTING)
def apply(upload_id: int) -> Response:
    """Have it written."""
    found, _importer_of_it = _upload(upload_id)
    service.ask_to_apply(found, actor())
    return _settled(found)


def _settled(found: Upload) -> Response:
    """Commit, let the work begin, and show the file."""
    target, job_id = url_for("exchange.show", upload_id=found.id), found.job_id
    db.session.commit()
    if job_id is not None:
        jobs.dispatch(job_id)
    return redirect(target)


@bp.post("/<int:upload_id>/discard")
@guarded(*IMPORTING)
def discard(upload_id: int) -> Response:
    """Give it up."""
    found, _importer_of_it = _upload(upload_id)
    stored_as = found.stored_as
    service.discard(found)
    db.session.commit()
    store.forget(stored_as)
    flash(_("The file was discarded. Nothing of it was taken in."), "success")
    return redirect(url_for("exchange.index"))
