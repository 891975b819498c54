"""Targets: who sets them, when a second person is needed, and what held when."""

from __future__ import annotations

import threading
from datetime import timedelta
from fractions import Fraction

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from incentives import clock
from incentives.core.approval import MonthState, ProposalAction, ProposalState
from incentives.core.errors import Conflict, DomainError, Faults, NotAllowed, NotFound
from incentives.core.period import Month
from incentives.db import db
from incentives.periods import service as periods
from incentives.targets.models import Target
from incentives.targets.scopes import Period, of_person
from incentives.targets.service import catalogue, sample_plan, setting
from incentives.targets.service.holding import held, proposals
from incentives.targets.service.setting import NewTarget, Why
from tests.conftest import NOW
from tests.targets.conftest import NOVEMBER, TODAY, Desk

DECEMBER = Month(2026, 12)


def holds(desk: Desk, code: str, period: Period) -> Fraction | None:
    indicator = catalogue.indicator(desk.store_id, code)
    return held(desk.store_id, {2026}).target(indicator, period)


def decide(desk: Desk, action: ProposalAction, by: str) -> bool:
    (waiting,) = proposals(desk.store_id)
    done = setting.decide(desk.store_id, waiting.id, action, actor_id=desk.cast.people[by].id, today=TODAY)
    db.session.commit()
    return done


def test_a_first_target_holds_at_once_and_so_does_a_change_of_a_month_to_come(desk: Desk) -> None:
    assert desk.aim("vehicles_received", NOVEMBER, "650").in_force == 1
    assert desk.aim("vehicles_received", DECEMBER, "650").in_force == 1
    assert desk.aim("vehicles_received", DECEMBER, "700").in_force == 1
    assert holds(desk, "vehicles_received", DECEMBER) == 700


def test_a_change_in_the_running_month_waits_for_a_second_person(desk: Desk) -> None:
    desk.aim("vehicles_received", NOVEMBER, "650")
    assert desk.aim("vehicles_received", NOVEMBER, "500").proposed == 1
    assert holds(desk, "vehicles_received", NOVEMBER) == 650
    with pytest.raises(NotAllowed, match="Nobody approves what he made"):
        decide(desk, ProposalAction.CONFIRM, by="ma")
    db.session.rollback()
    assert decide(desk, ProposalAction.CONFIRM, by="hua")
    assert holds(desk, "vehicles_received", NOVEMBER) == 500


def test_nobody_confirms_a_change_of_his_own_target(desk: Desk) -> None:
    hua = of_person(desk.cast.hua.id)
    desk.aim("vehicles_received", NOVEMBER, "50", scope=hua)
    desk.aim("vehicles_received", NOVEMBER, "40", scope=hua)
    with pytest.raises(NotAllowed, match="pays himself"):
        decide(desk, ProposalAction.CONFIRM, by="hua")


def test_a_refused_change_leaves_the_target_and_can_be_proposed_anew(desk: Desk) -> None:
    desk.aim("vehicles_received", NOVEMBER, "650")
    desk.aim("vehicles_received", NOVEMBER, "500")
    assert decide(desk, ProposalAction.REFUSE, by="hua")
    assert holds(desk, "vehicles_received", NOVEMBER) == 650
    assert desk.aim("vehicles_received", NOVEMBER, "600").proposed == 1


def test_only_the_proposer_withdraws_a_change(desk: Desk) -> None:
    desk.aim("vehicles_received", NOVEMBER, "650")
    desk.aim("vehicles_received", NOVEMBER, "500")
    with pytest.raises(NotAllowed):
        decide(desk, ProposalAction.WITHDRAW, by="hua")
    db.session.rollback()
    assert decide(desk, ProposalAction.WITHDRAW, by="ma")
    assert proposals(desk.store_id) == []


def test_a_decision_made_twice_does_nothing_the_second_time(desk: Desk) -> None:
    desk.aim("vehicles_received", NOVEMBER, "650")
    desk.aim("vehicles_received", NOVEMBER, "500")
    (waiting,) = proposals(desk.store_id)
    confirm = ProposalAction.CONFIRM
    decided = [
        setting.decide(desk.store_id, waiting.id, confirm, actor_id=desk.cast.hua.id, today=TODAY) for _ in range(2)
    ]
    assert decided == [True, False]


def test_another_stores_proposal_is_unknown(desk: Desk) -> None:
    desk.aim("vehicles_received", NOVEMBER, "650")
    desk.aim("vehicles_received", NOVEMBER, "500")
    (waiting,) = proposals(desk.store_id)
    with pytest.raises(NotFound):
        setting.decide(desk.cast.west.id, waiting.id, ProposalAction.CONFIRM, actor_id=desk.cast.bo.id, today=TODAY)


