"""Closed months worked out again from today's facts, and what the open month still posts for them.

A month is worked out again once after its facts changed, and only the lines that then differ from what was posted
are kept; so an estimate costs the same however many months were closed. The rule is
:mod:`incentives.core.restatement`'s. A statement that is held is left alone until it is released.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import and_, delete, or_, select

from incentives.commissions.format import load
from incentives.commissions.models import Calculation, PayLine, PlanVersion
from incentives.commissions.service import calculation
from incentives.core.approval import MonthState
from incentives.core.errors import Sentence, from_plain
from incentives.core.explain import explanation_from_plain
from incentives.core.money import ZERO, Money, total
from incentives.core.pay import CHANGE_TO_THE_SUM, WHOLE
from incentives.core.period import Month
from incentives.core.restatement import Correction, Earned, Posted, correct, still_owed
from incentives.db import apart, db, is_reading
from incentives.ledger import service as ledger
from incentives.payroll.models import RestatedLine, Statement, StatementLine, StatementState
from incentives.payroll.service.rounds import newest_round
from incentives.periods import service as periods
from incentives.periods.models import BusinessMonth

LineKey: TypeAlias = tuple[int, int, str]
"""Employee, plan version, code: what makes a line of a month the same line."""
Postings: TypeAlias = Mapping[tuple[Month, LineKey], Sequence[Posted]]


@dataclass(frozen=True, slots=True)
class Restated:
    """A line of a closed month that does not stand as it was posted."""

    month: Month
    key: LineKey
    pay_line_id: int | None
    correction: Correction


def corrections(store_id: int, month: Month) -> list[Restated]:
    """What an open month still posts for the closed months before it, oldest first.

    One query while nothing of the past has changed. Months whose facts changed since are worked out again first; a
    request that only reads gets a transaction of its own for it.
    """
    rows = _kept(store_id, month)
    if stale := sorted({earlier for earlier, is_stale, _line in rows if is_stale}):
        with apart() if is_reading() else nullcontext():
            for earlier in stale:
                _work_out_again(store_id, earlier)
        rows = _kept(store_id, month)
    lines = [line for _month, _stale, line in rows if line is not None]
    return list(_corrections(store_id, month, lines)) if lines else []


def _kept(store_id: int, month: Month) -> list[tuple[Month, bool, RestatedLine | None]]:
    """The closed months before this one that changed, and the lines kept of them."""
    here = and_(RestatedLine.store_id == Calculation.store_id, RestatedLine.month == Calculation.month)
    closed = and_(BusinessMonth.store_id == Calculation.store_id, BusinessMonth.month == Calculation.month)
    found = (
        select(Calculation.month, Calculation.stale, RestatedLine)
        .join(BusinessMonth, closed)
        .outerjoin(RestatedLine, here)
        .where(
            Calculation.store_id == store_id,
            Calculation.month < month,
            BusinessMonth.state == MonthState.CLOSED,
            or_(Calculation.stale.is_(True), RestatedLine.id.is_not(None)),
        )
        .order_by(Calculation.month, RestatedLine.employee_id, RestatedLine.id)
        .execution_options(populate_existing=True)
    )
    return [tuple(row) for row in db.session.execute(found)]  # type: ignore[misc]  # a row of just these three


def _corrections(store_id: int, month: Month, lines: Sequence[RestatedLine]) -> Iterator[Restated]:
    months = {line.month for line in lines}
    posted, pay_lines = postings(store_id, months), _pay_lines(store_id, lines)
    stated = _under_review(store_id, month.plus(-1), months)
    let_go = _people_with(store_id, months, {StatementState.RELEASED, StatementState.PAID_LATER})
    for line in lines:
        key = _key(line)
        released = (line.month, line.employee_id) in let_go
        name, before = from_plain(line.name), [*posted.get((line.month, key), ()), *stated.get((line.month, key), ())]
        correction = correct(line.month, name, _earned(line), before, released=released)
        if correction is not None:
            yield Restated(line.month, key, pay_lines.get((line.month, key)), correction)


def _key(line: RestatedLine | PayLine) -> LineKey:
    return (line.employee_id, line.version_id, line.code)


def _earned(line: RestatedLine) -> Earned | None:
    return None if line.explanation is None else Earned(line.amount, explanation_from_plain(line.explanation))


def postings(store_id: int, months: Collection[Month]) -> Postings:
    """What the ledger holds for each line of some months, in whatever month it was posted. Two queries."""
    by_source = ledger.posted_by_source(store_id, "statement_line", months)
    rows = db.session.execute(
        select(
            StatementLine.id,
            StatementLine.for_month,
            Statement.employee_id,
            StatementLine.version_id,
            StatementLine.code,
        )
        .join(Statement, Statement.id == StatementLine.statement_id)
        .where(
            Statement.store_id == store_id,
            StatementLine.for_month.in_(months),
            StatementLine.version_id.is_not(None),
        )
    )
    keys = {row.id: (row.for_month, (row.employee_id, row.version_id, row.code)) for row in rows}
    found: dict[tuple[Month, LineKey], list[Posted]] = defaultdict(list)
    for source, month, amount in by_source:
        if source in keys:
            found[keys[source]].append(Posted(month, amount))
    return found


def _under_review(store_id: int, under_review: Month, months: Collection[Month]) -> Postings:
    """What a month that is reviewed but not closed yet will post for some months before it; nothing otherwise.

    The month after it must not post the same once more. Held statements post nothing.
    """
    reviewed = and_(BusinessMonth.store_id == Statement.store_id, BusinessMonth.month == Statement.month)
    rows = db.session.execute(
        select(
            StatementLine.for_month,
            StatementLine.amount,
            Statement.employee_id,
            StatementLine.version_id,
            StatementLine.code,
        )
        .join(Statement, Statement.id == StatementLine.statement_id)
        .join(BusinessMonth, reviewed)
        .where(
            Statement.store_id == store_id,
            Statement.month == under_review,
            Statement.round == newest_round(store_id, under_review),
            Statement.state != StatementState.HELD,
            BusinessMonth.state.in_((MonthState.IN_REVIEW, MonthState.APPROVED)),
            StatementLine.for_month.in_(months),
            StatementLine.version_id.is_not(None),
        )
    )
    found: dict[tuple[Month, LineKey], list[Posted]] = defaultdict(list)
    for row in rows:
        key = (row.employee_id, row.version_id, row.code)
        found[row.for_month, key].append(Posted(under_review, row.amount, waits=True))
    return found


def _pay_lines(store_id: int, lines: Sequence[RestatedLine]) -> dict[tuple[Month, LineKey], int]:
    found = select(PayLine.id, PayLine.month, PayLine.employee_id, PayLine.version_id, PayLine.code).where(
        PayLine.store_id == store_id,
        PayLine.month.in_({line.month for line in lines}),
        PayLine.employee_id.in_({line.employee_id for line in lines}),
    )
    return {(month, (who, version, code)): number for number, month, who, version, code in db.session.execute(found)}


def _people_with(
    store_id: int, months: Collection[Month], states: Collection[StatementState]
) -> set[tuple[Month, int]]:
    """Whose statement of a month was left out of its closing and is in one of these states."""
    rows = db.session.execute(
        select(Statement.month, Statement.employee_id).where(
            Statement.store_id == store_id, Statement.month.in_(months), Statement.state.in_(states)
        )
    )
    return {(month, employee_id) for month, employee_id in rows}


# --- working out again -------------------------------------------------------------------------------------


def _work_out_again(store_id: int, month: Month) -> None:
    """Keep what differs from what was posted. Somebody else who does the same just now waits and finds it done."""
    mark = calculation.lock(store_id, month)
    if not mark.stale:
        return
    db.session.execute(delete(RestatedLine).where(RestatedLine.store_id == store_id, RestatedLine.month == month))
    db.session.add_all(_differences(store_id, month))
    mark.stale = False
    db.session.flush()


def _differences(store_id: int, month: Month) -> Iterator[RestatedLine]:
    today = {
        (line.member, paid.version.id, line.code): line
        for paid, result in calculation.results(store_id, month)
        for line in result.lines
    }
    posted = {key: found for (_month, key), found in postings(store_id, {month}).items()}
    held = {employee_id for _month, employee_id in _people_with(store_id, {month}, {StatementState.HELD})}
    names = _names({version_id for _person, version_id, _code in posted.keys() - today.keys()})
    for key in sorted(today.keys() | posted.keys()):
        employee_id, version_id, code = key
        line = today.get(key)
        waits = line is not None and not line.payable
        earned = Earned(line.amount, line.explanation) if line and line.explanation else None
        if employee_id in held or waits or not still_owed(earned, posted.get(key, ())):
            continue
        yield RestatedLine(
            store_id=store_id,
            month=month,
            employee_id=employee_id,
            version_id=version_id,
            code=code,
            name=(line.name if line else names[version_id, code]).as_plain(),
            amount=earned.amount if earned else ZERO,
            explanation=earned.explanation.as_plain() if earned else None,
        )


def _names(version_ids: Collection[int]) -> dict[tuple[int, str], Sentence]:
    """What the lines of some plan versions are called, by version and code."""
    found: dict[tuple[int, str], Sentence] = {}
    for version in db.session.scalars(select(PlanVersion).where(PlanVersion.id.in_(version_ids))):
        plan = load(version.text).plan
        found |= {(version.id, node.code): node.label.sentence() for node in plan.lines}
        found[version.id, WHOLE] = CHANGE_TO_THE_SUM
    return found


def forgotten(store_id: int, month: Month) -> list[tuple[Month, int, Money, Money]]:
    """Lines of closed months before this one for which posted to date and what is still posted are not what is earned.

    None, unless facts were changed past the services. Each with its person, what is earned, and what is posted or
    waits to be. Works every closed month out again: for the command that proves the books, not for a page.
    """
    waiting = {(each.month, each.key): each.correction.amount for each in corrections(store_id, month)}
    found = []
    for earlier in periods.closed_months(store_id):
        posted = postings(store_id, {earlier})
        owed = {_key(line): line for line in _differences(store_id, earlier)}
        for key in sorted(owed.keys() | {key for known, key in waiting if known == earlier}):
            so_far = total(each.amount for each in posted.get((earlier, key), ()))
            reached = so_far + waiting.get((earlier, key), ZERO)
            earned = owed[key].amount if key in owed else so_far
            if reached != earned:
                found.append((earlier, key[0], earned, reached))
    return found


def settle(store_id: int) -> None:
    """After postings: let go of what has been posted now. Lines of a held statement go on waiting."""
    lines = db.session.scalars(select(RestatedLine).where(RestatedLine.store_id == store_id)).all()
    posted = postings(store_id, {line.month for line in lines}) if lines else {}
    for line in lines:
        if not still_owed(_earned(line), posted.get((line.month, _key(line)), ())):
            db.session.delete(line)
    db.session.flush()
