"""The pages of training: the trainer's, the manager's, everybody's own, and who may open which."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import openpyxl
import pytest
from sqlalchemy import event

from incentives.audit import service as audit
from incentives.clock import now
from incentives.core.access import Role
from incentives.core.attendance import Attendance as State
from incentives.core.attendance import SessionState
from incentives.db import db
from incentives.people.models import RoleGrant
from incentives.training.models import TrainingSession
from incentives.training.service import quotas, sessions
from tests.conftest import Browser, Cast, ClientFor
from tests.training.conftest import TODAY, School, tomorrow

PAGES = "/stores/A01/training"


def form(school: School, **wanted: object) -> dict[str, object]:
    return {
        "kind": school.kind("workshop").id,
        "topic": "变速箱拆装",
        "day": TODAY.isoformat(),
        "starts": "09:00",
        "ends": "11:00",
        "trainer": school.cast.qian.id,
        "positions": [school.cast.positions["mechanic"].id],
        "place": "二楼教室",
        "seen": "0",
    } | wanted


def planned(browser: Browser, school: School) -> str:
    answer = browser.post(f"{PAGES}/plan", data=form(school))
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def test_a_trainer_plans_runs_and_closes_a_session_on_the_phone(school: School, client_for: ClientFor) -> None:
    browser, cast = client_for(school.cast.qian), school.cast
    page = planned(browser, school)
    assert browser.post(f"{page}/start", data={}).status_code == 302
    first = {f"state-{cast.gang.id}": "absent", f"seen-{cast.gang.id}": "not_recorded", "everybody": "present"}
    for person in (cast.min, cast.tao):
        first |= {f"state-{person.id}": "not_recorded", f"seen-{person.id}": "not_recorded"}
    assert browser.post(f"{page}/roster", data=first).status_code == 302
    assert browser.post(f"{page}/close", data={"confirmed": "yes"}).status_code == 302
    session = db.session.query(TrainingSession).one()
    assert session.state is SessionState.CLOSED
    assert [school.state(session, person) for person in (cast.gang, cast.min, cast.tao)] == [
        State.ABSENT,
        State.PRESENT,
        State.PRESENT,
    ]
    assert "held" in browser.get(page).text


def test_a_refused_roster_keeps_what_was_chosen(school: School, client_for: ClientFor) -> None:
    cast, session = school.cast, school.running()
    school.record(session, {cast.gang: State.PRESENT}, by=cast.ma)
    browser = client_for(cast.qian)
    sent = {f"state-{cast.gang.id}": "absent", f"seen-{cast.gang.id}": "not_recorded"}
    answer = browser.post(f"{PAGES}/{session.id}/roster", data=sent)
    assert answer.status_code == 422
    assert "by somebody else" in answer.text
    drawn = " ".join(answer.text.split())  # where a tag breaks its line means nothing
    assert f'id="state-{cast.gang.id}-absent" value="absent" checked' in drawn


@pytest.mark.parametrize("sent", [{"state-x": "present"}, {"state-1": "asleep"}, {"state-" + "9" * 40: "present"}])
def test_a_roster_that_makes_no_sense_is_refused(school: School, client_for: ClientFor, sent: dict[str, str]) -> None:
    session = school.running()
    answer = client_for(school.cast.qian).post(f"{PAGES}/{session.id}/roster", data=sent)
    assert answer.status_code == 422
    assert "was not understood" in answer.text


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("topic", ""),
        ("topic", "长" * 121),
        ("day", "2026-13-01"),
        ("day", "1999-01-01"),
        ("starts", "nine"),
        ("ends", "08:00"),
        ("capacity", "-1"),
        ("capacity", "many"),
        ("kind", "99999"),
        ("kind", "x"),
        ("trainer", "99999"),
        ("trainer", ""),
        ("positions", "99999"),
        ("positions", "x"),
        ("positions", []),
    ],
)
def test_a_session_with_a_slip_is_refused_and_what_was_typed_is_kept(
    school: School, client_for: ClientFor, field: str, typed: object
) -> None:
    answer = client_for(school.cast.qian).post(f"{PAGES}/plan", data=form(school, **{field: typed}))
    assert answer.status_code == 422
    assert "二楼教室" in answer.text
    assert db.session.query(TrainingSession).count() == 0


def test_a_stale_change_is_refused(school: School, client_for: ClientFor) -> None:
    browser = client_for(school.cast.qian)
    page = planned(browser, school)
    assert browser.post(f"{page}/change", data=form(school, topic="刹车", seen="1")).status_code == 302
    late = browser.post(f"{page}/change", data=form(school, topic="轮胎", seen="1"))
    assert late.status_code == 422
    assert "轮胎" in late.text


def test_a_correction_is_made_with_a_reason_by_trainer_or_manager(school: School, client_for: ClientFor) -> None:
    cast, session = school.cast, school.held({school.cast.gang: State.ABSENT})
    url = f"{PAGES}/{session.id}/attendance/{cast.gang.id}"
    manager = client_for(cast.ma)
    sent = {"state": "late", "reason": "", "seen": "absent"}
    assert manager.post(url, data=sent).status_code == 422
    assert manager.post(url, data=sent | {"state": "asleep", "reason": "x"}).status_code == 422
    assert manager.post(url, data=sent | {"reason": "修车晚到"}).status_code == 302
    assert "修车晚到" in manager.get(f"{PAGES}/{session.id}").text
    assert client_for(cast.hua).get(url).status_code == 403


def test_a_walk_in_is_taken_in_and_linked_by_forms(school: School, client_for: ClientFor) -> None:
    cast, session = school.cast, school.running()
    browser = client_for(cast.qian)
    page = f"{PAGES}/{session.id}"
    assert browser.post(f"{page}/walk-in", data={"person": "", "name": ""}).status_code == 422
    assert browser.post(f"{page}/walk-in", data={"person": "", "name": "前台小魏"}).status_code == 302
    link = f"{page}/walk-in/{session.walk_ins[0].id}"
    assert link in browser.get(page).text
    assert browser.post(link, data={"person": cast.bai.id}).status_code == 422
    assert browser.post(link, data={"person": cast.wei.id}).status_code == 302
    assert school.state(session, cast.wei) is State.PRESENT


def test_the_matrix_says_who_needs_what_and_opens_into_the_sessions(school: School, client_for: ClientFor) -> None:
    cast = school.cast
    quotas.begin_year(cast.east, 2026, actor_id=None)
    school.held({cast.gang: State.PRESENT}, topic="变速箱拆装")
    browser = client_for(cast.ma)
    page = browser.get(f"{PAGES}/progress")
    why = f"{PAGES}/progress/{cast.gang.id}/{school.kind('workshop').id}?year=2026"
    assert why in page.text
    opened = browser.get(why).text
    assert "1 of 1 countable sessions attended; 6 required, 5 still needed" in opened
    assert "变速箱拆装" in opened
    sheet = openpyxl.load_workbook(io.BytesIO(browser.get(f"{PAGES}/progress?download=xlsx").data)).active
    assert sheet is not None
    assert "刚勇" in {row[1] for row in sheet.iter_rows(values_only=True)}


def test_everybody_sees_the_own_quota_next_sessions_and_attendance(school: School, client_for: ClientFor) -> None:
    cast = school.cast
    quotas.begin_year(cast.east, 2026, actor_id=None)
    school.held({cast.gang: State.LATE}, topic="变速箱拆装")
    school.plan(topic="刹车系统", day=tomorrow())
    page = client_for(cast.gang).get("/me/training").text
    assert "5 sessions still missing" in page
    assert "刹车系统" in page
    assert "变速箱拆装" in page
    own = client_for(cast.gang).get(f"/me/training/{school.kind('workshop').id}")
    assert "1 of 1 countable sessions attended" in own.text
    assert client_for(cast.wei).get("/me/training").text.count("变速箱拆装") == 0


def test_quotas_are_taken_over_and_changed_by_the_manager(school: School, client_for: ClientFor) -> None:
    browser = client_for(school.cast.ma)
    assert browser.post(f"{PAGES}/quotas/2026/begin").status_code == 302
    url = f"{PAGES}/quotas/2026/{school.kind('workshop').id}"
    assert 'value="6"' in browser.get(url).text
    mechanic = school.cast.positions["mechanic"].id
    sent = {"held": "9", f"position_{mechanic}": "7", "seen": "1"}
    assert browser.post(url, data=sent | {"held": "nine"}).status_code == 422
    assert browser.post(url, data=sent | {f"position_{mechanic}": "367"}).status_code == 422
    assert browser.post(url, data=sent).status_code == 302
    late = browser.post(url, data=sent | {"held": "10"})
    assert late.status_code == 422
    assert "in the meantime" in late.text
    quota = quotas.quotas_of(school.cast.east.id, 2026)[school.kind("workshop").id]
    assert (quota.held_required, quotas.asked_of(quota)) == (9, {school.cast.positions["mechanic"].id: 7})


def test_head_office_says_whether_late_counts(school: School, client_for: ClientFor) -> None:
    kind = school.kind("workshop")
    url = f"/group/training-kinds/{kind.id}"
    sent = {"name": kind.name, "name_en": kind.name_en, "active": "y", "seen": str(kind.version)}
    assert client_for(school.cast.ma).post(url, data=sent).status_code == 403
    head_office = client_for(school.cast.hua)
    assert "/group/training-kinds" in head_office.get(f"{PAGES}/quotas").text
    assert url in head_office.get("/group/training-kinds").text
    assert head_office.post(url, data=sent).status_code == 302
    assert not school.kind("workshop").late_counts


READERS = {"ma", "qian", "hua"}
SETTERS = {"ma", "hua"}


@pytest.mark.parametrize("who", ["ma", "qian", "sun", "wei", "fan", "hua", "ada"])
def test_every_role_opens_just_the_pages_it_may(school: School, client_for: ClientFor, who: str) -> None:
    session = school.plan()
    browser = client_for(school.cast.people[who])
    for page in ("", "/progress", f"/{session.id}"):
        assert browser.get(f"{PAGES}{page}").status_code == (200 if who in READERS else 403), page
    for page in ("/plan", f"/{session.id}/change", f"/{session.id}/cancel"):
        assert browser.get(f"{PAGES}{page}").status_code == (200 if who in READERS else 403), page
    for page in ("/quotas", f"/quotas/2026/{school.kind('workshop').id}"):
        assert browser.get(f"{PAGES}{page}").status_code == (200 if who in SETTERS else 403), page
    assert browser.get("/me/training").status_code == 200


def test_a_stranger_and_another_stores_manager_find_nothing(school: School, client_for: ClientFor) -> None:
    session = school.plan()
    assert client_for(None).get(f"{PAGES}/{session.id}").status_code == 302
    west = client_for(school.cast.bo)
    assert west.get(f"{PAGES}/{session.id}").status_code == 404
    assert west.get(f"/stores/B02/training/{session.id}").status_code == 404
    assert west.post(f"/stores/B02/training/{session.id}/start").status_code == 404
    assert (
        west.get(f"/stores/B02/training/progress/{school.cast.gang.id}/{school.kind('workshop').id}").status_code == 404
    )


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("page", ["", "/progress", "/quotas", "/plan", "/{session}"])
def test_pages_ask_the_database_a_dozen_times_at_most(school: School, client_for: ClientFor, page: str) -> None:
    quotas.begin_year(school.cast.east, 2026, actor_id=None)
    session = school.held({school.cast.gang: State.PRESENT, school.cast.min: State.LATE})
    url = f"{PAGES}{page.format(session=session.id)}"
    browser = client_for(school.cast.ma)
    browser.get(url)
    with counted_queries() as seen:
        assert browser.get(url).status_code == 200
    assert len([each for each in seen if each.startswith(("SELECT", "WITH"))]) <= 12, seen


def test_own_training_asks_a_dozen_times_at_most(school: School, client_for: ClientFor) -> None:
    quotas.begin_year(school.cast.east, 2026, actor_id=None)
    school.held({school.cast.gang: State.PRESENT})
    school.plan(topic="刹车系统", day=tomorrow())
    browser = client_for(school.cast.gang)
    with counted_queries() as seen:
        assert browser.get("/me/training").status_code == 200
    assert len([each for each in seen if each.startswith(("SELECT", "WITH"))]) <= 12, seen


def test_each_act_leaves_one_row_in_the_trail(school: School) -> None:
    since = now()
    cast = school.cast
    session = school.running()
    school.record(session, {cast.gang: State.PRESENT, cast.min: State.LATE})
    school.record(session, {cast.gang: State.PRESENT})
    sessions.close(cast.east.id, session.id, actor_id=cast.qian.id)
    db.session.commit()
    acts = [entry.act for entry in [*audit.since(since.replace(year=2025))] if entry.act.startswith("training.")]
    assert acts == ["training.planned", "training.started", "training.attendance_recorded", "training.closed"]


def test_a_trainer_who_is_also_called_finds_his_own_row_closed(school: School, client_for: ClientFor) -> None:
    cast: Cast = school.cast
    db.session.add(RoleGrant(employee_id=cast.gang.id, store_id=cast.east.id, role=Role.TRAINER, granted_at=now()))
    session = school.running()
    page = client_for(cast.gang).get(f"{PAGES}/{session.id}").text
    assert f'name="state-{cast.gang.id}"' not in page
    assert f'name="state-{cast.min.id}"' in page
