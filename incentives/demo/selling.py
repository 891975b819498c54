"""A month's sales: sellers and fitters, discounts, campaigns, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any, TypeAlias

from incentives import clock
from incentives.core.credits import Figures
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.reading import THOUSANDTHS
from incentives.demo.story import Person, Shop, Story, chance, noon, told
from incentives.sales.models import Category, EarningRole
from incentives.sales.service.lines import NOTHING, Article, NewLine, Share, credited
from incentives.sales.service.products import remember
from incentives.sales.service.returns import record_return
from incentives.sales.service.writing import next_ids, write

LINES_A_MONTH = 84
"""Sale lines of the plan's store in a usual month; the others by their scale."""
SEASON = {1: 112, 2: 108, 3: 96, 4: 93, 5: 92, 6: 90, 7: 97, 8: 99, 9: 101, 10: 105, 11: 110, 12: 118}
"""The ups and downs of the plan's calendar, 100 being usual."""
BODY_JOBS = 22
SELLERS = ("adviser", "customer-service", "parts", "insurance", "mechanic")
SELLER_WEIGHTS = {"adviser": 10, "customer-service": 4, "parts": 4, "insurance": 3, "mechanic": 1}
RETURNED_IN_A_HUNDRED = 3


def list_products(group_id: int) -> None:
    """Know what is sold before the plans are adopted, so that people read names in them, not codes."""
    remember(group_id, [_article(product) for product in told("products")])


def sell(story: Story, shop: Shop, month: Month) -> None:
    """All sales of a store in a month, and the returns that came in it."""
    days = story.days(month)
    if not days:
        return
    luck = chance("sales", shop.store.code, month)
    wanted = LINES_A_MONTH * shop.scale * SEASON[month.month] * len(days) // (100 * 100 * month.span.days)
    drafts = [*_sold(shop, days, wanted, luck), *_jobs(shop, days, luck)]
    drafts.sort(key=lambda draft: draft[0])
    with clock.telling(noon(days[-1])):
        ids = next_ids(len(drafts))
        lines = [_line(shop, month, at, ids[at - 1], draft) for at, draft in enumerate(drafts, start=1)]
        write(shop.store.id, lines, maker_id=shop.manager.id)
    _take_back(story, shop, lines, luck)


Draft: TypeAlias = tuple[date, Article, int, int, int | None, list[Share]]
"""Day, article, quantity in thousandths, fen received, fen of cost, and who earned it."""


def _sold(shop: Shop, days: list[date], wanted: int, luck: Random) -> Iterator[Draft]:
    products = told("products")
    often = [product["often"] for product in products]
    for _sale in range(wanted):
        day = luck.choice(days)
        product = luck.choices(products, often)[0]
        seller = _seller(shop, day, luck)
        if seller is None:
            continue
        quantity = luck.choice((1, 1, 1, 1, 2))
        unit = Money.parse(str(product["list"])).fen
        received = unit * quantity * luck.choice((100, 100, 100, 95, 92, 88, 79)) // 100
        cost = None if product["cost"] is None else Money.parse(str(product["cost"])).fen * quantity
        yield day, _article(product), quantity * THOUSANDTHS, received, cost, _shares(shop, day, seller, product, luck)


def _article(product: dict[str, Any]) -> Article:
    return Article(
        name=product["name"],
        category=Category(product["category"]),
        code=product["code"],
        list_price=Money.parse(str(product["list"])),
    )


def _seller(shop: Shop, day: date, luck: Random) -> Person | None:
    present = shop.of(*SELLERS, day=day)
    weights = [SELLER_WEIGHTS[person.position] * person.skill for person in present]
    return luck.choices(present, weights)[0] if present else None


def _shares(shop: Shop, day: date, seller: Person, product: dict[str, Any], luck: Random) -> list[Share]:
    shares = [Share(seller.id, EarningRole.SELLER)]
    if product["category"] == "insurance_referrals":
        return [Share(seller.id, EarningRole.INTRODUCER)]
    fitters = shop.of("mechanic", day=day)
    if product["category"] == "accessories" and fitters:
        chosen = luck.sample(fitters, min(len(fitters), luck.choice((1, 1, 2))))
        shares += [Share(each.id, EarningRole.FITTER) for each in sorted(chosen, key=lambda each: each.employee.number)]
    return shares


def _jobs(shop: Shop, days: list[date], luck: Random) -> Iterator[Draft]:
    """Body and paint work, earned by those who did it."""
    for job in range(BODY_JOBS * shop.scale * len(days) // (100 * 30)):
        day = luck.choice(days)
        workers = shop.of("body-master", "body-apprentice", "painter", day=day)
        if workers:
            insured = job % 2 == 0
            labour = luck.randrange(90_000, 520_000, 1_000) * 2
            article = Article(
                name="事故钣喷工时" if insured else "钣喷工时",
                category=Category.INSURANCE_LABOUR if insured else Category.LABOUR,
                code="BP-INS" if insured else "BP-ORD",
            )
            those = luck.sample(workers, min(len(workers), 2))
            shares = [
                Share(each.id, EarningRole.SELLER) for each in sorted(those, key=lambda each: each.employee.number)
            ]
            yield day, article, THOUSANDTHS, labour, None, shares


def _line(shop: Shop, month: Month, number: int, line_id: int, draft: Draft) -> NewLine:
    day, article, quantity, received, cost, shares = draft
    figures = Figures(received, quantity, cost)
    return NewLine(
        id=line_id,
        document=f"{shop.store.code}-{str(month).replace('-', '')}-{number:04d}",
        line_number=1,
        business_date=day,
        sold_on=day,
        article=article,
        figures=figures,
        credits=credited(shares, NOTHING, figures),
        plate="粤A·***" + f"{number % 100:02d}",
    )


def _take_back(story: Story, shop: Shop, lines: list[NewLine], luck: Random) -> None:
    """Some accessories come back within the month, whole or in part."""
    sold = [line for line in lines if line.article.category is Category.ACCESSORIES]
    for line in luck.sample(sold, len(sold) * RETURNED_IN_A_HUNDRED // 100):
        day = line.business_date + timedelta(days=luck.randrange(1, 6))
        if day <= story.today and Month.of(day) == Month.of(line.business_date):
            with clock.telling(noon(day)):
                record_return(
                    shop.store.id,
                    line.id,
                    quantity=line.figures.quantity,
                    received=Money(line.figures.received),
                    day=day,
                    maker_id=shop.manager.id,
                    today=day,
                )
