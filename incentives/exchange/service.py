"""A file's way in: received, checked, explained by a person where it must be, then applied whole or not at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import String, column, func, select, table

from incentives import clock
from incentives.core.access import Actor
from incentives.core.errors import Conflict, DomainError, NotFound, Sentence, say
from incentives.core.period import business_date
from incentives.db import db
from incentives.exchange import jobs, store
from incentives.exchange.headings import IGNORED, normalised
from incentives.exchange.interface import Importer
from incentives.exchange.limits import MEGABYTE, MOST_STORED_OF_A_STORE
from incentives.exchange.models import HeadingChoice, Job, Upload, UploadState
from incentives.exchange.report import OpenQuestion, Report
from incentives.exchange.texts import Encoding
from incentives.web.hooks import hooks

CHECK, APPLY = "exchange.check", "exchange.apply"
OPEN = frozenset({UploadState.UPLOADED, UploadState.CHECKING, UploadState.FAULTY, UploadState.READY})
"""States in which a file still waits for somebody."""
AT_WORK = frozenset({UploadState.UPLOADED, UploadState.CHECKING, UploadState.APPLYING})
"""States in which a job is busy with it."""


def find(store_id: int, upload_id: int) -> Upload:
    """A file of the store.

    Raises:
        NotFound: the store has none of that number.
    """
    found = db.session.scalars(select(Upload).where(Upload.store_id == store_id, Upload.id == upload_id)).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def zone_of(store_id: int) -> str:
    """The store's time zone. Stores belong to a floor above, so the table is read by its name."""
    stores = table("store", column("id"), column("zone", String))
    return str(db.session.scalars(select(stores.c.zone).where(stores.c.id == store_id)).one())


def report_of(upload: Upload) -> Report:
    """What is known of the file."""
    return Report.model_validate(upload.result)


def receive(
    importer: Importer, store_id: int, actor: Actor, file_name: str, data: bytes, encoding: Encoding = Encoding.AUTO
) -> Upload:
    """Keep a file and have it checked. The same file while it still waits is the one that waits.

    Raises:
        DomainError: it was applied before, is empty, or the store has no room left.
    """
    sha256 = store.digest(data)
    if (earlier := _same(importer.key, store_id, sha256, {UploadState.APPLIED})) is not None:
        raise DomainError(taken_in_before(earlier))
    waiting = _same(importer.key, store_id, sha256, OPEN)
    if waiting is not None:
        return waiting
    if not data:
        raise DomainError(say("The file is empty."))
    _refuse_without_room(store_id, len(data))
    kept = store.keep(store_id, data)
    upload = Upload(
        store_id=store_id,
        importer=importer.key,
        file_name=file_name[-200:],
        sha256=kept.sha256,
        size=kept.size,
        stored_as=kept.stored_as,
        encoding=encoding,
        maker_id=actor.employee_id,
        maker_name=actor.name[:60],
        created_at=clock.now(),
    )
    db.session.add(upload)
    db.session.flush()
    hooks().record_act("exchange.received", store_id, upload.file_name, {"sha256": (None, upload.sha256)})
    _have_checked(upload, actor.employee_id)
    return upload


def _same(importer: str, store_id: int, sha256: str, states: Collection[UploadState]) -> Upload | None:
    return db.session.scalars(
        select(Upload)
        .where(
            Upload.store_id == store_id,
            Upload.importer == importer,
            Upload.sha256 == sha256,
            Upload.state.in_(states),
        )
        .order_by(Upload.id.desc())
        .limit(1)
    ).one_or_none()


def taken_in_before(earlier: Upload) -> Sentence:
    """That a file changes nothing, because it was applied before: when, and by whom."""
    return say(
        "This file was already taken in on {day} by {name}. Nothing was changed.",
        day=str(business_date(earlier.finished_at or earlier.created_at, zone_of(earlier.store_id))),
        name=earlier.maker_name,
    )


def _refuse_without_room(store_id: int, size: int) -> None:
    used = db.session.scalar(
        select(func.coalesce(func.sum(Upload.size), 0)).where(
            Upload.store_id == store_id, Upload.state != UploadState.DISCARDED
        )
    )
    if int(used or 0) + size > MOST_STORED_OF_A_STORE:
        raise DomainError(
            say(
                "The store's files fill the {most} MB that are kept for it. Ask the admin to make room.",
                most=MOST_STORED_OF_A_STORE // MEGABYTE,
            )
        )


def _have_checked(upload: Upload, actor_id: int) -> None:
    upload.state = UploadState.UPLOADED
    job = jobs.start(CHECK, upload.store_id, actor_id, upload_id=upload.id)
    upload.job_id = job.id


