"""Put everybody's statement of a month together: what was carried over, pay, rewards and penalties, adjustments.

A balance below zero from earlier months is settled first and shown. Where the sum is below zero all the same, nothing
is paid and the rest is carried over: it never reaches base pay (product.md §4).
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, and_, func, select
from sqlalchemy.orm import joinedload

from incentives.commissions.models import Calculation, PayLine
from incentives.commissions.service import calculation
from incentives.core.approval import MonthState
from incentives.core.errors import from_plain, say
from incentives.core.money import ZERO, Money, total
from incentives.core.period import Month
from incentives.db import db
from incentives.payroll.models import LineKind, Statement, StatementLine, StatementState
from incentives.periods.models import BusinessMonth
from incentives.rewards.service.paying import payable


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement that is being put together."""

    kind: LineKind
    name: dict[str, Any]
    amount: Money
    for_month: Month
    pay_line_id: int | None = None
    source_id: int | None = None
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """Somebody's statement as it stands now: an estimate while the month is open."""

    employee_id: int
    lines: tuple[Line, ...]

    @property
    def total(self) -> Money:
        """What is paid; never below zero, since a debt is carried over by a line of its own."""
        return total(line.amount for line in self.lines)

    @property
    def digest(self) -> str:
        """What an approval binds to: every line, to the letter and the fen."""
        says = [[line.kind.value, line.name, line.amount.fen, str(line.for_month), line.missing] for line in self.lines]
        return hashlib.sha256(json.dumps(says, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def sheets(store_id: int, month: Month) -> list[Sheet]:
    """Everybody's statement of a month, by employee; those with nothing to tell have none. A handful of queries."""
    found: dict[int, list[Line]] = defaultdict(list)
    for employee_id, line in _all_lines(store_id, month):
        found[employee_id].append(line)
    return [_sheet(employee_id, month, lines) for employee_id, lines in sorted(found.items())]


def _sheet(employee_id: int, month: Month, lines: Iterable[Line]) -> Sheet:
    """In the order of kinds; a debt that is left is carried over."""
    order = list(LineKind)
    ordered = sorted(lines, key=lambda line: order.index(line.kind))
    left = total(line.amount for line in ordered)
    if left < ZERO:
        name = say("Carried over to {month}", month=str(month.plus(1))).as_plain()
        ordered.append(Line(LineKind.CARRIED_OUT, name, -left, month))
    return Sheet(employee_id, tuple(ordered))


def _all_lines(store_id: int, month: Month) -> Iterator[tuple[int, Line]]:
    yield from _carried_in(store_id, month)
    yield from _pay(store_id, month)
    yield from _rewards(store_id, month)
    yield from _adjustments(store_id, month)
    yield from _released(store_id)


def _released(store_id: int) -> Iterator[tuple[int, Line]]:
    """Statements that were held when their month was closed, and released since: paid by the first month after."""
    lines = db.session.scalars(
        select(StatementLine)
        .join(Statement, Statement.id == StatementLine.statement_id)
        .where(Statement.store_id == store_id, Statement.state == StatementState.RELEASED)
        .options(joinedload(StatementLine.statement))
    )
    for line in lines:
        month = str(line.statement.month)
        name = say("Released from {month}: {line}", month=month, line=from_plain(line.name)).as_plain()
        yield (
            line.statement.employee_id,
            Line(LineKind.ADJUSTMENT, name, line.amount, line.for_month, source_id=line.source_id),
        )


def _carried_in(store_id: int, month: Month) -> Iterator[tuple[int, Line]]:
    """What the month before could not settle."""
    before = month.plus(-1)
    rows = db.session.execute(
        select(Statement.employee_id, StatementLine.amount)
        .join(StatementLine, StatementLine.statement_id == Statement.id)
        .where(
            Statement.store_id == store_id,
            Statement.month == before,
            Statement.round == newest_round(store_id, before),
            StatementLine.kind == LineKind.CARRIED_OUT,
        )
    )
    name = say("Carried over from {month}", month=str(before)).as_plain()
    for employee_id, amount in rows:
        yield employee_id, Line(LineKind.CARRIED_IN, name, -amount, month)


def latest_round(store_id: int, month: Month) -> int:
    """The round of review that counts; zero if there was none."""
    return db.session.scalar(select(newest_round(store_id, month))) or 0


def newest_round(store_id: int, month: Month) -> ScalarSelect[int]:
    """The same within a statement, where it costs no query of its own."""
    found = select(func.max(Statement.round)).where(Statement.store_id == store_id, Statement.month == month)
    return found.scalar_subquery()


def _pay(store_id: int, month: Month) -> Iterator[tuple[int, Line]]:
    for line in calculation.lines_of_month(store_id, month):
        yield (
            line.employee_id,
            Line(LineKind.PAY, line.name, line.amount, month, pay_line_id=line.id, missing=bool(line.missing)),
        )


def _rewards(store_id: int, month: Month) -> Iterator[tuple[int, Line]]:
    for record in payable(store_id, month):
        kind = LineKind.REWARD if record.amount >= ZERO else LineKind.PENALTY
        yield record.employee_id, Line(kind, record.what.as_plain(), record.amount, month, source_id=record.id)


def _adjustments(store_id: int, month: Month) -> Iterator[tuple[int, Line]]:
    """What closed months would come to with the facts of today, less what was posted for them."""
    for earlier in _changed_closed_months(store_id, month):
        kept = {_key(line): line for line in calculation.lines_of_month(store_id, earlier)}
        settled = _adjusted_before(kept.values())
        for paid, result in calculation.results(store_id, earlier):
            for fresh in result.lines:
                line = kept.get((fresh.member, paid.version.id, fresh.code))
                if line is not None and fresh.payable:
                    change = fresh.amount - line.amount - settled.get(line.id, ZERO)
                    if change:
                        yield line.employee_id, _adjustment(line, change)


def _adjustment(line: PayLine, change: Money) -> Line:
    name = say("Adjustment of {month}: {line}", month=str(line.month), line=from_plain(line.name)).as_plain()
    return Line(LineKind.ADJUSTMENT, name, change, line.month, pay_line_id=line.id)


def _key(line: PayLine) -> calculation.LineKey:
    return (line.employee_id, line.version_id, line.code)


def _changed_closed_months(store_id: int, month: Month) -> list[Month]:
    found = (
        select(Calculation.month)
        .join(
            BusinessMonth,
            and_(BusinessMonth.store_id == Calculation.store_id, BusinessMonth.month == Calculation.month),
        )
        .where(
            Calculation.store_id == store_id,
            Calculation.month < month,
            Calculation.stale.is_(True),
            BusinessMonth.state == MonthState.CLOSED,
        )
        .order_by(Calculation.month)
    )
    return list(db.session.scalars(found))


def _adjusted_before(lines: Iterable[PayLine]) -> dict[int, Money]:
    """What closed months have already posted to correct these lines."""
    ids = [line.id for line in lines]
    rows = db.session.execute(
        select(StatementLine.pay_line_id, func.sum(StatementLine.amount))
        .join(Statement, Statement.id == StatementLine.statement_id)
        .where(StatementLine.kind == LineKind.ADJUSTMENT, StatementLine.pay_line_id.in_(ids))
        .group_by(StatementLine.pay_line_id)
    )
    return {pay_line_id: amount for pay_line_id, amount in rows if pay_line_id is not None}


def keep(store_id: int, month: Month, round_number: int, made: Sequence[Sheet]) -> None:
    """Write statements down as they are reviewed."""
    for sheet in made:
        statement = Statement(
            store_id=store_id,
            month=month,
            round=round_number,
            employee_id=sheet.employee_id,
            total=sheet.total,
            digest=sheet.digest,
        )
        statement.lines = [
            StatementLine(
                place=place,
                kind=line.kind,
                name=line.name,
                amount=line.amount,
                for_month=line.for_month,
                pay_line_id=line.pay_line_id,
                source_id=line.source_id,
                missing=line.missing,
            )
            for place, line in enumerate(sheet.lines, start=1)
        ]
        db.session.add(statement)
    db.session.flush()
