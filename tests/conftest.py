"""The house's fixtures: an application on a fresh database, a named cast of two stores, and their browsers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from incentives import clock
from incentives.app import create_app
from incentives.config import Settings
from incentives.core.access import Role
from incentives.core.money import Money
from incentives.db import db
from incentives.people import passwords
from incentives.people.models import Account, Department, Employee, Group, Language, Position, Posting, RoleGrant, Store

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
"""Monday, 16 November 2026, ten in the morning in Shanghai: a day in the middle of a running month."""
PASSWORD = "correct horse battery"
POSTGRES = os.environ.get("INCENTIVES_TEST_POSTGRES", "postgresql:///test")


def settings_for(files: Path, database_url: str) -> Settings:
    return Settings(
        secret_key="for tests only, never anywhere else, 0123456789",
        database_url=database_url,
        files=files,
        testing=True,
        secure_cookies=False,
        argon2_time=1,
        argon2_memory_kib=64,
    )


@pytest.fixture(autouse=True)
def _frozen_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test runs at the same moment, except in a browser, whose own clock runs on."""
    if "browser" in request.keywords:
        yield
        return
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(scope="session")
def _empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    path = folder / "empty.db"
    app = create_app(settings_for(folder, f"sqlite:///{path}"))
    with app.app_context():
        db.create_all()
        db.session.remove()
        for engine in db.engines.values():
            with engine.connect() as connection:
                connection.exec_driver_sql("SELECT 1")
            engine.dispose()
    return path


def postgres_url() -> str | None:
    """A PostgreSQL to test on, if the machine has one."""
    engine = sa.create_engine(POSTGRES)
    try:
        with engine.connect():
            return POSTGRES
    except sa.exc.OperationalError:
        return None
    finally:
        engine.dispose()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of money and concurrency run on both databases."""
    if metafunc.definition.get_closest_marker("both_databases"):
        metafunc.fixturenames.append("database")
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def app(request: pytest.FixtureRequest, tmp_path: Path, database: str) -> Iterator[Flask]:
    """An application on an empty database of its own."""
    if database == "postgresql":
        yield from _on_postgres(tmp_path)
        return
    template: Path = request.getfixturevalue("_empty_database")
    path = tmp_path / "test.db"
    shutil.copy(template, path)
    app = create_app(settings_for(tmp_path, f"sqlite:///{path}"))
    with app.app_context():
        yield app
        _let_go()


def _on_postgres(tmp_path: Path) -> Iterator[Flask]:
    url = postgres_url()
    if url is None:
        pytest.skip("there is no PostgreSQL to test on; set INCENTIVES_TEST_POSTGRES to its address")
    schema = f"test_{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'only')}"
    owner = sa.create_engine(url)
    with owner.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    app = create_app(settings_for(tmp_path, f"{url}?options=-csearch_path%3D{schema}"))
    with app.app_context():
        db.create_all()
        yield app
        _let_go()
    with owner.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    owner.dispose()


def _let_go() -> None:
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()


@pytest.fixture
def db_session(app: Flask) -> Session:  # noqa: ARG001 (the session belongs to the app)
    """The session of the test's application."""
    return db.session()


@dataclass
class Cast:
    """Two stores of one group and the people every story is told with.

    Store **A01** (east): Ma Li manages; Qian trains; Sun inspects; Wei, Lan and Hao are service advisers (front
    desk); Gang, Min and Tao are mechanics; Fan keeps the books (finance, whole group); Hua is the head office; Ada
    administers. Store **B02** (west): Bo manages, Bai is an adviser there: to everybody at A01, strangers.
    """

    group: Group
    east: Store
    west: Store
    departments: dict[str, Department] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    people: dict[str, Employee] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Employee:
        try:
            return self.people[name]
        except KeyError as missing:
            raise AttributeError(name) from missing


