"""``month``: show, calculate and close a month from the command line; ``export`` writes its payroll file."""

from __future__ import annotations

import argparse
from pathlib import Path

from incentives.cli.frame import Commands, answer, command, takes_json, verbs
from incentives.cli.opening import open_product, takes_data
from incentives.commissions.service import calculation
from incentives.core.errors import Plain
from incentives.core.money import total
from incentives.core.period import Month
from incentives.db import db
from incentives.payroll.files import as_file
from incentives.payroll.service import closing, exporting
from incentives.payroll.service.assembling import sheets
from incentives.payroll.service.reviewing import statements
from incentives.people.service import setup
from incentives.periods import service as periods


def add(commands: Commands) -> None:
    """Declare the commands."""
    family = verbs(command(commands, "month", "a business month of a store"))
    for verb, purpose, run in (
        ("show", "its state and what everybody earns", show),
        ("calculate", "work the open month out anew", calculate),
        ("close", "close an approved month", close),
    ):
        _takes_month(command(family, verb, purpose, run))
    export = command(commands, "export", "write the payroll file of a closed month", write)
    _takes_month(export)
    export.add_argument("--to", type=Path, required=True, metavar="FILE", help="the .xlsx file to write")


def _takes_month(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", help="code of the store, such as A01")
    parser.add_argument("month", help="the month, such as 2026-11")
    takes_data(parser)
    takes_json(parser)


def _asked(arguments: argparse.Namespace) -> tuple[int, Month]:
    return setup.store_by_code(arguments.store).id, Month.parse(arguments.month)


def show(arguments: argparse.Namespace) -> int:
    """Print the state and a line for each person."""
    with open_product(arguments).app_context():
        store_id, month = _asked(arguments)
        state = periods.state_of(store_id, month)
        decided = {each.employee_id: each.total for each in statements(store_id, month)}
        amounts = decided or {sheet.employee_id: sheet.total for sheet in sheets(store_id, month)}
        people: dict[str, Plain] = {str(person): amount.plain() for person, amount in amounts.items()}
        record: dict[str, Plain] = {"state": state.value, "total": total(amounts.values()).plain(), "people": people}
    answer(
        arguments, record, [f"{arguments.store} {month}: {state.value}, {len(people)} people, {record['total']} CNY"]
    )
    return 0


def calculate(arguments: argparse.Namespace) -> int:
    """Work the month out and say how many lines changed."""
    with open_product(arguments).app_context():
        store_id, month = _asked(arguments)
        periods.require_open(store_id, month)
        touched = calculation.work_out(store_id, month)
        db.session.commit()
    answer(arguments, {"changed": touched}, [f"{arguments.store} {month}: {touched} lines changed."])
    return 0


def close(arguments: argparse.Namespace) -> int:
    """Close the month; a repeat says the same."""
    with open_product(arguments).app_context():
        store_id, month = _asked(arguments)
        found = closing.close(store_id, month, actor_id=None)
        db.session.commit()
        record: dict[str, Plain] = {"people": found.people, "total": found.total.plain(), "digest": found.digest}
    answer(
        arguments, record, [f"{arguments.store} {month} is closed: {record['people']} people, {record['total']} CNY."]
    )
    return 0


def write(arguments: argparse.Namespace) -> int:
    """Write the file; the same bytes each time."""
    with open_product(arguments).app_context():
        store_id, month = _asked(arguments)
        data = as_file(exporting.payroll(store_id, month))
    arguments.to.write_bytes(data)
    answer(arguments, {"file": str(arguments.to), "bytes": len(data)}, [f"{arguments.to}: {len(data):,} bytes."])
    return 0
