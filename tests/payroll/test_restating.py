"""The past corrected without touching it: each late fact reaches the first open month once, in every order."""

from __future__ import annotations

import io
from datetime import date
from itertools import permutations

import openpyxl
import pytest
from sqlalchemy import update

from incentives.commissions.models import Calculation
from incentives.core.errors import DomainError
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.payroll.files import as_file
from incentives.payroll.models import LineKind
from incentives.payroll.service import exporting, proving, reading
from incentives.people.models import Employee
from incentives.people.service import staff
from incentives.sales.models import Earner
from incentives.sales.service.returns import cancel, undo_return
from incentives.targets.scopes import of_person
from tests.conftest import Cast, ClientFor
from tests.payroll.acts import DECEMBER, LATER, NOVEMBER, OCTOBER, PROFIT, SEPTEMBER, TIERS, Books


@pytest.fixture
def books(cast: Cast) -> Books:
    return Books(cast)


def _row(books: Books, month: Month, who: Employee) -> list[object]:
    paid = exporting.payroll(books.store_id, month)
    sheet = openpyxl.load_workbook(io.BytesIO(as_file(paid))).worksheets[0]
    return next(list(row) for row in sheet.iter_rows(values_only=True) if row[0] == who.number)


@pytest.mark.both_databases
def test_case_return_after_closing(books: Books, client_for: ClientFor) -> None:
    """cases/pay.toml: 300.00 in the month, taken back after closing: -300.00 in the next; the month stays 300.00."""
    wei = books.cast.wei
    books.plan(PROFIT)
    sale = books.sell("3880", wei, day=date(2026, 10, 9), cost="2380")
    books.sell("3880", wei, day=date(2026, 11, 9), cost="2380")
    books.close(OCTOBER)
    returned = {"quantity": "1", "received": "3880.00", "day": "2026-11-10"}
    assert client_for(books.cast.ma).post(f"/stores/A01/sales/{sale}/return", data=returned).status_code == 302
    assert books.estimate(NOVEMBER, wei) == [
        (LineKind.PAY, 30_000, NOVEMBER),
        (LineKind.ADJUSTMENT, -30_000, OCTOBER),
    ]
    books.close(NOVEMBER)
    october, november = _row(books, OCTOBER, wei), _row(books, NOVEMBER, wei)
    assert (october[3], october[-2]) == (300, 300)
    assert (november[3], november[6], november[-2]) == (300, -300, 0)
    assert books.estimate(DECEMBER, wei) in ([], [(LineKind.PAY, 0, DECEMBER)])
    books.require_proved()


@pytest.mark.both_databases
def test_case_partial_return_after_closing_with_tiers(books: Books) -> None:
    """cases/pay.toml: 12,000 at the rate reached is 960.00; 3,000 come back: 450.00, so -510.00 in the next month."""
    wei = books.cast.wei
    books.plan(TIERS)
    sale = books.sell("12000", wei, day=date(2026, 10, 9))
    books.close(OCTOBER)
    books.take_back(sale, "3000", day=date(2026, 11, 10))
    assert books.adjusted(NOVEMBER, wei) == -51_000
    books.close(NOVEMBER)
    assert _row(books, OCTOBER, wei)[-2] == 960
    assert _row(books, NOVEMBER, wei)[6:-1] == [-510, 510, 0]
    assert books.estimate(DECEMBER, wei)[0] == (LineKind.CARRIED_IN, -51_000, DECEMBER)
    books.require_proved()


def test_repeated_returns_take_back_each_part_once_and_an_excess_is_refused_in_words(books: Books) -> None:
    wei = books.cast.wei
    books.plan(TIERS)
    sale = books.sell("12000", wei, day=date(2026, 10, 9))
    books.close(OCTOBER)
    books.take_back(sale, "3000", day=date(2026, 11, 10))
    books.close(NOVEMBER)
    books.take_back(sale, "9000", day=date(2026, 12, 10))
    assert books.adjusted(DECEMBER, wei) == -45_000
    with pytest.raises(DomainError, match=r"Only 0.00 of what was received for this sale is left"):
        books.take_back(sale, "0.01", day=date(2026, 12, 11))
    books.close(DECEMBER)
    assert ledger.carried_over(books.store_id, DECEMBER.plus(1)) == {wei.id: Money(96_000)}
    books.require_proved()


def test_a_return_that_is_undone_gives_back_what_it_took(books: Books) -> None:
    wei = books.cast.wei
    books.plan(TIERS)
    sale = books.sell("12000", wei, day=date(2026, 10, 9))
    books.close(OCTOBER)
    returned = books.take_back(sale, "3000", day=date(2026, 11, 10))
    books.close(NOVEMBER)
    undo_return(books.store_id, returned, maker_id=books.cast.ma.id, today=date(2026, 12, 2))
    assert [fen for _kind, fen, _month in books.estimate(DECEMBER, wei)] == [-51_000, 0, 51_000]


