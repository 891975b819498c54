"""``import plan FILE``: proof-read a plan table from the command line and, if asked to, make targets of it."""

from __future__ import annotations

import argparse
from pathlib import Path

from sqlalchemy import select

from incentives import clock
from incentives.cli.frame import Commands, answer, command, takes_json, verbs
from incentives.cli.opening import open_product, takes_data
from incentives.core.access import Capability, may
from incentives.core.errors import DomainError, NotAllowed, say
from incentives.db import db
from incentives.people import signin
from incentives.people.models import Employee, Store
from incentives.targets.models import PlanFile
from incentives.targets.service import plan_columns, plan_decisions, plan_files, plan_proof, plan_targets


def add(commands: Commands) -> None:
    """Declare the command."""
    family = verbs(command(commands, "import", "take files in"))
    parser = command(family, "plan", "proof-read a plan table; with --keep, make targets of it", plan)
    parser.add_argument("file", type=Path, metavar="FILE", help="the plan table, .xlsx, .xls or .csv")
    parser.add_argument("--store", required=True, metavar="CODE", help="the store's code")
    parser.add_argument(
        "--as", required=True, dest="number", metavar="NUMBER", help="employee number of who imports it"
    )
    parser.add_argument("--year", type=int, help="the year it plans; the running one unless said")
    parser.add_argument("--keep", choices=("months", "totals"), help="what counts where they differ, and save")
    takes_data(parser)
    takes_json(parser)


def plan(arguments: argparse.Namespace) -> int:
    """Exit code 1 if something does not agree and nothing was decided about it."""
    try:
        data = arguments.file.read_bytes()
    except OSError as fault:
        raise DomainError(say("The file cannot be read: {name}", name=str(arguments.file))) from fault
    with open_product(arguments).app_context():
        store, actor_id = _who_and_where(arguments.store, arguments.number)
        today = clock.today(store.zone)
        year = arguments.year or today.year
        sent = plan_files.send(store.id, year, arguments.file.name, data, actor_id=actor_id)
        found = _findings(sent.plan)
        if arguments.keep:
            _decide(sent.plan, keep_totals=arguments.keep == "totals", actor_id=actor_id)
            plan_targets.apply(sent.plan, actor_id=actor_id, today=today)
        db.session.commit()
        lines = [*found, *(["This very file was sent before for that year."] if sent.again else [])]
        answer(
            arguments,
            {"plan": sent.plan.id, "again": sent.again, "findings": list(found), "applied": bool(arguments.keep)},
            lines or ["Everything adds up."],
        )
    return 1 if found and not arguments.keep else 0


def _who_and_where(code: str, number: str) -> tuple[Store, int]:
    store = db.session.scalars(select(Store).where(Store.code == code)).one_or_none()
    if store is None:
        raise DomainError(say("There is no store “{code}”.", code=code))
    person = db.session.scalars(
        select(Employee).where(Employee.group_id == store.group_id, Employee.number == number)
    ).one_or_none()
    if person is None:
        raise DomainError(say("There is no employee with the number “{number}”.", number=number))
    if not may(signin.actor_for(person, clock.today(store.zone)), Capability.SET_TARGETS, store_id=store.id):
        raise NotAllowed(say("{name} may not set targets at this store.", name=person.name))
    return store, person.id


def _findings(found: PlanFile) -> tuple[str, ...]:
    meant = plan_columns.meanings(found)
    return tuple(str(each.sentence) for each in plan_proof.findings(found, plan_files.decided(found), meant))


def _decide(found: PlanFile, *, keep_totals: bool, actor_id: int) -> None:
    columns = plan_files.written(found).columns
    plan_decisions.decide(found, dict.fromkeys(columns, keep_totals), actor_id=actor_id)
