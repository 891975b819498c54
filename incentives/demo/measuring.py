"""Targets of the year and the readings of each month: revenue, vehicles, satisfaction, rework, claims, call-backs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from random import Random

from incentives import clock
from incentives.config import resource
from incentives.core.period import Month
from incentives.demo.selling import SEASON
from incentives.demo.story import Person, Shop, Story, chance, noon
from incentives.targets.models import Indicator
from incentives.targets.scopes import STORE, Scope, of_department, of_person
from incentives.targets.service.catalogue import indicators
from incentives.targets.service.readings import NewReading, give
from incentives.targets.service.setting import NewTarget, Why, set_targets

WAN = 10_000
WEEKS = (7, 14, 21, 28)
WHOLE = 100
PLAN_COLUMNS = ("after_sales_revenue", "workshop_revenue", "insurance_revenue", "accessories_and_parts_revenue")
YEAR_TARGETS = {
    "csi": Fraction(93, 100),
    "rework_rate": Fraction(2, 100),
    "warranty_pass_rate": Fraction(95, 100),
    "revenue_per_repair_order": Fraction(800),
    "revenue_per_insurance_order": Fraction(1800),
    "call_back_rate": Fraction(90, 100),
    "training_attendance": Fraction(90, 100),
}
ACCESSORY_SHARE = {"adviser": 14, "customer-service": 6, "parts": 6, "insurance": 4, "mechanic": 2}
"""Percent of the store's accessory target that one person of a position is to reach."""


def _catalogue(shop: Shop) -> dict[str, Indicator]:
    return {indicator.code: indicator for indicator in indicators(shop.store.id)}


def set_year(story: Story, shop: Shop) -> None:
    """The plan table of the year, in the store's size, month by month; shared out to those who carry it."""
    known = _catalogue(shop)
    with clock.telling(noon(story.months[0].first)):
        wanted = [target for month in story.months for target in _of_month(story, shop, month, known)]
        for year in {month.year for month in story.months}:
            wanted += [NewTarget(known[code], year, value) for code, value in YEAR_TARGETS.items()]
            wanted.append(NewTarget(known["accessory_sales"], year, Fraction(30 * WAN * shop.scale, WHOLE)))
        set_targets(shop.store.id, wanted, Why(shop.manager.id, story.months[0].first, "年度工作计划"))


def _plan() -> dict[int, tuple[Fraction, ...]]:
    """The plan table's months, in 万: total, reception, insurance, accessories and parts."""
    lines = (resource("seeds") / "reference" / "annual-plan.csv").read_text(encoding="utf-8").splitlines()[1:13]
    rows = [line.split(",") for line in lines]
    return {int(row[0]): tuple(Fraction(cell) for cell in row[1:]) for row in rows}


