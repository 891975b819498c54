"""An inspection on the phone: its score, sent once, fixed for good, corrected by another."""

from __future__ import annotations

import io
import threading
import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from incentives.core.errors import Conflict, DomainError, NotAllowed
from incentives.core.inspection import FindingState, Level
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import db
from incentives.inspections.models import Area, Finding, Inspection, InspectionAnswer, Photo
from incentives.inspections.service import areas, inspecting
from incentives.inspections.service.inspecting import Given
from incentives.ledger import service as ledger
from incentives.ledger.service.derived import figures_of
from incentives.web.filters import percent
from tests.conftest import Cast, ClientFor
from tests.inspections.conftest import MUST, TODAY, form_of, inspected, picture_bytes
from tests.payroll.acts import Books

CASES = tomllib.loads((Path(__file__).parent.parent / "cases" / "other.toml").read_text(encoding="utf-8"))["case"]
NOVEMBER = Month(2026, 11)


def url_of(area: Area) -> str:
    return f"/stores/A01/areas/{area.id}/inspect"


def count(what: type[Inspection | Finding | Photo]) -> int:
    return db.session.scalar(select(func.count()).select_from(what)) or 0


def test_an_item_that_does_not_apply_leaves_the_score(wash: Area, cast: Cast, client_for: ClientFor) -> None:
    case = next(case for case in CASES if case["id"] == "six-s-not-applicable")
    answer = client_for(cast.sun).post(url_of(wash), data=form_of(wash, "5", "5", "5", "1", "na"))
    assert answer.status_code == 302
    row = db.session.scalars(select(Inspection)).one()
    assert f"{case['score_percent']} %" == percent(Fraction(row.reached, row.possible))
    assert f"{case['score_percent']} %" in client_for(cast.sun).get(answer.headers["Location"]).text


def test_a_failed_must_item_takes_its_whole_section(wash: Area, cast: Cast) -> None:
    row = inspected(cast, wash, {MUST: 4})
    assert (row.reached, row.possible) == (20, 25)
    finding = db.session.scalars(select(Finding)).one()
    assert (finding.owner_id, finding.due_on) == (cast.gang.id, date(2026, 11, 17))


def test_the_same_form_sent_twice_makes_one_inspection(wash: Area, cast: Cast, client_for: ClientFor) -> None:
    browser = client_for(cast.sun)
    form = form_of(wash, "5", "5", "5", "0", "5")
    first, second = browser.post(url_of(wash), data=form), browser.post(url_of(wash), data=form)
    assert first.headers["Location"] == second.headers["Location"]
    assert (count(Inspection), count(Finding)) == (1, 1)


@pytest.mark.both_databases
def test_a_draft_sent_from_two_places_at_once_lands_once(app: Flask, wash: Area, cast: Cast) -> None:
    area_id, inspector_id, landed = wash.id, cast.sun.id, []
    db.session.commit()
    together = threading.Barrier(2)

    def send() -> None:
        with app.app_context():
            together.wait()
            area = db.session.get_one(Area, area_id)
            given = {item.code: Given(0) for item in areas.version_on(area, TODAY).items}
            db.session.rollback()
            row = inspecting.submit(area, given, token="s" * 32, inspector_id=inspector_id, day=TODAY)
            landed.append(row.id)
            db.session.commit()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(landed) == 2
    assert len(set(landed)) == 1
    assert (count(Inspection), count(Finding)) == (1, 5)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "change",
    ["UPDATE inspection SET reached = 0", "UPDATE inspection_answer SET points = 5", "DELETE FROM inspection_answer"],
)
def test_what_was_submitted_cannot_be_changed_even_in_the_database(wash: Area, cast: Cast, change: str) -> None:
    inspected(cast, wash, {"floor": 0})
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(text(change))
    db.session.rollback()


def test_a_correction_names_the_old_record_and_withdraws_its_findings(wash: Area, cast: Cast) -> None:
    old = inspected(cast, wash, {"floor": 0, "windows": 0})
    new = inspected(cast, wash, {"floor": 0}, corrects=old)
    states = dict(
        db.session.execute(
            select(InspectionAnswer.inspection_id, Finding.state).join(
                InspectionAnswer, InspectionAnswer.id == Finding.answer_id
            )
        ).all()
    )
    assert states == {old.id: FindingState.WITHDRAWN, new.id: FindingState.OPEN}
    assert {figure.value for figure in figures_of(cast.east.id, "six_s_score", NOVEMBER, NOVEMBER)} == {2000}
    with pytest.raises(Conflict, match="in the meantime"):
        inspected(cast, wash, {"tools": 0, "scrap": 0, "floor": 0}, corrects=old)


def test_a_clean_area_earns_its_owner_points_until_it_is_corrected(wash: Area, cast: Cast) -> None:
    clean = inspected(cast, wash)
    assert ledger.points_of(cast.gang.id, "2026-11") == 10
    inspected(cast, wash, {"floor": 0}, corrects=clean)
    assert ledger.points_of(cast.gang.id, "2026-11") == 0


CLEAN = """
plan: clean
name: {en: Clean, zh: 6S 挂钩}
lines:
  - line: sold
    name: {en: Accessories, zh: 精品}
    measure: {kind: amount, category: accessories, role: seller}
    rate: 10 %
    then:
      - factor:
          indicator: six_s_score
          bands:
            - {from: 90 %, factor: 1.00}
            - {below: 90 %, factor: 0.50}
"""


