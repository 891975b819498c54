"""What came out of a simulation: its workbook, its months, its filters, and beside them what was approved then."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from bench.pages import MOST, counting
from incentives import clock
from incentives.commissions.models import PlanVersion
from incentives.core.money import Money
from incentives.core.simulation import BANDS
from incentives.db import db
from incentives.demo.story import noon
from incentives.simulations.models import Simulation, SimulationState
from incentives.simulations.service import looking, summing
from tests.conftest import Browser, Cast, ClientFor
from tests.payroll.acts import Books
from tests.simulations.asking import simulated, wish_for
from tests.simulations.conftest import AUGUST, FIVE_PERCENT, NOVEMBER, OCTOBER, WHOLE_TIERS, sell

WEI, LAN, HAO = "魏强", "兰芳", "郝亮"
EVERYBODY = {WEI, LAN, HAO}


def _path(number: int) -> str:
    return f"/stores/A01/simulations/{number}"


def _named(client: Browser, path: str) -> set[str]:
    answer = client.get(path)
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    return {name for name in EVERYBODY if name in page}


def _sheets(client: Browser, path: str) -> dict[str, list[tuple[object, ...]]]:
    answer = client.get(f"{path}?download=xlsx")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_the_workbook_holds_every_table_and_each_adds_up_to_the_same(
    cast: Cast, season: PlanVersion, client_for: ClientFor
) -> None:
    found = simulated(cast, wish_for(season))
    sheets = _sheets(client_for(cast.ma), _path(found.id))
    assert list(sheets) == [
        "Months",
        "By position",
        "By length of service",
        "What could not be compared",
        "How to read this",
    ]
    # Wei: 2,000 at 5 % and then at 6 %; Lan: 500 at 5 % and then at 4 %; in each of three months.
    month = (125, 140, 15, None, 3, 0)
    assert sheets["Months"][1:] == [
        ("2026-08", *month),
        ("2026-09", *month),
        ("2026-10", *month),
        ("Total", 375, 420, 45, None, None, 0),
    ]
    for name in ("By position", "By length of service"):
        assert sheets[name][-1] == ("Total", None, None, None, 375, 420, 45, None)
    assert sheets["By position"][1][1:] == (3, 1, 1, 375, 420, 45, 0)
    assert "accessories" in str(sheets["How to read this"])


def test_what_cannot_be_compared_is_a_row_of_the_workbook_and_an_empty_cell_never_a_zero(
    cast: Cast, season: PlanVersion, client_for: ClientFor
) -> None:
    late = "parameters:\n  better:\n    - {from: 2026-09-01, value: 6 %}\n"
    text = WHOLE_TIERS.replace("rate: 6 %", "rate: $better") + late
    found = simulated(cast, replace(wish_for(season), text=text, version_id=None))
    manager = client_for(cast.ma)
    sheets = _sheets(manager, _path(found.id))
    assert sheets["Months"][1] == ("2026-08", None, None, None, None, 0, 0)
    assert sheets["Months"][-1][1:4] == (250, 280, 30)
    (gap,) = sheets["What could not be compared"][1:]
    assert gap[0] == "2026-08"
    assert "better" in str(gap[2])
    page = manager.get(_path(found.id)).get_data(as_text=True)
    august = page[page.index('data-label="Old"') :]
    assert "0.00" not in august[: august.index("</tr>")]


def test_an_unfinished_simulation_has_no_workbook(cast: Cast, season: PlanVersion, client_for: ClientFor) -> None:
    found = simulated(cast, wish_for(season))
    found.state, found.summary = SimulationState.RUNNING, None
    db.session.commit()
    answer = client_for(cast.ma).get(f"{_path(found.id)}?download=xlsx")
    assert answer.mimetype == "text/html"


def test_a_month_lists_its_people_the_largest_loss_first_and_each_opens_the_lines(
    cast: Cast, season: PlanVersion, client_for: ClientFor
) -> None:
    found = simulated(cast, wish_for(season))
    manager, path = client_for(cast.ma), f"{_path(found.id)}/months/2026-09"
    page = manager.get(path).get_data(as_text=True)
    assert page.index(LAN) < page.index(HAO) < page.index(WEI)
    assert "120.00" in page
    assert f"/stores/{cast.east.id}/people/{cast.wei.id}/2026-09" in page
    assert _named(manager, f"{path}?position={cast.positions['adviser'].id}") == EVERYBODY
    result = manager.get(_path(found.id)).get_data(as_text=True)
    assert path in result


@pytest.mark.parametrize("month", ["2026-07", "2026-11", "nonsense"])
def test_a_month_that_was_not_replayed_is_no_page(
    cast: Cast, season: PlanVersion, client_for: ClientFor, month: str
) -> None:
    found = simulated(cast, wish_for(season))
    assert client_for(cast.ma).get(f"{_path(found.id)}/months/{month}").status_code == 404


def test_people_are_filtered_by_how_they_fare_and_by_each_bar_of_the_chart(
    cast: Cast, season: PlanVersion, client_for: ClientFor
) -> None:
    found = simulated(cast, wish_for(season))
    manager, path = client_for(cast.ma), f"{_path(found.id)}/people"
    fare = {who: _named(manager, f"{path}?who={who}") for who in ("won", "lost", "same", "out")}
    assert fare == {"won": {WEI}, "lost": {LAN}, "same": {HAO}, "out": set()}
    bars = {band: _named(manager, f"{path}?band={band}") for band in BANDS}
    assert {band: who for band, who in bars.items() if who} == {-1: {LAN}, 0: {HAO}, 1: {WEI}}
    counts = summing.read_summary(found.summary or {}).bands
    assert {band: len(who) for band, who in bars.items()} == counts


def test_groups_open_those_who_were_in_them_in_any_month(
    cast: Cast, season: PlanVersion, client_for: ClientFor
) -> None:
    db.session.get_one(type(cast.lan), cast.lan.id).hired_on = date(2025, 9, 15)
    db.session.commit()
    found = simulated(cast, wish_for(season))
    manager, path = client_for(cast.ma), _path(found.id)
    # Lan completes her first year in September: in one group in August, in the other afterwards.
    assert _named(manager, f"{path}/people?service=under_1") == {LAN}
    assert _named(manager, f"{path}/people?service=from_1") == EVERYBODY
    assert _named(manager, f"{path}/months/2026-08?service=under_1") == {LAN}
    assert _named(manager, f"{path}/months/2026-10?service=under_1") == set()
    assert _named(manager, f"{path}/people?service=nonsense") == EVERYBODY


@pytest.mark.usefixtures("season")
def test_the_head_office_filters_by_store(cast: Cast, client_for: ClientFor) -> None:
    found = simulated(cast, wish_for(None), group=True)
    office, path = client_for(cast.hua), f"/group/simulations/{found.id}"
    assert _named(office, f"{path}/people?store={cast.east.id}") == EVERYBODY
    assert _named(office, f"{path}/months/2026-09?store={cast.east.id}") == EVERYBODY
    assert _sheets(office, path)["By store"][-1][4:7] == (375, 420, 45)


def test_what_was_approved_then_stands_beside_and_later_facts_leave_it_as_it_was(
    cast: Cast, season: PlanVersion, client_for: ClientFor
) -> None:
    books = Books(cast)
    books.start(AUGUST)
    in_review = simulated(cast, wish_for(season))
    books.finish(AUGUST)
    with clock.telling(noon(NOVEMBER.first)):
        sell(cast, cast.wei, AUGUST.last, "1000.00")
    db.session.commit()
    found = simulated(cast, wish_for(season))
    assert [row.kept for row in summing.month_totals(in_review.id)] == [None] * 3
    august, *rest = summing.month_totals(found.id)
    assert [row.kept for row in rest] == [None, None]
    # The late sale of 1,000 at 5 % is in the old side, and not in what was approved.
    assert (august.before, august.kept) == (Money(17_500), Money(12_500))
    kept = {each.month: each.kept for each in looking.months_of(found.id, cast.east.id, cast.wei.id)}
    assert (kept[AUGUST], kept[OCTOBER]) == (Money(10_000), None)
    page = client_for(cast.ma).get(f"{_path(found.id)}/stores/{cast.east.id}/people/{cast.wei.id}")
    assert f"/stores/A01/months/2026-08/statements/{cast.wei.id}" in page.get_data(as_text=True)
    assert f"/stores/A01/months/2026-10/statements/{cast.wei.id}" not in page.get_data(as_text=True)


def test_what_another_plan_paid_is_not_counted_as_approved_under_this_one(cast: Cast, season: PlanVersion) -> None:
    Books(cast).close(AUGUST)
    text = FIVE_PERCENT.replace("plan: accessories", "plan: brand-new")
    adviser = (cast.positions["adviser"].id,)
    found = simulated(cast, replace(wish_for(season), text=text, version_id=None, positions=adviser))
    assert [row.kept for row in summing.month_totals(found.id)] == [None] * 3


def _pages(cast: Cast, found: Simulation) -> Iterator[str]:
    path = _path(found.id)
    yield from ("/stores/A01/simulations", "/stores/A01/simulations/new", path)
    yield from (f"{path}?download=xlsx", f"{path}/people", f"{path}/people?who=won&service=from_1")
    yield from (f"{path}/months/2026-09", f"{path}/months/2026-09?download=xlsx")
    person = f"{path}/stores/{cast.east.id}/people/{cast.wei.id}"
    yield from (person, f"{person}/2026-09")


def test_each_page_asks_at_most_twelve_times(cast: Cast, season: PlanVersion, client_for: ClientFor) -> None:
    found, manager, often = simulated(cast, wish_for(season)), client_for(cast.ma), {}
    for path in _pages(cast, found):
        manager.get(path)
        with counting() as asked:
            assert manager.get(path).status_code == 200
        often[path] = len(asked)
    assert {path: count for path, count in often.items() if count > MOST} == {}


@pytest.mark.parametrize(("who", "refusal"), [("wei", 403), ("qian", 403), ("sun", 403), ("ada", 403), ("bo", 404)])
def test_nothing_of_a_result_is_for_those_who_neither_draft_nor_approve_plans_of_the_store(
    cast: Cast, season: PlanVersion, client_for: ClientFor, who: str, refusal: int
) -> None:
    found = simulated(cast, wish_for(season))
    client = client_for(getattr(cast, who))
    assert {client.get(path).status_code for path in _pages(cast, found)} <= {refusal, 404}
    assert client.post(f"{_path(found.id)}/cancel").status_code in {refusal, 404}
    assert db.session.get_one(Simulation, found.id).state is SimulationState.DONE
