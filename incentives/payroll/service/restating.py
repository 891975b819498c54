"""Closed months worked out again from today's facts, and what the open month still posts for them.

A month is worked out again once after its facts changed, and only the lines that then differ from what was posted
are kept; so an estimate costs the same however many months were closed. The rule is
:mod:`incentives.core.restatement`'s. A statement that is held is left alone until it is released.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import delete, select

from incentives.commissions.format import load
from incentives.commissions.models import PayLine, PlanVersion
from incentives.commissions.service import calculation
from incentives.core.errors import Sentence, from_plain
from incentives.core.explain import explanation_from_plain
from incentives.core.money import ZERO, Money, total
from incentives.core.pay import CHANGE_TO_THE_SUM, WHOLE
from incentives.core.period import Month
from incentives.core.restatement import Correction, Earned, Posted, correct, still_owed
from incentives.db import apart, db, is_reading
from incentives.payroll.models import RestatedLine, Statement, StatementState
from incentives.payroll.service.closed_lines import LineKey, Posting, Restating, postings
from incentives.payroll.service.owing import Owing, gather
from incentives.periods import service as periods

Postings: TypeAlias = Mapping[tuple[Month, LineKey], Sequence[Posted]]


@dataclass(frozen=True, slots=True)
class Restated:
    """A line of a closed month that does not stand as it was posted."""

    month: Month
    key: LineKey
    pay_line_id: int | None
    correction: Correction


def owed(store_id: int, month: Month) -> Owing:
    """What the statements of a month take over, with every closed month worked out from the facts of today.

    One query while nothing of the past has changed. Months whose facts changed since are worked out again first; a
    request that only reads gets a transaction of its own for it.
    """
    found = gather(store_id, month)
    if not found.stale:
        return found
    with apart() if is_reading() else nullcontext():
        for earlier in found.stale:
            _work_out_again(store_id, earlier)
    return gather(store_id, month)


def corrections(owing: Owing) -> Iterator[Restated]:
    """What an open month still posts for the closed months before it, oldest first."""
    posted, stated = _by_place(owing.posted), _by_place(owing.under_review, waits=True)
    for line in owing.restated:
        place = (line.for_month, line.key)
        before = [*posted.get(place, ()), *stated.get(place, ())]
        released = (line.for_month, line.employee_id) in owing.left_out
        correction = correct(line.for_month, from_plain(line.name), _earned(line), before, released=released)
        if correction is not None:
            yield Restated(line.for_month, line.key, line.pay_line_id, correction)


def _by_place(found: Iterable[Posting], *, waits: bool = False) -> Postings:
    postings_: dict[tuple[Month, LineKey], list[Posted]] = defaultdict(list)
    for each in found:
        postings_[each.place].append(Posted(each.month, each.amount, waits=waits))
    return postings_


def _key(line: RestatedLine | PayLine) -> LineKey:
    return (line.employee_id, line.version_id, line.code)


def _earned(line: RestatedLine | Restating) -> Earned | None:
    return None if line.explanation is None else Earned(line.amount, explanation_from_plain(line.explanation))


def _posted(store_id: int, months: Collection[Month]) -> Postings:
    return _by_place(postings(store_id, months))


def _held(store_id: int, month: Month) -> set[int]:
    """Whose statement of a closed month is still held."""
    found = select(Statement.employee_id).where(
        Statement.store_id == store_id, Statement.month == month, Statement.state == StatementState.HELD
    )
    return set(db.session.scalars(found))


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
    posted = {key: found for (_month, key), found in _posted(store_id, {month}).items()}
    held = _held(store_id, month)
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
    waiting = {(each.month, each.key): each.correction.amount for each in corrections(owed(store_id, month))}
    found = []
    for earlier in periods.closed_months(store_id):
        posted = _posted(store_id, {earlier})
        differs = {_key(line): line for line in _differences(store_id, earlier)}
        for key in sorted(differs.keys() | {key for known, key in waiting if known == earlier}):
            so_far = total(each.amount for each in posted.get((earlier, key), ()))
            reached = so_far + waiting.get((earlier, key), ZERO)
            earned = differs[key].amount if key in differs else so_far
            if reached != earned:
                found.append((earlier, key[0], earned, reached))
    return found


def settle(store_id: int) -> None:
    """After postings: let go of what has been posted now. Lines of a held statement go on waiting."""
    lines = db.session.scalars(select(RestatedLine).where(RestatedLine.store_id == store_id)).all()
    posted = _posted(store_id, {line.month for line in lines}) if lines else {}
    for line in lines:
        if not still_owed(_earned(line), posted.get((line.month, _key(line)), ())):
            db.session.delete(line)
    db.session.flush()