def test_a_late_sale_of_somebody_who_had_no_line_is_paid(books: Books, client_for: ClientFor) -> None:
    books.plan(PROFIT, "adviser")
    books.close(OCTOBER)
    typed = {
        "document": "LATE1", "line_number": "1", "day": "2026-10-30", "category": "accessories",
        "product_name": "脚垫", "quantity": "1", "received": "1000", "cost": "500",
        "earners-0-person": str(books.cast.wei.id), "earners-0-role": "seller",
    }  # fmt: skip
    answer = client_for(books.cast.ma).post("/stores/A01/sales/new", data=typed)
    assert answer.status_code == 302, answer.text
    assert books.adjusted(NOVEMBER, books.cast.wei) == 10_000


def test_the_only_sale_moved_to_another_seller_moves_its_pay(books: Books) -> None:
    wei, lan = books.cast.wei, books.cast.lan
    books.plan(PROFIT)
    sale = books.sell("1000", wei, day=date(2026, 10, 9), cost="500")
    books.close(OCTOBER)
    cancel(books.store_id, sale, maker_id=books.cast.ma.id, today=date(2026, 11, 3))
    books.sell("1000", lan, day=date(2026, 10, 9), cost="500")
    assert (books.adjusted(NOVEMBER, wei), books.adjusted(NOVEMBER, lan)) == (-10_000, 10_000)
    books.close(NOVEMBER)
    books.require_proved()


def test_whoever_was_not_there_at_all_loses_the_line_that_was_paid(books: Books) -> None:
    """The move into another position is recorded late: the plan never paid that position, so its line vanishes."""
    wei = books.cast.wei
    books.plan(PROFIT)
    books.sell("1000", wei, day=date(2026, 10, 9), cost="500")
    books.close(OCTOBER)
    staff.move(
        wei,
        store=books.cast.east,
        position=books.cast.positions["manager"],
        day=date(2026, 9, 15),
        actor_id=books.cast.ma.id,
        at=books.store_id,
    )
    db.session.commit()
    assert books.estimate(NOVEMBER, wei) == [
        (LineKind.ADJUSTMENT, -10_000, OCTOBER),
        (LineKind.CARRIED_OUT, 10_000, NOVEMBER),
    ]


def test_returns_of_a_sale_with_two_sellers_are_shared_like_the_sale(books: Books) -> None:
    wei, lan = books.cast.wei, books.cast.lan
    books.plan(PROFIT)
    sale = books.sell("100.01", wei, lan, day=date(2026, 10, 9))
    books.close(OCTOBER)
    for part in ("33.33", "33.33", "33.35"):
        books.take_back(sale, part, day=date(2026, 11, 10))
    books.close(NOVEMBER)
    paid = books.paid()
    assert paid[wei.id] + ledger.carried_over(books.store_id, DECEMBER).get(wei.id, Money(0)).fen >= 0
    earned = ledger.posted_for(books.store_id, [wei.id, lan.id], OCTOBER)
    assert earned == {wei.id: Money(0), lan.id: Money(0)}


POOL = """
plan: pool
name: {en: Pool, zh: 前台奖金池}
lines:
  - pool: all
    name: {en: Pool of accessories, zh: 精品奖金池}
    lines:
      - line: part
        name: {en: Part of accessories, zh: 精品提取}
        measure: {kind: amount, category: accessories, role: seller, of: members}
        rate: 10 %
    share:
      - coefficients: {positions: {adviser: 1.0}, default: 1.0}
"""


def test_a_colleagues_return_changes_the_pool_for_everybody(books: Books) -> None:
    wei = books.cast.wei
    books.plan(POOL)
    sale = books.sell("1000.01", wei, day=date(2026, 10, 9))
    books.close(OCTOBER)
    before = ledger.money_by_person(books.store_id, OCTOBER)
    books.take_back(sale, "1000.01", day=date(2026, 11, 10), quantity=1000)
    books.close(NOVEMBER)
    assert sum(before.values(), Money(0)) == Money(10_000)
    after = ledger.posted_for(books.store_id, before, OCTOBER)
    assert set(after.values()) == {Money(0)}
    books.require_proved()


