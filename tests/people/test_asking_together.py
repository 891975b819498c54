"""Several small questions asked in one query."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest
from sqlalchemy import func, select

from bench.pages import counting
from incentives.core.access import Role
from incentives.core.money import Money
from incentives.db import MOST_TOGETHER, ask_together, db
from incentives.people.models import Employee, Posting, RoleGrant, Store
from tests.conftest import Cast


class Named(NamedTuple):
    """Somebody, and the first letters of the name."""

    number: str
    initials: str


class Posted(NamedTuple):
    """How many are posted to a store, since when at the earliest, and the minimum wage of its place."""

    store: str
    people: int
    since: date
    wage: Money


class Managing(NamedTuple):
    """Somebody who holds a role."""

    number: str
    role: Role


@pytest.mark.both_databases
def test_each_answer_has_its_own_columns_and_their_types(cast: Cast) -> None:
    cast.east.minimum_wage = Money(230_000)
    with counting() as asked:
        found = ask_together(
            (Named, select(Employee.number, Employee.initials).where(Employee.id == cast.wei.id)),
            (
                Posted,
                select(
                    Store.code.label("store"),
                    func.count().label("people"),
                    func.min(Posting.first_day).label("since"),
                    Store.minimum_wage.label("wage"),
                )
                .join(Posting, Posting.store_id == Store.id)
                .where(Store.id == cast.east.id)
                .group_by(Store.id),
            ),
            (
                Managing,
                select(Employee.number, RoleGrant.role)
                .join(RoleGrant, RoleGrant.employee_id == Employee.id)
                .where(RoleGrant.store_id == cast.east.id, RoleGrant.role == Role.MANAGER),
            ),
        )
    people = len(db.session.scalars(select(Posting.id).where(Posting.store_id == cast.east.id)).all())
    assert found.of(Named) == [Named(cast.wei.number, cast.wei.initials)]
    assert found.of(Posted) == [Posted(cast.east.code, people, date(2025, 1, 1), Money(230_000))]
    assert found.of(Managing) == [Managing(cast.ma.number, Role.MANAGER)]
    assert len([each for each in asked if "UNION ALL" in each]) == 1


@pytest.mark.both_databases
def test_a_question_asked_twice_finds_both_answers_and_many_take_a_few_queries(cast: Cast) -> None:
    of = [select(Employee.number, Employee.initials).where(Employee.id == who.id) for who in (cast.wei, cast.lan)]
    with counting() as asked:
        found = ask_together(*((Named, statement) for statement in of * MOST_TOGETHER))
    assert len(asked) == 2
    assert {each.number for each in found.of(Named)} == {cast.wei.number, cast.lan.number}
    assert len(found.of(Named)) == 2 * MOST_TOGETHER


def test_no_question_asks_nothing(cast: Cast) -> None:
    assert cast.east.id
    with counting() as asked:
        assert ask_together().of(Named) == []
    assert asked == []
