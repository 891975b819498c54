"""The pages of 6S for each role: which open, how many questions they ask of the database, what they look like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import event

from incentives.core.approval import MonthState
from incentives.core.period import Month
from incentives.db import db
from incentives.inspections.models import Area, Finding, Inspection
from incentives.inspections.service import areas
from incentives.ledger.service.derived import figures_of
from incentives.periods import service as periods
from tests.conftest import Cast, ClientFor
from tests.inspections.conftest import TODAY, form_of, inspected

STORE = "/stores/A01"
MOST_QUERIES = 12
READERS = {"sun": 200, "ma": 200, "hua": 200, "wei": 403, "qian": 403, "fan": 403, "ada": 403, "bo": 404, "bai": 404}
INSPECTORS = READERS | {"ma": 403}
MANAGERS = READERS | {"sun": 403}


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def long_history(wash: Area, cast: Cast) -> Finding:
    """Many areas, each with weeks of faults; the last finding of the wash bay."""
    areas.open_usual_areas(cast.east, actor_id=cast.ma.id)
    for week in range(6):
        day = TODAY - timedelta(weeks=week)
        inspected(cast, wash, {"floor": 0, "windows": 2, "tools": None}, day=day)
        for area in areas.areas_of(cast.east.id)[1:4]:
            inspected(cast, area, {"shine-floor": 0, "sort-tools": 1}, day=day)
    return db.session.query(Finding).filter_by(area_id=wash.id, business_date=TODAY).first() or pytest.fail("none")


@pytest.mark.parametrize(
    ("page", "who"),
    [
        ("inspections", "sun"),
        ("inspections/start", "sun"),
        ("areas/{area}/inspect", "sun"),
        ("inspections/{inspection}", "sun"),
        ("inspections/{inspection}/correct", "sun"),
        ("findings", "sun"),
        ("findings/{finding}", "sun"),
        ("findings/{finding}/recheck", "sun"),
        ("findings/conduct", "sun"),
        ("inspections/map", "ma"),
        ("areas", "ma"),
        ("areas/{area}/responsible", "ma"),
    ],
)
def test_a_page_asks_at_most_a_dozen_questions_however_long_the_history(
    wash: Area, cast: Cast, client_for: ClientFor, page: str, who: str
) -> None:
    finding = long_history(wash, cast)
    assert finding.answer is not None
    url = page.format(area=wash.id, inspection=finding.answer.inspection_id, finding=finding.id)
    browser = client_for(getattr(cast, who))
    with counted_queries() as seen:
        answer = browser.get(f"{STORE}/{url}")
    assert answer.status_code == 200
    assert len(seen) <= MOST_QUERIES, "\n".join(seen)


@pytest.mark.parametrize("page", ["/me/findings", "/me/findings/{finding}"])
def test_ones_own_findings_ask_no_more(wash: Area, cast: Cast, client_for: ClientFor, page: str) -> None:
    url, browser = page.format(finding=long_history(wash, cast).id), client_for(cast.gang)
    with counted_queries() as seen:
        answer = browser.get(url)
    assert answer.status_code == 200
    assert len(seen) <= MOST_QUERIES, "\n".join(seen)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("inspections", READERS),
        ("inspections/map", READERS),
        ("findings", READERS),
        ("inspections/start", INSPECTORS),
        ("findings/conduct", INSPECTORS),
        ("areas", MANAGERS),
    ],
)
def test_each_role_opens_its_pages_and_no_others(
    wash: Area, cast: Cast, client_for: ClientFor, page: str, told: dict[str, int]
) -> None:
    assert wash.store_id == cast.east.id
    found = {who: client_for(getattr(cast, who)).get(f"{STORE}/{page}").status_code for who in told}
    assert found == told


def test_an_inspector_may_neither_name_owners_nor_a_manager_re_check(
    wash: Area, cast: Cast, client_for: ClientFor
) -> None:
    inspected(cast, wash, {"floor": 0})
    finding = db.session.query(Finding).one()
    form = {"person": cast.tao.id, "level": "owner", "day": TODAY.isoformat()}
    assert client_for(cast.sun).post(f"{STORE}/areas/{wash.id}/responsible", data=form).status_code == 403
    words = {"seen": "1", "outcome": "close", "words": "好了"}
    assert client_for(cast.ma).post(f"{STORE}/findings/{finding.id}/recheck", data=words).status_code == 403


def test_the_page_of_an_area_names_a_draft_and_its_result_forgets_it(
    wash: Area, cast: Cast, client_for: ClientFor
) -> None:
    row, sun = inspected(cast, wash), client_for(cast.sun)
    form = sun.get(f"{STORE}/areas/{wash.id}/inspect").text
    assert f'data-draft="inspection-{cast.sun.id}-{row.version_id}-{wash.id}"' in form
    assert f'data-draft-sent="{row.client_token}"' in sun.get(f"{STORE}/inspections/{row.id}").text


def test_the_map_colours_each_week_by_its_band(wash: Area, cast: Cast, client_for: ClientFor) -> None:
    inspected(cast, wash, day=TODAY - timedelta(weeks=1))
    inspected(cast, wash, {"floor": 0, "windows": 0}, day=TODAY)
    page = client_for(cast.ma).get(f"{STORE}/inspections/map").text
    assert re.search(r'heat-good"\s+title="excellent">\s*<a[^>]*>100 %', page)
    bad = re.search(r'heat-bad"\s+title="poor">\s*<a class="why" href="([^"]*)">60 %', page)
    assert bad
    its_inspections = client_for(cast.ma).get(unescape(bad[1])).text
    assert "60.0 %" in its_inspections
    assert "100.0 %" not in its_inspections


def test_the_lists_are_searched_filtered_and_downloaded(wash: Area, cast: Cast, client_for: ClientFor) -> None:
    inspected(cast, wash, {"floor": 0}, day=date(2026, 11, 10))
    sun = client_for(cast.sun)
    assert "Wash bay" in sun.get(f"{STORE}/inspections?q=sunmin").text
    assert "Nothing found" in sun.get(f"{STORE}/findings?q=zzz").text
    assert "刚勇" in sun.get(f"{STORE}/findings?state=open&area={wash.id}&q=gy").text
    assert sun.get(f"{STORE}/findings?state=closed&area=x&sort=-due&page=9").status_code == 200
    assert "刚勇".encode() in sun.get(f"{STORE}/findings?download=csv").data
    assert sun.get(f"{STORE}/inspections?download=xlsx").data.startswith(b"PK")


def test_a_month_in_review_takes_no_inspection_and_keeps_what_was_typed(
    wash: Area, cast: Cast, client_for: ClientFor
) -> None:
    month = Month.of(TODAY)
    periods.move(cast.east.id, month, before=MonthState.OPEN, after=MonthState.IN_REVIEW, actor_id=cast.ma.id)
    sent = form_of(wash, "5", "5", "0", "5", "5")
    first = areas.version_on(wash, TODAY).items[0]
    answer = client_for(cast.sun).post(
        f"{STORE}/areas/{wash.id}/inspect", data=sent | {f"note_{first.id}": "扳手在地上"}
    )
    assert answer.status_code == 422
    assert "is in review" in answer.text
    assert "扳手在地上" in answer.text
    assert db.session.query(Inspection).count() == 0


def test_a_department_scores_what_its_people_answer_for(wash: Area, cast: Cast) -> None:
    inspected(cast, wash, {"floor": 0})
    month = Month.of(TODAY)
    found = {
        figure.department_id: (figure.value, figure.base)
        for figure in figures_of(cast.east.id, "six_s_score", month, month)
    }
    assert found[cast.departments["workshop"].id] == (2000, 2500)
