"""A draft replayed over past months: what it costs, who wins and loses, and that nothing else changes."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from incentives.commissions.models import PlanVersion
from incentives.commissions.service import replaying
from incentives.core.errors import Conflict, DomainError, Faults, NotFound
from incentives.core.money import Money
from incentives.core.simulation import Service
from incentives.db import Base, db
from incentives.exchange import jobs
from incentives.exchange.models import Job
from incentives.simulations import work
from incentives.simulations.models import (
    SimulatedMonth,
    SimulatedPay,
    SimulatedPerson,
    Simulation,
    SimulationState,
)
from incentives.simulations.service import asking, looking, summing
from incentives.simulations.service.asking import Whose
from tests.conftest import Cast
from tests.simulations.asking import manager_of, simulated, wish_for
from tests.simulations.conftest import AUGUST, FIVE_PERCENT, NOVEMBER, OCTOBER, WHOLE_TIERS, sell

OWN_TABLES = {"simulation", "simulated_month", "simulated_pay", "simulated_person", "job"}
MANAGED = {"audit_entry", "audit_head"}
"""That somebody simulated is an act like any other."""


def _rows() -> dict[str, str]:
    """A digest of every row of every table that is not a simulation's own."""
    digests = {}
    for table in Base.metadata.sorted_tables:
        if table.name not in OWN_TABLES | MANAGED:
            rows = sorted(str(tuple(row)) for row in db.session.execute(sa.select(table)))
            digests[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    db.session.rollback()
    return digests


@pytest.mark.both_databases
def test_a_draft_is_held_against_the_plan_in_force_and_nothing_of_production_changes(
    cast: Cast, season: PlanVersion
) -> None:
    before = _rows()
    found = simulated(cast, wish_for(season))
    assert _rows() == before
    assert found.state is SimulationState.DONE
    assert found.summary is not None
    whole = summing.read_summary(found.summary).everybody
    assert whole is not None
    # Wei: 2,000 × (6 % − 5 %) × 3 = +60; Lan: 500 × (4 % − 5 %) × 3 = −15; Hao sold nothing.
    assert (whole.people, whole.winners, whole.losers, whole.unchanged) == (3, 1, 1, 1)
    assert (whole.before, whole.after, whole.change) == (Money(37_500), Money(42_000), Money(4_500))
    assert whole.median == Money(0)
    months = summing.month_totals(found.id)
    assert [(row.before, row.after, row.kept) for row in months] == [(Money(12_500), Money(14_000), None)] * 3


@pytest.mark.both_databases
def test_people_are_counted_by_position_by_service_as_of_each_month_and_by_how_much(
    cast: Cast, season: PlanVersion
) -> None:
    db.session.get_one(type(cast.lan), cast.lan.id).hired_on = date(2025, 9, 15)
    db.session.commit()
    found = simulated(cast, wish_for(season))
    summary = summing.read_summary(found.summary or {})
    assert [(each.people, each.change) for each in summary.positions] == [(3, Money(4_500))]
    services = {each.key: (each.people, each.losers, each.change) for each in summary.services}
    # In August Lan is there under a year; in September it is complete, and there she counts with the others.
    assert services == {
        Service.UNDER_1: (1, 1, Money(-500)),
        Service.FROM_1: (3, 1, Money(5_000)),
    }
    assert {band: count for band, count in summary.bands.items() if count} == {-1: 1, 0: 1, 1: 1}


def test_a_persons_month_opens_into_both_sides_with_why(cast: Cast, season: PlanVersion) -> None:
    found = simulated(cast, wish_for(season))
    sides = looking.lines_of(found, cast.east.id, cast.wei.id, OCTOBER)
    assert sides.sums == (Money(10_000), Money(12_000))
    assert not sides.moved
    assert all(line.steps for line in [*sides.before, *sides.after])


def test_facts_that_come_later_are_in_both_sides_and_the_month_says_that_it_moved(
    cast: Cast, season: PlanVersion
) -> None:
    found = simulated(cast, wish_for(season))
    sell(cast, cast.wei, OCTOBER.last, "1000.00")
    db.session.commit()
    sides = looking.lines_of(found, cast.east.id, cast.wei.id, OCTOBER)
    assert sides.moved
    assert sides.sums == (Money(15_000), Money(18_000))


def test_a_month_without_a_parameters_value_is_left_out_of_every_figure_and_named(
    cast: Cast, season: PlanVersion
) -> None:
    text = (
        WHOLE_TIERS.replace("rate: 6 %", "rate: $better")
        + "parameters:\n  better:\n    - {from: 2026-09-01, value: 6 %}\n"
    )
    found = simulated(cast, replace(wish_for(season), text=text, version_id=None))
    gaps = summing.gaps(found.id)
    assert [(gap.month, gap.people) for gap in gaps] == [(AUGUST, None)]
    assert "better" in str(gaps[0].sentence)
    assert [row.people for row in summing.month_totals(found.id)] == [0, 3, 3]


def test_a_missing_reading_is_listed_and_never_counted_as_zero(cast: Cast, season: PlanVersion) -> None:
    text = WHOLE_TIERS + "    then:\n      - gate: {attainment: csi, of: store, from: 100 %}\n"
    found = simulated(cast, replace(wish_for(season), text=text, version_id=None))
    assert found.summary is not None
    assert summing.read_summary(found.summary).everybody is None
    gaps = summing.gaps(found.id)
    assert {gap.people for gap in gaps} == {3}
    assert {row.left_out for row in summing.month_totals(found.id)} == {3}


def test_a_new_plan_is_replayed_for_the_positions_chosen_against_nothing(cast: Cast, season: PlanVersion) -> None:
    text = FIVE_PERCENT.replace("plan: accessories", "plan: brand-new")
    wish = replace(wish_for(season), text=text, version_id=None)
    with pytest.raises(DomainError, match="choose the positions"):
        simulated(cast, wish)
    found = simulated(cast, replace(wish, positions=(cast.positions["adviser"].id,)))
    whole = summing.read_summary(found.summary or {}).everybody
    assert whole is not None
    assert (whole.before, whole.after) == (Money(0), Money(37_500))


def test_it_may_stand_in_place_of_another_plan(cast: Cast, season: PlanVersion) -> None:
    text = FIVE_PERCENT.replace("plan: accessories", "plan: brand-new")
    wish = replace(wish_for(season), text=text, version_id=None, replaces=("accessories",))
    found = simulated(cast, replace(wish, positions=(cast.positions["mechanic"].id,)))
    whole = summing.read_summary(found.summary or {}).everybody
    assert whole is not None
    # The advisers lose what the old plan paid; the mechanics sold nothing.
    assert (whole.people, whole.losers, whole.after) == (6, 2, Money(0))


def test_the_group_is_replayed_store_by_store_and_no_store_twice_after_a_restart(
    cast: Cast, season: PlanVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    replayed: list[int] = []
    honest, east, west = replaying.replay, cast.east.id, cast.west.id

    def falls_over_once(store_id: int, *rest: object) -> object:
        replayed.append(store_id)
        if replayed.count(west) == 1:
            raise KeyboardInterrupt
        return honest(store_id, *rest)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(work, "replay", falls_over_once)
    halfway = simulated(cast, wish_for(season), group=True)
    assert (halfway.state, halfway.stores_done) == (SimulationState.RUNNING, 1)
    db.session.rollback()
    assert jobs.resume() == 1
    found = db.session.scalars(sa.select(Simulation)).one()
    assert (found.state, found.stores_done, found.stores_total) == (SimulationState.DONE, 2, 2)
    assert replayed.count(east) == 3
    stores = sa.select(SimulatedMonth.store_id, sa.func.count()).group_by(SimulatedMonth.store_id)
    assert dict(db.session.execute(stores).all()) == {east: 3, west: 3}


def test_long_work_lets_others_have_their_turn(
    cast: Cast, season: PlanVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "TURN", work.TURN * 0)
    found = simulated(cast, wish_for(season), group=True)
    assert found.state is SimulationState.DONE
    assert db.session.query(Job).count() == 2


def test_called_off_while_it_runs_it_stops_and_keeps_nothing(
    cast: Cast, season: PlanVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, actor = replaying.replay, manager_of(cast)
    whose = Whose(cast.group.id, cast.east.id)

    def calls_it_off(*arguments: object) -> object:
        number = db.session.scalars(sa.select(Simulation.id)).one()
        db.session.rollback()
        asking.cancel(whose, number, actor=actor)
        db.session.commit()
        return honest(*arguments)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(work, "replay", calls_it_off)
    found = simulated(cast, wish_for(season))
    assert found.state is SimulationState.CANCELLED
    for table in (SimulatedMonth, SimulatedPay, SimulatedPerson):
        assert db.session.query(table).count() == 0
    assert not asking.cancel(whose, found.id, actor=actor)


def test_a_text_that_is_no_plan_and_months_that_are_no_range_are_refused(cast: Cast, season: PlanVersion) -> None:
    wish = wish_for(season)
    with pytest.raises(Faults):
        simulated(cast, replace(wish, text="plan: x"))
    for first, last in ((OCTOBER, AUGUST), (AUGUST, NOVEMBER.plus(1)), (NOVEMBER.plus(-24), NOVEMBER)):
        with pytest.raises(DomainError):
            simulated(cast, replace(wish, first=first, last=last))


def test_the_same_thing_is_not_replayed_twice_at_once(cast: Cast, season: PlanVersion) -> None:
    whose = Whose(cast.group.id, cast.east.id)
    asking.ask(whose, wish_for(season), actor=manager_of(cast), running=NOVEMBER)
    with pytest.raises(Conflict):
        asking.ask(whose, wish_for(season), actor=manager_of(cast), running=NOVEMBER)


def test_three_may_wait_at_once_and_a_text_has_its_limit(cast: Cast, season: PlanVersion) -> None:
    whose = Whose(cast.group.id, cast.east.id)
    for months in range(3):
        wish = replace(wish_for(season), first=OCTOBER.plus(-months))
        asking.ask(whose, wish, actor=manager_of(cast), running=NOVEMBER)
    with pytest.raises(Conflict, match="3 simulations wait or run"):
        asking.ask(whose, replace(wish_for(season), first=NOVEMBER.plus(-6)), actor=manager_of(cast), running=NOVEMBER)
    with pytest.raises(DomainError, match="at most 200,000 letters"):
        asking.ask(whose, replace(wish_for(season), text="#" * 200_001), actor=manager_of(cast), running=NOVEMBER)


def test_another_store_knows_nothing_of_it_and_the_approver_finds_the_latest_of_exactly_this_text(
    cast: Cast, season: PlanVersion
) -> None:
    found = simulated(cast, wish_for(season))
    with pytest.raises(NotFound):
        asking.find(Whose(cast.group.id, cast.west.id), found.id)
    latest = asking.latest_of(cast.group.id, cast.east.id, season.text)
    assert latest is not None
    assert latest.id == found.id
    assert asking.latest_of(cast.group.id, cast.east.id, season.text + "#") is None
    assert asking.latest_of(cast.group.id, cast.west.id, season.text) is None
