"""The staff list as a file: number, name, position, first day. New people are hired, known ones are left as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from incentives.core.access import Capability
from incentives.core.errors import Sentence, say
from incentives.db import db
from incentives.exchange.interface import Context, Fault, Field, Findings, Kind, Row, Summary
from incentives.people.models import Employee, Position, Store
from incentives.people.service import staff

FURTHEST_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class PeopleImporter:
    """Hires everybody in the file who is not on the staff yet."""

    key: str = "people"
    title: Sentence = say("Staff list")
    capability: Capability = Capability.MANAGE_PEOPLE
    fields: Sequence[Field] = (
        Field("number", say("Employee number"), names=("工号", "员工编号", "员工号", "编号", "no", "employee id"), required=True, longest=20, example="A021"),
        Field("name", say("Name"), names=("姓名", "员工姓名", "名字", "employee"), required=True, longest=60, example="林小雨"),
        Field("position", say("Position"), names=("岗位", "职位", "职务", "job title", "title"), required=True, longest=60, example="服务顾问"),
        Field("day", say("First day"), Kind.DAY, names=("入职日期", "入职时间", "到岗日期", "hired", "hire date", "start date"), required=True, example="2026-03-01"),
        Field("pinyin", say("Pinyin"), names=("拼音", "姓名拼音"), longest=120, example="lin xiao yu"),
    )  # fmt: skip

    def check(self, context: Context, rows: Sequence[Row]) -> Findings:
        """Unknown positions, numbers given twice, days that cannot be."""
        known, positions = _known(context), _positions(context)
        faults = [*_doubles(rows), *(fault for row in rows for fault in _faults(row, context.today, positions, known))]
        fresh = sum(row.text("number") not in known for row in rows)
        notes = [say("{count} new people will be taken on.", count=fresh)]
        if len(rows) > fresh:
            notes.append(say("{count} are on the staff already and stay as they are.", count=len(rows) - fresh))
        return Findings(faults, notes=notes)

    def apply(self, context: Context, rows: Sequence[Row]) -> Summary:
        """Take the new ones on."""
        store = db.session.get_one(Store, context.store_id)
        known, positions = _known(context), _positions(context)
        fresh = [row for row in rows if row.text("number") not in known]
        for done, row in enumerate(fresh, start=1):
            staff.hire(
                store=store,
                number=row.text("number"),
                name=row.text("name"),
                pinyin=row.text("pinyin"),
                position=positions[_folded(row.text("position"))],
                day=row.day("day") or context.today,
                actor_id=context.actor_id,
            )
            context.progress(done)
        return Summary([say("{count} people were taken on.", count=len(fresh))], "people.staff")


def _folded(text: str) -> str:
    return text.strip().casefold()


def _positions(context: Context) -> Mapping[str, Position]:
    group_id = db.session.scalars(select(Store.group_id).where(Store.id == context.store_id)).one()
    found: dict[str, Position] = {}
    for position in staff.positions(group_id):
        found |= {_folded(name): position for name in (position.code, position.name, position.name_en) if name}
    return found


def _known(context: Context) -> Mapping[str, str]:
    group = select(Store.group_id).where(Store.id == context.store_id).scalar_subquery()
    rows = db.session.execute(select(Employee.number, Employee.name).where(Employee.group_id == group))
    return {number: name for number, name in rows}  # noqa: C416 (rows are not yet pairs to the type checker)


def _doubles(rows: Sequence[Row]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for row in rows:
        number = row.text("number")
        if number in seen:
            sentence = say("Number {number} stands in row {row} already.", number=number, row=seen[number])
            yield Fault(row.number, "number", sentence)
        seen.setdefault(number, row.number)


def _faults(row: Row, today: date, positions: Mapping[str, Position], known: Mapping[str, str]) -> Iterator[Fault]:
    number, name, position = row.text("number"), row.text("name"), row.text("position")
    if _folded(position) not in positions:
        yield Fault(row.number, "position", say("There is no position “{code}”.", code=position))
    if number in known and known[number] != name:
        owner = known[number]
        yield Fault(
            row.number,
            "number",
            say("Number {number} is {owner}'s, not {name}'s.", number=number, owner=owner, name=name),
        )
    day = row.day("day")
    if day is not None and day > today + FURTHEST_AHEAD:
        yield Fault(row.number, "day", say("The first day lies more than a year ahead."))
