"""The pages: what a person sees first, and that what was typed is kept when it is refused."""

from __future__ import annotations

import io
from fractions import Fraction

import pytest
from sqlalchemy import event

from incentives.core.period import Month
from incentives.db import db
from incentives.targets.scopes import of_person
from incentives.targets.service import catalogue
from incentives.targets.service.holding import held
from tests.conftest import ClientFor
from tests.targets.conftest import NOVEMBER, Desk
from tests.targets.test_importing_plan_tables import PLAN

PAGES = (
    "cockpit",
    "cockpit?over=year",
    "cockpit?month=not-a-month",
    "cockpit/vehicles_received",
    "cockpit/vehicles_received?scope=p5&month=2026-11",
    "cockpit/rework_rate?over=year",
    "targets",
    "targets?year=2027",
    "targets?year=99999&scope=nobody",
    "targets/vehicles_received",
    "targets/vehicles_received/months?year=2027",
    "targets/vehicles_received/people?period=2026-11",
    "readings",
    "readings?indicator=vehicles_received&month=2026-11",
    "readings/enter",
    "readings/enter?by=people&indicator=vehicles_received",
    "readings/enter?by=days&indicator=rework_rate",
    "readings/enter?day=9999-99-99&scope=zz",
    "readings/enter?day=1999-12-31",
    "indicators",
    "indicators?q=CSI",
    "indicators?download=xlsx",
    "indicators/new",
    "indicators/csi",
    "plan-tables",
    "workdays",
    "workdays?month=2000-01",
    "workdays?month=2100-12",
)

MOST_QUESTIONS = 14
"""Besides those that other features ask to add up the figures that follow from their facts."""


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_on_a_store_with_nothing_and_with_something(
    desk: Desk, client_for: ClientFor, page: str
) -> None:
    manager = client_for(desk.cast.ma)
    assert manager.get(f"/stores/A01/{page}").status_code == 200
    desk.aim("vehicles_received", NOVEMBER, "650")
    desk.aim("vehicles_received", NOVEMBER, "600")
    desk.aim("vehicles_received", NOVEMBER, "50", scope=of_person(desk.cast.wei.id))
    desk.read("vehicles_received", "2026-11-02", "20", scope=of_person(desk.cast.wei.id))
    desk.read("rework_rate", "2026-11-02", "2", "100")
    assert manager.get(f"/stores/A01/{page}").status_code == 200


def test_the_cockpit_says_no_target_and_who_needs_help(desk: Desk, client_for: ClientFor) -> None:
    manager = client_for(desk.cast.ma)
    assert "no target" in manager.get("/stores/A01/cockpit").text
    desk.aim("vehicles_received", NOVEMBER, "210", scope=of_person(desk.cast.wei.id))
    desk.read("vehicles_received", "2026-11-02", "20", scope=of_person(desk.cast.wei.id))
    page = manager.get("/stores/A01/cockpit").text
    assert "Who needs help" in page
    assert "20 vehicles of 110 vehicles due by today" in page


def test_a_figure_opens_down_to_its_readings(desk: Desk, client_for: ClientFor) -> None:
    desk.read("vehicles_received", "2026-11-02", "20", scope=of_person(desk.cast.wei.id))
    manager = client_for(desk.cast.ma)
    reception = f"d{desk.cast.departments['reception'].id}"
    assert f"scope={reception}" in manager.get("/stores/A01/cockpit/vehicles_received").text
    page = manager.get(f"/stores/A01/cockpit/vehicles_received?scope={reception}").text
    assert desk.cast.wei.name in page
    assert "/stores/A01/readings/1" in page
    assert "20" in manager.get("/stores/A01/readings/1").text


def test_a_days_readings_are_typed_into_a_grid_and_kept_when_one_is_wrong(desk: Desk, client_for: ClientFor) -> None:
    vehicles, rework = (catalogue.indicator(desk.store_id, code).id for code in ("vehicles_received", "rework_rate"))
    books = client_for(desk.cast.fan)
    address = "/stores/A01/readings/enter?day=2026-11-13"
    wrong = books.post(address, data={f"i{vehicles}": "23", f"i{rework}": "2", "seen": "0"})
    assert wrong.status_code == 422
    assert 'value="23"' in wrong.text
    right = books.post(address, data={f"i{vehicles}": "23", f"i{rework}": "2", f"i{rework}b": "80", "seen": "0"})
    assert right.status_code == 302
    assert 'value="23"' in books.get(address).text


