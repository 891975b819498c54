"""Statements as their readers see them: an estimate while the month is open, the reviewed lines from then on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Protocol

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import selectinload

from incentives.commissions.service import calculation
from incentives.core.approval import MonthState
from incentives.core.errors import Plain, Sentence, from_plain
from incentives.core.explain import Explanation
from incentives.core.money import Money, total
from incentives.core.period import Month
from incentives.db import db
from incentives.payroll.models import LineKind, Statement, StatementLine, StatementState
from incentives.payroll.service.assembling import Line, sheets
from incentives.payroll.service.reviewing import statements
from incentives.payroll.service.rounds import is_newest, newest_round
from incentives.people.models import Employee, Store
from incentives.periods.models import BusinessMonth


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line as it is read: an estimate's line has no decision yet."""

    kind: LineKind
    name: Sentence
    amount: Money
    for_month: Month
    pay_line_id: int | None
    missing: bool
    source_id: int | None = None
    explanation: dict[str, Plain] | None = None
    version_id: int | None = None

    @property
    def key(self) -> str:
        """Which line it is, the same while it is an estimate and once it is reviewed; a question names it."""
        return key_of_line(self.kind, self)


class _Named(Protocol):
    """What names a line beside its kind."""

    @property
    def pay_line_id(self) -> int | None: ...
    @property
    def source_id(self) -> int | None: ...
    @property
    def for_month(self) -> Month: ...
    @property
    def name(self) -> Sentence | dict[str, Any]: ...


SEVERAL = (LineKind.ADJUSTMENT, LineKind.SUPPLEMENT)
"""Kinds of which a statement may have several for one month with neither a pay line nor a reward behind them."""


def key_of_line(kind: LineKind, line: _Named) -> str:
    """The key of a line of a statement, or of a supplement's line as the statement shows it again."""
    key = f"{kind.value}-{line.pay_line_id or 0}-{line.source_id or 0}-{line.for_month}"
    told_apart = line.pay_line_id or line.source_id or kind not in SEVERAL
    return key if told_apart else f"{key}-{_mark(line.name)}"


def _mark(name: Sentence | dict[str, Any]) -> str:
    """A few letters that stand for a name."""
    plain = name.as_plain() if isinstance(name, Sentence) else name
    return sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class ReadStatement:
    """Somebody's statement. ``id`` and ``digest`` are there once it is under review."""

    employee_id: int
    number: str
    name: str
    month: Month
    lines: tuple[ReadLine, ...]
    id: int | None = None
    digest: str = ""
    state: StatementState | None = None
    reason: str = ""

    @property
    def total(self) -> Money:
        """What is or would be paid."""
        return total(line.amount for line in self.pay_lines)

    @property
    def pay_lines(self) -> tuple[ReadLine, ...]:
        """The lines of variable pay."""
        return tuple(line for line in self.lines if line.kind.is_paid)

    @property
    def losses(self) -> tuple[ReadLine, ...]:
        """What finance takes from the wage for proven losses, or pays back: apart from pay, and never mixed with it."""
        return tuple(line for line in self.lines if not line.kind.is_paid)

    @property
    def waits(self) -> bool:
        """Whether a line still waits for a figure."""
        return any(line.missing for line in self.lines)

    @property
    def is_estimate(self) -> bool:
        """Whether facts may still change it."""
        return self.state is None


def of_store(store_id: int, month: Month) -> list[ReadStatement]:
    """Everybody's statement, by employee number."""
    return _of_store(store_id, month)[1]


def _of_store(store_id: int, month: Month) -> tuple[MonthState, list[ReadStatement]]:
    state = calculation.freshen(store_id, month)
    if state is MonthState.OPEN:
        made = sheets(store_id, month)
        people = _people(sheet.employee_id for sheet in made)
        read = [_read(sheet.employee_id, people, month, sheet.lines) for sheet in made]
    else:
        found = statements(store_id, month)
        people = _people(each.employee_id for each in found)
        read = [_decided(each, people) for each in found]
    return state, sorted(read, key=lambda each: each.number)


