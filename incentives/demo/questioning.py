"""Questions to lines of pay, a supplement, and a month that two persons reopened: what the close has seen."""

from __future__ import annotations

from datetime import date, timedelta

from incentives import clock
from incentives.core.approval import ProposalAction
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.questions import Cause
from incentives.demo import paying
from incentives.demo.story import Shop, Story, noon
from incentives.payroll.models import LineKind
from incentives.payroll.service import closing, comparing, questions, reading, reopening, supplements
from incentives.people.signin import actor_for
from incentives.sales.models import Category, EarningRole
from incentives.sales.service.lines import Article, Share
from incentives.sales.service.record import Sale, record_sale

REOPENED, HELD = 4, 3
"""Months ago that the first store's month was reopened, and that one statement was held and supplemented."""
ANSWERED_AGO, OVERDUE_AGO = 20, 12
"""Days ago that the two questions were asked."""
LATE = 7
"""Days after its first closing's that a reopened month is reviewed again."""


def after_closing(story: Story, shop: Shop, month: Month) -> None:
    """What became of two of the first store's months after their closing."""
    if shop is not story.shops[0]:
        return
    if month == story.running.plus(-REOPENED):
        _reopen(story, shop, month)
    elif month == story.running.plus(-HELD):
        _supplement(story, shop, month)


def holds(story: Story, shop: Shop, month: Month) -> frozenset[int]:
    """Whose statement is held in a month, though nothing is missing."""
    if shop is story.shops[0] and month == story.running.plus(-HELD):
        return frozenset({story.number("1003").id})
    return frozenset()


def _reopen(story: Story, shop: Shop, month: Month) -> None:
    """A sale was found in a drawer: finance proposes, the head office confirms, and the month is closed anew."""
    day = month.last + timedelta(days=paying.CLOSED_ON + 1)
    with clock.telling(noon(day)):
        found = reopening.propose_reopening(
            shop.store.id, month, reason="漏录一单贴膜，影响提成", actor_id=story.number("9001").id
        )
        reopening.decide_reopening(found.store_id, month, ProposalAction.CONFIRM, actor_id=story.number("9002").id)
        article = Article(code="TM-9", name="全车贴膜", category=Category.ACCESSORIES)
        received, cost = Money(588_000), Money(320_000)
        sale = Sale(f"BL{month}", month.last, article, quantity=1000, received=received, cost=cost)
        shares = [Share(story.number("1002").id, EarningRole.SELLER)]
        record_sale(shop.store.id, sale, shares, maker_id=shop.manager.id, group_id=shop.store.group_id, today=day)
    paying.close_month(story, shop, month, late=LATE)


def _supplement(story: Story, shop: Shop, month: Month) -> None:
    """A statement that was held turned out right; it is paid before the next closing."""
    held = comparing.reviewed(shop.store.id, month, story.number("1003").id)
    day = month.last + timedelta(days=paying.CLOSED_ON + 3)
    manager = actor_for(shop.manager, day)
    if held is None or held.total <= Money(0):
        return
    with clock.telling(noon(day)):
        closing.release(manager, shop.store.id, held.id)
        made = supplements.prepare(shop.store.id, [held.employee_id], actor_id=story.number("9001").id)
        supplements.decide(manager, shop.store.id, made.id, confirmed=True)


def ask(story: Story) -> None:
    """One question was answered; one waits beyond its last day, so that it has gone up."""
    shop, month = story.shops[0], story.running.plus(-2)
    answered = _ask(story, "1003", month, ANSWERED_AGO, Cause.WRONG_READING, "客户满意度我记得是另一个数，请核对")
    day = story.today - timedelta(days=ANSWERED_AGO - 2)
    with clock.telling(noon(day)):
        words = "已核对厂家系统，数据无误；规则和算式可点开金额查看"
        questions.answer(actor_for(shop.manager, day), shop.store.id, answered, accepted=False, words=words, today=day)
    _ask(story, "1002", month, OVERDUE_AGO, Cause.SALE_MISSING, "有一单脚垫是我卖的，明细里没有")


def _ask(story: Story, number: str, month: Month, days_ago: int, cause: Cause, words: str) -> int:
    shop, who = story.shops[0], story.number(number)
    day: date = max(story.today - timedelta(days=days_ago), month.last + timedelta(days=paying.CLOSED_ON + 1))
    with clock.telling(noon(day)):
        statement = reading.of_person(shop.store.id, month, who.id)
        lines = () if statement is None else statement.lines
        key = next((line.key for line in lines if line.kind is LineKind.PAY), "")
        asking = questions.Asking(key, cause, words, token=f"demo-question-{number}")
        return questions.ask(shop.store.id, month, asking, employee_id=who.id, today=day).id
