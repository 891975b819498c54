"""Signing in, being locked out, and sessions that end when they must."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from incentives.audit import service as audit
from incentives.audit.models import AuditEntry
from incentives.db import db
from incentives.people.models import Account
from tests.conftest import NOW, PASSWORD, Cast, ClientFor


def test_a_wrong_password_says_the_same_as_an_unknown_number(cast: Cast, client_for: ClientFor) -> None:
    stranger = client_for(None)
    wrong = stranger.post("/sign-in", data={"username": cast.wei.number, "password": "not the one at all"})
    unknown = stranger.post("/sign-in", data={"username": "Z999", "password": "not the one at all"})
    assert wrong.status_code == unknown.status_code == 422
    sentence = "号码或密码不对"
    assert sentence in wrong.text
    assert sentence in unknown.text


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(cast: Cast, client_for: ClientFor) -> None:
    browser = client_for(None)
    for _try in range(5):
        browser.post("/sign-in", data={"username": cast.wei.number, "password": "not the one at all"})
    right = {"username": cast.wei.number, "password": PASSWORD}
    assert browser.post("/sign-in", data=right).status_code == 422
    with time_machine.travel(NOW + timedelta(minutes=16), tick=False):
        assert browser.post("/sign-in", data=right).status_code == 302


def test_a_session_ends_at_once_when_the_account_is_switched_off(cast: Cast, client_for: ClientFor) -> None:
    browser = client_for(cast.wei)
    assert browser.get("/me/password").status_code == 200
    db.session.scalars(select(Account).where(Account.employee_id == cast.wei.id)).one().active = False
    db.session.commit()
    assert browser.get("/me/password").status_code == 302


def test_a_changed_password_ends_the_other_sessions_but_not_this_one(cast: Cast, client_for: ClientFor) -> None:
    here, elsewhere = client_for(cast.wei), client_for(cast.wei)
    fresh = "quite another horse 7"
    form = {"current": PASSWORD, "fresh": fresh, "again": fresh}
    assert here.post("/me/password", data=form).status_code == 302
    assert here.get("/me/password").status_code == 200
    assert elsewhere.get("/me/password").status_code == 302


def test_signing_in_and_being_refused_each_leave_one_row_in_the_trail(cast: Cast, client_for: ClientFor) -> None:
    browser = client_for(cast.wei)
    browser.post("/sign-in", data={"username": cast.lan.number, "password": "not the one at all"})
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(row.act, row.refused) for row in rows] == [("people.signed_in", False), ("people.sign_in", True)]
    assert audit.verify() == []


@pytest.mark.parametrize("wish", ["//evil.example/x", "//[", "/\\evil.example", "/me/sales\r\nSet-Cookie: a=b"])
def test_after_signing_in_only_addresses_of_our_own_are_followed(cast: Cast, client_for: ClientFor, wish: str) -> None:
    data = {"username": cast.wei.number, "password": PASSWORD, "next": wish}
    assert client_for(None).post("/sign-in", data=data).headers["Location"] == "/"


def test_every_role_of_the_cast_can_sign_in(cast: Cast, client_for: ClientFor) -> None:
    for employee in cast.people.values():
        assert client_for(employee).get("/me/password").status_code == 200
