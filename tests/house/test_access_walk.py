"""Every address and method, walked by all seven roles, a stranger and another store's people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from flask import Flask
from werkzeug.routing import Rule

from incentives.core.access import GRANTS, Role, Scope
from incentives.people.models import Employee
from incentives.web.guards import Access, access_of
from tests.conftest import Browser, Cast, ClientFor

WALKED = ("GET", "POST")
SAMPLES = {"store_code": "A01", "month": "2026-10", "year": 2026, "code": "csi", "day": "2026-11-10"}
"""What stands for the parts of an address; any other number is 999999 and any other word is nothing."""


class Door(NamedTuple):
    """An address with a method, and what its view declared."""

    rule: Rule
    method: str
    access: Access

    @property
    def of_a_store(self) -> bool:
        return "store_code" in self.rule.arguments

    def address(self, app: Flask) -> str:
        parts = {
            name: SAMPLES.get(name, 999999 if _is_number(self.rule, name) else "nothing")
            for name in self.rule.arguments
        }
        with app.test_request_context():
            return str(app.url_map.bind("localhost").build(self.rule.endpoint, parts, method=self.method))


def _is_number(rule: Rule, name: str) -> bool:
    return type(rule._converters[name]).__name__ == "IntegerConverter"


def _doors(app: Flask) -> Iterator[Door]:
    for rule in app.url_map.iter_rules():
        access = access_of(app.view_functions[rule.endpoint])
        assert access is not None, rule.endpoint
        for method in WALKED:
            if method in (rule.methods or ()) and rule.endpoint != "static":
                yield Door(rule, method, access)


def _knock(browser: Browser, door: Door, address: str) -> int:
    return browser.open(address, method=door.method).status_code


def _may(door: Door, roles: set[Role]) -> bool:
    """What the one table of grants says, at one's own store."""
    if not door.access.capabilities:
        return True
    scopes = [GRANTS[capability].get(role, Scope.NONE) for capability in door.access.capabilities for role in roles]
    return max(scopes) >= door.access.least


ROLES = {"wei": (), "qian": (Role.TRAINER,), "sun": (Role.INSPECTOR,), "ma": (Role.MANAGER,), "fan": (Role.FINANCE,), "hua": (Role.HQ,), "ada": (Role.ADMIN,)}  # fmt: skip


@pytest.mark.parametrize("who", list(ROLES))
def test_each_role_opens_what_the_table_grants_and_nothing_else(
    app: Flask, cast: Cast, client_for: ClientFor, who: str
) -> None:
    employee: Employee = getattr(cast, who)
    roles = {Role.EMPLOYEE, *ROLES[who]}
    browser = client_for(employee)
    for door in _doors(app):
        if door.access.anybody:
            continue
        address = door.address(app)
        status = _knock(browser, door, address)
        assert status < 500, f"{door.method} {address}"
        if not _may(door, roles):
            assert status == 403, f"{who} {door.method} {address}: {status}"
        elif status == 403:
            assert _refused_by_the_record(door), f"{who} {door.method} {address}"


def _refused_by_the_record(door: Door) -> bool:
    """Several capabilities open one address; which of them is needed depends on what is done there."""
    return len(door.access.capabilities) != 1


def test_a_stranger_is_asked_to_sign_in_everywhere(app: Flask, client_for: ClientFor) -> None:
    browser = client_for(None)
    for door in _doors(app):
        if door.access.anybody:
            continue
        answer = browser.open(door.address(app), method=door.method)
        asked = answer.status_code == 401 or (
            answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in")
        )
        assert asked, f"{door.method} {door.rule.rule}: {answer.status_code}"


def test_another_stores_pages_look_like_none_to_those_who_are_not_of_the_group_office(
    app: Flask, cast: Cast, client_for: ClientFor
) -> None:
    for person in (cast.bo, cast.bai):
        browser = client_for(person)
        for door in _doors(app):
            if door.of_a_store:
                address = door.address(app)
                assert _knock(browser, door, address) == 404, f"{door.method} {address}"


def test_nothing_is_sent_without_the_pages_token(app: Flask, cast: Cast, client_for: ClientFor) -> None:
    """A foreign page that posts in somebody's name does not know it, whatever kind of request it makes."""
    manager = client_for(cast.ma)
    app.config["WTF_CSRF_ENABLED"] = True
    posts = [door.address(app) for door in _doors(app) if door.method == "POST"]
    assert len(posts) > len(ROLES)
    for address in posts:
        for headers in ({}, {"HX-Request": "true"}, {"X-CSRFToken": "guessed"}):
            answer = manager.post(address, headers=headers)
            assert answer.status_code == 400, f"{address} {headers}: {answer.status_code}"
