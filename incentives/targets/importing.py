"""Readings from a file: a row for each indicator and day, of the store, a department or a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from incentives.core.access import Capability
from incentives.core.approval import MonthState
from incentives.core.attainment import Aggregation
from incentives.core.errors import DomainError, Sentence, say
from incentives.core.period import Month
from incentives.db import db
from incentives.exchange.headings import normalised
from incentives.exchange.interface import Choice, Context, Fault, Field, Findings, Kind, Question, Row, Summary
from incentives.people.models import Department, Employee, Posting, Store
from incentives.periods import service as periods
from incentives.targets.models import Indicator, Origin
from incentives.targets.scopes import STORE, Scope, of_department, of_person, scope_from
from incentives.targets.service import readings
from incentives.targets.service.catalogue import indicators
from incentives.targets.service.readings import NewReading
from incentives.targets.units import Unit, read_exact

WHOSE = "whose"


@dataclass(frozen=True, slots=True)
class _Known:
    """What the file's words may mean in this store."""

    indicators: Mapping[str, Indicator]
    scopes: Mapping[str, frozenset[Scope]]
    choices: tuple[Choice, ...]
    answers: Mapping[str, str]

    def scope(self, text: str) -> Scope | None:
        """Whose reading it is; ``None``: it has to be asked."""
        if not text:
            return STORE
        if answer := self.answers.get(text):
            return scope_from(answer)
        found = self.scopes.get(normalised(text), frozenset())
        return next(iter(found)) if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class ReadingImporter:
    """Keeps the readings of a file. Those that stand there already change nothing; others replace what stood there."""

    key: str = "readings"
    title: Sentence = say("Readings")
    capability: Capability = Capability.IMPORT_FACTS
    fields: Sequence[Field] = (
        Field("indicator", say("Indicator"), names=("指标", "指标名称", "项目", "kpi"), required=True, longest=60, example="接车台次"),
        Field("day", say("Day"), Kind.DAY, names=("日期", "业务日期", "date"), required=True, example="2026-03-01"),
        Field("value", say("Reading"), names=("实绩", "数值", "值", "完成", "value", "actual"), required=True, longest=30, example="23"),
        Field("base", say("Of how many"), names=("基数", "总数", "分母", "of", "base"), longest=30, example=""),
        Field("whose", say("Whose"), names=("员工", "工号", "姓名", "部门", "对象", "person", "employee", "department"), longest=60, example=""),
    )  # fmt: skip

    def check(self, context: Context, rows: Sequence[Row]) -> Findings:
        """Unknown indicators and people, figures that cannot be, months that are not open."""
        known = _known(context)
        read, faults = _read(rows, known)
        faults += [
            Fault(read[place][0].number, "", fault)
            for place, fault in readings.faults_of_all(context.store_id, [new for _, new in read], context.today)
        ]
        faults += _closed(context, read)
        return Findings(
            sorted(faults, key=lambda fault: fault.row),
            questions=list(_questions(rows, known)),
            notes=[
                say("{count} readings will be kept; those that stand there already change nothing.", count=len(rows))
            ],
        )

    def apply(self, context: Context, rows: Sequence[Row]) -> Summary:
        """Keep them."""
        read, _faults = _read(rows, _known(context))
        given = readings.give(
            context.store_id,
            [new for _, new in read],
            actor_id=context.actor_id,
            today=context.today,
            origin=Origin.IMPORTED,
            upload_id=context.upload_id,
        )
        context.progress(len(rows))
        lines = [
            say("{count} readings are new.", count=given.new),
            say("{count} readings replaced earlier ones.", count=given.changed),
            say("{count} readings stood there already.", count=given.same),
        ]
        return Summary(lines, "targets.readings_list")


def _known(context: Context) -> _Known:
    named = {
        normalised(name): found
        for found in indicators(context.store_id)
        for name in (*found.headings, found.name, found.name_en, found.code)
        if name
    }
    scopes, choices = _scopes(context.store_id)
    return _Known(named, scopes, choices, context.answers.get(WHOSE, {}))


def _scopes(store_id: int) -> tuple[dict[str, frozenset[Scope]], tuple[Choice, ...]]:
    """Departments by name and code, people by number and name; and all of them to choose from."""
    found: dict[str, set[Scope]] = defaultdict(set)
    choices = []
    people = select(Employee.id, Employee.number, Employee.name).join(Posting, Posting.employee_id == Employee.id)
    for number, code, name in db.session.execute(
        people.where(Posting.store_id == store_id).distinct().order_by(Employee.number)
    ):
        choices.append(Choice(str(of_person(number)), f"{name} {code}"))
        for text in (code, name):
            found[normalised(text)].add(of_person(number))
    departments = select(Department).join(Store, Store.group_id == Department.group_id).where(Store.id == store_id)
    for department in db.session.scalars(departments.order_by(Department.order)):
        choices.append(Choice(str(of_department(department.id)), department.name))
        for text in filter(None, (department.code, department.name, department.name_en)):
            found[normalised(text)].add(of_department(department.id))
    return {text: frozenset(scopes) for text, scopes in found.items()}, tuple(choices)


def _read(rows: Sequence[Row], known: _Known) -> tuple[list[tuple[Row, NewReading]], list[Fault]]:
    """The rows as readings, as far as they can be; those whose person is still asked for are left out."""
    read, faults = [], []
    for row in rows:
        indicator = known.indicators.get(normalised(row.text("indicator")))
        if indicator is None:
            sentence = say("There is no indicator “{name}”.", name=row.text("indicator"))
            faults.append(Fault(row.number, "indicator", sentence))
            continue
        try:
            new = _reading(row, indicator, known.scope(row.text("whose")))
        except DomainError as refusal:
            faults.append(Fault(row.number, "value", refusal.sentence))
        else:
            read += [(row, new)] if new else []
    return read, faults


def _reading(row: Row, indicator: Indicator, scope: Scope | None) -> NewReading | None:
    day, is_ratio = row.day("day"), indicator.aggregation is Aggregation.RATIO
    value = read_exact(row.text("value"), Unit.NUMBER if is_ratio else indicator.unit)
    base = read_exact(row.text("base"), Unit.NUMBER) if is_ratio and row.text("base") else Fraction(0)
    if scope is None or day is None:
        return None
    return NewReading(indicator, day, scope, value, base if is_ratio else None)


def _closed(context: Context, read: Sequence[tuple[Row, NewReading]]) -> list[Fault]:
    states = periods.states_of(context.store_id, sorted({Month.of(new.day) for _, new in read}))
    return [
        Fault(row.number, "day", say("{month} is not open any more.", month=str(Month.of(new.day))))
        for row, new in read
        if states[Month.of(new.day)] is not MonthState.OPEN
    ]


def _questions(rows: Sequence[Row], known: _Known) -> Iterator[Question]:
    """Who is meant, wherever a name is nobody's or several people's."""
    asked: dict[str, int] = defaultdict(int)
    for row in rows:
        if known.scope(row.text("whose")) is None:
            asked[row.text("whose")] += 1
    for text, times in asked.items():
        likely = known.scopes.get(normalised(text), frozenset())
        first = [choice for choice in known.choices if scope_from(choice.value) in likely]
        others = [choice for choice in known.choices if choice not in first]
        yield Question(WHOSE, text, say("Whose readings are “{text}”?", text=text), (*first, *others), rows=times)
