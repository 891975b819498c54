"""What is kept in process of somebody's roles never outlives a change of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from incentives import clock
from incentives.core.access import Role
from incentives.db import db
from incentives.people import asking
from incentives.people.models import Account, Position
from incentives.people.service import accounts, staff
from tests.conftest import Cast

ClientFor = Callable[..., FlaskClient]
OK, TO_SIGN_IN = 200, 302


def _account(cast: Cast) -> Account:
    found = accounts.account_of(cast.wei.id)
    assert found is not None
    return found


def _store_page(cast: Cast) -> str:
    return f"/stores/{cast.east.code}/staff"


def _sign_in_again(client: FlaskClient, cast: Cast) -> None:
    with client.session_transaction() as session:
        session["_user_id"] = f"{_account(cast).id}:{_account(cast).epoch}"


def _switch_off(cast: Cast) -> None:
    accounts.switch_off(cast.wei, actor_id=cast.ada.id, store_id=cast.east.id)


def _new_password(cast: Cast) -> None:
    accounts.give_account(cast.wei, actor_id=cast.ada.id, store_id=cast.east.id)


def _new_role(cast: Cast) -> None:
    accounts.set_roles(cast.wei, cast.east, {Role.TRAINER}, actor_id=cast.ada.id)


def _other_store(cast: Cast) -> None:
    position = db.session.get_one(Position, staff.posting_at(cast.wei, cast.east.id).position_id)
    day = clock.today()
    staff.move(cast.wei, store=cast.west, position=position, day=day, actor_id=cast.ada.id, at=cast.east.id)


def _left(cast: Cast) -> None:
    staff.leave(cast.wei, last_day=clock.today() - timedelta(days=1), store_id=cast.east.id, actor_id=cast.ada.id)


@pytest.mark.parametrize("change", [_switch_off, _new_password, _new_role, _other_store, _left])
def test_every_change_of_standing_ends_the_open_session_at_once(
    cast: Cast, client_for: ClientFor, change: Callable[[Cast], None]
) -> None:
    client = client_for(cast.wei)
    assert client.get("/me/points").status_code == OK
    change(cast)
    db.session.commit()
    answer = client.get("/me/points")
    assert answer.status_code == TO_SIGN_IN
    assert "/sign-in" in answer.headers["Location"]


def test_a_role_given_and_taken_away_is_seen_with_the_next_page(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.wei)
    refused = client.get(_store_page(cast)).status_code
    assert refused != OK
    for roles, seen in (({Role.MANAGER}, OK), (set(), refused), ({Role.MANAGER}, OK)):
        accounts.set_roles(cast.wei, cast.east, roles, actor_id=cast.ada.id)
        db.session.commit()
        _sign_in_again(client, cast)
        assert client.get(_store_page(cast)).status_code == seen


def test_a_new_store_is_seen_with_the_next_page(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.wei)
    assert client.get(f"/stores/{cast.east.code}/boards").status_code == OK
    _other_store(cast)
    db.session.commit()
    _sign_in_again(client, cast)
    assert client.get(f"/stores/{cast.west.code}/boards").status_code == OK
    assert client.get(f"/stores/{cast.east.code}/boards").status_code != OK


def test_a_new_name_is_seen_without_signing_in_again(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.wei)
    client.get("/me/points")
    staff.rename(
        cast.wei, name="韦新名", pinyin="wei xin ming", seen=cast.wei.version, store_id=1, actor_id=cast.ada.id
    )
    db.session.commit()
    assert "韦新名" in client.get("/me/points").get_data(as_text=True)


def test_roles_that_are_not_committed_are_kept_by_nobody(cast: Cast) -> None:
    accounts.set_roles(cast.wei, cast.east, {Role.MANAGER}, actor_id=cast.ada.id)
    app_account = asking.find(_account(cast).id)
    assert app_account is not None
    assert (Role.MANAGER, cast.east.id) in asking.actor_of(app_account).roles
    db.session.rollback()
    accounts.set_roles(cast.wei, cast.east, {Role.TRAINER}, actor_id=cast.ada.id)
    again = asking.find(_account(cast).id)
    assert again is not None
    assert again.epoch == app_account.epoch
    assert (Role.MANAGER, cast.east.id) not in asking.actor_of(again).roles
