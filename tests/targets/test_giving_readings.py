"""Readings: exact, corrected by naming what they replace, never in a month that is not open."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import select

from incentives.core.approval import MonthState
from incentives.core.errors import DomainError, Faults
from incentives.core.period import Month
from incentives.db import db
from incentives.periods import service as periods
from incentives.targets.models import Reading
from incentives.targets.scopes import STORE, of_department, of_person
from incentives.targets.service import catalogue, readings
from incentives.targets.service.figures import figures
from incentives.targets.service.readings import NewReading
from tests.targets.conftest import NOVEMBER, TODAY, Desk


def actual(desk: Desk, code: str, first: Month, last: Month) -> Fraction | None:
    wanted = catalogue.indicators(desk.store_id)
    return figures(desk.store_id, wanted, first, last).actual(catalogue.indicator(desk.store_id, code), first, last)


@pytest.mark.both_databases
def test_the_rework_rate_of_a_year_is_the_ratio_of_the_sums(desk: Desk) -> None:
    desk.read("rework_rate", "2026-01-31", "2", "100")
    desk.read("rework_rate", "2026-02-28", "9", "300")
    january, february = Month(2026, 1), Month(2026, 2)
    assert actual(desk, "rework_rate", january, january) == Fraction("0.02")
    assert actual(desk, "rework_rate", february, february) == Fraction("0.03")
    assert actual(desk, "rework_rate", january, february) == Fraction("0.0275")


def test_a_level_is_the_last_one_read_and_never_a_sum(desk: Desk) -> None:
    desk.read("base_customers", "2026-11-02", "1500")
    desk.read("base_customers", "2026-11-13", "1480")
    assert actual(desk, "base_customers", Month(2026, 1), NOVEMBER) == 1480


@pytest.mark.both_databases
def test_money_is_kept_to_the_fen(desk: Desk) -> None:
    desk.read("insurance_revenue", "2026-11-02", "0.10")
    desk.read("insurance_revenue", "2026-11-03", "0.20")
    assert actual(desk, "insurance_revenue", NOVEMBER, NOVEMBER) == Fraction("0.30")


def test_a_correction_names_what_it_replaces_and_keeps_it(desk: Desk) -> None:
    desk.read("vehicles_received", "2026-11-02", "20")
    desk.read("vehicles_received", "2026-11-02", "22", by="fan")
    kept = db.session.scalars(select(Reading).order_by(Reading.version)).all()
    assert [(row.value, row.version) for row in kept] == [(20, 1), (22, 2)]
    assert kept[1].replaces_id == kept[0].id
    assert actual(desk, "vehicles_received", NOVEMBER, NOVEMBER) == 22


def test_the_same_reading_again_changes_nothing(desk: Desk) -> None:
    desk.read("vehicles_received", "2026-11-02", "20")
    again = desk.read("vehicles_received", "2026-11-02", "20")
    assert (again.new, again.changed, again.same) == (0, 0, 1)
    assert len(db.session.scalars(select(Reading)).all()) == 1


def test_a_reading_taken_back_counts_no_more(desk: Desk) -> None:
    desk.read("vehicles_received", "2026-11-02", "20")
    desk.read("vehicles_received", "2026-11-02", "")
    assert actual(desk, "vehicles_received", NOVEMBER, NOVEMBER) is None


def test_nothing_is_counted_twice_when_a_store_reads_at_two_levels(desk: Desk) -> None:
    reception = desk.cast.departments["reception"].id
    desk.read("vehicles_received", "2026-11-02", "7", scope=of_person(desk.cast.wei.id))
    desk.read("vehicles_received", "2026-11-02", "5", scope=of_person(desk.cast.lan.id))
    desk.read("vehicles_received", "2026-11-02", "4", scope=of_person(desk.cast.gang.id))
    assert actual(desk, "vehicles_received", NOVEMBER, NOVEMBER) == 16
    desk.read("vehicles_received", "2026-11-03", "13", scope=of_department(reception))
    assert actual(desk, "vehicles_received", NOVEMBER, NOVEMBER) == 17
    desk.read("vehicles_received", "2026-11-03", "30")
    assert actual(desk, "vehicles_received", NOVEMBER, NOVEMBER) == 30


def test_a_whole_without_readings_is_the_sum_of_its_parts(desk: Desk) -> None:
    desk.read("insurance_revenue", "2026-11-02", "1000")
    desk.read("workshop_revenue", "2026-11-02", "2500")
    assert actual(desk, "after_sales_revenue", NOVEMBER, NOVEMBER) == 3500
    desk.read("after_sales_revenue", "2026-11-02", "3600")
    assert actual(desk, "after_sales_revenue", NOVEMBER, NOVEMBER) == 3600


@pytest.mark.parametrize("state", [MonthState.IN_REVIEW, MonthState.APPROVED])
def test_a_month_that_is_being_reviewed_takes_no_reading(desk: Desk, state: MonthState) -> None:
    october = Month(2026, 10)
    periods.move(desk.store_id, october, before=MonthState.OPEN, after=state, actor_id=None)
    db.session.commit()
    with pytest.raises(DomainError, match="2026-10 is"):
        desk.read("vehicles_received", "2026-10-31", "20")
    assert db.session.scalars(select(Reading)).all() == []


@pytest.mark.parametrize(
    ("code", "day", "value", "base", "sentence"),
    [
        ("vehicles_received", "2026-11-17", "20", "", "today or an earlier day"),
        ("vehicles_received", "2026-11-02", "20.5", "", "finer than it can be kept"),
        ("vehicles_received", "2026-11-02", "10000000000000000", "", "larger than any figure"),
        ("rework_rate", "2026-11-02", "2", "", "A ratio needs both"),
        ("rework_rate", "2026-11-02", "2", "0", "A ratio needs both"),
        ("rework_rate", "2026-11-02", "2", "-1", "cannot be negative"),
        ("accessory_sales", "2026-11-02", "20", "", "worked out from facts"),
    ],
)
def test_bad_readings_are_refused_in_a_sentence(
    desk: Desk, code: str, day: str, value: str, base: str, sentence: str
) -> None:
    with pytest.raises(Faults) as refusal:
        desk.read(code, day, value, base)
    assert sentence in str(refusal.value.faults[0])


def test_a_reading_of_somebody_elses_store_is_refused(desk: Desk) -> None:
    with pytest.raises(Faults) as refusal:
        desk.read("vehicles_received", "2026-11-02", "20", scope=of_person(desk.cast.bai.id))
    assert "does not work here on that day" in str(refusal.value.faults[0])


def test_one_bad_reading_keeps_all_others_out(desk: Desk) -> None:
    vehicles = catalogue.indicator(desk.store_id, "vehicles_received")
    given = [
        NewReading(vehicles, date(2026, 11, 2), STORE, Fraction(20)),
        NewReading(vehicles, date(2026, 12, 2), STORE, Fraction(20)),
    ]
    with pytest.raises(Faults):
        readings.give(desk.store_id, given, actor_id=desk.cast.ma.id, today=TODAY)
    db.session.rollback()
    assert db.session.scalars(select(Reading)).all() == []


def test_the_history_of_a_reading_is_not_shown_to_another_store(desk: Desk) -> None:
    desk.read("vehicles_received", "2026-11-02", "20")
    reading = db.session.scalars(select(Reading)).one()
    assert len(readings.history(desk.store_id, reading.id)) == 1
    assert readings.history(desk.cast.west.id, reading.id) == []
