"""Asking for a simulation, calling it off, and finding it again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, or_, select

from incentives import clock
from incentives.audit import service as audit
from incentives.commissions.format import load
from incentives.commissions.models import PayPlan
from incentives.commissions.service.replaying import Scheme
from incentives.core.access import Actor
from incentives.core.errors import Conflict, DomainError, NotFound, Sentence, from_plain, say
from incentives.core.period import Month
from incentives.db import db
from incentives.exchange import jobs
from incentives.people.models import Store
from incentives.simulations.models import (
    SimulatedMonth,
    SimulatedPay,
    SimulatedPerson,
    Simulation,
    SimulationState,
)

KIND = "simulations.run"
MOST_MONTHS = 24
MOST_LETTERS = 200_000
"""Of a text: some hundred times the longest plan that ships with the product."""
MOST_AT_ONCE = 3
"""Simulations of a store, or of the group, that may wait or run at the same time: each takes its turns of one worker."""
ACTIVE = (SimulationState.WAITING, SimulationState.RUNNING)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants replayed: a text, over which months, for whom, in place of which plans."""

    text: str
    first: Month
    last: Month
    from_month: Month
    positions: tuple[int, ...] = ()
    replaces: tuple[str, ...] = ()
    version_id: int | None = None


@dataclass(frozen=True, slots=True)
class Whose:
    """The store that a simulation is about, or with none the whole group."""

    group_id: int
    store_id: int | None

    def holds(self) -> ColumnElement[bool]:
        """The condition on simulations. A group's are not a store's, nor the other way round."""
        own = Simulation.store_id.is_(None) if self.store_id is None else Simulation.store_id == self.store_id
        return (Simulation.group_id == self.group_id) & own


def digest_of(text: str) -> str:
    """By which the simulations of exactly this text are found; line ends and blank lines around it aside."""
    return hashlib.sha256("\n".join(text.strip().splitlines()).encode()).hexdigest()


def default_range(running: Month) -> tuple[Month, Month]:
    """The twelve months before the running one."""
    return running.plus(-12), running.plus(-1)


def ask(whose: Whose, wish: Wish, *, actor: Actor, running: Month) -> Simulation:
    """Write down that a text is to be replayed, and its job. Commit, then dispatch the job.

    Raises:
        Faults: the text is no plan.
        DomainError: the text is too long, the months are no sensible range, or nobody would be paid.
        Conflict: just this is being replayed already, or as many others as may be at once.
    """
    if len(wish.text) > MOST_LETTERS:
        raise DomainError(say("A plan may have at most {letters} letters.", letters=f"{MOST_LETTERS:,}"))
    document = load(wish.text)
    _require_range(wish, running)
    plan = document.plan
    _require_people(whose, wish, plan.code)
    simulation = Simulation(
        group_id=whose.group_id,
        store_id=whose.store_id,
        code=plan.code,
        name=plan.label.zh,
        name_en=plan.label.en,
        text=wish.text,
        text_digest=digest_of(wish.text),
        version_id=wish.version_id,
        from_month=wish.from_month,
        first_month=wish.first,
        last_month=wish.last,
        positions=sorted(wish.positions),
        replaces=sorted(wish.replaces or (plan.code,)),
        maker_id=actor.employee_id,
        maker_name=actor.name[:60],
        created_at=clock.now(),
    )
    _refuse_crowd(whose, simulation)
    db.session.add(simulation)
    db.session.flush()
    simulation.job_id = jobs.start(KIND, whose.store_id, actor.employee_id, simulation_id=simulation.id).id
    db.session.flush()
    _record("simulations.started", simulation, actor)
    return simulation


def _require_range(wish: Wish, running: Month) -> None:
    if wish.last < wish.first:
        raise DomainError(say("The last month lies before the first."))
    if wish.last > running:
        raise DomainError(
            say("Only months that have begun can be replayed: the last one may be {month}.", month=str(running))
        )
    if wish.first.plus(MOST_MONTHS) <= wish.last:
        raise DomainError(say("At most {months} months can be replayed at once.", months=MOST_MONTHS))