def _of_month(story: Story, shop: Shop, month: Month, known: dict[str, Indicator]) -> Iterator[NewTarget]:
    size = Fraction(shop.scale, WHOLE)
    plan = dict(zip(PLAN_COLUMNS, _plan()[month.month], strict=True))
    for code, wan in plan.items():
        yield NewTarget(known[code], month, wan * WAN * size)
    yield NewTarget(known["vehicles_received"], month, Fraction(650 * shop.scale // WHOLE))
    yield NewTarget(known["genuine_parts_purchased"], month, Fraction(80 * WAN, 12).limit_denominator(1) * size)
    accessories = Fraction(round(plan["accessories_and_parts_revenue"] * WAN * 30 / 58)) * size
    yield NewTarget(known["accessory_sales"], month, accessories)
    for person in shop.of(*ACCESSORY_SHARE, day=min(month.last, story.today)):
        own = round(accessories * ACCESSORY_SHARE[person.position] / WHOLE)
        yield NewTarget(known["accessory_sales"], month, Fraction(own), of_person(person.id))
    for code, position in (("workshop_revenue", "adviser"), ("insurance_revenue", "insurance")):
        those = shop.of(position, day=min(month.last, story.today))
        for person in those:
            own = round(plan[code] * WAN * size / len(those))
            yield NewTarget(known[code], month, Fraction(own), of_person(person.id))


def measure(story: Story, shop: Shop, month: Month) -> None:
    """What was measured in a month, week by week, as far as it has come."""
    luck, known = chance("readings", shop.store.code, month), _catalogue(shop)
    days = story.days(month)
    weeks = [day for day in days if day.day in WEEKS]
    last = days[-1]
    readings = [reading for day in weeks for reading in _of_week(shop, month, day, luck, known)]
    readings += list(_of_the_end(shop, last, luck, known))
    with clock.telling(noon(last)):
        give(shop.store.id, readings, actor_id=shop.manager.id, today=last)


def _spread(luck: Random, low: int, high: int) -> Fraction:
    return Fraction(luck.randint(low, high), WHOLE)


def _of_week(shop: Shop, month: Month, day: date, luck: Random, known: dict[str, Indicator]) -> Iterator[NewReading]:
    size = Fraction(shop.scale * SEASON[month.month], WHOLE * WHOLE * len(WEEKS))
    plan = dict(zip(PLAN_COLUMNS, _plan()[month.month], strict=True))

    def one(code: str, value: Fraction, scope: Scope = STORE, base: Fraction | None = None) -> NewReading:
        return NewReading(known[code], day, scope, value, base)

    for code, position in (("workshop_revenue", "adviser"), ("insurance_revenue", "insurance")):
        those = shop.of(position, day=day)
        for person in those:
            pace = Fraction(person.skill, WHOLE) * _spread(luck, 82, 112)
            yuan = plan[code] * WAN * shop.scale / WHOLE / len(WEEKS) / len(those) * pace
            yield one(code, Fraction(round(yuan)), of_person(person.id))
    yield one("vehicles_received", Fraction(round(650 * size * _spread(luck, 88, 112))))
    purchases = 80 * WAN * shop.scale // (12 * WHOLE * len(WEEKS))
    yield one("genuine_parts_purchased", Fraction(round(purchases * _spread(luck, 80, 120))))
    for department, usual in (("workshop", 110), ("body-paint", 24)):
        done = max(6, round(usual * size * len(WEEKS) / 2))
        scope = of_department(_department(shop, department))
        yield one("rework_rate", Fraction(luck.choice((0, 0, 1, 1, 2)) * done // 60), scope, Fraction(done))
    sent = max(8, round(28 * size * len(WEEKS) / 2))
    yield one("warranty_pass_rate", Fraction(sent - luck.choice((0, 0, 1, 1, 2))), STORE, Fraction(sent))
    for person in shop.of("adviser", day=day):
        calls = 34
        made = min(calls, round(calls * Fraction(person.skill + luck.randint(-14, 4), WHOLE) * Fraction(92, 100)))
        yield one("call_back_rate", Fraction(made), of_person(person.id), Fraction(calls))
    for person in shop.of("warranty", day=day):
        yield from _claims(person, luck, one)


def _claims(person: Person, luck: Random, one: Callable[..., NewReading]) -> Iterator[NewReading]:
    scope = of_person(person.id)
    yield one("claims_passed", Fraction(luck.randint(9, 14) * person.skill // WHOLE), scope)
    yield one("claims_rejected_by_fault", Fraction(luck.choice((0, 0, 0, 1))), scope)
    yield one("late_documents", Fraction(luck.choice((0,) * 14 + (1,))), scope)


def _of_the_end(shop: Shop, day: date, luck: Random, known: dict[str, Indicator]) -> Iterator[NewReading]:
    size = Fraction(shop.scale, WHOLE)
    yield NewReading(known["csi"], day, STORE, Fraction(luck.randint(915, 962), 1000))
    customers = Fraction(round((1380 + 9 * (day.year * 12 + day.month - 24_300)) * size))
    yield NewReading(known["base_customers"], day, STORE, customers)
    yield NewReading(known["accessory_stock"], day, STORE, Fraction(round(luck.randint(88_000, 131_000) * size)))
    orders = Fraction(round(luck.randint(70, 95) * size))
    yield NewReading(known["revenue_per_insurance_order"], day, STORE, orders * luck.randint(1690, 1980), orders)
    for person in shop.of("parts", day=day):
        difference = Fraction(luck.choice((1, 2, 2, 3, 4, 7)), 1000)
        yield NewReading(known["stock_count_difference"], day, of_person(person.id), difference)
        yield NewReading(known["days_present"], day, of_person(person.id), Fraction(day.day - 4 - person.skill % 3))


def _department(shop: Shop, code: str) -> int:
    for person in shop.people:
        department = person.employee.postings[0].department
        if department.code == code:
            return department.id
    return shop.people[0].employee.postings[0].department_id