def of_person(store_id: int, month: Month, employee_id: int) -> ReadStatement | None:
    """One person's statement; none if the month has nothing to tell about the person."""
    return month_of_person(store_id, month, employee_id)[1]


def month_of_person(store_id: int, month: Month, employee_id: int) -> tuple[MonthState, ReadStatement | None]:
    """The same, with the state the month is in."""
    state, found = _of_store(store_id, month)
    return state, next((each for each in found if each.employee_id == employee_id), None)


def reviewed_of_person(store_id: int, employee_id: int) -> list[tuple[ReadStatement, MonthState]]:
    """Somebody's statements of all months that were reviewed, oldest first, and what state each month is in. Three queries.

    Of a month that was sent back or reopened nothing is told until it is reviewed again.
    """
    month = and_(BusinessMonth.store_id == Statement.store_id, BusinessMonth.month == Statement.month)
    rows = db.session.execute(
        select(Statement, BusinessMonth.state)
        .join(BusinessMonth, month)
        .where(
            Statement.store_id == store_id,
            Statement.employee_id == employee_id,
            is_newest(),
            BusinessMonth.state != MonthState.OPEN,
        )
        .order_by(Statement.month)
        .options(selectinload(Statement.lines))
    ).all()
    people = _people({employee_id}) if rows else {}
    return [(_decided(each, people), state) for each, state in rows]


def stores_of(employee_id: int) -> Sequence[Store]:
    """The stores where somebody ever had a statement reviewed, by code."""
    reviewed = exists().where(Statement.store_id == Store.id, Statement.employee_id == employee_id)
    return db.session.scalars(select(Store).where(reviewed).order_by(Store.code)).all()


def _people(ids: Iterable[int]) -> Mapping[int, tuple[str, str]]:
    found = select(Employee.id, Employee.number, Employee.name).where(Employee.id.in_(list(ids)))
    return {key: (number, name) for key, number, name in db.session.execute(found)}


def _read(
    employee_id: int, people: Mapping[int, tuple[str, str]], month: Month, lines: Iterable[Line | StatementLine]
) -> ReadStatement:
    number, name = people[employee_id]
    read = tuple(
        ReadLine(
            line.kind,
            from_plain(line.name),
            line.amount,
            line.for_month,
            line.pay_line_id,
            line.missing,
            line.source_id,
            _plain(line.explanation),
            line.version_id,
        )
        for line in lines
    )
    return ReadStatement(employee_id, number, name, month, read)


def _plain(explanation: Explanation | dict[str, Plain] | None) -> dict[str, Plain] | None:
    return explanation.as_plain() if isinstance(explanation, Explanation) else explanation


def _decided(each: Statement, people: Mapping[int, tuple[str, str]]) -> ReadStatement:
    read = _read(each.employee_id, people, each.month, each.lines)
    return replace(read, id=each.id, digest=each.digest, state=each.state, reason=each.reason)


def totals(store_id: int, month: Month) -> dict[int, Money]:
    """Everybody's total in a month that was reviewed; nothing for one that was not."""
    rows = db.session.execute(
        select(Statement.employee_id, Statement.total).where(
            Statement.store_id == store_id, Statement.month == month, Statement.round == newest_round(store_id, month)
        )
    )
    return {employee_id: amount for employee_id, amount in rows}  # noqa: C416 (rows become typed pairs)


def months_of(employee_id: int) -> list[tuple[Store, Month]]:
    """Store and month of somebody's reviewed statements, the latest first."""
    reviewed = select(Statement.store_id, Statement.month).where(Statement.employee_id == employee_id).distinct()
    reviewed_ = reviewed.subquery()
    each = reviewed_.c
    rows = db.session.execute(
        select(Store, each.month).join(reviewed_, each.store_id == Store.id).order_by(each.month.desc(), Store.code)
    )
    return [(store, month) for store, month in rows]
