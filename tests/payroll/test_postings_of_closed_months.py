"""Who is hired, moves or leaves by a record dated into a closed month: the month stays, the difference follows.

Each act is typed into its form after October is closed; the figures are worked out from the plan's text in the table over it.
"""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from incentives.commissions.models import PayPlan
from incentives.commissions.service import plans
from incentives.core.errors import DomainError
from incentives.db import db
from incentives.people.models import Employee
from tests.conftest import Cast, ClientFor
from tests.payroll.acts import NOVEMBER, OCTOBER, SEPTEMBER, TIERS, Books
from tests.payroll.desk import Desk

IN_OCTOBER = date(2026, 10, 9)
IN_NOVEMBER = date(2026, 11, 10)

BY_DAYS = """
plan: by-days
name: {en: By days, zh: 按天共享}
lines:
  - pool: shared
    name: {en: Bonus by days, zh: 按天共享奖金}
    lines:
      - {line: bonus, name: {en: Bonus, zh: 奖金}, fixed: 1240.00}
    share:
      - days: posting
"""


@pytest.fixture
def desk(cast: Cast, client_for: ClientFor) -> Desk:
    """Three advisers, each 31 days of October, share 1,240.00: 413.34, 413.33 and 413.33."""
    desk = Desk(Books(cast), client_for)
    desk.books.plan(BY_DAYS)
    desk.close(OCTOBER)
    desk.require(OCTOBER, cast.wei, "413.34", pay="413.34")
    return desk


@pytest.mark.both_databases
def test_somebody_hired_into_a_closed_month_gets_the_share_of_those_days(desk: Desk) -> None:
    """From 16 October on, 16 days, of 31 + 31 + 31 + 16 = 109: 1,137.6147 fen a day.

    | | exact fen | October now | posted | adjustment | November, a quarter of 1,240 | in all |
    | Wei, Lan, Hao | 35266.055 | 352.66 | 413.34, 413.33, 413.33 | −60.68, −60.67, −60.67 | 310.00 | 249.32, 249.33, 249.33 |
    | the new one | 18201.834 | 182.02 (the fen that is missing) | nothing | +182.02 | 310.00 | 492.02 |
    """
    cast = desk.books.cast
    typed = {"number": "A020", "name": "新人", "pinyin": "xin ren", "day": "2026-10-16",
             "position": str(cast.positions["adviser"].id)}  # fmt: skip
    desk.done(cast.ma, "/stores/A01/staff/hire", typed, on=IN_NOVEMBER)
    new = db.session.scalars(select(Employee).where(Employee.number == "A020")).one()
    desk.close(NOVEMBER)
    desk.require(OCTOBER, cast.wei, "413.34", pay="413.34")
    desk.require(NOVEMBER, cast.wei, "249.32", pay="310", adjustment="-60.68")
    desk.require(NOVEMBER, cast.lan, "249.33", pay="310", adjustment="-60.67")
    desk.require(NOVEMBER, new, "492.02", pay="310", adjustment="182.02")
    desk.require_proved()


@pytest.mark.both_databases
def test_somebody_who_left_in_a_closed_month_gives_back_the_days_after_it(desk: Desk) -> None:
    """Wei's last day was 15 October: 15 days of 15 + 31 + 31 = 77.

    | | exact fen | October now | posted | adjustment | November, half of 1,240 each |
    | Wei | 24155.844 | 241.56 | 413.34 | −171.78, carried over | – |
    | Lan, Hao | 49922.078 | 499.22 | 413.33 | +85.89 | 620.00 |
    """
    cast = desk.books.cast
    desk.done(cast.ma, f"/stores/A01/staff/{cast.wei.id}/leave", {"last_day": "2026-10-15"}, on=IN_NOVEMBER)
    desk.close(NOVEMBER)
    desk.require(OCTOBER, cast.wei, "413.34", pay="413.34")
    desk.require(NOVEMBER, cast.wei, "0", adjustment="-171.78", carried_out="171.78")
    desk.require(NOVEMBER, cast.lan, "705.89", pay="620", adjustment="85.89")
    desk.require(NOVEMBER, cast.hao, "705.89", pay="620", adjustment="85.89")
    desk.require_proved()


@pytest.mark.both_databases
def test_somebody_who_moved_to_another_store_in_a_closed_month_owes_where_he_was(desk: Desk) -> None:
    """Wei works at the west store from 16 October on; the same 77 days as above. The west store has no plan."""
    cast = desk.books.cast
    moved = {"store": str(cast.west.id), "position": str(cast.positions["adviser"].id), "day": "2026-10-16"}
    desk.done(cast.hua, f"/stores/A01/staff/{cast.wei.id}/move", moved, on=IN_NOVEMBER)
    desk.close(NOVEMBER)
    desk.require(NOVEMBER, cast.wei, "0", adjustment="-171.78", carried_out="171.78")
    desk.require(NOVEMBER, cast.lan, "705.89", pay="620", adjustment="85.89")
    desk.require_proved()


def test_a_posting_dated_into_a_month_under_review_leaves_it_alone_and_follows_after_closing(desk: Desk) -> None:
    """November is reviewed with three who share 1,240.00; then Wei's last day, 15 November, is recorded.

    15 days of 15 + 30 + 30 = 75 are 248.00, and 496.00 each for the others: −165.34 for Wei, +82.67 for the others.
    """
    cast, books = desk.books.cast, desk.books
    books.start(NOVEMBER)
    desk.done(cast.ma, f"/stores/A01/staff/{cast.wei.id}/leave", {"last_day": "2026-11-15"}, on=date(2026, 12, 2))
    books.finish(NOVEMBER)
    desk.require(NOVEMBER, cast.wei, "413.34", pay="413.34")
    december = NOVEMBER.plus(1)
    books.close(december)
    desk.require(december, cast.wei, "0", adjustment="-165.34", carried_out="165.34")
    desk.require(december, cast.lan, "702.67", pay="620", adjustment="82.67")
    desk.require_proved()


def test_a_plan_is_assigned_from_no_month_that_is_closed_nor_over_one(desk: Desk) -> None:
    """From October, which is closed; and from September, which was never closed, through October."""
    cast = desk.books.cast
    version = desk.books.plan(TIERS, start=NOVEMBER)
    plan = plans.version_of(desk.books.store_id, version).plan
    for month in (OCTOBER, SEPTEMBER):
        with pytest.raises(DomainError, match="2026-10 is closed and never changes"):
            plans.assign(
                plan,
                position_id=cast.positions["mechanic"].id,
                employee_id=None,
                from_month=month,
                to_month=None,
                actor_id=cast.fan.id,
            )
    by_days = db.session.scalars(select(PayPlan).where(PayPlan.code == "by-days")).one()
    with pytest.raises(DomainError, match="2026-10 is closed and never changes"):
        plans.end_assignment(desk.books.store_id, by_days.assignments[0].id, last=SEPTEMBER, actor_id=cast.fan.id)
