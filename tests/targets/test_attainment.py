"""Where somebody stands: exact, with "no target" said, and a forecast by working days."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from incentives.core.keys import MeasureKey
from incentives.core.measure import Kind, Sales, Whose
from incentives.core.period import Month, Span
from incentives.db import db
from incentives.targets.scopes import STORE, of_department, of_person
from incentives.targets.service import answers, catalogue, sharing, workdays
from incentives.targets.service.attainment import Attainment, attainments, families, outlook
from incentives.targets.service.sharing import Shape
from tests.targets.conftest import NOVEMBER, TODAY, Desk


def stands(desk: Desk, code: str) -> Attainment:
    found = attainments(desk.store_id, NOVEMBER, today=TODAY)
    return next(each for each in found if each.indicator.code == code)


def test_without_a_target_there_is_no_attainment_neither_nothing_nor_everything(desk: Desk) -> None:
    desk.read("vehicles_received", "2026-11-02", "20")
    found = stands(desk, "vehicles_received")
    assert found.actual == 20
    assert (found.target, found.attainment, found.met, found.to_go) == (None, None, None, None)


def test_two_percent_does_not_meet_a_target_of_less_than_two_percent(desk: Desk) -> None:
    desk.aim("rework_rate", 2026, "2")
    desk.read("rework_rate", "2026-11-02", "2", "100")
    found = stands(desk, "rework_rate")
    assert found.attainment == 1
    assert found.met is False


def test_more_than_the_target_is_shown_uncapped(desk: Desk) -> None:
    desk.aim("vehicles_received", NOVEMBER, "10")
    desk.read("vehicles_received", "2026-11-02", "20")
    assert stands(desk, "vehicles_received").attainment == 2


def test_a_sum_is_forecast_by_working_days_and_a_rate_stands_as_it_is(desk: Desk) -> None:
    desk.aim("vehicles_received", NOVEMBER, "210")
    desk.aim("csi", 2026, "93")
    desk.read("vehicles_received", "2026-11-13", "110")
    desk.read("csi", "2026-11-13", "0.92")
    vehicles, csi = stands(desk, "vehicles_received"), stands(desk, "csi")
    assert (vehicles.days.elapsed, vehicles.days.all) == (11, 21)
    assert vehicles.forecast == 210
    assert vehicles.due == 110
    assert vehicles.on_pace is True
    assert csi.forecast == Fraction("0.92")
    assert csi.will_be_met is False


def test_holidays_are_no_working_days_and_make_up_days_are() -> None:
    assert not workdays.is_statutory_workday(date(2026, 10, 1))
    assert workdays.is_statutory_workday(date(2026, 10, 10))
    assert not workdays.is_statutory_workday(date(2026, 10, 17))


def test_a_store_says_that_it_works_on_a_sunday_and_takes_it_back(desk: Desk) -> None:
    november = Span(date(2026, 11, 1), date(2026, 12, 1))
    sunday = date(2026, 11, 15)
    workdays.override(desk.store_id, sunday, works=True, note="周末开门", actor_id=desk.cast.ma.id)
    assert workdays.workdays(desk.store_id, november, TODAY) == workdays.Workdays(elapsed=12, all=22)
    assert workdays.workdays(desk.cast.west.id, november, TODAY).all == 21
    workdays.override(desk.store_id, sunday, works=False, note="", actor_id=desk.cast.ma.id)
    assert workdays.workdays(desk.store_id, november, TODAY).all == 21


def test_a_trend_runs_over_twelve_months_and_says_where_nothing_is_known(desk: Desk) -> None:
    desk.read("insurance_revenue", "2026-03-31", "150000")
    desk.aim("insurance_revenue", NOVEMBER, "180000")
    insurance = catalogue.indicator(desk.store_id, "insurance_revenue")
    points = outlook(desk.store_id, NOVEMBER, NOVEMBER, today=TODAY).trend(insurance)
    assert [str(point.month) for point in points][::11] == ["2025-12", "2026-11"]
    assert [point.actual for point in points if point.actual is not None] == [150_000]
    assert [point.target for point in points if point.target is not None] == [180_000]


def test_the_parts_of_a_whole_are_held_beside_it(desk: Desk) -> None:
    for code, value in (
        ("after_sales_revenue", "600万"),
        ("insurance_revenue", "220万"),
        ("workshop_revenue", "380万"),
    ):
        desk.aim(code, 2026, value)
    revenue = next(
        family
        for family in families(attainments(desk.store_id, 2026, today=TODAY))
        if family.whole.indicator.code == "after_sales_revenue"
    )
    assert [part.indicator.code for part in revenue.parts] == ["insurance_revenue", "workshop_revenue"]
    assert revenue.targets_left == 0


# --- allocation ------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_a_year_shared_out_evenly_adds_up_to_the_fen(desk: Desk) -> None:
    indicator = catalogue.indicator(desk.store_id, "insurance_revenue")
    split = sharing.split_year(desk.store_id, indicator, 2027, Fraction(1000), shape=Shape.EVEN)
    assert split.added == 1000
    assert [part.value for part in split.parts] == [Fraction("83.34")] * 4 + [Fraction("83.33")] * 8
    assert split.remainder == Fraction("0.04")


def test_a_year_takes_the_shape_of_the_last_one(desk: Desk) -> None:
    desk.read("insurance_revenue", "2026-01-31", "100")
    desk.read("insurance_revenue", "2026-02-28", "300")
    indicator = catalogue.indicator(desk.store_id, "insurance_revenue")
    split = sharing.split_year(desk.store_id, indicator, 2027, Fraction(1000), shape=Shape.LAST_YEAR)
    assert [part.value for part in split.parts[:3]] == [250, 750, 0]


def test_people_take_their_part_by_the_days_of_their_posting(desk: Desk) -> None:
    (posting,) = desk.cast.wei.postings
    posting.last_day = date(2026, 11, 15)
    db.session.commit()
    reception = of_department(desk.cast.departments["reception"].id)
    indicator = catalogue.indicator(desk.store_id, "vehicles_received")
    people = [of_person(desk.cast.people[name].id) for name in ("wei", "lan", "hao")]
    split = sharing.split_among(
        desk.store_id, indicator, NOVEMBER, Fraction(500), dict.fromkeys(people, Fraction(1)), among=reception
    )
    assert {part.key: part.value for part in split.parts} == dict(zip(people, [100, 200, 200], strict=True))


def test_vehicles_are_shared_out_whole_and_the_remainder_goes_by_employee_number(desk: Desk) -> None:
    reception = of_department(desk.cast.departments["reception"].id)
    indicator = catalogue.indicator(desk.store_id, "vehicles_received")
    weights = {of_person(desk.cast.people[name].id): Fraction(1) for name in ("hao", "lan", "wei")}
    split = sharing.split_among(desk.store_id, indicator, NOVEMBER, Fraction(650), weights, among=reception)
    assert [(str(part.name), part.value, part.extra) for part in split.parts] == [
        ("魏强", Fraction(217), 1),
        ("兰芳", Fraction(217), 1),
        ("郝亮", Fraction(216), 0),
    ]


# --- what pay plans ask ----------------------------------------------------------------------------------


def key(code: str, kind: Kind, of: Whose, person: int | None = None, first: Month = NOVEMBER) -> MeasureKey:
    return MeasureKey(kind, code, of, "", person, Sales(), first, NOVEMBER)


@pytest.mark.both_databases
def test_pay_plans_are_answered_in_the_indicators_unit(desk: Desk) -> None:
    wei, lan = desk.cast.wei.id, desk.cast.lan.id
    desk.read("insurance_revenue", "2026-11-02", "1234.50", scope=of_person(wei))
    desk.read("rework_rate", "2026-10-31", "2", "100")
    desk.read("rework_rate", "2026-11-02", "9", "300")
    desk.aim("insurance_revenue", NOVEMBER, "2000", scope=of_person(wei))
    desk.aim("rework_rate", 2026, "2")
    asked = {
        key("insurance_revenue", Kind.INDICATOR, Whose.PERSON, wei): Fraction("1234.5"),
        key("insurance_revenue", Kind.INDICATOR, Whose.PERSON, lan): Fraction(0),
        key("insurance_revenue", Kind.INDICATOR, Whose.DEPARTMENT, lan): Fraction("1234.5"),
        key("insurance_revenue", Kind.INDICATOR, Whose.STORE): Fraction("1234.5"),
        key("insurance_revenue", Kind.TARGET, Whose.PERSON, wei): Fraction(2000),
        key("insurance_revenue", Kind.TARGET, Whose.PERSON, lan): None,
        key("workshop_revenue", Kind.INDICATOR, Whose.STORE): None,
        key("rework_rate", Kind.INDICATOR, Whose.STORE, first=Month(2026, 10)): Fraction("0.0275"),
        key("rework_rate", Kind.TARGET, Whose.STORE): Fraction("0.02"),
        key("nobody_knows", Kind.INDICATOR, Whose.STORE): None,
    }
    assert answers.value_of(desk.store_id, asked) == asked


def test_the_members_of_a_pool_are_added_up(desk: Desk) -> None:
    people = [desk.cast.wei.id, desk.cast.lan.id]
    for person, value in zip(people, ("100", "50"), strict=True):
        desk.read("insurance_revenue", "2026-11-02", value, scope=of_person(person))
        desk.aim("insurance_revenue", NOVEMBER, "200", scope=of_person(person))
    actual = key("insurance_revenue", Kind.INDICATOR, Whose.MEMBERS)
    target = key("insurance_revenue", Kind.TARGET, Whose.MEMBERS)
    found = answers.value_of(desk.store_id, [actual, target], members=people)
    assert found == {actual: 150, target: 400}


def test_a_persons_standing_asks_for_that_persons_figures(desk: Desk) -> None:
    wei = of_person(desk.cast.wei.id)
    desk.read("vehicles_received", "2026-11-02", "20", scope=wei)
    desk.read("vehicles_received", "2026-11-02", "90", scope=STORE)
    found = attainments(desk.store_id, NOVEMBER, today=TODAY, scope=wei)
    assert [each.actual for each in found if each.indicator.code == "vehicles_received"] == [20]