@pytest.mark.both_databases
def test_a_late_correction_of_an_inspection_adjusts_the_pay_of_the_closed_month(wash: Area, cast: Cast) -> None:
    books, old = Books(cast), inspected(cast, wash, {"floor": 0})
    books.plan(CLEAN, "mechanic")
    books.sell("1000", cast.gang, day=date(2026, 11, 10))
    books.start(NOVEMBER)
    with pytest.raises(DomainError, match="held still"):
        inspected(cast, wash, corrects=old)
    books.finish(NOVEMBER, hold=(cast.min, cast.tao))
    assert ledger.money_by_person(books.store_id, NOVEMBER)[cast.gang.id] == Money(5_000)
    inspected(cast, wash, corrects=old)
    assert books.adjusted(NOVEMBER.plus(1), cast.gang) == 5_000
    with pytest.raises(DomainError, match="never changes"):
        inspected(cast, wash)
    books.require_proved()


def test_the_score_belongs_to_whoever_answered_for_the_area_on_the_day(wash: Area, cast: Cast) -> None:
    inspected(cast, wash, {"floor": 0}, day=date(2026, 11, 3))
    areas.make_responsible(wash, cast.tao.id, level=Level.OWNER, day=date(2026, 11, 10), actor_id=cast.ma.id)
    inspected(cast, wash, day=date(2026, 11, 12))
    found = {f.employee_id: (f.value, f.base) for f in figures_of(cast.east.id, "six_s_score", NOVEMBER, NOVEMBER)}
    assert found == {None: (4500, 5000), cast.gang.id: (2000, 2500), cast.tao.id: (2500, 2500)}


def test_nobody_inspects_the_area_he_answers_for(wash: Area, cast: Cast) -> None:
    given = {item.code: Given(5) for item in areas.version_on(wash, TODAY).items}
    with pytest.raises(NotAllowed):
        inspecting.submit(wash, given, token="o" * 32, inspector_id=cast.gang.id, day=TODAY)


def test_where_nothing_applies_there_is_no_inspection(wash: Area, cast: Cast) -> None:
    codes = [item.code for item in areas.version_on(wash, TODAY).items]
    with pytest.raises(DomainError, match="at least one item"):
        inspected(cast, wash, dict.fromkeys(codes))


@pytest.mark.parametrize("told", ["6", "-1", "", "many", "2.5", "٣"])
def test_a_wrong_answer_is_refused_and_the_rest_is_kept(
    wash: Area, cast: Cast, client_for: ClientFor, told: str
) -> None:
    form = form_of(wash, told, "5", "5", "5", "5")
    first = areas.version_on(wash, TODAY).items[0]
    answer = client_for(cast.sun).post(url_of(wash), data=form | {f"note_{first.id}": "扳手在地上"})
    assert answer.status_code == 422
    assert "扳手在地上" in answer.text
    assert count(Inspection) == 0


def test_a_photo_is_drawn_anew_and_shown_to_those_it_concerns_only(
    wash: Area, cast: Cast, client_for: ClientFor
) -> None:
    first = areas.version_on(wash, TODAY).items[0]
    photo = {f"photo_{first.id}": (io.BytesIO(picture_bytes()), "a.png", "image/png")}
    assert (
        client_for(cast.sun).post(url_of(wash), data=form_of(wash, "0", "5", "5", "5", "5") | photo).status_code == 302
    )
    url = f"/photos/{db.session.scalars(select(Photo.id)).one()}"
    shown = client_for(cast.gang).get(url)
    assert (shown.mimetype, shown.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert b"paint shop" not in shown.data
    assert {client_for(who).get(url).status_code for who in (cast.sun, cast.ma, cast.gang)} == {200}
    assert {client_for(who).get(url).status_code for who in (cast.wei, cast.bo, cast.bai)} == {404}


@pytest.mark.parametrize("sent", [b"<svg onload='x'/>", b"GIF89a" + b"\0" * 40, picture_bytes()[:60], b"\xff\xd8\xff"])
def test_what_is_no_picture_is_refused_with_nothing_saved(
    wash: Area, cast: Cast, client_for: ClientFor, sent: bytes
) -> None:
    first = areas.version_on(wash, TODAY).items[0]
    photo = {f"photo_{first.id}": (io.BytesIO(sent), "a.jpg", "image/jpeg")}
    answer = client_for(cast.sun).post(url_of(wash), data=form_of(wash, "0", "5", "5", "5", "5") | photo)
    assert answer.status_code == 422
    assert "not a picture" in answer.text
    assert (count(Inspection), count(Photo)) == (0, 0)


def test_another_stores_area_looks_like_one_that_does_not_exist(wash: Area, cast: Cast, client_for: ClientFor) -> None:
    west = areas.open_area(cast.west, name="西店洗车区", name_en="", actor_id=None)
    row = inspected(cast, wash, {"floor": 0})
    sun, bo = client_for(cast.sun), client_for(cast.bo)
    assert sun.get(url_of(west)).status_code == sun.get("/stores/A01/areas/99999/inspect").status_code == 404
    assert bo.get(f"/stores/B02/inspections/{row.id}").status_code == 404
    assert bo.get(f"/stores/A01/inspections/{row.id}").status_code == 404


def test_every_page_of_an_inspector_and_a_manager_opens(wash: Area, cast: Cast, client_for: ClientFor) -> None:
    row = inspected(cast, wash, {"floor": 0})
    common = ["inspections", "findings", "inspections/map", f"inspections/{row.id}"]
    inspector = ["inspections/start", f"areas/{wash.id}/inspect", f"inspections/{row.id}/correct", "findings/conduct"]
    manager = ["areas", f"areas/{wash.id}/responsible"]
    for who, pages in ((cast.sun, common + inspector), (cast.ma, common + manager)):
        browser = client_for(who)
        for page in pages:
            assert browser.get(f"/stores/A01/{page}").status_code == 200, page