DEPARTMENTS = {"office": "办公室", "reception": "前台", "workshop": "机电车间"}
POSITIONS = {
    "manager": ("office", "售后经理"),
    "clerk": ("office", "内勤"),
    "adviser": ("reception", "服务顾问"),
    "mechanic": ("workshop", "机电技师"),
}
PEOPLE = (
    ("ma", "A001", "马丽", "ma li", "east", "manager", (Role.MANAGER,)),
    ("qian", "A002", "钱进", "qian jin", "east", "clerk", (Role.TRAINER,)),
    ("sun", "A003", "孙敏", "sun min", "east", "clerk", (Role.INSPECTOR,)),
    ("wei", "A004", "魏强", "wei qiang", "east", "adviser", ()),
    ("lan", "A005", "兰芳", "lan fang", "east", "adviser", ()),
    ("hao", "A006", "郝亮", "hao liang", "east", "adviser", ()),
    ("gang", "A007", "刚勇", "gang yong", "east", "mechanic", ()),
    ("min", "A008", "闵涛", "min tao", "east", "mechanic", ()),
    ("tao", "A009", "陶然", "tao ran", "east", "mechanic", ()),
    ("fan", "A010", "范静", "fan jing", "east", "clerk", (Role.FINANCE,)),
    ("hua", "A011", "华总", "hua zong", "east", "clerk", (Role.HQ,)),
    ("ada", "A012", "安达", "an da", "east", "clerk", (Role.ADMIN,)),
    ("bo", "B001", "薄文", "bo wen", "west", "manager", (Role.MANAGER,)),
    ("bai", "B002", "白雪", "bai xue", "west", "adviser", ()),
)


@pytest.fixture
def cast(app: Flask) -> Cast:  # noqa: ARG001 (needs its database)
    """The cast, hired on 1 January 2025, committed."""
    return tell_cast()


def tell_cast() -> Cast:
    """The same in a test that begins anew for each of its examples."""
    group = Group(name="东方汽车集团", name_en="Orient Motors")
    db.session.add(group)
    db.session.flush()
    wage = Money(230_000)
    east = Store(
        group_id=group.id, code="A01", name="东方路店", name_en="East", province="广东", city="广州", minimum_wage=wage
    )
    west = Store(
        group_id=group.id, code="B02", name="西城店", name_en="West", province="浙江", city="杭州", minimum_wage=wage
    )
    db.session.add_all([east, west])
    db.session.flush()
    told = Cast(group, east, west)
    _positions(told)
    for key, number, name, pinyin, where, position, roles in PEOPLE:
        _hire(
            told, key, Employee(group_id=group.id, number=number, name=name, pinyin=pinyin, hired_on=date(2025, 1, 1))
        )
        store = east if where == "east" else west
        _post(told, key, store, position, roles)
    db.session.commit()
    return told


def _positions(told: Cast) -> None:
    for order, (code, name) in enumerate(DEPARTMENTS.items()):
        told.departments[code] = Department(group_id=told.group.id, code=code, name=name, name_en=code, order=order)
    db.session.add_all(told.departments.values())
    db.session.flush()
    for order, (code, (department, name)) in enumerate(POSITIONS.items()):
        told.positions[code] = Position(
            group_id=told.group.id,
            department_id=told.departments[department].id,
            code=code,
            name=name,
            name_en=code,
            order=order,
        )
    db.session.add_all(told.positions.values())
    db.session.flush()


def _hire(told: Cast, key: str, employee: Employee) -> None:
    employee.initials = "".join(word[0] for word in employee.pinyin.split())
    told.people[key] = employee
    db.session.add(employee)
    db.session.flush()


def _post(told: Cast, key: str, store: Store, position: str, roles: tuple[Role, ...]) -> None:
    employee = told.people[key]
    db.session.add(
        Posting(
            employee_id=employee.id,
            store_id=store.id,
            department_id=told.positions[position].department_id,
            position_id=told.positions[position].id,
            first_day=date(2025, 1, 1),
        )
    )
    for role in roles:
        db.session.add(RoleGrant(employee_id=employee.id, store_id=store.id, role=role, granted_at=clock.now()))
    db.session.add(
        Account(
            employee_id=employee.id,
            username=employee.number.lower(),
            password_hash=passwords.hashed(PASSWORD),
            language=Language.ENGLISH,
        )
    )


class Browser(FlaskClient):
    """A client that knows who is using it. Each request gets a context and a session of its own, as in a server."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()
        with self.application.app_context():
            return super().open(*args, **kwargs)

    def sign_in(self, employee: Employee, password: str = PASSWORD) -> None:
        answer = self.post("/sign-in", data={"username": employee.number, "password": password})
        assert answer.status_code == 302, answer.text


@pytest.fixture
def client_for(app: Flask) -> ClientFor:
    """A signed-in client of somebody: ``client_for(cast.ma)``; ``client_for(None)`` is a stranger."""
    app.test_client_class = Browser
    app.config["WTF_CSRF_ENABLED"] = False
    return ClientFor(app)


class ClientFor:
    """Opens clients."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __call__(self, employee: Employee | None) -> Browser:
        client = self.app.test_client()
        assert isinstance(client, Browser)
        if employee is not None:
            client.sign_in(employee)
        return client