def test_a_held_statement_waits_and_is_paid_once_it_is_released_with_what_came_since(books: Books) -> None:
    wei = books.cast.wei
    books.plan(TIERS)
    sale = books.sell("12000", wei, day=date(2026, 10, 9))
    books.close(OCTOBER, hold=(wei,))
    books.take_back(sale, "3000", day=date(2026, 11, 10))
    assert books.adjusted(NOVEMBER, wei) == 0
    books.release(OCTOBER, wei)
    assert books.adjusted(NOVEMBER, wei) == 45_000
    books.close(NOVEMBER)
    books.require_proved()
    books.reopen(NOVEMBER)
    assert books.adjusted(NOVEMBER, wei) == 45_000
    books.close(NOVEMBER)
    assert books.paid()[wei.id] == 45_000


def test_a_return_during_the_review_leaves_it_alone_and_is_adjusted_after_closing(books: Books) -> None:
    wei = books.cast.wei
    books.plan(TIERS)
    sale = books.sell("12000", wei, day=date(2026, 10, 9))
    books.start(OCTOBER)
    books.take_back(sale, "3000", day=date(2026, 11, 3))
    with pytest.raises(DomainError, match="2026-10 is in review"):
        books.sell("5", wei, day=date(2026, 10, 31))
    books.finish(OCTOBER)
    assert ledger.money_by_person(books.store_id, OCTOBER)[wei.id] == Money(96_000)
    assert books.adjusted(NOVEMBER, wei) == -51_000


@pytest.mark.both_databases
def test_what_a_month_under_review_takes_back_is_not_taken_back_by_the_next_one_too(books: Books) -> None:
    wei = books.cast.wei
    books.plan(TIERS)
    sale = books.sell("12000", wei, day=date(2026, 10, 9))
    books.close(OCTOBER)
    books.take_back(sale, "3000", day=date(2026, 11, 10))
    books.start(NOVEMBER)
    assert (books.adjusted(NOVEMBER, wei), books.adjusted(DECEMBER, wei)) == (-51_000, 0)
    books.take_back(sale, "9000", day=date(2026, 12, 1))
    assert (books.adjusted(NOVEMBER, wei), books.adjusted(DECEMBER, wei)) == (-51_000, -45_000)
    books.finish(NOVEMBER)
    assert books.adjusted(DECEMBER, wei) == -45_000


def test_a_debt_is_settled_first_over_several_months_and_follows_a_leaver_who_has_nothing_else(books: Books) -> None:
    wei = books.cast.wei
    books.plan(PROFIT)
    sale = books.sell("5000", wei, day=date(2026, 9, 9))
    books.close(SEPTEMBER)
    books.sell("2000", wei, day=date(2026, 10, 9))
    books.take_back(sale, "5000", day=date(2026, 10, 20), quantity=1000)
    books.close(OCTOBER)
    assert books.estimate(NOVEMBER, wei)[0] == (LineKind.CARRIED_IN, -60_000, NOVEMBER)
    staff.leave(wei, last_day=date(2026, 10, 31), store_id=books.store_id, actor_id=books.cast.ma.id)
    books.close(NOVEMBER)
    december = reading.of_person(books.store_id, DECEMBER, wei.id)
    assert december is not None
    assert [line.amount.fen for line in december.lines] == [-60_000, 60_000]
    books.reopen(NOVEMBER)
    books.close(NOVEMBER)
    assert ledger.carried_over(books.store_id, DECEMBER) == {wei.id: Money(60_000)}
    books.require_proved()


MISSING = """
plan: surveyed
name: {en: Surveyed, zh: 满意度}
lines:
  - line: kept
    name: {en: Vehicles received, zh: 接车台次}
    measure: {kind: indicator, indicator: vehicles_received, of: person}
    each: 2.00
"""


def test_readings_of_somebody_who_moved_are_paid_by_the_plan_of_their_own_days(books: Books) -> None:
    wei = books.cast.wei
    books.plan(MISSING, "adviser")
    staff.move(
        wei,
        store=books.cast.east,
        position=books.cast.positions["manager"],
        day=date(2026, 10, 16),
        actor_id=books.cast.ma.id,
        at=books.store_id,
    )
    books.read("vehicles_received", date(2026, 10, 10), "100", scope=of_person(wei.id))
    books.read("vehicles_received", date(2026, 10, 20), "70", scope=of_person(wei.id))
    assert [fen for _kind, fen, _month in books.estimate(OCTOBER, wei)] == [20_000]


DERIVED = """
plan: derived
name: {en: Accessories sold, zh: 精品销售额提成}
lines:
  - line: sold
    name: {en: Accessories sold, zh: 精品销售额}
    measure: {kind: indicator, indicator: accessory_sales, of: person}
    rate: 10 %
"""


def test_derived_figures_of_somebody_who_moved_are_paid_by_the_plan_of_their_own_days(books: Books) -> None:
    wei = books.cast.wei
    books.plan(DERIVED, "adviser")
    books.sell("1000", wei, day=date(2026, 10, 10))
    books.sell("700", wei, day=date(2026, 10, 20))
    staff.move(
        wei,
        store=books.cast.east,
        position=books.cast.positions["manager"],
        day=date(2026, 10, 16),
        actor_id=books.cast.ma.id,
        at=books.store_id,
    )
    assert [fen for _kind, fen, _month in books.estimate(OCTOBER, wei)] == [10_000]