def _require_people(whose: Whose, wish: Wish, code: str) -> None:
    if wish.positions:
        return
    found = (
        select(PayPlan)
        .join(Store, Store.id == PayPlan.store_id)
        .where(PayPlan.code == code, Store.group_id == whose.group_id)
    )
    if whose.store_id is not None:
        found = found.where(PayPlan.store_id == whose.store_id)
    if not any(plan.assignments for plan in db.session.scalars(found)):
        raise DomainError(say("No plan of this code pays anybody yet: choose the positions that it would pay."))


def _refuse_crowd(whose: Whose, wanted: Simulation) -> None:
    """Neither the same twice, nor more at once than the worker gets through while somebody waits."""
    active = db.session.scalars(select(Simulation).where(whose.holds(), Simulation.state.in_(ACTIVE))).all()
    if any(_same(other) == _same(wanted) for other in active):
        raise Conflict(say("Just this is being replayed already."))
    if len(active) >= MOST_AT_ONCE:
        raise Conflict(
            say("{count} simulations wait or run already: wait for one of them, or call one off.", count=len(active))
        )


def _same(simulation: Simulation) -> tuple[object, ...]:
    wanted = (simulation.first_month, simulation.last_month, simulation.positions, simulation.replaces)
    return (simulation.text_digest, *wanted)


def _record(act: str, simulation: Simulation, actor: Actor) -> None:
    changes: dict[str, tuple[object, object]] = {
        "months": (None, f"{simulation.first_month} – {simulation.last_month}"),
        "text": (None, simulation.text_digest),
    }
    audit.record(
        act, store_id=simulation.store_id, actor_id=actor.employee_id, subject=simulation.code, changes=changes
    )


def find(whose: Whose, simulation_id: int) -> Simulation:
    """A simulation of the store, or of the group.

    Raises:
        NotFound: it has none of that id.
    """
    found = db.session.scalars(select(Simulation).where(whose.holds(), Simulation.id == simulation_id)).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def cancel(whose: Whose, simulation_id: int, *, actor: Actor) -> bool:
    """Call a simulation off; what was worked out of it is let go. One that has ended stays. Whether anything changed.

    Raises:
        NotFound: there is none of that id.
    """
    find(whose, simulation_id)
    simulation = locked(simulation_id)
    if simulation.state not in ACTIVE:
        return False
    simulation.state, simulation.finished_at = SimulationState.CANCELLED, clock.now()
    forget_results(simulation_id)
    _record("simulations.cancelled", simulation, actor)
    return True


def locked(simulation_id: int) -> Simulation:
    """A simulation as it stands now, locked to be changed."""
    found = select(Simulation).where(Simulation.id == simulation_id).with_for_update()
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def forget_results(simulation_id: int) -> None:
    """Let go of what was worked out so far."""
    for table in (SimulatedMonth, SimulatedPay, SimulatedPerson):
        db.session.execute(delete(table).where(table.simulation_id == simulation_id))


def latest_of(group_id: int, store_id: int, text: str) -> Simulation | None:
    """The latest finished simulation of exactly this text that covers the store."""
    return db.session.scalars(
        select(Simulation)
        .where(
            Simulation.group_id == group_id,
            or_(Simulation.store_id == store_id, Simulation.store_id.is_(None)),
            Simulation.text_digest == digest_of(text),
            Simulation.state == SimulationState.DONE,
        )
        .order_by(Simulation.id.desc())
        .limit(1)
    ).one_or_none()


def scheme_of(simulation: Simulation) -> Scheme:
    """What a simulation replays."""
    return Scheme(
        load(simulation.text).plan,
        simulation.from_month,
        frozenset(simulation.positions),
        frozenset(simulation.replaces),
    )


def refusal_of(simulation: Simulation) -> Sentence | None:
    """Why a simulation failed."""
    return None if simulation.refusal is None else from_plain(simulation.refusal)
