"""Put everybody's statement of a month together: what was carried over, pay, rewards and penalties, adjustments.

A balance below zero from earlier months is settled first and shown. Where the sum is below zero all the same, nothing
is paid and the rest is carried over: it never reaches base pay (product.md §4).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, and_, exists, func, select, true
from sqlalchemy.orm import aliased, joinedload

from incentives.commissions.service import calculation
from incentives.core.approval import MonthState
from incentives.core.errors import Sentence, from_plain, say
from incentives.core.explain import Explanation
from incentives.core.money import ZERO, Money, total
from incentives.core.period import Month
from incentives.core.restatement import carried_on, given
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.payroll.models import LineKind, Statement, StatementLine, StatementState
from incentives.payroll.service.paid_already import paid_already
from incentives.payroll.service.restating import Restated, corrections
from incentives.payroll.service.rounds import is_newest
from incentives.periods.models import BusinessMonth
from incentives.rewards.service.paying import loss_lines, payable


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement that is being put together.

    ``version_id`` and ``code`` say which line of which plan it pays or corrects; a line that pays one is explained by
    the pay line itself, any other carries its own ``explanation``.
    """

    kind: LineKind
    name: dict[str, Any]
    amount: Money
    for_month: Month
    pay_line_id: int | None = None
    source_id: int | None = None
    missing: bool = False
    version_id: int | None = None
    code: str = ""
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Somebody's statement as it stands now: an estimate while the month is open."""

    employee_id: int
    lines: tuple[Line, ...]

    @property
    def total(self) -> Money:
        """What is paid; never below zero, since a debt is carried over by a line of its own."""
        return total(line.amount for line in self.lines if line.kind.is_paid)

    @property
    def digest(self) -> str:
        """What an approval binds to: every line, to the letter and the fen."""
        says = [[line.kind.value, line.name, line.amount.fen, str(line.for_month), line.missing] for line in self.lines]
        return hashlib.sha256(json.dumps(says, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def sheets(store_id: int, month: Month) -> list[Sheet]:
    """Everybody's statement of a month, by employee; those with nothing to tell have none. A handful of queries."""
    found: dict[int, list[Line]] = defaultdict(list)
    restated = corrections(store_id, month)
    for employee_id, line in _all_lines(store_id, month, restated):
        found[employee_id].append(line)
    made = {employee_id: _sheet(employee_id, month, lines) for employee_id, lines in found.items()}
    for loss in loss_lines(store_id, month, {employee_id: sheet.total for employee_id, sheet in made.items()}):
        before = made.get(loss.employee_id, Sheet(loss.employee_id, ()))
        line = _stated(LineKind.LOSS, loss.what, loss.amount, month, loss.record_id)
        made[loss.employee_id] = replace(before, lines=(*before.lines, line))
    return [sheet for _employee_id, sheet in sorted(made.items())]


def _sheet(employee_id: int, month: Month, lines: Iterable[Line]) -> Sheet:
    """In the order of kinds; a debt that is left is carried over."""
    order = list(LineKind)
    ordered = sorted(lines, key=lambda line: order.index(line.kind))
    left = total(line.amount for line in ordered)
    if left < ZERO:
        name = say("Carried over to {month}", month=str(month.plus(1)))
        why = carried_on(name, [(from_plain(line.name), line.amount) for line in ordered])
        ordered.append(Line(LineKind.CARRIED_OUT, name.as_plain(), -left, month, explanation=why))
    return Sheet(employee_id, tuple(ordered))


def _all_lines(store_id: int, month: Month, restated: Iterable[Restated]) -> Iterator[tuple[int, Line]]:
    yield from _carried_in(store_id, month)
    yield from _pay(store_id, month)
    yield from _rewards(store_id, month)
    yield from _adjustments(restated)
    yield from _released_rewards(store_id, month)
    yield from _supplemented(store_id, month)


def _released_rewards(store_id: int, month: Month) -> Iterator[tuple[int, Line]]:
    """Rewards and penalties of statements that were held when their month was closed, and released since.

    Pay that was held needs no line here: nothing was posted for it, so restating posts all of it.
    """
    lines = db.session.scalars(released_and_waiting(store_id, month).options(joinedload(StatementLine.statement)))
    for line in lines:
        name = say("Released from {month}: {line}", month=str(line.statement.month), line=from_plain(line.name))
        yield (
            line.statement.employee_id,
            _stated(LineKind.ADJUSTMENT, name, line.amount, line.for_month, line.source_id),
        )


def released_and_waiting(store_id: int, month: Month) -> Select[StatementLine]:
    """The rewards and penalties of released statements that no month before this one has taken up."""
    later, taking = aliased(StatementLine), aliased(Statement)
    taken_up = exists().where(
        later.statement_id == taking.id,
        later.kind == LineKind.ADJUSTMENT,
        later.source_id == StatementLine.source_id,
        taking.store_id == Statement.store_id,
        taking.month > Statement.month,
        taking.month < month,
        is_newest(taking),
    )
    return (
        select(StatementLine)
        .join(Statement, Statement.id == StatementLine.statement_id)
        .where(
            Statement.store_id == store_id,
            Statement.month < month,
            Statement.state == StatementState.RELEASED,
            StatementLine.source_id.is_not(None),
            StatementLine.kind != LineKind.LOSS,
            ~taken_up.correlate(StatementLine, Statement),
        )
    )


def _stated(kind: LineKind, name: Sentence, amount: Money, month: Month, source_id: int | None = None) -> Line:
    """A line whose amount was decided elsewhere: it is explained by its own name."""
    return Line(kind, name.as_plain(), amount, month, source_id=source_id, explanation=given(name, amount))


def _supplemented(store_id: int, month: Month) -> Iterator[tuple[int, Line]]:
    """What supplements have paid already, taken off again: its lines stand in the statement all the same."""
    rewards_again = released_and_waiting(store_id, month).with_only_columns(StatementLine.source_id)
    for each in paid_already(store_id, month, rewards_again):
        yield each.employee_id, _stated(LineKind.SUPPLEMENT, each.name(month), -each.amount, month)


def _carried_in(store_id: int, month: Month) -> Iterator[tuple[int, Line]]:
    """What the months before could not settle: what stands in the ledger, and in statements not closed yet."""
    owed: Counter[int] = Counter()
    for employee_id, amount in ledger.carried_over(store_id, month).items():
        owed[employee_id] += amount.fen
    for employee_id, _month, amount in carried_under_review(store_id, month):
        owed[employee_id] += amount.fen
    name = say("Carried over from {month}", month=str(month.plus(-1)))
    for employee_id, fen in owed.items():
        if fen:
            yield employee_id, _stated(LineKind.CARRIED_IN, name, Money(-fen), month)


def carried_under_review(store_id: int, month: Month | None = None) -> list[tuple[int, Month, Money]]:
    """What statements of months (before one) that are reviewed but not closed yet add to a debt, or settle of it."""
    before = true() if month is None else Statement.month < month
    rows = db.session.execute(
        select(Statement.employee_id, Statement.month, func.sum(StatementLine.amount))
        .join(StatementLine, StatementLine.statement_id == Statement.id)
        .join(BusinessMonth, and_(BusinessMonth.store_id == Statement.store_id, BusinessMonth.month == Statement.month))
        .where(
            Statement.store_id == store_id,
            before,
            is_newest(),
            Statement.state != StatementState.HELD,
            BusinessMonth.state.in_((MonthState.IN_REVIEW, MonthState.APPROVED)),
            StatementLine.kind.in_((LineKind.CARRIED_IN, LineKind.CARRIED_OUT)),
        )
        .group_by(Statement.employee_id, Statement.month)
        .order_by(Statement.month)
    )
    return [(employee_id, under_review, amount) for employee_id, under_review, amount in rows]


def _pay(store_id: int, month: Month) -> Iterator[tuple[int, Line]]:
    for line in calculation.lines_of_month(store_id, month):
        yield (
            line.employee_id,
            Line(
                LineKind.PAY,
                line.name,
                line.amount,
                month,
                pay_line_id=line.id,
                missing=bool(line.missing),
                version_id=line.version_id,
                code=line.code,
            ),
        )


def _rewards(store_id: int, month: Month) -> Iterator[tuple[int, Line]]:
    for record in payable(store_id, month):
        kind = LineKind.REWARD if record.amount >= ZERO else LineKind.PENALTY
        yield record.employee_id, _stated(kind, record.what, record.amount, month, record.id)


def _adjustments(found: Iterable[Restated]) -> Iterator[tuple[int, Line]]:
    """What closed months come to with the facts of today, less what was posted for them."""
    for each in found:
        employee_id, version_id, code = each.key
        made = each.correction
        yield (
            employee_id,
            Line(
                LineKind.ADJUSTMENT,
                made.name.as_plain(),
                made.amount,
                each.month,
                pay_line_id=each.pay_line_id,
                version_id=version_id,
                code=code,
                explanation=made.explanation,
            ),
        )


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
                version_id=line.version_id,
                code=line.code,
                explanation=None if line.explanation is None else line.explanation.as_plain(),
                source_id=line.source_id,
                missing=line.missing,
            )
            for place, line in enumerate(sheet.lines, start=1)
        ]
        db.session.add(statement)
    db.session.flush()