def test_a_corrected_reading_of_a_closed_month_is_adjusted(books: Books) -> None:
    wei = books.cast.wei
    books.plan(MISSING)
    for who in (wei, books.cast.lan):
        books.read("vehicles_received", date(2026, 10, 10), "100", scope=of_person(who.id))
    books.close(OCTOBER)
    books.read("vehicles_received", date(2026, 10, 10), "90", scope=of_person(wei.id))
    assert books.adjusted(NOVEMBER, wei) == -2_000
    books.read("vehicles_received", date(2026, 10, 10), "100", scope=of_person(wei.id))
    assert books.adjusted(NOVEMBER, wei) == 0


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_late_facts_does_not_matter(books: Books, order: tuple[int, ...]) -> None:
    wei, lan = books.cast.wei, books.cast.lan
    books.plan(TIERS)
    first = books.sell("9000", wei, day=date(2026, 10, 9))
    second = books.sell("3000", wei, lan, day=date(2026, 10, 10))
    books.close(OCTOBER)
    facts = [
        lambda: books.take_back(first, "4000", day=date(2026, 11, 2)),
        lambda: books.take_back(second, "3000", day=date(2026, 11, 2), quantity=1000),
        lambda: books.sell("7500", wei, day=date(2026, 10, 30)),
    ]
    for place in order:
        facts[place]()
        books.estimate(NOVEMBER, wei)
    assert (books.adjusted(NOVEMBER, wei), books.adjusted(NOVEMBER, lan)) == (100_000 - 84_000, -7_500)


def test_looking_again_posts_nothing_and_asks_no_more_of_the_past(books: Books) -> None:
    wei = books.cast.wei
    books.plan(PROFIT)
    sale = books.sell("1000", wei, day=date(2026, 10, 9))
    books.close(OCTOBER)
    books.take_back(sale, "1000", day=date(2026, 11, 9), quantity=1000)
    assert books.adjusted(NOVEMBER, wei) == books.adjusted(NOVEMBER, wei) == -20_000
    books.close(NOVEMBER)
    lines = len(ledger.money_lines(books.store_id, NOVEMBER))
    assert books.adjusted(DECEMBER, wei) == 0
    assert len(ledger.money_lines(books.store_id, NOVEMBER)) == lines
    assert DECEMBER.last < LATER


def test_the_proof_finds_a_fact_that_was_changed_past_the_services(books: Books) -> None:
    wei = books.cast.wei
    books.plan(PROFIT)
    sale = books.sell("1000", wei, day=date(2026, 10, 9))
    books.close(OCTOBER)
    books.take_back(sale, "400", day=date(2026, 11, 9))
    assert proving.check() == (1, [])
    db.session.execute(update(Calculation).values(stale=False))
    db.session.execute(update(Earner).where(Earner.sale_line_id == sale).values(received=Money(50_000)))
    _months, found = proving.check()
    assert [str(each) for each in found] == ["A01 2026-10 A004: statements 120.00, earned to date 20.00"]


def _reward(books: Books, fen: int) -> None:
    """Wei is praised in October: variable pay of so much. Lan sells in October and November."""
    cast = books.cast
    books.plan(TIERS)
    for day in (date(2026, 10, 9), date(2026, 11, 9)):
        books.sell("1000", cast.lan, day=day)
    books.praise(cast.wei, fen)


@pytest.mark.both_databases
def test_a_reward_released_during_the_next_review_is_paid_by_the_month_after_it(books: Books) -> None:
    wei = books.cast.wei
    _reward(books, 20_000)
    books.close(OCTOBER, hold=(wei,))
    books.start(NOVEMBER)
    books.release(OCTOBER, wei)
    books.finish(NOVEMBER)
    assert books.adjusted(DECEMBER, wei) == 20_000
    books.close(DECEMBER)
    assert books.paid()[wei.id] == 20_000
    books.require_proved()


@pytest.mark.both_databases
def test_a_released_reward_under_review_is_not_promised_once_more_for_the_month_after_it(books: Books) -> None:
    wei = books.cast.wei
    _reward(books, 20_000)
    books.close(OCTOBER, hold=(wei,))
    books.release(OCTOBER, wei)
    books.start(NOVEMBER)
    assert books.adjusted(DECEMBER, wei) == 0
    books.finish(NOVEMBER)
    assert books.adjusted(DECEMBER, wei) == 0
    assert books.paid()[wei.id] == 20_000
