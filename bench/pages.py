"""How many queries each page of the demo asks, for each role.

``python3 -m bench.pages`` invents the demo's year in a folder of its own, signs in as everybody whom the sign-in page
offers, follows the links from the start page, and prints each page with its queries, the most first. The goal: twelve
at most, and none that grows with people.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.exceptions import HTTPException

from incentives.app import create_app
from incentives.cli.opening import demo_settings, mark_as_demo
from incentives.clock import now
from incentives.db import db
from incentives.demo import seed
from incentives.people.models import Account, Employee

MOST = 12
ADDRESSES_AN_ENDPOINT = 2
"""So many addresses of one view are asked: a page of one person is as good as another's."""
LINK = re.compile(r'(?:href|hx-get|data-why)="(/[^"#]*)"')
NO_QUERY = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|PRAGMA|SAVEPOINT|RELEASE)", re.IGNORECASE)
OK = 200


class Visit(NamedTuple):
    """A page as somebody got it, and what was asked of the database for it."""

    path: str
    endpoint: str
    status: int
    statements: tuple[str, ...]
    body: str
    """What the page says; nothing of a file."""


@contextmanager
def counting() -> Iterator[list[str]]:
    """The queries that are asked meanwhile, on any database of this process."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not NO_QUERY.match(statement):
            asked.append(statement)

    event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(sa.Engine, "before_cursor_execute", note)


def invented(folder: Path) -> Flask:
    """An application on the demo's year, made anew."""
    mark_as_demo(folder)
    app = create_app(demo_settings(folder))
    with app.app_context():
        db.create_all()
        seed(app)
        db.session.commit()
        db.session.remove()
    return app


def signed_in(app: Flask, number: str) -> FlaskClient:
    """The browser of the person of a number."""
    client = app.test_client()
    with app.app_context():
        found = sa.select(Account).join(Employee, Employee.id == Account.employee_id).where(Employee.number == number)
        account = db.session.scalars(found).one()
        with client.session_transaction() as session:
            session["_user_id"] = f"{account.id}:{account.epoch}"
            session["begun"] = int(now().timestamp())
        db.session.remove()
    return client


def visit(app: Flask, client: FlaskClient, path: str) -> Visit:
    """Ask for a page.

    It is asked for twice and the second answer counted: the first may work out a month that has become stale.
    """
    client.get(path).close()
    with counting() as asked, client.get(path) as answer:
        body = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
    return Visit(path, endpoint_of(app, path), answer.status_code, tuple(asked), body)


def endpoint_of(app: Flask, path: str) -> str:
    """The view that an address leads to; nothing if it leads nowhere."""
    try:
        found, _values = app.url_map.bind("localhost").match(path.partition("?")[0], method="GET")
    except HTTPException:
        return ""
    return str(found)


def visits(app: Flask, client: FlaskClient) -> Iterator[Visit]:
    """Every view that can be reached by links from the start page, a few addresses of each."""
    seen: set[str] = set()
    of_endpoint: Counter[str] = Counter()
    waiting = ["/"]
    while waiting:
        path = waiting.pop(0)
        endpoint = endpoint_of(app, path)
        if path in seen or endpoint in {"", "static"} or of_endpoint[endpoint] >= ADDRESSES_AN_ENDPOINT:
            continue
        seen.add(path)
        of_endpoint[endpoint] += 1
        found = visit(app, client, path)
        waiting += [unescape(link) for link in LINK.findall(found.body)]
        yield found


def report(app: Flask) -> int:
    """Print each role's pages, the most queries first; the number of pages above the limit."""
    above = 0
    for person in app.config["DEMO_SIGN_INS"]["people"]:
        found = sorted(visits(app, signed_in(app, person["number"])), key=lambda each: -len(each.statements))
        above += sum(len(each.statements) > MOST for each in found)
        print(f"{person['role']}: {len(found)} pages")
        for each in found:
            mark = "!" if len(each.statements) > MOST or each.status >= OK + 200 else " "
            print(f"  {mark} {len(each.statements):>3}  {each.status}  {each.endpoint:<34} {each.path}")
    return above


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        sys.exit(1 if report(invented(Path(name))) else 0)