def choose_columns(
    importer: Importer,
    upload: Upload,
    actor_id: int,
    columns: Mapping[str, int | None],
    *,
    encoding: Encoding,
    sheet: str | None,
) -> None:
    """Settle which column is which field, remember it for the store, and have the file checked again.

    Another sheet or encoding means other headings: then the columns are found anew.

    Raises:
        Conflict: the file is no longer waiting.
        DomainError: a column is not there, or serves two fields.
    """
    _refuse_unless_waiting(upload)
    report = report_of(upload)
    if encoding is not upload.encoding or (sheet or report.sheet) != report.sheet or report.refusal is not None:
        upload.encoding, upload.sheet, upload.columns = encoding, sheet, None
    else:
        _refuse_clashes(report, columns)
        upload.columns = dict(columns)
        _remember(importer, upload.store_id, report.headings, columns)
    hooks().record_act("exchange.columns_chosen", upload.store_id, upload.file_name, {})
    _have_checked(upload, actor_id)


def _refuse_clashes(report: Report, columns: Mapping[str, int | None]) -> None:
    used = [place for place in columns.values() if place is not None]
    if any(place not in range(len(report.headings)) for place in used):
        raise DomainError(say("The file has no such column."))
    for place in used:
        if used.count(place) > 1:
            heading = report.headings[place]
            raise DomainError(say("The column “{heading}” cannot serve two purposes.", heading=heading))


def remembered(importer: str, store_id: int) -> dict[str, str]:
    """What headings mean in the store's files of this kind, as chosen before."""
    found = select(HeadingChoice.heading, HeadingChoice.field).where(
        HeadingChoice.store_id == store_id, HeadingChoice.importer == importer
    )
    return {row.heading: row.field for row in db.session.execute(found)}


def _remember(importer: Importer, store_id: int, headings: Sequence[str], columns: Mapping[str, int | None]) -> None:
    by_place = {place: key for key, place in columns.items() if place is not None}
    meanings: dict[str, str] = {}
    for place, text in enumerate(headings):
        if name := normalised(text)[:100]:
            meanings[name] = by_place.get(place) or meanings.get(name, IGNORED)
    known = {
        choice.heading: choice
        for choice in db.session.scalars(
            select(HeadingChoice).where(HeadingChoice.store_id == store_id, HeadingChoice.importer == importer.key)
        )
    }
    for name, field in meanings.items():
        if name in known:
            known[name].field = field
        else:
            db.session.add(HeadingChoice(store_id=store_id, importer=importer.key, heading=name, field=field))
    db.session.flush()


def answer(upload: Upload, actor_id: int, given: Mapping[tuple[str, str], str]) -> None:
    """Take answers, by kind and token, and have the file checked again. Questions left open are asked again.

    Raises:
        Conflict: the file is no longer waiting.
        DomainError: an answer was not on offer.
    """
    _refuse_unless_waiting(upload)
    answers = {kind: dict(tokens) for kind, tokens in upload.answers.items()}
    for question in report_of(upload).questions:
        value = given.get((question.kind, question.token), "")
        if value:
            _refuse_unless_offered(question, value)
            answers.setdefault(question.kind, {})[question.token] = value
    upload.answers = answers
    hooks().record_act("exchange.answered", upload.store_id, upload.file_name, {})
    _have_checked(upload, actor_id)


def _refuse_unless_offered(question: OpenQuestion, value: str) -> None:
    if all(choice.value != value for choice in question.choices):
        raise DomainError(say("Please choose one of the list."))


def ask_to_apply(upload: Upload, actor: Actor) -> None:
    """Have a sound file written.

    Raises:
        Conflict: it is not ready, or the same file was applied meanwhile.
    """
    if upload.state is not UploadState.READY:
        raise Conflict(say("This file is not ready to be taken in. Look at it again."))
    earlier = _same(upload.importer, upload.store_id, upload.sha256, {UploadState.APPLIED})
    if earlier is not None:
        raise Conflict(taken_in_before(earlier))
    upload.state = UploadState.APPLYING
    job: Job = jobs.start(APPLY, upload.store_id, actor.employee_id, upload_id=upload.id)
    upload.job_id = job.id
    hooks().record_act("exchange.apply_asked", upload.store_id, upload.file_name, {})


def discard(upload: Upload) -> None:
    """Give a file up. Its content is deleted, that it was here is not.

    Raises:
        Conflict: it is being worked on, or was applied.
    """
    if upload.state not in {*OPEN, UploadState.FAILED}:
        raise Conflict(say("This file has been taken in or is being taken in, so it cannot be discarded."))
    upload.state, upload.finished_at = UploadState.DISCARDED, clock.now()
    hooks().record_act("exchange.discarded", upload.store_id, upload.file_name, {})


def _refuse_unless_waiting(upload: Upload) -> None:
    if upload.state not in OPEN | {UploadState.FAILED}:
        raise Conflict(say("This file no longer waits for an answer. Look at it again."))