def test_a_reading_that_somebody_else_changed_in_the_meantime_is_not_overwritten(
    desk: Desk, client_for: ClientFor
) -> None:
    vehicles = catalogue.indicator(desk.store_id, "vehicles_received").id
    desk.read("vehicles_received", "2026-11-13", "20")
    desk.read("vehicles_received", "2026-11-13", "22")
    address = "/stores/A01/readings/enter?day=2026-11-13"
    books = client_for(desk.cast.fan)
    assert books.post(address, data={f"i{vehicles}": "25", "seen": "1"}).status_code == 422
    assert books.post(address, data={f"i{vehicles}": "25", "seen": "2"}).status_code == 302


def test_a_year_is_shared_out_after_a_look_at_the_split(desk: Desk, client_for: ClientFor) -> None:
    manager = client_for(desk.cast.ma)
    address = "/stores/A01/targets/insurance_revenue/months?year=2027"
    look = manager.post(address, data={"whole": "1000", "shape": "even"})
    assert look.status_code == 200
    assert "83.34" in look.text
    assert "The remainder of 0.04 yuan" in look.text
    assert not held(desk.store_id, {2027}).by_place
    assert manager.post(address, data={"whole": "1000", "shape": "even", "save": "yes"}).status_code == 302
    indicator = catalogue.indicator(desk.store_id, "insurance_revenue")
    assert held(desk.store_id, {2027}).written(indicator, Month(2027, 1)) == Fraction("83.34")


def test_a_change_of_the_running_month_goes_through_a_second_person_on_the_pages(
    desk: Desk, client_for: ClientFor
) -> None:
    manager, office = client_for(desk.cast.ma), client_for(desk.cast.hua)
    address = "/stores/A01/targets/vehicles_received?year=2026"
    manager.post(address, data={"m11": "650", "seen": "0"})
    manager.post(address, data={"m11": "600", "seen": "1", "reason": "少了两名顾问"})
    assert "少了两名顾问" in office.get("/stores/A01/targets").text
    own = manager.post("/stores/A01/targets/changes/2", data={"action": "confirm"})
    assert own.status_code == 403
    assert office.post("/stores/A01/targets/changes/2", data={"action": "confirm"}).status_code == 302
    indicator = catalogue.indicator(desk.store_id, "vehicles_received")
    assert held(desk.store_id, {2026}).written(indicator, NOVEMBER) == 600


def test_a_stale_form_of_targets_is_refused_with_what_was_typed(desk: Desk, client_for: ClientFor) -> None:
    manager = client_for(desk.cast.ma)
    desk.aim("vehicles_received", Month(2026, 12), "650")
    stale = manager.post("/stores/A01/targets/vehicles_received?year=2026", data={"m12": "700", "seen": "0"})
    assert stale.status_code == 422
    assert 'value="700"' in stale.text


def test_a_plan_table_is_proof_read_decided_and_saved_on_one_page(desk: Desk, client_for: ClientFor) -> None:
    manager = client_for(desk.cast.ma)

    def send() -> str:
        file = (io.BytesIO(PLAN), "年度计划.csv")
        return manager.post("/stores/A01/plan-tables", data={"file": file, "year": "2027"}).headers["Location"]

    address = send()
    page = manager.get(address).text
    assert "接车前台: months add up to 419.1, total says 420.0 (difference -0.9)" in page
    assert "row 14" in page
    early = manager.post(f"{address}/apply")
    assert early.status_code == 422
    assert manager.post(f"{address}/decide", data={"way0": "total", "way1": "total"}).status_code == 302
    assert "written: 32.0" in manager.get(address).text
    assert manager.post(f"{address}/apply").status_code == 302
    assert "targets are set" in manager.get(address).text
    assert send() == address
    assert "sent before for that year" in manager.get(address).text
    assert manager.get(f"{address}/file").data == PLAN
    assert client_for(desk.cast.bo).get(address.replace("A01", "B02")).status_code == 404