def test_a_second_change_waits_until_the_first_is_decided(desk: Desk) -> None:
    desk.aim("vehicles_received", NOVEMBER, "650")
    desk.aim("vehicles_received", NOVEMBER, "500")
    with pytest.raises(Conflict, match="waits for a second person already"):
        desk.aim("vehicles_received", NOVEMBER, "400")


def test_a_target_is_looked_up_as_it_was_held_then(desk: Desk) -> None:
    desk.aim("vehicles_received", DECEMBER, "650")
    then = clock.now()
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        desk.aim("vehicles_received", DECEMBER, "700")
    indicator = catalogue.indicator(desk.store_id, "vehicles_received")
    assert held(desk.store_id, {2026}, at=then).target(indicator, DECEMBER) == 650
    assert held(desk.store_id, {2026}).target(indicator, DECEMBER) == 700


def test_a_closed_month_keeps_its_target(desk: Desk) -> None:
    desk.aim("vehicles_received", NOVEMBER, "650")
    desk.aim("vehicles_received", NOVEMBER, "500")
    periods.move(desk.store_id, NOVEMBER, before=MonthState.OPEN, after=MonthState.CLOSED, actor_id=None)
    db.session.commit()
    with pytest.raises(DomainError, match="2026-11 is closed"):
        decide(desk, ProposalAction.CONFIRM, by="hua")
    db.session.rollback()
    assert holds(desk, "vehicles_received", NOVEMBER) == 650


def test_a_years_rate_holds_for_each_of_its_months_but_a_years_sum_does_not(desk: Desk) -> None:
    desk.aim("rework_rate", 2026, "2")
    desk.aim("insurance_revenue", 2026, "220万")
    assert holds(desk, "rework_rate", NOVEMBER) == Fraction("0.02")
    assert holds(desk, "insurance_revenue", NOVEMBER) is None
    assert holds(desk, "insurance_revenue", 2026) == 2_200_000


def test_a_negative_target_is_refused(desk: Desk) -> None:
    with pytest.raises(Faults, match="none was"):
        desk.aim("vehicles_received", NOVEMBER, "-1")


def test_a_target_for_a_stranger_is_refused(desk: Desk) -> None:
    with pytest.raises(Faults) as refusal:
        desk.aim("vehicles_received", NOVEMBER, "10", scope=of_person(desk.cast.bai.id))
    assert "no department or person of the store" in str(refusal.value.faults[0])


def test_the_sample_plan_fills_what_is_empty_and_leaves_what_was_set(desk: Desk) -> None:
    desk.aim("csi", 2027, "95")
    why = Why(desk.cast.ma.id, TODAY)
    assert sample_plan.adopt(desk.store_id, 2027, why).in_force == 26
    assert sample_plan.adopt(desk.store_id, 2027, why).in_force == 0
    found = held(desk.store_id, {2027})
    expected: dict[str, tuple[Period, Fraction]] = {
        "csi": (2027, Fraction("0.95")),
        "rework_rate": (Month(2027, 5), Fraction("0.02")),
        "after_sales_revenue": (2027, Fraction(6_000_000)),
        "vehicles_received": (Month(2027, 5), Fraction(650)),
    }
    for code, (period, value) in expected.items():
        assert found.target(catalogue.indicator(desk.store_id, code), period) == value
    vehicles = catalogue.indicator(desk.store_id, "vehicles_received")
    assert found.written(vehicles, 2027) == 7800


@pytest.mark.both_databases
def test_of_two_people_who_set_the_same_target_at_once_one_is_told(app: Flask, desk: Desk) -> None:
    store_id, makers = desk.store_id, (desk.cast.ma.id, desk.cast.hua.id)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def set_one(maker: int, value: int) -> None:
        with app.app_context():
            start.wait(timeout=10)
            indicator = catalogue.indicator(store_id, "vehicles_received")
            try:
                setting.set_targets(store_id, [NewTarget(indicator, NOVEMBER, Fraction(value))], Why(maker, TODAY))
                db.session.commit()
                outcomes.append("kept")
            except Conflict:
                db.session.rollback()
                outcomes.append("told")
            db.session.remove()

    threads = [threading.Thread(target=set_one, args=(maker, 600 + maker)) for maker in makers]
    db.session.remove()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    rows = db.session.scalars(select(Target)).all()
    in_force = [row for row in rows if row.state is ProposalState.IN_FORCE]
    assert len(in_force) == 1
    assert sorted(outcomes) in (["kept", "kept"], ["kept", "told"])
    assert len(rows) == outcomes.count("kept")
