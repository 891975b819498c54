"""``plan``: check a plan's file without a database; take one in as a draft; write a version out as a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sqlalchemy import select

from incentives import clock
from incentives.cli.frame import Commands, answer, command, takes_json, verbs
from incentives.cli.opening import open_product, takes_data
from incentives.commissions.format import PlanDocument, load
from incentives.commissions.format.place import LARGEST_BYTES
from incentives.commissions.models import PlanVersion
from incentives.commissions.service import checking, plans
from incentives.commissions.service.catalogue import catalogue_of
from incentives.commissions.service.names import names_of
from incentives.core.access import Capability, may
from incentives.core.catalogue import Catalogue, Indicator
from incentives.core.errors import DomainError, NotAllowed, NotFound, Plain, say
from incentives.core.findings import Severity
from incentives.core.measure import Label
from incentives.core.period import Month
from incentives.core.unknown import Names
from incentives.db import db
from incentives.people.models import Employee, Store
from incentives.people.service import setup
from incentives.people.signin import actor_for
from incentives.targets.reference import known_indicators


def add(commands: Commands) -> None:
    """Declare the commands."""
    family = verbs(command(commands, "plan", "pay plans as files: check, import, export"))
    parser = command(family, "check", "check a plan's file; exit code 1 where an error is found", check)
    parser.add_argument("file", type=Path)
    parser.add_argument("--month", metavar="2026-12", help="the month in which it begins to hold; this one unless said")
    _takes_store(parser, "code of the store whose indicators, positions and products it may name")
    parser = command(family, "import", "take a file in as a draft, or as the next version of its plan", take_in)
    parser.add_argument("file", type=Path)
    _takes_store(parser, required=True)
    parser.add_argument("--by", required=True, metavar="NUMBER", help="number of the employee who drafts it")
    parser.add_argument("--from", dest="month", metavar="2026-12", help="the month from which it holds")
    parser = command(family, "export", "write a version's text to standard output", write_out)
    parser.add_argument("code", help="code of the plan")
    _takes_store(parser, required=True)
    parser.add_argument("--version", type=int, metavar="N", help="its number; the last one unless said")


def _takes_store(
    parser: argparse.ArgumentParser, words: str = "code of the store, such as A01", *, required: bool = False
) -> None:
    parser.add_argument("--store", required=required, help=words)
    takes_data(parser)
    takes_json(parser)


def check(arguments: argparse.Namespace) -> int:
    """Say every finding by its row; exit code 1 if one is an error."""
    month = Month.parse(arguments.month) if arguments.month else Month.of(clock.today())
    document = load(_text(arguments.file))
    made = _of_store(arguments, document, month) if arguments.store else _by_itself(document, month)
    found: list[Plain] = [
        {
            "severity": each.finding.severity.value,
            "path": each.finding.path,
            "row": str(each.row),
            "sentence": str(each.finding.sentence),
            "case": str(each.finding.case),
        }
        for each in made.found
    ]
    lines = [
        f"{each.finding.severity.value}: {sentence}"
        for each, sentence in zip(made.found, checking.told(made.found), strict=True)
    ]
    answer(arguments, {"findings": found}, [*lines, _in_short(document, made)])
    return 1 if made.count(Severity.ERROR) else 0


def _by_itself(document: PlanDocument, month: Month) -> checking.Report:
    """The check with the indicators that the product comes with. A store may have more, so others are no errors."""
    indicators = {
        each.code: Indicator(
            each.code,
            Label(each.name_en, each.name),
            each.unit.in_plans,
            each.better,
            each.comparison,
            each.aggregation,
        )
        for each in known_indicators()
    }
    return checking.report(document, month, Catalogue(indicators), names=Names(more_indicators=True))


def _of_store(arguments: argparse.Namespace, document: PlanDocument, month: Month) -> checking.Report:
    """The check with everything that a store has, as before its submitting."""
    with open_product(arguments).app_context():
        store = setup.store_by_code(arguments.store)
        catalogue = catalogue_of(store.id, [document.plan])
        names = names_of(store.id, document.plan, catalogue)
        return checking.report(document, month, catalogue, names=names)


def _in_short(document: PlanDocument, made: checking.Report) -> str:
    wrong = len({each.finding.path for each in made.found if each.finding.path.startswith("examples[")})
    counted = ", ".join(f"{each.value}s: {made.count(each)}" for each in Severity)
    examples = len(document.examples)
    return f"{document.plan.code}: {examples - wrong} of {examples} examples come out to the fen; {counted}."


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
        return content.decode("utf-8-sig")
    except OSError as fault:
        raise NotFound(say("The file {name} cannot be read.", name=path.name)) from fault
    except UnicodeDecodeError:
        raise DomainError(say("The file is no text in UTF-8. Save it as UTF-8 and try again.")) from None


def take_in(arguments: argparse.Namespace) -> int:
    """Keep the file, exactly as it is, as a draft."""
    text = _text(arguments.file)
    with open_product(arguments).app_context():
        store = setup.store_by_code(arguments.store)
        month = Month.parse(arguments.month) if arguments.month else Month.of(clock.today(store.zone))
        version = plans.draft(store.id, text, from_month=month, actor_id=_drafter(store, arguments.by))
        db.session.commit()
        code, number = version.plan.code, version.number
        findings = len(checking.report_of(version).against)
    line = f"{code}: version {number} is a draft from {month}; the check finds {findings} to be mended or meant."
    answer(arguments, {"plan": code, "version": number, "from": str(month), "against": findings}, [line])
    return 0


def _drafter(store: Store, number: str) -> int:
    wanted = select(Employee).where(Employee.group_id == store.group_id, Employee.number == number)
    person = db.session.scalars(wanted).one_or_none()
    if person is None:
        raise NotFound(say("Nobody here has the number {number}.", number=number))
    if not may(actor_for(person, clock.today(store.zone)), Capability.DRAFT_PLANS, store_id=store.id):
        raise NotAllowed(say("{name} may not draft plans at this store.", name=person.name))
    return person.id


def write_out(arguments: argparse.Namespace) -> int:
    """Print the text as it was written, byte for byte."""
    with open_product(arguments).app_context():
        store = setup.store_by_code(arguments.store)
        text = _version(store.id, arguments.code, arguments.version).text
    if arguments.json:
        answer(arguments, {"plan": arguments.code, "text": text}, [])
    else:
        sys.stdout.write(text)
    return 0


def _version(store_id: int, code: str, number: int | None) -> PlanVersion:
    plan = next((each for each in plans.plans_of(store_id) if each.code == code), None)
    versions = [] if plan is None else [each for each in plan.versions if number in {None, each.number}]
    if not versions:
        raise NotFound(say("The store has no such plan or version."))
    return versions[-1]
