"""A group of invented people for measurements: stores of sixty, three positions, points of two months."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

from flask import Flask
from sqlalchemy import insert

from incentives import clock
from incentives.app import create_app
from incentives.config import Settings
from incentives.core.errors import say
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.people.models import Account, Department, Employee, Group, Position, Posting, Store

STORE_SIZE = 60
POSITIONS = 3
LONG_AGO = date(2020, 1, 1)
DATABASE = "bench.db"
SECRET = "only for measurements on this machine, 0123456789"  # noqa: S105 (invented)


def settings(folder: Path) -> Settings:
    """Settings for a database in a folder."""
    return Settings(
        secret_key=SECRET,
        database_url=f"sqlite:///{folder / DATABASE}",
        files=folder,
        testing=True,
        secure_cookies=False,
    )


def build(folder: Path, people: int, *, points: bool = True) -> Flask:
    """An application on a database with so many people, everybody with points this month and last, if wanted."""
    app = create_app(settings(folder))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        db.create_all()
        _organisation(max(1, people // STORE_SIZE))
        _people(people)
        if points:
            _points(people)
        db.session.commit()
    return app


def store_of(number: int, people: int) -> int:
    """The store of a person; both count from 1."""
    return (number - 1) % max(1, people // STORE_SIZE) + 1


def _organisation(stores: int) -> None:
    db.session.add(Group(id=1, name="测试集团"))
    db.session.flush()
    db.session.execute(
        insert(Store),
        [
            {"id": n, "group_id": 1, "code": f"S{n}", "name": f"{n}号店", "minimum_wage": Money(0)}
            for n in range(1, stores + 1)
        ],
    )
    numbers = range(1, POSITIONS + 1)
    db.session.execute(
        insert(Department), [{"id": n, "group_id": 1, "code": f"d{n}", "name": f"部门{n}"} for n in numbers]
    )
    db.session.execute(
        insert(Position),
        [{"id": n, "group_id": 1, "department_id": n, "code": f"p{n}", "name": f"岗位{n}"} for n in numbers],
    )


def _people(people: int) -> None:
    numbers = range(1, people + 1)
    db.session.execute(
        insert(Employee),
        [{"id": n, "group_id": 1, "number": f"E{n:05d}", "name": f"员工{n}", "hired_on": LONG_AGO} for n in numbers],
    )
    db.session.execute(
        insert(Posting),
        [
            {
                "employee_id": n,
                "store_id": store_of(n, people),
                "department_id": n % POSITIONS + 1,
                "position_id": n % POSITIONS + 1,
                "first_day": LONG_AGO,
            }
            for n in numbers
        ],
    )
    db.session.execute(insert(Account), [{"employee_id": n, "username": f"e{n:05d}"} for n in numbers])


def _points(people: int) -> None:
    chance = random.Random(people)  # noqa: S311 (no secret is made)
    today = clock.today()
    for day in (Month.of(today).plus(-1).first, today):
        ledger.post_points(
            ledger.NewPoints(
                key=f"{day}:{n}",
                store_id=store_of(n, people),
                employee_id=n,
                day=day,
                points=round(chance.gauss(500, 250)) or 1,
                what=say("A story for a measurement."),
                source_kind="bench",
            )
            for n in range(1, people + 1)
        )
