"""Compensation of proven losses: what a month may take from whose wage, oldest loss first, within the law's limits.

Finance takes it from the wage; variable pay is never touched (docs/decisions). It is taken by the payroll of the store
where the person works at the end of the month, only after the notice was received, and only while wage and minimum
wage are known. What an appeal stops is paid back by the next month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select

from incentives import clock
from incentives.core.approval import RewardAction, RewardState
from incentives.core.errors import Conflict, Sentence, say
from incentives.core.law import Claim, Limits, Step, steps_of_month
from incentives.core.money import ZERO, Money
from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import Posting
from incentives.rewards.models import Instrument, LossDeduction, RewardRecord
from incentives.rewards.service import profiles, wages
from incentives.rewards.service.moving import locked, move

COUNTING = (RewardState.APPROVED, RewardState.POSTED)
STOPPED = (RewardState.REVERSED, RewardState.OVERTURNED)


class Loss(NamedTuple):
    """A loss as a month finds it: what was taken so far, the person's base wage (none: not known), what is allowed."""

    record: RewardRecord
    taken: Money
    base_wage: Money | None
    terms: profiles.Allowed


@dataclass(frozen=True, slots=True)
class LossLine:
    """What a month takes for a loss (negative), or pays back, with the arithmetic in a sentence."""

    record_id: int
    employee_id: int
    amount: Money
    what: Sentence


def taken_so_far(record_ids: Collection[int]) -> dict[int, Money]:
    """What closed months have taken for losses, less what they paid back."""
    rows = db.session.execute(
        select(LossDeduction.record_id, func.sum(LossDeduction.amount))
        .where(LossDeduction.record_id.in_(record_ids), LossDeduction.reopened_at.is_(None))
        .group_by(LossDeduction.record_id)
    )
    return {record_id: Money(int(amount.fen)) for record_id, amount in rows}


def counting_here(store_id: int, month: Month) -> ColumnElement[bool]:
    """Losses that count or were stopped, of those whose last posting of the month is at the store."""
    ever_here = select(Posting.employee_id).where(Posting.store_id == store_id, Posting.first_day <= month.last)
    last_store = (
        select(Posting.store_id)
        .where(
            Posting.employee_id == RewardRecord.employee_id,
            Posting.first_day <= month.last,
            or_(Posting.last_day.is_(None), Posting.last_day >= month.first),
        )
        .order_by(Posting.first_day.desc(), Posting.id.desc())
        .limit(1)
    )
    return and_(
        RewardRecord.instrument == Instrument.LOSS,
        RewardRecord.state.in_((*COUNTING, *STOPPED)),
        RewardRecord.employee_id.in_(ever_here),
        last_store.correlate(RewardRecord).scalar_subquery() == store_id,
    )


def taken_for() -> ScalarSelect[Money]:
    """What closed months have taken for a loss, less what they paid back, within a statement about the record."""
    taken = select(func.sum(LossDeduction.amount)).where(
        LossDeduction.record_id == RewardRecord.id, LossDeduction.reopened_at.is_(None)
    )
    return taken.correlate(RewardRecord).scalar_subquery()


def loss_lines(found: Iterable[Loss], month: Month, pay: Mapping[int, Money]) -> list[LossLine]:
    """What a month takes for losses or pays back, by person, oldest first. ``pay`` is each person's variable pay."""
    by_person: dict[int, list[Loss]] = defaultdict(list)
    for each in found:
        by_person[each.record.employee_id].append(each)
    lines = []
    for employee_id, losses in sorted(by_person.items()):
        base = losses[0].base_wage
        limits = _limits(base, pay.get(employee_id, ZERO), losses[0].terms)
        claims = [_claim(each.record, each.taken, month) for each in losses]
        says = {each.record.id: each.record for each in losses}
        for step in steps_of_month(claims, limits):
            what = _sentence(says[step.key], step, limits, base or ZERO)
            lines.append(LossLine(step.key, employee_id, -step.amount, what))
    return lines


def _limits(base: Money | None, pay: Money, terms: profiles.Allowed) -> Limits | None:
    if base is None or terms.minimum_wage is None:
        return None
    return Limits(base + pay, terms.minimum_wage, terms.share)


