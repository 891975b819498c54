"""Who decides, what counts when, and what an appeal does to it."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from incentives.core.access import Actor, Role
from incentives.core.approval import RewardState
from incentives.core.errors import DomainError, NotAllowed, NotFound
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.workflow import Refused
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.people.models import Employee
from incentives.rewards.models import RewardEvent, RewardRecord
from incentives.rewards.service import appeals, records
from incentives.rewards.service.paying import mark_posted, taken_over
from tests.conftest import Cast
from tests.rewards.conftest import TODAY, Propose, reason

NOVEMBER = Month(2026, 11)


def actor(cast: Cast, who: Employee, *roles: Role) -> Actor:
    held = frozenset((role, cast.east.id) for role in roles)
    return Actor(who.id, who.name, who.number, cast.east.id, cast.group.id, held)


def state(record: RewardRecord) -> str:
    return record.state.value


def manager(cast: Cast) -> Actor:
    return actor(cast, cast.ma, Role.MANAGER)


def head_office(cast: Cast) -> Actor:
    return actor(cast, cast.hua, Role.HQ)


def approve(cast: Cast, record: RewardRecord) -> None:
    records.approve(manager(cast), cast.east.id, [record.id], today=TODAY)
    db.session.commit()


def test_approved_points_count_at_once_and_only_once(cast: Cast, propose: Propose) -> None:
    record = propose()
    approve(cast, record)
    approve(cast, record)
    assert state(record) == "posted"
    assert ledger.points_balance(cast.wei.id) == 20


def test_a_penalty_takes_points_away(cast: Cast, propose: Propose) -> None:
    approve(cast, propose(reason_id=reason("cherry_picking").id, points=10))
    assert ledger.points_balance(cast.wei.id) == -10


def test_the_same_form_sent_twice_proposes_once(propose: Propose) -> None:
    assert propose().id == propose().id


def test_pay_waits_for_the_statements_of_its_month(cast: Cast, bonus: RewardRecord) -> None:
    approve(cast, bonus)
    assert [(each.employee_id, each.amount) for each in taken_over(cast.east.id, NOVEMBER).payable] == [
        (cast.wei.id, Money(10_000))
    ]
    assert state(bonus) == "approved"
    mark_posted(cast.east.id, [bonus.id], actor_id=cast.fan.id)
    mark_posted(cast.east.id, [bonus.id], actor_id=cast.fan.id)
    assert state(bonus) == "posted"
    assert [each.id for each in taken_over(cast.east.id, NOVEMBER).payable] == [bonus.id]


def test_nobody_proposes_for_himself_or_approves_his_own(cast: Cast, propose: Propose) -> None:
    with pytest.raises(NotAllowed):
        propose(employee_id=cast.sun.id)
    about_ma = propose(employee_id=cast.ma.id)
    with pytest.raises(NotAllowed):
        records.approve(manager(cast), cast.east.id, [about_ma.id], today=TODAY)
    db.session.rollback()
    assert records.approve(head_office(cast), cast.east.id, [about_ma.id], today=TODAY) == 1


def test_the_head_office_leaves_staff_to_their_manager(cast: Cast, propose: Propose) -> None:
    with pytest.raises(NotAllowed):
        records.approve(head_office(cast), cast.east.id, [propose().id], today=TODAY)


def test_an_appeal_reverses_points_and_a_won_one_leaves_them_reversed(cast: Cast, propose: Propose) -> None:
    record = propose(reason_id=reason("uncooperative").id, points=10)
    approve(cast, record)
    appeals.appeal(record.id, employee_id=cast.wei.id, words="I was at the lathe", today=TODAY)
    assert state(record) == "reversed"
    assert ledger.points_balance(cast.wei.id) == 0
    with pytest.raises(NotAllowed):
        appeals.decide(manager(cast), cast.east.id, record.id, granted=True, answer="Yes", today=TODAY)
    appeals.decide(head_office(cast), cast.east.id, record.id, granted=True, answer="You were", today=TODAY)
    assert state(record) == "overturned"
    assert ledger.points_balance(cast.wei.id) == 0


def test_a_dismissed_appeal_lets_the_points_count_again(cast: Cast, propose: Propose) -> None:
    record = propose()
    approve(cast, record)
    appeals.appeal(record.id, employee_id=cast.wei.id, words="Too little", today=TODAY)
    appeals.decide(
        head_office(cast), cast.east.id, record.id, granted=False, answer="It is what the rule says", today=TODAY
    )
    assert state(record) == "posted"
    assert ledger.points_balance(cast.wei.id) == 20


def test_an_appeal_holds_unpaid_pay_back(cast: Cast, bonus: RewardRecord) -> None:
    approve(cast, bonus)
    appeals.appeal(bonus.id, employee_id=cast.wei.id, words="It was 200", today=TODAY)
    assert state(bonus) == "held"
    assert taken_over(cast.east.id, NOVEMBER).payable == []
    with pytest.raises(Refused):
        mark_posted(cast.east.id, [bonus.id], actor_id=cast.fan.id)


@pytest.mark.parametrize(("granted", "left"), [(True, 0), (False, 10_000)])
def test_paid_pay_is_corrected_by_a_record_of_its_own(
    cast: Cast, bonus: RewardRecord, *, granted: bool, left: int
) -> None:
    approve(cast, bonus)
    mark_posted(cast.east.id, [bonus.id], actor_id=cast.fan.id)
    appeals.appeal(bonus.id, employee_id=cast.wei.id, words="It was 200", today=TODAY)
    assert sorted(each.amount.fen for each in taken_over(cast.east.id, NOVEMBER).payable) == [-10_000, 10_000]
    appeals.decide(head_office(cast), cast.east.id, bonus.id, granted=granted, answer="So it is", today=TODAY)
    assert sum(each.amount.fen for each in taken_over(cast.east.id, NOVEMBER).payable) == left


def test_one_may_appeal_for_five_working_days(cast: Cast, propose: Propose) -> None:
    record = propose()
    approve(cast, record)
    assert appeals.last_day(record) == date(2026, 11, 23)
    assert appeals.may_appeal(record, date(2026, 11, 23))
    with pytest.raises(DomainError, match="2026-11-23"):
        appeals.appeal(record.id, employee_id=cast.wei.id, words="Late", today=date(2026, 11, 24))


def test_nobody_appeals_for_another(cast: Cast, propose: Propose) -> None:
    record = propose()
    approve(cast, record)
    with pytest.raises(NotFound):
        appeals.appeal(record.id, employee_id=cast.lan.id, words="Unfair", today=TODAY)


def test_every_change_is_kept(cast: Cast, propose: Propose) -> None:
    record = propose()
    records.reject(manager(cast), cast.east.id, record.id, comment="No cake was seen", today=TODAY)
    kept = db.session.scalars(select(RewardEvent).where(RewardEvent.record_id == record.id).order_by(RewardEvent.id))
    assert [(each.actor_id, each.after, each.comment) for each in kept] == [
        (cast.sun.id, RewardState.SUBMITTED, ""),
        (cast.ma.id, RewardState.REJECTED, "No cake was seen"),
    ]


@pytest.mark.both_databases
def test_two_who_approve_at_once_post_the_points_once(app: Flask, cast: Cast, propose: Propose) -> None:
    record_id, decider, store_id, wei = propose().id, manager(cast), cast.east.id, cast.wei.id
    db.session.remove()
    start, counts = threading.Barrier(2), []

    def press() -> None:
        with app.app_context():
            start.wait()
            counts.append(records.approve(decider, store_id, [record_id], today=TODAY))
            db.session.commit()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, 1]
    assert ledger.points_balance(wei) == 20
    moves = select(func.count()).select_from(RewardEvent).where(RewardEvent.after == RewardState.POSTED)
    assert db.session.scalar(moves) == 1
