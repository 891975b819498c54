"""The work of a simulation: store by store, month by month, each store's results written in one go.

Memory holds one store at a time. While months are worked out nothing is locked: those transactions only read. What a
store comes to is written together, so that after a restart the work goes on with the next store. After a while the
work lets others have their turn: it ends and queues what is left as a new job.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta

from flask import Flask
from sqlalchemy import insert, select

from incentives import clock
from incentives.commissions.service.replaying import PersonMonth, Replay, replay
from incentives.core.errors import DomainError, Plain, Sentence, say
from incentives.core.money import Money, total
from incentives.core.period import Month
from incentives.core.simulation import change_band, service_on
from incentives.db import db
from incentives.exchange import jobs
from incentives.exchange.jobs import JobContext
from incentives.people.models import Store
from incentives.simulations.models import (
    SimulatedMonth,
    SimulatedPay,
    SimulatedPerson,
    Simulation,
    SimulationState,
)
from incentives.simulations.service.asking import ACTIVE, KIND, locked, scheme_of
from incentives.simulations.service.summing import summary

REPLAYING = say("Replaying the months")
CANCELLED = say("Called off. Nothing of it was kept.")
TURN = timedelta(seconds=20)
"""After so long the work lets imports and other work have their turn, at the end of a store."""


def init_app(app: Flask) -> None:
    """Make the kind of work known."""
    jobs.register(app, KIND, run)


def run(job: JobContext, simulation_id: int) -> Sentence:
    """Replay the stores that are not done yet, as many as fit into a turn."""
    waiting = _begin(simulation_id)
    if waiting is None:
        return say("There was nothing to do.")
    try:
        return _stores(job, simulation_id, waiting)
    except Exception as fault:
        _fail(simulation_id, fault.sentence if isinstance(fault, DomainError) else jobs.FAILED)
        raise


def _begin(simulation_id: int) -> list[int] | None:
    """Mark it as running; the stores still to do, or nothing if it has ended."""
    simulation = locked(simulation_id)
    if simulation.state not in ACTIVE:
        db.session.rollback()
        return None
    simulation.state = SimulationState.RUNNING
    simulation.facts_as_of = simulation.facts_as_of or clock.now()
    done = select(SimulatedMonth.store_id).where(SimulatedMonth.simulation_id == simulation_id)
    stores = select(Store.id).where(Store.group_id == simulation.group_id).order_by(Store.id)
    if simulation.store_id is not None:
        stores = stores.where(Store.id == simulation.store_id)
    waiting = list(db.session.scalars(stores.where(Store.id.not_in(done))))
    simulation.stores_total = simulation.stores_done + len(waiting)
    db.session.commit()
    return waiting


def _stores(job: JobContext, simulation_id: int, waiting: list[int]) -> Sentence:
    turn_ends = clock.now() + TURN
    for place, store_id in enumerate(waiting):
        if place and clock.now() >= turn_ends:
            return _pass_on(job, simulation_id)
        if not _store(job, simulation_id, store_id):
            return CANCELLED
    simulation = locked(simulation_id)
    if simulation.state is not SimulationState.RUNNING:
        return CANCELLED
    simulation.summary = summary(simulation_id)
    simulation.state, simulation.finished_at = SimulationState.DONE, clock.now()
    db.session.commit()
    return say("Stores replayed: {stores}.", stores=simulation.stores_done)


def _pass_on(job: JobContext, simulation_id: int) -> Sentence:
    """Queue what is left behind the others' work."""
    simulation = locked(simulation_id)
    rest = jobs.start(KIND, simulation.store_id, job.maker_id, simulation_id=simulation_id)
    simulation.job_id, done, rest_id = rest.id, simulation.stores_done, rest.id
    db.session.commit()
    jobs.dispatch(rest_id)
    return say("Stores replayed: {stores}.", stores=done)


def _store(job: JobContext, simulation_id: int, store_id: int) -> bool:
    """Replay a store and write what it comes to; not if the simulation was called off meanwhile."""
    people: list[dict[str, object]] = []
    months: list[dict[str, object]] = []
    for month, found in _replayed(job, simulation_id, store_id):
        months.append(_month_row(simulation_id, store_id, month, found))
        people += [_pay_row(simulation_id, store_id, month, each) for each in found.people]
    simulation = locked(simulation_id)
    if simulation.state is not SimulationState.RUNNING:
        db.session.rollback()
        return False
    for table, rows in (
        (SimulatedMonth, months),
        (SimulatedPay, people),
        (SimulatedPerson, list(_person_rows(simulation_id, store_id, people))),
    ):
        if rows:
            db.session.execute(insert(table), rows)
    simulation.stores_done += 1
    db.session.commit()
    return True


