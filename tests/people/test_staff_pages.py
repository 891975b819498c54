"""Hiring, moving and leaving through the pages, and what another store's people find there."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from incentives.core.access import Role
from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import Employee, Posting, RoleGrant
from incentives.people.service import staff
from tests.conftest import PASSWORD, Cast, ClientFor


def test_a_manager_finds_people_by_number_name_pinyin_and_initials(cast: Cast, client_for: ClientFor) -> None:
    browser = client_for(cast.ma)
    for typed in ("A004", "魏", "wei qiang", "weiqiang", "wq"):
        page = browser.get("/stores/A01/staff", query_string={"q": typed})
        assert "魏强" in page.text, typed
        assert "兰芳" not in page.text, typed


def test_a_newcomer_gets_a_number_that_nobody_had_and_the_right_pinyin(cast: Cast, client_for: ClientFor) -> None:
    browser = client_for(cast.ma)
    form = {"number": "A050", "name": "单小曾", "position": cast.positions["adviser"].id, "day": "2026-11-02"}
    assert browser.post("/stores/A01/staff/hire", data=form).status_code == 302
    fresh = db.session.scalars(select(Employee).where(Employee.number == "A050")).one()
    assert (fresh.pinyin, fresh.initials) == ("shan xiao ceng", "sxc")
    again = browser.post("/stores/A01/staff/hire", data=form)
    assert again.status_code == 422
    assert "belongs to somebody else" in again.text
    assert "单小曾" in again.text


def test_a_move_in_mid_month_shares_the_month_by_calendar_days(cast: Cast, client_for: ClientFor) -> None:
    form = {"store": cast.east.id, "position": cast.positions["clerk"].id, "day": "2026-11-11"}
    assert client_for(cast.ma).post(f"/stores/A01/staff/{cast.wei.id}/move", data=form).status_code == 302
    month = Month(2026, 11)
    parts = [m.part_of(month) * 30 for m in staff.members(cast.east.id, month.span) if m.employee_id == cast.wei.id]
    assert parts == [10, 20]


def test_who_leaves_is_signed_out_at_once_and_stays_on_record(cast: Cast, client_for: ClientFor) -> None:
    wei = client_for(cast.wei)
    left = client_for(cast.ma).post(f"/stores/A01/staff/{cast.wei.id}/leave", data={"last_day": "2026-11-15"})
    assert left.status_code == 302
    assert wei.get("/me/password").status_code == 302
    assert db.session.scalars(select(Posting).where(Posting.employee_id == cast.wei.id)).one().last_day == date(
        2026, 11, 15
    )


def test_another_stores_person_looks_like_one_that_does_not_exist(cast: Cast, client_for: ClientFor) -> None:
    browser = client_for(cast.ma)
    foreign, missing = browser.get(f"/stores/A01/staff/{cast.bai.id}"), browser.get("/stores/A01/staff/99999")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.text.replace(f'/{cast.bai.id}"', '/99999"') == missing.text
    assert browser.get("/stores/B02/staff").status_code == browser.get("/stores/ZZZ/staff").status_code == 404


def test_a_stale_form_is_refused_with_what_was_typed_kept(cast: Cast, client_for: ClientFor) -> None:
    browser = client_for(cast.ma)
    url, seen = f"/stores/A01/staff/{cast.wei.id}/name", str(cast.wei.version)
    assert browser.post(url, data={"name": "魏小强", "pinyin": "wei xiao qiang", "seen": seen}).status_code == 302
    late = browser.post(url, data={"name": "魏大强", "pinyin": "wei da qiang", "seen": seen})
    assert late.status_code == 422
    assert "魏大强" in late.text


def test_new_roles_need_the_admins_password_and_end_open_sessions(cast: Cast, client_for: ClientFor) -> None:
    wei, ada = client_for(cast.wei), client_for(cast.ada)
    url = f"/stores/A01/staff/{cast.wei.id}/roles"
    form = {"store": cast.east.id, "roles": ["trainer", "inspector"], "own_password": "not the one at all"}
    assert ada.post(url, data=form).status_code == 422
    assert ada.post(url, data=form | {"own_password": PASSWORD}).status_code == 302
    held = set(db.session.scalars(select(RoleGrant.role).where(RoleGrant.employee_id == cast.wei.id)))
    assert held == {Role.TRAINER, Role.INSPECTOR}
    assert wei.get("/me/password").status_code == 302


def test_an_admin_is_given_no_role_that_touches_money(cast: Cast, client_for: ClientFor) -> None:
    form = {"store": cast.east.id, "roles": ["admin", "finance"], "own_password": PASSWORD}
    answer = client_for(cast.ada).post(f"/stores/A01/staff/{cast.wei.id}/roles", data=form)
    assert answer.status_code == 422
    assert "touches no money" in answer.text


def test_the_staffing_plan_shows_the_gap(cast: Cast, client_for: ClientFor) -> None:
    browser = client_for(cast.ma)
    form = {"position": cast.positions["adviser"].id, "month": "2026-11", "planned": "5", "note": "旺季"}
    assert browser.post("/stores/A01/staffing/plan", data=form).status_code == 302
    assert "2 wanted" in browser.get("/stores/A01/staffing").text


@pytest.mark.parametrize(
    ("field", "typed"),
    [("planned", "-1"), ("planned", "many"), ("planned", "10000"), ("month", "2026-13"), ("position", "99999")],
)
def test_a_wrong_plan_is_refused_in_a_sentence_and_kept_on_the_page(
    cast: Cast, client_for: ClientFor, field: str, typed: str
) -> None:
    form = {"position": str(cast.positions["adviser"].id), "month": "2026-11", "planned": "5", "note": "旺季"} | {
        field: typed
    }
    answer = client_for(cast.ma).post("/stores/A01/staffing/plan", data=form)
    assert answer.status_code == 422
    assert "旺季" in answer.text


def test_a_handed_over_password_must_be_changed_before_anything_else(cast: Cast, client_for: ClientFor) -> None:
    url = f"/stores/A01/staff/{cast.wei.id}/account"
    page = client_for(cast.ada).post(url, data={"own_password": PASSWORD})
    handed_over = page.text.split("<code>")[1].split("</code>")[0]
    browser = client_for(None)
    browser.sign_in(cast.wei, handed_over)
    assert browser.get("/").headers["Location"] == "/me/password"