def _claim(record: RewardRecord, taken: Money, month: Month) -> Claim:
    """What is due: all of it once the notice was received, nothing more before, and nothing at all once stopped."""
    if record.state in STOPPED:
        return Claim(record.id, ZERO, taken)
    return Claim(record.id, (record.loss or ZERO) if _was_received(record, month.last) else taken, taken)


def _was_received(record: RewardRecord, by: date) -> bool:
    return record.notice is not None and record.notice.received_on is not None and record.notice.received_on <= by


def _sentence(record: RewardRecord, step: Step, limits: Limits | None, base: Money) -> Sentence:
    what = record.claim.what if record.claim is not None else ""
    if limits is None or step.amount < ZERO:
        return say("Paid back, since an appeal stopped the compensation: {what}", what=what)
    return say(
        "Compensation of a proven loss, {what}: wage {wage} (base wage {base} and variable pay {pay}), minimum wage"
        " {minimum}; at most {limit} in the month; {open} stays open for later months.",
        what=what,
        wage=str(limits.wage),
        base=str(base),
        pay=str(limits.wage - base),
        minimum=str(limits.minimum),
        limit=str(limits.limit),
        open=str(step.still_open),
    )


def limits_now(record: RewardRecord, month: Month) -> Iterator[Sentence]:
    """What the limits come to for a base wage alone, as an example in the notice; nothing while it is not known."""
    base = wages.wages_in([record.employee_id], month).get(record.employee_id)
    limits = _limits(base, ZERO, profiles.allowed(record.store_id, month.last))
    if limits is not None:
        yield say(
            "For the base wage of {wage} yuan alone, {month} may take at most {limit} yuan; variable pay raises it.",
            wage=str(limits.wage),
            month=str(month),
            limit=str(limits.limit),
        )


def missing(record: RewardRecord, month: Month) -> Iterator[Sentence]:
    """What is missing before a month may take anything for a loss, in sentences."""
    if record.notice is None or record.notice.received_on is None:
        yield say("The written notice is not received yet.")
    if record.employee_id not in wages.wages_in([record.employee_id], month):
        yield say("The base wage of {month} is not known: finance enters it.", month=str(month))
    if profiles.allowed(record.store_id, month.last).minimum_wage is None:
        yield say("The local minimum wage is not known: it is entered in the province profile.")


def take(store_id: int, month: Month, lines: Sequence[LossLine], *, actor_id: int | None) -> None:
    """The month is closed: keep what it took. The first time posts the record.

    Raises:
        Conflict: another store's month has taken it meanwhile.
    """
    for line in lines:
        home = db.session.scalars(select(RewardRecord.store_id).where(RewardRecord.id == line.record_id)).one()
        record = locked(home, line.record_id)
        taken = taken_so_far([record.id]).get(record.id, ZERO) - line.amount
        if not ZERO <= taken <= (record.loss or ZERO):
            raise Conflict(say("A loss was taken elsewhere meanwhile: send the month back and review it again."))
        db.session.add(
            LossDeduction(
                store_id=store_id,
                record_id=record.id,
                month=month,
                amount=-line.amount,
                says=line.what.as_plain(),
                taken_at=clock.now(),
            )
        )
        if record.state is RewardState.APPROVED:
            move(record, RewardAction.POST, actor_id=actor_id)
            record.postings += 1
    db.session.flush()


def set_aside(store_id: int, month: Month) -> None:
    """The month is reopened: what it took is open again."""
    rows = select(LossDeduction).where(
        LossDeduction.store_id == store_id, LossDeduction.month == month, LossDeduction.reopened_at.is_(None)
    )
    for row in db.session.scalars(rows):
        row.reopened_at = clock.now()
    db.session.flush()


def steps_of(record_id: int) -> Sequence[LossDeduction]:
    """What each closed month took for a loss, in order."""
    return db.session.scalars(
        select(LossDeduction)
        .where(LossDeduction.record_id == record_id, LossDeduction.reopened_at.is_(None))
        .order_by(LossDeduction.month, LossDeduction.id)
    ).all()
