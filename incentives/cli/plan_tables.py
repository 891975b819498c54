"""``import plan FILE``: proof-read a plan table from the command line and, if asked to, make targets of it."""

from __future__ import annotations

import argparse

from sqlalchemy import select

from incentives import clock
from incentives.cli.frame import answer
from incentives.cli.opening import open_product
from incentives.core.access import Capability, may
from incentives.core.errors import NotAllowed, NotFound, say
from incentives.db import db
from incentives.people import signin
from incentives.people.models import Employee, Store
from incentives.people.service import setup
from incentives.targets.models import PlanFile
from incentives.targets.service import plan_columns, plan_decisions, plan_files, plan_proof, plan_targets

KIND = "plan"
"""What ``import`` calls a plan table, which is decided before it is taken in."""


def takes_decision(parser: argparse.ArgumentParser) -> None:
    """Let the command say which year a plan table is for, and what counts where it disagrees with itself."""
    parser.add_argument("--year", type=int, help="of a plan table: the year it plans; the running one unless said")
    parser.add_argument(
        "--keep", choices=("months", "totals"), help="of a plan table: what counts, and save the targets"
    )


def run(arguments: argparse.Namespace) -> int:
    """Proof-read the table and, with ``--keep``, make targets of it. Exit code 1 if something does not agree and nothing was decided about it."""
    try:
        data = arguments.file.read_bytes()
    except OSError as fault:
        raise NotFound(say("The file {name} cannot be read.", name=arguments.file.name)) from fault
    with open_product(arguments).app_context():
        store, actor_id = _who_and_where(arguments.store, arguments.by)
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
    store = setup.store_by_code(code)
    person = db.session.scalars(
        select(Employee).where(Employee.group_id == store.group_id, Employee.number == number)
    ).one_or_none()
    if person is None:
        raise NotFound(say("Nobody here has the number {number}.", number=number))
    if not may(signin.actor_for(person, clock.today(store.zone)), Capability.SET_TARGETS, store_id=store.id):
        raise NotAllowed(say("{name} may not set targets at this store.", name=person.name))
    return store, person.id


def _findings(found: PlanFile) -> tuple[str, ...]:
    meant = plan_columns.meanings(found)
    return tuple(str(each.sentence) for each in plan_proof.findings(found, plan_files.decided(found), meant))


def _decide(found: PlanFile, *, keep_totals: bool, actor_id: int) -> None:
    columns = plan_files.written(found).columns
    plan_decisions.decide(found, dict.fromkeys(columns, keep_totals), actor_id=actor_id)
