"""Rewards and penalties: what rules find at a month's end, what people propose, and an appeal that is still open."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from incentives import clock
from incentives.core.approval import RewardState
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import db
from incentives.demo.story import Shop, Story, chance, noon
from incentives.people.signin import actor_for
from incentives.rewards.documents import issue_notices
from incentives.rewards.models import Instrument, ReasonCode, RewardRecord
from incentives.rewards.service import appeals, proposing, records
from incentives.rewards.service.reasons import reasons_of
from incentives.rewards.service.records import Proposal

BONUS = Money(20_000)
LATELY = 3
"""Months ago that the small stores began to keep rewards and penalties."""


def reward(story: Story, shop: Shop, month: Month) -> None:
    """What the month brought, proposed by people and by rules, and decided. The small stores began lately."""
    if shop is not story.shops[0] and month < story.running.plus(-LATELY):
        return
    days = story.days(month)
    day = days[min(len(days), 20) - 1]
    inspector, trainer = _proposers(shop)
    by_code = {reason.code: reason for reason in reasons_of(shop.store.id)}
    luck = chance("rewards", shop.store.code, month)
    praised = luck.choice(shop.of("adviser", "customer-service", day=day)).employee
    with clock.telling(noon(day)):
        _propose(shop, by_code["praise"], praised.id, "客户来电表扬接待耐心", (trainer, day))
        if month.month % 4 == 0:
            best = max(shop.of("mechanic", day=day), key=lambda person: person.skill).employee
            if best.id != trainer:
                _propose(shop, by_code["extra_bonus"], best.id, "带教新人，独立完成疑难故障", (trainer, day), pay=BONUS)
    if month < story.running:
        with clock.telling(noon(month.last + timedelta(days=1))):
            proposing.propose_for_month(shop.store.id, month, month.last + timedelta(days=1))
            decide(story, shop, month)
    elif shop is story.shops[0]:
        _contested(story, shop, by_code["poor_washing"], inspector)


def _proposers(shop: Shop) -> tuple[int, int]:
    """Somebody who inspects and somebody who trains."""
    numbers = {"HY01": ("1025", "1013"), "HY02": ("2005", "2004"), "HY03": ("3005", "3004")}[shop.store.code]
    inspector, trainer = (
        next(person.id for person in shop.people if person.employee.number == number) for number in numbers
    )
    return inspector, trainer


def _propose(
    shop: Shop, reason: ReasonCode, employee_id: int, note: str, made: tuple[int, object], pay: Money | None = None
) -> RewardRecord | None:
    maker_id, day = made
    if employee_id == maker_id:
        return None
    proposal = Proposal(
        employee_id=employee_id,
        reason_id=reason.id,
        day=clock.today(shop.store.zone),
        instrument=Instrument.POINTS if pay is None else Instrument.PAY,
        points=reason.points if pay is None else None,
        amount=pay,
        note=note,
        token=f"demo-{shop.store.code}-{day}-{reason.code}-{employee_id}",
    )
    return records.propose(shop.store.id, proposal, maker_id=maker_id, today=clock.today(shop.store.zone))


def decide(story: Story, shop: Shop, month: Month) -> None:
    """The manager decides all but what concerns himself, which the head office does."""
    waiting = db.session.scalars(
        select(RewardRecord).where(
            RewardRecord.store_id == shop.store.id,
            RewardRecord.month == month,
            RewardRecord.state == RewardState.SUBMITTED,
        )
    ).all()
    today = clock.today(shop.store.zone)
    own = [each.id for each in waiting if each.employee_id == shop.manager.id]
    others = [each.id for each in waiting if each.employee_id != shop.manager.id]
    for who, ids in ((shop.manager, others), (story.number("9002"), own)):
        if ids:
            records.approve(actor_for(who, today), shop.store.id, ids, today=today)
    issue_notices(shop.store.id, today=today, actor_id=shop.manager.id)


def _contested(story: Story, shop: Shop, reason: ReasonCode, inspector: int) -> None:
    """A penalty of points approved a day ago, and its appeal, which waits for somebody."""
    day = max(story.today - timedelta(days=1), story.running.first)
    accused = shop.of("mechanic", day=day)[2].employee
    with clock.telling(noon(day)):
        record = _propose(shop, reason, accused.id, "交车前未清洗脚垫", (inspector, day))
        if record is None:
            return
        records.approve(actor_for(shop.manager, day), shop.store.id, [record.id], today=day)
    with clock.telling(noon(story.today)):
        words = "当天洗车设备停水，已在群里报备，请核实"
        appeals.appeal(record.id, employee_id=accused.id, words=words, today=story.today)
