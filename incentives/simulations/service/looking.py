"""Looking into a simulation: who it is about, a person's months, and a month's lines with why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from incentives.commissions.models import PayPlan
from incentives.commissions.service.replaying import replay
from incentives.core.answer import Step, arithmetic
from incentives.core.errors import NotFound, Sentence, say
from incentives.core.money import Money, total
from incentives.core.pay import ResultLine
from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import Employee, Store
from incentives.simulations.models import SimulatedPay, SimulatedPerson, Simulation
from incentives.simulations.service.asking import Whose, scheme_of


def plan_choices(whose: Whose) -> list[tuple[str, str]]:
    """The plans in whose place a text may stand: code and name, each once."""
    found = select(PayPlan.code, PayPlan.name).join(Store, Store.id == PayPlan.store_id)
    found = found.where(Store.group_id == whose.group_id)
    if whose.store_id is not None:
        found = found.where(PayPlan.store_id == whose.store_id)
    return [
        (code, f"{name} · {code}")
        for code, name in dict(db.session.execute(found.order_by(PayPlan.code)).all()).items()
    ]


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody in a simulation, with the months together."""

    employee: Employee
    store: Store
    sums: SimulatedPerson


def person_of(simulation_id: int, store_id: int, employee_id: int) -> Subject:
    """Somebody in a simulation.

    Raises:
        NotFound: nobody of that id is in it.
    """
    found = db.session.execute(
        select(Employee, Store, SimulatedPerson)
        .join(SimulatedPerson, SimulatedPerson.employee_id == Employee.id)
        .join(Store, Store.id == SimulatedPerson.store_id)
        .where(
            SimulatedPerson.simulation_id == simulation_id,
            SimulatedPerson.store_id == store_id,
            SimulatedPerson.employee_id == employee_id,
        )
    ).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return Subject(*found)


def months_of(simulation_id: int, store_id: int, employee_id: int) -> Sequence[SimulatedPay]:
    """Somebody's months in order."""
    return db.session.scalars(
        select(SimulatedPay)
        .where(
            SimulatedPay.simulation_id == simulation_id,
            SimulatedPay.store_id == store_id,
            SimulatedPay.employee_id == employee_id,
        )
        .order_by(SimulatedPay.month)
    ).all()


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of one side, with its arithmetic."""

    name: Sentence
    amount: Money
    steps: tuple[Step, ...]
    missing: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """A person's month on both sides, worked out just now. ``moved``: facts have changed since the simulation."""

    before: list[ShownLine]
    after: list[ShownLine]
    problems: tuple[Sentence, ...]
    kept: SimulatedPay | None

    @property
    def sums(self) -> tuple[Money, Money]:
        """What each side comes to."""
        return total(each.amount for each in self.before), total(each.amount for each in self.after)

    @property
    def moved(self) -> bool:
        """Whether it comes to something else than when it was simulated."""
        return self.kept is not None and (self.kept.before, self.kept.after) != self.sums


def lines_of(simulation: Simulation, store_id: int, employee_id: int, month: Month) -> Sides:
    """Work a person's month out again on both sides: explanations are not kept, they would fill the database."""
    found = replay(store_id, month, scheme_of(simulation))
    kept = [each for each in months_of(simulation.id, store_id, employee_id) if each.month == month]
    return Sides(
        [_shown(line) for line in _own(found.before, employee_id)],
        [_shown(line) for line in _own(found.after, employee_id)],
        found.problems,
        kept[0] if kept else None,
    )


def _own(lines: object, employee_id: int) -> Iterable[ResultLine]:
    return lines.get(employee_id, ()) if isinstance(lines, dict) else ()


def _shown(line: ResultLine) -> ShownLine:
    steps = () if line.explanation is None else arithmetic(line.explanation).steps
    return ShownLine(line.name, line.amount, steps, tuple(each.sentence for each in line.missing))
