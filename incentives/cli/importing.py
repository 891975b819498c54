"""``import``: take a file in from the command line, by the same steps as on the pages."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from incentives import clock
from incentives.cli import plan_tables
from incentives.cli.frame import Commands, answer, command, takes_json
from incentives.cli.opening import open_product, takes_data
from incentives.core.access import Actor, may
from incentives.core.errors import Faults, NotAllowed, NotFound, Plain, Sentence, say
from incentives.db import db
from incentives.exchange import jobs, registry, service
from incentives.exchange.models import Upload, UploadState
from incentives.exchange.report import Report
from incentives.people.models import Employee, Store
from incentives.people.service import setup
from incentives.people.signin import actor_for


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "import", "take a file in: sales, readings, people …", run)
    parser.add_argument("kind", help="what the file holds, such as sales")
    parser.add_argument("file", type=Path, help=".xlsx, .xls or .csv")
    parser.add_argument("--store", required=True, help="code of the store, such as A01")
    parser.add_argument("--by", required=True, metavar="NUMBER", help="number of the employee in whose name it is done")
    parser.add_argument(
        "--answer",
        nargs=3,
        action="append",
        default=[],
        metavar=("KIND", "WORD", "ANSWER"),
        help="answer a question of the check, such as: person 小王 A004",
    )
    parser.add_argument("--dry-run", action="store_true", help="check only, take nothing in")
    plan_tables.takes_decision(parser)
    takes_data(parser)
    takes_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Check the file, answer its questions, take it in; whole, or nothing of it."""
    if arguments.kind == plan_tables.KIND:
        return plan_tables.run(arguments)
    data = _content(arguments.file)
    with open_product(arguments).app_context():
        upload_id = _received(arguments, data)
        given = {(kind, word): value for kind, word, value in arguments.answer}
        report = _checked(upload_id, given)
        if not arguments.dry_run:
            report = _taken_in(upload_id, _actor(arguments, setup.store_by_code(arguments.store)))
        lines = [str(line) for line in (report.done or report.notes)]
        record: dict[str, Plain] = {"upload": upload_id, "rows": report.rows, "said": [*lines]}
    answer(arguments, record, lines)
    return 0


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise NotFound(say("The file {name} cannot be read.", name=path.name)) from fault


def _received(arguments: argparse.Namespace, data: bytes) -> int:
    store = setup.store_by_code(arguments.store)
    importer, actor = registry.importer(arguments.kind), _actor(arguments, store)
    if not may(actor, importer.capability, store_id=store.id):
        raise NotAllowed(say("{number} may not import this here.", number=arguments.by))
    upload = service.receive(importer, store.id, actor, arguments.file.name, data)
    return _worked_on(upload)


def _actor(arguments: argparse.Namespace, store: Store) -> Actor:
    wanted = select(Employee).where(Employee.group_id == store.group_id, Employee.number == arguments.by)
    employee = db.session.scalars(wanted).one_or_none()
    if employee is None:
        raise NotFound(say("Nobody here has the number {number}.", number=arguments.by))
    return actor_for(employee, clock.today(store.zone))


def _worked_on(upload: Upload) -> int:
    """Commit, and do the upload's work here and now instead of leaving it to a serving process."""
    upload_id, job_id = upload.id, upload.job_id
    db.session.commit()
    current_app.extensions[jobs.KEY].run.call_local(job_id)
    db.session.expire_all()
    return upload_id


def _checked(upload_id: int, given: Mapping[tuple[str, str], str]) -> Report:
    upload = db.session.get_one(Upload, upload_id)
    if given and service.report_of(upload).questions:
        service.answer(upload, upload.maker_id, given)
        _worked_on(upload)
        upload = db.session.get_one(Upload, upload_id)
    report = service.report_of(upload)
    if upload.state is not UploadState.READY:
        raise Faults(report.refusal or say("The file cannot be taken in as it is."), list(_what_is_wrong(report)))
    return report


def _taken_in(upload_id: int, actor: Actor) -> Report:
    upload = db.session.get_one(Upload, upload_id)
    service.ask_to_apply(upload, actor)
    _worked_on(upload)
    upload = db.session.get_one(Upload, upload_id)
    report = service.report_of(upload)
    if upload.state is not UploadState.APPLIED:
        raise Faults(report.refusal or say("The file cannot be taken in as it is."), list(_what_is_wrong(report)))
    return report


def _what_is_wrong(report: Report) -> Sequence[Sentence]:
    missing = [say("Which column is “{field}”?", field=key) for key in report.missing]
    faults = [say("Row {row}: {fault}", row=fault.row, fault=fault.sentence) for fault in report.faults]
    asked = [
        say(
            "{question} --answer {kind} “{word}” {answers}",
            question=question.sentence,
            kind=question.kind,
            word=question.token,
            answers=" | ".join(choice.value for choice in question.choices[:5]),
        )
        for question in report.questions
    ]
    return [*missing, *faults, *asked]
