"""A shop to sell in: sales are recorded, taken back and asked for in one line each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from incentives.core.keys import MeasureKey
from incentives.core.measure import Kind, Sales, Whose
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.people.models import Employee
from incentives.sales.models import Category, EarningRole
from incentives.sales.service.lines import Article, Share
from incentives.sales.service.measures import Crew, sums
from incentives.sales.service.record import Sale, record_sale
from incentives.sales.service.returns import record_return
from tests.conftest import Cast

TODAY = date(2026, 11, 16)
NOVEMBER = Month(2026, 11)


@dataclass
class Shop:
    """The store A01 on 16 November 2026. Quantities in pieces, amounts in yuan as text."""

    cast: Cast
    documents: int = 0

    def sell(
        self,
        received: str,
        *earners: Employee | tuple[Employee, EarningRole, int],
        category: Category = Category.ACCESSORIES,
        quantity: int = 1,
        price: str = "",
        cost: str = "",
        day: date = TODAY,
        document: str = "",
        line: int = 1,
        product: str = "脚垫",
    ) -> int:
        self.documents += 1
        sale = Sale(
            document=document or f"XS{self.documents:04d}",
            day=day,
            article=Article(product, category, list_price=Money.parse(price) if price else None),
            quantity=quantity * 1000,
            received=Money.parse(received),
            cost=Money.parse(cost) if cost else None,
            line_number=line,
        )
        shares = [
            Share(*((each[0].id, *each[1:]) if isinstance(each, tuple) else (each.id, EarningRole.SELLER)))
            for each in earners
        ]
        return record_sale(
            self.cast.east.id,
            sale,
            shares,
            maker_id=self.cast.ma.id,
            group_id=self.cast.group.id,
            today=TODAY,
        )

    def take_back(self, line_id: int, received: str, quantity: int = 0, day: date = TODAY) -> int:
        return record_return(
            self.cast.east.id,
            line_id,
            quantity=quantity * 1000,
            received=Money.parse(received),
            day=day,
            maker_id=self.cast.ma.id,
            today=TODAY,
        )

    def figure(
        self,
        kind: Kind,
        who: Employee | None = None,
        sales: Sales = Sales(),  # noqa: B008 (frozen, and the same for everybody)
        *,
        of: Whose | None = None,
        department: str = "",
        month: Month = NOVEMBER,
        members: tuple[Employee, ...] = (),
    ) -> int:
        whose = of or (Whose.PERSON if who else Whose.STORE)
        key = MeasureKey(kind, "", whose, department, who.id if who else None, sales, month, month)
        return sums(self.cast.east.id, [key], Crew([member.id for member in members]))[key]


@pytest.fixture
def shop(cast: Cast) -> Shop:
    return Shop(cast)