def test_columns_can_be_given_another_meaning_and_cells_another_figure(desk: Desk, client_for: ClientFor) -> None:
    manager = client_for(desk.cast.ma)
    file = (io.BytesIO(PLAN), "plan.csv")
    address = manager.post("/stores/A01/plan-tables", data={"file": file, "year": "2027"}).headers["Location"]
    revenue = catalogue.indicator(desk.store_id, "after_sales_revenue").id
    nothing = {f"{what}{number}": "" for what in ("indicator", "department") for number in range(4)}
    once = {**nothing, "indicator0": str(revenue), "wan": "y"}
    refused = manager.post(f"{address}/columns", data={**once, "indicator1": str(revenue)})
    assert refused.status_code == 422
    assert "Two columns cannot be the same indicator" in refused.text
    assert manager.post(f"{address}/columns", data=once).status_code == 302
    assert manager.post(f"{address}/cells", data={"m4c1": "many"}).status_code == 422
    assert manager.post(f"{address}/cells", data={"m4c1": "32.9", "m4c2": "14.1"}).status_code == 302
    assert "Everything adds up" in manager.get(address).text


def test_head_office_adds_an_indicator_for_all_and_a_manager_for_the_own_store(
    desk: Desk, client_for: ClientFor
) -> None:
    typed = {
        "name": "车主活动",
        "unit": "sessions",
        "aggregation": "sum",
        "comparison": ">=",
        "parent": "",
        "measure": "",
        "active": "y",
    }
    office, manager = client_for(desk.cast.hua), client_for(desk.cast.ma)
    assert office.post("/stores/A01/indicators/new", data={**typed, "code": "owner_events"}).status_code == 302
    assert manager.post("/stores/A01/indicators/new", data={**typed, "code": "own_events"}).status_code == 302
    elsewhere = {found.code for found in catalogue.indicators(desk.cast.west.id)}
    assert "owner_events" in elsewhere
    assert "own_events" not in elsewhere
    again = manager.post("/stores/A01/indicators/new", data={**typed, "code": "owner_events"})
    assert again.status_code == 422
    assert manager.post("/stores/A01/indicators/csi", data={**typed, "seen": "1"}).status_code == 422
    assert manager.post("/stores/A01/indicators/own_events", data={**typed, "seen": "9" * 5_000}).status_code == 422


def test_only_those_who_may_set_targets_do(desk: Desk, client_for: ClientFor) -> None:
    for name in ("wei", "qian", "sun", "ada", "fan"):
        answer = client_for(desk.cast.people[name]).post("/stores/A01/targets/csi?year=2027", data={"year": "95"})
        assert answer.status_code == 403
    assert client_for(desk.cast.bo).get("/stores/A01/cockpit").status_code == 404
    assert not held(desk.store_id, {2027}).by_place


@pytest.mark.parametrize("page", ["cockpit", "cockpit/vehicles_received", "targets", "readings", "readings/enter"])
def test_a_page_asks_a_dozen_questions_of_the_database_however_many_people_there_are(
    desk: Desk, client_for: ClientFor, page: str
) -> None:
    manager = client_for(desk.cast.ma)

    def asked() -> int:
        questions: list[str] = []

        def listen(*told: object) -> None:
            questions.append(str(told[2]))

        event.listen(db.engine, "before_cursor_execute", listen)
        assert manager.get(f"/stores/A01/{page}").status_code == 200
        event.remove(db.engine, "before_cursor_execute", listen)
        return sum(question.startswith(("SELECT", "WITH")) for question in questions)

    few = asked()
    for name in ("wei", "lan", "hao", "gang", "min"):
        scope = of_person(desk.cast.people[name].id)
        desk.aim("vehicles_received", NOVEMBER, "50", scope=scope)
        desk.aim("vehicles_received", NOVEMBER, "40", scope=scope)
        desk.read("vehicles_received", "2026-11-02", "5", scope=scope)
    many = asked()
    assert many <= few + 2
    derived = sum(bool(found.measure) for found in catalogue.indicators(desk.store_id))
    assert many <= MOST_QUESTIONS + derived
