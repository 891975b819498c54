"""What a simulation comes to as a whole: added up by the database, so that a group costs no more memory than a store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, SQLColumnExpression, case, func, or_, select, type_coerce

from incentives.core.errors import Plain, Sentence, from_plain
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.simulation import BANDS, median
from incentives.db import db
from incentives.people.models import Store
from incentives.simulations.models import SimulatedMonth, SimulatedPay, SimulatedPerson


@dataclass(frozen=True, slots=True)
class Group:
    """Some people together: how many win and lose, what they come to, and the middle of their changes."""

    key: str
    people: int
    winners: int
    losers: int
    before: Money
    after: Money
    median: Money

    @property
    def unchanged(self) -> int:
        """Those for whom nothing changes."""
        return self.people - self.winners - self.losers

    @property
    def change(self) -> Money:
        """What the new side is above the old one."""
        return self.after - self.before

    def as_plain(self) -> list[Plain]:
        """As it is kept."""
        return [
            self.key,
            self.people,
            self.winners,
            self.losers,
            self.before.fen,
            self.after.fen,
            self.median.fen,
        ]

    @classmethod
    def from_plain(cls, kept: list[Any]) -> Group:
        """As it was kept."""
        key, people, winners, losers, *amounts = kept
        return cls(key, people, winners, losers, *map(Money, amounts))


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole: all together, by position, by length of service, by store, and how many win or lose how much."""

    everybody: Group | None
    positions: list[Group]
    services: list[Group]
    stores: list[Group]
    bands: dict[int, int]


def summary(simulation_id: int) -> dict[str, Plain]:
    """Add a finished simulation up, as it is kept with it. Who had two positions is counted in each, by his months there."""
    return {
        "everybody": _plain(_groups(simulation_id, type_coerce(SimulatedPay.simulation_id, BigInteger))),
        "positions": _plain(_groups(simulation_id, SimulatedPay.position_id)),
        "services": _plain(_groups(simulation_id, SimulatedPay.service)),
        "stores": _plain(_groups(simulation_id, SimulatedPay.store_id)),
        "bands": {str(band): count for band, count in _bands(simulation_id).items()},
    }


def read_summary(kept: dict[str, Any]) -> Summary:
    """A summary as it was kept."""
    lists = {name: [Group.from_plain(each) for each in kept[name]] for name in kept if name != "bands"}
    everybody = lists["everybody"]
    bands = {band: kept["bands"].get(str(band), 0) for band in BANDS}
    return Summary(everybody[0] if everybody else None, lists["positions"], lists["services"], lists["stores"], bands)


def _plain(groups: list[Group]) -> list[Plain]:
    return [group.as_plain() for group in groups]


def _groups(simulation_id: int, by: SQLColumnExpression[Any]) -> list[Group]:
    """People by what they have in common; each one's months in it together, as far as they can be compared."""
    fen = {side: func.sum(type_coerce(column, BigInteger)) for side, column in _SIDES.items()}
    people = (
        select(
            by.label("key"),
            fen["before"].label("before"),
            fen["after"].label("after"),
            (fen["after"] - fen["before"]).label("change"),
        )
        .where(SimulatedPay.simulation_id == simulation_id, SimulatedPay.missing.is_(False))
        .group_by(by, SimulatedPay.store_id, SimulatedPay.employee_id)
        .subquery()
    ).c
    numbered = select(
        *people,
        func.row_number().over(partition_by=people.key, order_by=people.change).label("place"),
        func.count().over(partition_by=people.key).label("people"),
    ).subquery()
    each = numbered.c
    rows = db.session.execute(
        select(
            each.key,
            func.count(),
            func.sum(case((each.change > 0, 1), else_=0)),
            func.sum(case((each.change < 0, 1), else_=0)),
            func.sum(each.before),
            func.sum(each.after),
            func.min(case((each.place == (each.people + 1) // 2, each.change))),
            func.min(case((each.place == each.people // 2 + 1, each.change))),
        )
        .group_by(each.key)
        .order_by(each.key)
    )
    return [_group(*row) for row in rows]


_SIDES = {"before": SimulatedPay.before, "after": SimulatedPay.after}


def _group(key: object, *figures: Any) -> Group:  # noqa: ANN401 (what the databases call a sum)
    people, winners, losers, before, after, low, high = map(int, figures)
    middle = median([Money(low), Money(high)])
    return Group(str(key), people, winners, losers, Money(before), Money(after), middle)


def _bands(simulation_id: int) -> dict[int, int]:
    rows = db.session.execute(
        select(SimulatedPerson.band, func.count())
        .where(SimulatedPerson.simulation_id == simulation_id, SimulatedPerson.months > 0)
        .group_by(SimulatedPerson.band)
    )
    return {int(band): int(count) for band, count in rows}


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """A month of all stores together."""

    month: Month
    people: int
    left_out: int
    before: Money
    after: Money
    kept: Money | None
    """What was approved then; nothing if no store had approved the month."""

    @property
    def change(self) -> Money:
        """What the new side is above the old one."""
        return self.after - self.before

    @property
    def compared(self) -> bool:
        """Whether there was anybody to compare; if not, its sums are no zeros but nothing."""
        return self.people > self.left_out

    @property
    def sides(self) -> tuple[Money, Money, Money] | tuple[None, None, None]:
        """Old, new and the change, if there was anybody to compare."""
        return (self.before, self.after, self.change) if self.compared else (None, None, None)


def month_totals(simulation_id: int) -> list[MonthTotal]:
    """The months in order, all stores together."""
    column = SimulatedMonth
    rows = db.session.execute(
        select(
            column.month,
            *(
                func.sum(type_coerce(each, BigInteger))
                for each in (column.people, column.left_out, column.before, column.after, column.kept)
            ),
        )
        .where(column.simulation_id == simulation_id)
        .group_by(column.month)
        .order_by(column.month)
    )
    return [
        MonthTotal(row[0], int(row[1]), int(row[2]), Money(int(row[3])), Money(int(row[4])), _known(row[5]))
        for row in rows
    ]


def _known(fen: Any) -> Money | None:  # noqa: ANN401 (what the databases call a sum)
    return None if fen is None else Money(int(fen))


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be worked out in a store's month, and how many people wait for it; none: everybody."""

    store: str
    month: Month
    sentence: Sentence
    people: int | None


MOST_GAPS = 200


def gaps(simulation_id: int) -> list[Gap]:
    """What is missing, by store and month; so many at most."""
    rows = db.session.execute(
        select(Store.name, SimulatedMonth)
        .join(Store, Store.id == SimulatedMonth.store_id)
        .where(
            SimulatedMonth.simulation_id == simulation_id,
            or_(SimulatedMonth.left_out > 0, SimulatedMonth.worked_out.is_(False)),
        )
        .order_by(SimulatedMonth.month, SimulatedMonth.store_id)
        .limit(MOST_GAPS)
    )
    found = []
    for store, row in rows:
        found += [Gap(store, row.month, from_plain(problem), None) for problem in row.problems]
        found += [Gap(store, row.month, from_plain(sentence), people) for sentence, people in row.missing]
    return found[:MOST_GAPS]
