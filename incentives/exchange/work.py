"""The two jobs of the engine: check a file without writing anything, and apply it in one transaction."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from incentives import clock
from incentives.core.errors import Conflict, DomainError, Sentence, say
from incentives.db import db
from incentives.exchange import jobs, registry, service, store
from incentives.exchange.examination import Reading, Wishes, judge, read_file
from incentives.exchange.interface import Context, Importer
from incentives.exchange.jobs import JobContext
from incentives.exchange.models import Upload, UploadState
from incentives.exchange.report import Report
from incentives.web.hooks import hooks

READING = say("Reading the file")
CHECKING = say("Checking the cells")
JUDGING = say("Comparing with what is here already")
APPLYING = say("Writing the rows")
GONE = say("The file is no longer kept here. Send it again.")


def init_app(app: Flask) -> None:
    """Make the two kinds of work known."""
    jobs.register(app, service.CHECK, check)
    jobs.register(app, service.APPLY, apply)


def check(job: JobContext, upload_id: int) -> Sentence:
    """Look at a file and write down what was found. Files that no longer wait are left alone."""
    upload = _locked(upload_id)
    if upload.state not in service.OPEN:
        return say("There was nothing to do.")
    upload.state = UploadState.CHECKING
    db.session.commit()
    try:
        report = _examined(job, upload_id)
    except Exception:
        _fail(upload_id, jobs.FAILED)
        raise
    upload = _locked(upload_id)
    if upload.state is UploadState.CHECKING:
        upload.state = UploadState.READY if report.sound else UploadState.FAULTY
        upload.result, upload.rows_total = report.model_dump(mode="json"), report.rows
    db.session.commit()
    return say("Rows checked: {rows}.", rows=report.rows)


def _examined(job: JobContext, upload_id: int) -> Report:
    """Read without holding anybody up: this transaction never writes."""
    db.session.connection(execution_options={"readonly": True})
    upload = db.session.get_one(Upload, upload_id)
    importer = registry.importer(upload.importer)
    reading = _read(job, importer, upload)
    job.progress(0, 0, JUDGING)
    report = judge(importer, _context(upload, lambda _done: None), reading).report
    db.session.rollback()
    return report


def apply(job: JobContext, upload_id: int) -> Sentence:
    """Write a file whole, or nothing of it. A file that was applied already stays as it is."""
    upload = db.session.get_one(Upload, upload_id)
    importer = registry.importer(upload.importer)
    reading = _read(job, importer, upload)
    db.session.rollback()
    try:
        return _applied(job, importer, reading, upload_id)
    except IntegrityError as fault:
        refusal = say(
            "Somebody else wrote the same records meanwhile. Nothing of this file was taken in; check it again."
        )
        _fail(upload_id, refusal)
        raise Conflict(refusal) from fault
    except DomainError as refusal:
        _fail(upload_id, refusal.sentence)
        raise
    except Exception:
        _fail(upload_id, jobs.FAILED)
        raise


def _applied(job: JobContext, importer: Importer, reading: Reading, upload_id: int) -> Sentence:
    upload = _locked(upload_id)
    if upload.state is not UploadState.APPLYING:
        return say("There was nothing to do.")
    context = _context(upload, lambda done: job.progress(done, upload.rows_total, APPLYING))
    found = judge(importer, context, reading)
    if not found.report.sound:
        upload.state, upload.result = UploadState.FAULTY, found.report.model_dump(mode="json")
        db.session.commit()
        return say("Something has changed since the file was checked. Nothing was taken in; look at it again.")
    summary = importer.apply(context, found.rows)
    upload.state, upload.finished_at = UploadState.APPLIED, clock.now()
    done = found.report.model_copy(update={"done": list(summary.lines), "endpoint": summary.endpoint})
    upload.result = done.model_dump(mode="json")
    changes = {"rows": (None, found.report.rows), "sha256": (None, upload.sha256)}
    hooks().record_act("exchange.applied", upload.store_id, upload.file_name, changes)
    db.session.commit()
    return say("Rows taken in: {rows}.", rows=found.report.rows)


def _locked(upload_id: int) -> Upload:
    statement = select(Upload).where(Upload.id == upload_id).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(statement).one()


def _context(upload: Upload, progress: Callable[[int], None]) -> Context:
    return Context(
        store_id=upload.store_id,
        actor_id=upload.maker_id,
        upload_id=upload.id,
        today=clock.today(service.zone_of(upload.store_id)),
        answers=upload.answers,
        progress=progress,
    )


def _read(job: JobContext, importer: Importer, upload: Upload) -> Reading:
    job.progress(0, 0, READING)
    wishes = Wishes(
        encoding=upload.encoding,
        sheet=upload.sheet,
        columns=upload.columns,
        remembered=service.remembered(upload.importer, upload.store_id),
    )
    try:
        data = store.load(upload.stored_as)
    except OSError:
        return Reading(Report(refusal=GONE))
    return read_file(importer, data, wishes, lambda done, total: job.progress(done, total, CHECKING))


def _fail(upload_id: int, sentence: Sentence) -> None:
    """Nothing of the file is kept but why."""
    db.session.rollback()
    upload = _locked(upload_id)
    report = service.report_of(upload).model_copy(update={"refusal": sentence})
    upload.state, upload.result, upload.finished_at = UploadState.FAILED, report.model_dump(mode="json"), clock.now()
    db.session.commit()
