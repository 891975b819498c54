"""A statement beside last month's, line by line: by plan and line of the plan, not by the name that may have changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incentives.commissions.models import PayLine, PayPlan, PlanVersion
from incentives.core.errors import Sentence, from_plain
from incentives.core.money import ZERO, Money
from incentives.core.period import Month
from incentives.db import db
from incentives.payroll.models import LineKind, Statement
from incentives.payroll.service.reading import ReadLine, ReadStatement
from incentives.payroll.service.rounds import newest_round

TOTAL = "total"
"""Names the sum of a statement where a line is asked for."""
BY_KIND = (LineKind.CARRIED_IN, LineKind.CARRIED_OUT)


@dataclass(frozen=True, slots=True)
class Beside:
    """A line of two months. None on one side: the line is new, or gone."""

    kind: LineKind
    name: Sentence
    now: Money | None
    before: Money | None
    now_key: str
    before_key: str
    """Which line of the statement it is; the total where several lines make one row."""

    @property
    def change(self) -> Money:
        """This month less the last."""
        return (self.now or ZERO) - (self.before or ZERO)


def reviewed(store_id: int, month: Month, employee_id: int) -> Statement | None:
    """Somebody's statement as it was reviewed, with its lines; none of a month that was not. One query."""
    return (
        db.session.scalars(
            select(Statement)
            .where(
                Statement.store_id == store_id,
                Statement.month == month,
                Statement.employee_id == employee_id,
                Statement.round == newest_round(store_id, month),
            )
            .options(joinedload(Statement.lines))
        )
        .unique()
        .one_or_none()
    )


def beside(statement: ReadStatement | None, former: Statement | None) -> list[Beside]:
    """The lines of a statement beside those of the month before, in the order of statements. One query."""
    now = () if statement is None else statement.lines
    before = () if former is None else tuple(_read(former))
    codes = line_codes(each.pay_line_id for each in (*now, *before))
    sums_now, sums_before = _sums(now, codes), _sums(before, codes)
    keys_now, keys_before = _keys(now, codes), _keys(before, codes)
    names = {key_of(line, codes): line for line in (*before, *now)}
    order = list(LineKind)
    found = [
        Beside(
            line.kind,
            line.name,
            sums_now.get(key),
            sums_before.get(key),
            keys_now.get(key, TOTAL),
            keys_before.get(key, TOTAL),
        )
        for key, line in names.items()
    ]
    return sorted(found, key=lambda each: order.index(each.kind))


def _read(statement: Statement) -> Iterable[ReadLine]:
    for line in statement.lines:
        yield ReadLine(
            line.kind,
            from_plain(line.name),
            line.amount,
            line.for_month,
            line.pay_line_id,
            line.missing,
            line.source_id,
        )


def line_codes(ids: Iterable[int | None]) -> dict[int, str]:
    """Plan and line of each line of pay, as one word. One query."""
    found = (
        select(PayLine.id, PayPlan.code, PayLine.code)
        .join(PlanVersion, PlanVersion.id == PayLine.version_id)
        .join(PayPlan, PayPlan.id == PlanVersion.plan_id)
        .where(PayLine.id.in_({each for each in ids if each is not None}))
    )
    return {line_id: f"{plan}/{code}" for line_id, plan, code in db.session.execute(found)}


def key_of(line: ReadLine, codes: dict[int, str]) -> str:
    """What makes two lines of different months the same line."""
    if line.kind in BY_KIND:
        return line.kind.value
    if line.kind is LineKind.PAY and line.pay_line_id in codes:
        return f"pay {codes[line.pay_line_id]}"
    return f"{line.kind.value} {line.name}"


def _keys(lines: Iterable[ReadLine], codes: dict[int, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        key = key_of(line, codes)
        found[key] = TOTAL if key in found else line.key
    return found


def _sums(lines: Iterable[ReadLine], codes: dict[int, str]) -> dict[str, Money]:
    found: dict[str, Money] = {}
    for line in lines:
        key = key_of(line, codes)
        found[key] = found.get(key, ZERO) + line.amount
    return found
