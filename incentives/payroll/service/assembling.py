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

from incentives.commissions.models import PayLine
from incentives.commissions.service import calculation
from incentives.core.errors import Sentence, from_plain, say
from incentives.core.explain import Explanation
from incentives.core.money import ZERO, Money, total
from incentives.core.period import Month
from incentives.core.restatement import carried_on, given
from incentives.db import db
from incentives.payroll.models import LineKind, Statement, StatementLine
from incentives.payroll.service.owing import Debt, Owing, Released
from incentives.payroll.service.paid_already import PaidAlready
from incentives.payroll.service.restating import Restated, corrections, owed
from incentives.rewards.service.paying import Payable, loss_lines, taken_over


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
    """Everybody's statement of a month, by employee; those with nothing to tell have none. Three queries."""
    found: dict[int, list[Line]] = defaultdict(list)
    owing = owed(store_id, month)
    rewards = taken_over(store_id, month)
    lines_of_pay = calculation.lines_of_month(store_id, month)
    for employee_id, line in _all_lines(month, owing, lines_of_pay, rewards.payable):
        found[employee_id].append(line)
    made = {employee_id: _sheet(employee_id, month, lines) for employee_id, lines in found.items()}
    for loss in loss_lines(rewards.losses, month, {employee_id: sheet.total for employee_id, sheet in made.items()}):
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


def _all_lines(
    month: Month, owing: Owing, pay: Iterable[PayLine], rewards: Iterable[Payable]
) -> Iterator[tuple[int, Line]]:
    yield from _carried_in(month, owing.debts)
    yield from _pay(month, pay)
    yield from _rewards(month, rewards)
    yield from _adjustments(corrections(owing))
    yield from _released_rewards(owing.released)
    yield from _supplemented(month, owing.paid_already)


def _released_rewards(found: Iterable[Released]) -> Iterator[tuple[int, Line]]:
    """Rewards and penalties of statements that were held when their month was closed, and released since.

    Pay that was held needs no line here: nothing was posted for it, so restating posts all of it.
    """
    for each in found:
        name = say("Released from {month}: {line}", month=str(each.month), line=from_plain(each.name))
        yield each.employee_id, _stated(LineKind.ADJUSTMENT, name, each.amount, each.for_month, each.source_id)


def _stated(kind: LineKind, name: Sentence, amount: Money, month: Month, source_id: int | None = None) -> Line:
    """A line whose amount was decided elsewhere: it is explained by its own name."""
    return Line(kind, name.as_plain(), amount, month, source_id=source_id, explanation=given(name, amount))


def _supplemented(month: Month, found: Iterable[PaidAlready]) -> Iterator[tuple[int, Line]]:
    """What supplements have paid already, taken off again: its lines stand in the statement all the same."""
    for each in found:
        yield each.employee_id, _stated(LineKind.SUPPLEMENT, each.name(month), -each.amount, month)


def _carried_in(month: Month, debts: Iterable[Debt]) -> Iterator[tuple[int, Line]]:
    """What the months before could not settle: what stands in the ledger, and in statements not closed yet."""
    fen_of: Counter[int] = Counter()
    for debt in debts:
        fen_of[debt.employee_id] += debt.amount.fen
    name = say("Carried over from {month}", month=str(month.plus(-1)))
    for employee_id, fen in fen_of.items():
        if fen:
            yield employee_id, _stated(LineKind.CARRIED_IN, name, Money(-fen), month)


def _pay(month: Month, lines: Iterable[PayLine]) -> Iterator[tuple[int, Line]]:
    for line in lines:
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


def _rewards(month: Month, records: Iterable[Payable]) -> Iterator[tuple[int, Line]]:
    for record in records:
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
