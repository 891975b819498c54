"""6S through the year: areas looked at in turn, findings put right, one that comes back, a fault of conduct."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from sqlalchemy import select

from incentives import clock
from incentives.core.inspection import FindingState, Level
from incentives.core.period import Month
from incentives.db import db
from incentives.demo.story import Shop, Story, chance, noon
from incentives.inspections.models import Area, ChecklistItem, ConductFault, Finding
from incentives.inspections.service import areas, findings, inspecting
from incentives.inspections.service.inspecting import Given
from incentives.people.models import Employee
from incentives.people.signin import actor_for

DAY_OF_ROUND = 19
OWNERS = {
    "reception": "adviser",
    "bays": "mechanic",
    "paint": "body-master",
    "parts": "parts",
    "wash": "mechanic",
    "lounge": "customer-service",
    "tools": "mechanic",
}
AREAS_A_MONTH = 2
"""Areas of a small store that are looked at in a month; the plan's store has one more, the service bays every time."""
LEFT_OPEN = 12
"""Days before today within which findings may still be open."""
STUBBORN = "shine-floor"
"""What comes back in the bays of the first store: a repeat that climbs to the manager."""


def open_areas(story: Story, shop: Shop) -> None:
    """The usual areas, each with somebody who answers for it."""
    first = story.months[0].first
    with clock.telling(noon(first)):
        areas.open_usual_areas(shop.store, actor_id=shop.manager.id)
        for place, area in enumerate(areas.areas_of(shop.store.id)):
            wanted = shop.of(OWNERS.get(area.code, "mechanic"), day=first) or shop.of("mechanic", day=first)
            those = [person.employee for person in wanted if person.id != _inspector(shop).id]
            owner = those[place % len(those)]
            areas.make_responsible(area, owner.id, level=Level.OWNER, day=first, actor_id=shop.manager.id)


def inspect(story: Story, shop: Shop, month: Month) -> None:
    """The month's round, if its day has come, and what became of its findings."""
    day = date(month.year, month.month, DAY_OF_ROUND)
    if day > story.today:
        return
    inspector = _inspector(shop)
    luck = chance("6s", shop.store.code, month)
    with clock.telling(noon(day)):
        for area in _round(shop, month):
            given = _answers(area, day, luck, stubborn=shop is story.shops[0] and area.code == "bays")
            token = f"demo-{shop.store.code}-{month}-{area.code}"
            inspecting.submit(area, given, token=token, inspector_id=inspector.id, day=day)
        if shop is story.shops[0] and month.month % 5 == 0:
            _conduct(shop, day, inspector)
    _put_right(story, shop, day, inspector)


def _inspector(shop: Shop) -> Employee:
    by_role = {"HY01": "1025", "HY02": "2005", "HY03": "3005"}[shop.store.code]
    return next(person.employee for person in shop.people if person.employee.number == by_role)


def _round(shop: Shop, month: Month) -> list[Area]:
    every = {area.code: area for area in areas.areas_of(shop.store.id)}
    bays = every.pop("bays")
    others = list(every.values())
    start = month.month * AREAS_A_MONTH
    turn = [others[(start + step) % len(others)] for step in range(AREAS_A_MONTH)]
    return [bays, *turn] if shop.scale == 100 else turn


def _answers(area: Area, day: date, luck: Random, *, stubborn: bool) -> dict[str, Given]:
    version = areas.version_on(area, day)
    return {item.code: _answer(item, luck, stubborn=stubborn) for item in version.items}


def _answer(item: ChecklistItem, luck: Random, *, stubborn: bool) -> Given:
    if item.code == STUBBORN and stubborn:
        return Given(item.maximum // 2, "举升机下有油渍")
    if item.code == "safety-lift" and luck.random() < 0.3:
        return Given(None)
    lost = luck.random()
    if lost < 0.965 or item.must:
        return Given(item.maximum)
    return Given(item.maximum // 2 if lost < 0.993 else 0, "现场已拍照说明")


def _conduct(shop: Shop, day: date, inspector: Employee) -> None:
    """Solving comes first: the person answers, then it is closed."""
    accused = shop.of("mechanic", day=day)[-1].employee
    findings.raise_conduct(
        shop.store.id,
        accused.id,
        fault=ConductFault.CHERRY_PICKING,
        reason="连续两次推掉小保养工单，只接大修",
        photo_id=None,
        day=day,
        inspector_id=inspector.id,
    )


def _put_right(story: Story, shop: Shop, day: date, inspector: Employee) -> None:
    """Answered after two days, re-checked after four; the youngest findings are still open."""
    open_findings = db.session.scalars(
        select(Finding).where(Finding.store_id == shop.store.id, Finding.state == FindingState.OPEN)
    ).all()
    month_end = Month.of(day).last
    for place, finding in enumerate(open_findings):
        answered, closed = day + timedelta(days=2), day + timedelta(days=4)
        young = (story.today - day).days <= LEFT_OPEN
        if finding.owner_id == inspector.id or answered > min(story.today, month_end) or (young and place % 2):
            continue
        owner = db.session.get_one(Employee, finding.owner_id)
        with clock.telling(noon(answered)):
            who = actor_for(owner, answered)
            findings.answer(finding, who, text="已整改，请复查", photo_id=None, seen=finding.version, day=answered)
        if closed <= min(story.today, month_end) and not young:
            with clock.telling(noon(closed)):
                who = actor_for(inspector, closed)
                findings.close(finding, who, evaluation="复查合格", seen=finding.version, day=closed)
