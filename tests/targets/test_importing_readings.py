"""Readings from files: by the names people write, asked where a name is nobody's, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from incentives.core.approval import MonthState
from incentives.core.period import Month
from incentives.db import db
from incentives.exchange.interface import Context, Row, Value
from incentives.periods import service as periods
from incentives.targets.importing import ReadingImporter
from incentives.targets.scopes import of_department, of_person
from incentives.targets.service import catalogue
from incentives.targets.service.figures import figures
from tests.targets.conftest import NOVEMBER, TODAY, Desk

IMPORTER = ReadingImporter()


def context(desk: Desk, answers: Mapping[str, str] | None = None) -> Context:
    return Context(desk.store_id, desk.cast.fan.id, 1, TODAY, {"whose": answers or {}})


def row(number: int, indicator: str, value: str, *, base: str = "", whose: str = "", day: int = 2) -> Row:
    values: dict[str, Value] = {
        "indicator": indicator,
        "day": date(2026, 11, day),
        "value": value,
        "base": base,
        "whose": whose,
    }
    return Row(number, values)


def test_indicators_departments_and_people_are_known_by_the_names_people_write(desk: Desk) -> None:
    rows = [
        row(2, "接车台次", "7", whose="A004"),
        row(3, "Vehicles received", "5", whose="兰芳"),
        row(4, "vehicles_received", "9", whose="机电车间"),
        row(5, "返修率", "2", base="100"),
    ]
    assert IMPORTER.check(context(desk), rows).faults == []
    IMPORTER.apply(context(desk), rows)
    db.session.commit()
    wanted = catalogue.indicators(desk.store_id)
    found = figures(desk.store_id, wanted, NOVEMBER, NOVEMBER, people=True)
    vehicles = catalogue.indicator(desk.store_id, "vehicles_received")
    assert found.actual(vehicles, NOVEMBER, NOVEMBER) == 21
    assert found.actual(vehicles, NOVEMBER, NOVEMBER, of_person(desk.cast.wei.id)) == 7
    workshop = of_department(desk.cast.departments["workshop"].id)
    assert found.actual(vehicles, NOVEMBER, NOVEMBER, workshop) == 9
    rework = catalogue.indicator(desk.store_id, "rework_rate")
    assert found.actual(rework, NOVEMBER, NOVEMBER) == Fraction("0.02")


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    rows = [row(2, "接车台次", "7"), row(3, "接车台次", "8", day=3)]
    IMPORTER.apply(context(desk), rows)
    again = IMPORTER.apply(context(desk), rows)
    assert [str(line) for line in again.lines][2] == "2 readings stood there already."


def test_a_name_that_is_nobodys_is_asked_about(desk: Desk) -> None:
    rows = [row(2, "接车台次", "7", whose="小魏"), row(3, "接车台次", "8", whose="小魏", day=3)]
    (question,) = IMPORTER.check(context(desk), rows).questions
    assert (question.token, question.rows) == ("小魏", 2)
    wei = str(of_person(desk.cast.wei.id))
    assert wei in {choice.value for choice in question.choices}
    answered = IMPORTER.check(context(desk, {"小魏": wei}), rows)
    assert (list(answered.faults), list(answered.questions)) == ([], [])


def test_every_fault_is_said_by_its_row(desk: Desk) -> None:
    periods.move(desk.store_id, Month(2026, 10), before=MonthState.OPEN, after=MonthState.CLOSED, actor_id=None)
    closed = Row(6, {"indicator": "接车台次", "day": date(2026, 10, 2), "value": "7", "base": "", "whose": ""})
    rows = [
        row(2, "接车辆数", "7"),
        row(3, "接车台次", "many"),
        row(4, "返修率", "2"),
        row(5, "接车台次", "7", whose="B002"),
        closed,
        row(7, "接车台次", "7", day=3),
        row(8, "接车台次", "7", day=3),
        row(9, "精品销售", "7"),
    ]
    found = IMPORTER.check(context(desk), rows)
    assert [(fault.row, str(fault.sentence)) for fault in found.faults] == [
        (2, "There is no indicator “接车辆数”."),
        (3, "“many” is not a number."),
        (4, "A ratio needs both: how many, and of how many."),
        (6, "2026-10 is not open any more."),
        (8, "There are two readings for the same day."),
        (9, "This indicator is worked out from facts in the system: it takes no readings."),
    ]
    assert [question.token for question in found.questions] == ["B002"]
