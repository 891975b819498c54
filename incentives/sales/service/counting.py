"""Let written lines count at once: on the boards, for points, and for whoever listens for changes.

Points are given for what a person sold on a day, net of what came back of it, by the rule of that day. So a
sale that is returned in three parts takes back exactly the points it gave, and a hundred small lines of one
day are worth what one large line is. Only the line's leading role counts here: who fits what another has sold
is paid for it by a plan, but is no seller on a board.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from sqlalchemy import func, select

from incentives.core.errors import Sentence, say
from incentives.core.money import FEN_PER_YUAN, Money
from incentives.core.period import Month
from incentives.core.points import PointsFact, PointsRule, earned, rule_on
from incentives.db import db
from incentives.ledger.service import NewPoints, changed, post_points, rules_of_store, tally
from incentives.ledger.service.standings import hold
from incentives.sales.models import Category, Earner
from incentives.sales.service.lines import Credit, NewLine

REVENUE = "sales_revenue"
ACCESSORY_REVENUE = "accessory_revenue"
ACCESSORY_QUANTITY = "accessory_quantity"
RENEWALS = "renewals"
SOURCE = "sales"
"""What lines of points name as their source."""

PersonDay: TypeAlias = tuple[int, date]


def count(store_id: int, lines: Sequence[NewLine], key: str, *, maker_id: int | None) -> None:
    """Count the lines once. ``key`` names what brought them (a file, a line), so that a repeat posts no points twice."""
    hold()  # what somebody else is saving just now is counted before, not beside
    _tally(store_id, lines)
    _give_points(store_id, lines, key, maker_id)
    on_days: dict[date, set[int]] = defaultdict(set)
    for line in lines:
        for day in (line.sold_on, line.business_date):
            on_days[day].update([credit.share.employee_id for credit in line.credits])
    people: dict[Month, set[int]] = defaultdict(set)
    for day, those in on_days.items():
        people[Month.of(day)] |= those
    for month in sorted(people):
        changed(store_id, month, people[month])


def _tally(store_id: int, lines: Sequence[NewLine]) -> None:
    """Revenue and accessories in fen, pieces in thousandths, renewals as contracts; the sellers' alone, so a line counts once."""
    sums: dict[str, Counter[PersonDay]] = defaultdict(Counter)
    for line, credit in _leading_credits(lines):
        person_day = credit.share.employee_id, line.business_date
        for measure, value in _measured(line, credit):
            sums[measure][person_day] += value
    for measure in sorted(sums):
        tally(measure, [(person, store_id, day, value) for (person, day), value in sorted(sums[measure].items())])


def _measured(line: NewLine, credit: Credit) -> Iterator[tuple[str, int]]:
    yield REVENUE, credit.figures.received
    if line.article.category is Category.ACCESSORIES:
        yield ACCESSORY_REVENUE, credit.figures.received
        yield ACCESSORY_QUANTITY, credit.figures.quantity
    elif line.article.category is Category.RENEWALS:
        yield RENEWALS, credit.figures.quantity


def _leading_credits(lines: Iterable[NewLine]) -> Iterator[tuple[NewLine, Credit]]:
    return ((line, credit) for line in lines for credit in line.credits if credit.leads)


def _give_points(store_id: int, lines: Sequence[NewLine], key: str, maker_id: int | None) -> None:
    more: Counter[PersonDay] = Counter()
    late: dict[PersonDay, date] = {}
    for line, credit in _leading_credits(lines):
        person_day = credit.share.employee_id, line.sold_on
        more[person_day] += credit.figures.received
        late[person_day] = max(line.business_date, late.get(person_day, line.business_date))
    rules = rules_of_store(store_id)
    if not rules or not more:
        return
    now = _sold(store_id, more)
    post_points(
        NewPoints(
            key=f"sales:{store_id}:{person}:{sold_on}:{key}",
            store_id=store_id,
            employee_id=person,
            day=late[person, sold_on],
            points=earned(rule, _yuan(now[person, sold_on])) - earned(rule, _yuan(now[person, sold_on] - extra)),
            what=_why(rule, sold_on, now[person, sold_on], extra),
            source_kind=SOURCE,
            rule=rule.code,
            maker_id=maker_id,
        )
        for (person, sold_on), extra in sorted(more.items())
        if (rule := rule_on(rules, PointsFact.SALE, sold_on)) is not None
    )


def _why(rule: PointsRule, sold_on: date, now: int, extra: int) -> Sentence:
    return say(
        "{rule}; sold on {day}, less returns: {now} (before: {before})",
        rule=rule.sentence,
        day=sold_on.isoformat(),
        now=str(Money(now)),
        before=str(Money(now - extra)),
    )


def sold_day(what: Sentence) -> date:
    """The day whose sales a line of points is for, from the sentence that the line keeps."""
    return date.fromisoformat(str(what.values["day"]))


def _yuan(fen: int) -> Fraction:
    return Fraction(fen, FEN_PER_YUAN)


def _sold(store_id: int, person_days: Iterable[PersonDay]) -> Counter[PersonDay]:
    """What each person sold on each day of these, net of returns, in fen. One query over their span."""
    days = [day for _person, day in person_days]
    rows = db.session.execute(
        select(Earner.employee_id, Earner.sold_on, func.sum(Earner.received))
        .where(Earner.store_id == store_id, Earner.sold_on.between(min(days), max(days)), Earner.leads)
        .group_by(Earner.employee_id, Earner.sold_on)
    )
    return Counter({(person, day): received.fen for person, day, received in rows})