def _replayed(job: JobContext, simulation_id: int, store_id: int) -> Iterator[tuple[Month, Replay]]:
    """Each month in a transaction of its own that only reads; they end where the simulation was called off."""
    for month in _months(simulation_id):
        db.session.connection(execution_options={"readonly": True})
        simulation = db.session.get_one(Simulation, simulation_id)
        if simulation.state is not SimulationState.RUNNING:
            db.session.rollback()
            return
        _tell(job, simulation, month)
        found = replay(store_id, month, scheme_of(simulation))
        db.session.rollback()
        yield month, found


def _months(simulation_id: int) -> list[Month]:
    simulation = db.session.get_one(Simulation, simulation_id)
    first, months = simulation.first_month, _length(simulation)
    db.session.rollback()
    return [first.plus(number) for number in range(months)]


def _length(simulation: Simulation) -> int:
    return _between(simulation.first_month, simulation.last_month) + 1


def _between(first: Month, last: Month) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _tell(job: JobContext, simulation: Simulation, month: Month) -> None:
    """How many of all stores' months are done."""
    length = _length(simulation)
    done = simulation.stores_done * length + _between(simulation.first_month, month)
    job.progress(done, simulation.stores_total * length, REPLAYING)


def _month_row(simulation_id: int, store_id: int, month: Month, found: Replay) -> dict[str, object]:
    compared = [each for each in found.people if not each.missing]
    waits = Counter(sentence for each in found.people for sentence in each.missing)
    missing: list[Plain] = [[sentence.as_plain(), count] for sentence, count in waits.items()]
    return {
        "simulation_id": simulation_id,
        "store_id": store_id,
        "month": month,
        "worked_out": not found.problems,
        "people": len(found.people),
        "left_out": len(found.people) - len(compared),
        "before": total(each.before for each in compared),
        "after": total(each.after for each in compared),
        "kept": _kept(compared),
        "missing": missing,
        "problems": [sentence.as_plain() for sentence in dict.fromkeys(found.problems)],
    }


def _kept(compared: Iterable[PersonMonth]) -> Money | None:
    known = [each.kept for each in compared if each.kept is not None]
    return total(known) if known else None


def _pay_row(simulation_id: int, store_id: int, month: Month, each: PersonMonth) -> dict[str, object]:
    return {
        "simulation_id": simulation_id,
        "store_id": store_id,
        "employee_id": each.employee_id,
        "month": month,
        "position_id": each.position_id,
        "service": service_on(each.hired_on, month.last),
        "before": each.before,
        "after": each.after,
        "kept": each.kept,
        "missing": bool(each.missing),
    }


def _person_rows(simulation_id: int, store_id: int, pay: Iterable[dict[str, object]]) -> Iterator[dict[str, object]]:
    of_person: dict[object, list[dict[str, object]]] = defaultdict(list)
    for row in pay:
        of_person[row["employee_id"]].append(row)
    for employee_id, rows in of_person.items():
        compared = [row for row in rows if not row["missing"]]
        before, after = _sum(compared, "before"), _sum(compared, "after")
        yield {
            "simulation_id": simulation_id,
            "store_id": store_id,
            "employee_id": employee_id,
            "position_id": rows[-1]["position_id"],
            "months": len(compared),
            "left_out": len(rows) - len(compared),
            "before": before,
            "after": after,
            "change": after - before,
            "band": change_band(after - before, len(compared)) if compared else 0,
        }


def _sum(rows: Iterable[dict[str, object]], side: str) -> Money:
    return total(amount for row in rows if isinstance(amount := row[side], Money))


def _fail(simulation_id: int, sentence: Sentence) -> None:
    db.session.rollback()
    simulation = locked(simulation_id)
    simulation.state, simulation.finished_at = SimulationState.FAILED, clock.now()
    simulation.refusal = sentence.as_plain()
    db.session.commit()
