"""What a month is compared with to find what is odd in it: gathered for the whole store in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from incentives.core.access import Role
from incentives.core.money import ZERO, Money
from incentives.core.period import Month
from incentives.db import ask_together
from incentives.payroll.models import LineKind, Statement, StatementLine
from incentives.payroll.service.rounds import newest_round
from incentives.people.models import RoleGrant
from incentives.sales.models import Earner, SaleLine
from incentives.sales.models import LineKind as SaleKind
from incentives.targets.models import Origin, Reading

MONTHS_BACK = 12


class Reviewed(NamedTuple):
    """Somebody's total in a round of review of a month."""

    month: Month
    round: int
    employee_id: int
    amount: Money


class PaidBefore(NamedTuple):
    """A line of pay of somebody's statement of the month before."""

    employee_id: int
    pay_line_id: int | None
    amount: Money


class Sold(NamedTuple):
    """What somebody sold on a document."""

    employee_id: int
    document: str
    amount: Money


class Returned(NamedTuple):
    """How many of somebody's sales of the month came back after its end, and for how much."""

    employee_id: int
    times: int
    amount: Money


class Typed(NamedTuple):
    """How many readings of the month its managers typed."""

    times: int


@dataclass(frozen=True, slots=True)
class Compared:
    """Everything that people's pay is held against.

    ``past`` are everybody's totals of the reviewed months before, at most twelve. ``largest_sales`` is each person's
    largest document, all that was sold, and on how many documents.
    """

    past: Mapping[int, Sequence[Money]]
    paid_before: Sequence[PaidBefore]
    largest_sales: Mapping[int, tuple[str, Money, Money, int]]
    late_returns: Mapping[int, tuple[int, Money]]
    typed_by_managers: int


def gather(store_id: int, month: Month) -> Compared:
    """What a month is compared with. One query, however many people."""
    found = ask_together(
        (Reviewed, _reviewed(store_id, month)),
        (PaidBefore, _paid_before(store_id, month.plus(-1))),
        (Sold, _sold(store_id, month)),
        (Returned, _returned(store_id, month)),
        (Typed, _typed(store_id, month)),
    )
    return Compared(
        past=_past(found.of(Reviewed)),
        paid_before=found.of(PaidBefore),
        largest_sales=_largest(found.of(Sold)),
        late_returns={each.employee_id: (each.times, each.amount) for each in found.of(Returned)},
        typed_by_managers=sum(each.times for each in found.of(Typed)),
    )


def _reviewed(store_id: int, month: Month) -> Select[*tuple[Any, ...]]:
    return select(Statement.month, Statement.round, Statement.employee_id, Statement.total.label("amount")).where(
        Statement.store_id == store_id, Statement.month < month, Statement.month >= month.plus(-MONTHS_BACK)
    )


def _past(found: Iterable[Reviewed]) -> dict[int, list[Money]]:
    """Of each month the round that counts: the latest."""
    rounds: dict[Month, int] = {}
    newest: dict[Month, dict[int, Money]] = {}
    for each in sorted(found, key=lambda each: each.round):
        if rounds.get(each.month) != each.round:
            rounds[each.month], newest[each.month] = each.round, {}
        newest[each.month][each.employee_id] = each.amount
    past: dict[int, list[Money]] = defaultdict(list)
    for month in sorted(newest):
        for employee_id, amount in newest[month].items():
            past[employee_id].append(amount)
    return past


def _paid_before(store_id: int, month: Month) -> Select[*tuple[Any, ...]]:
    return (
        select(Statement.employee_id, StatementLine.pay_line_id, StatementLine.amount.label("amount"))
        .join(StatementLine, StatementLine.statement_id == Statement.id)
        .where(
            Statement.store_id == store_id,
            Statement.month == month,
            Statement.round == newest_round(store_id, month),
            StatementLine.kind == LineKind.PAY,
        )
    )


def _sold(store_id: int, month: Month) -> Select[*tuple[Any, ...]]:
    return (
        select(Earner.employee_id, SaleLine.document, func.sum(Earner.received).label("amount"))
        .join(SaleLine, SaleLine.id == Earner.sale_line_id)
        .where(Earner.store_id == store_id, Earner.counts_in == month, Earner.main.is_(True))
        .group_by(Earner.employee_id, SaleLine.document)
    )


def _largest(found: Iterable[Sold]) -> dict[int, tuple[str, Money, Money, int]]:
    by_person: dict[int, list[Sold]] = defaultdict(list)
    for each in sorted(found, key=lambda each: each.document):
        if each.amount > ZERO:
            by_person[each.employee_id].append(each)
    largest = {}
    for employee_id, documents in by_person.items():
        top = max(documents, key=lambda each: each.amount)
        whole = Money(sum(each.amount.fen for each in documents))
        largest[employee_id] = (top.document, top.amount, whole, len(documents))
    return largest


def _returned(store_id: int, month: Month) -> Select[*tuple[Any, ...]]:
    return (
        select(Earner.employee_id, func.count().label("times"), func.sum(Earner.received).label("amount"))
        .join(SaleLine, SaleLine.id == Earner.sale_line_id)
        .where(
            SaleLine.store_id == store_id,
            SaleLine.counts_in == month,
            SaleLine.kind == SaleKind.RETURN,
            SaleLine.business_date > month.last,
            Earner.main.is_(True),
        )
        .group_by(Earner.employee_id)
    )


def _typed(store_id: int, month: Month) -> Select[int]:
    managers = select(RoleGrant.employee_id).where(RoleGrant.store_id == store_id, RoleGrant.role == Role.MANAGER)
    return select(func.count(Reading.id).label("times")).where(
        Reading.store_id == store_id,
        Reading.month == month,
        Reading.origin == Origin.TYPED,
        Reading.maker_id.in_(managers),
    )
