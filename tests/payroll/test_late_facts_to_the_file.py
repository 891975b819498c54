"""Late facts from the form in which they are typed to the payroll file that pays them, each to the fen, on both databases.

The figures of each story are worked out from the plan's own text in the table over it; October is closed before the late
fact comes, November pays the difference.
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import select

from incentives.core.attendance import Attendance
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.questions import Cause
from incentives.db import db
from incentives.inspections.models import Area
from incentives.inspections.service import areas
from incentives.payroll.models import LineKind, Question
from incentives.payroll.service import reading
from incentives.people.models import Employee
from incentives.targets.models import Indicator
from incentives.targets.scopes import STORE, of_person
from incentives.targets.service import catalogue, setting
from incentives.targets.service.setting import NewTarget, Why
from tests.conftest import Cast, ClientFor
from tests.inspections.conftest import form_of, inspected, wash
from tests.payroll.acts import DECEMBER, NOVEMBER, OCTOBER, TIERS, Books
from tests.payroll.desk import Desk
from tests.training.conftest import School

__all__ = ["wash"]

IN_OCTOBER = date(2026, 10, 20)
IN_NOVEMBER = date(2026, 11, 10)
IN_DECEMBER = date(2026, 12, 10)


@pytest.fixture
def desk(cast: Cast, client_for: ClientFor) -> Desk:
    return Desk(Books(cast), client_for)


def _target(desk: Desk, code: str, month: Month, value: int) -> None:
    indicator: Indicator = catalogue.indicator(desk.books.store_id, code)
    new = NewTarget(indicator, month, Fraction(value), STORE)
    setting.set_targets(desk.books.store_id, [new], Why(actor_id=desk.books.cast.ma.id, today=IN_OCTOBER))
    db.session.commit()


@pytest.mark.both_databases
def test_a_late_sale_of_a_file_lifts_the_tier_of_the_closed_month(desk: Desk) -> None:
    """The rate reached holds for the whole: 5 % below 10,000, 8 % from there.

    | October as closed          | 9,000 × 5 %  | 450.00 |
    | October with the late sale | 11,000 × 8 % | 880.00 |
    | November                   | 1,000 × 5 %  |  50.00 | + 430.00 = 480.00 |
    """
    wei = desk.books.cast.wei
    desk.books.plan(TIERS)
    desk.sell("9000", wei, day=IN_OCTOBER, on=IN_OCTOBER)
    desk.close(OCTOBER)
    desk.sell("1000", wei, day=IN_NOVEMBER, on=IN_NOVEMBER)
    found = desk.import_sales(f"L1,1,2026-10-28,脚垫,精品,1,2000,0,{wei.number},,,", on=IN_NOVEMBER)
    assert found.state == "applied"
    desk.close(NOVEMBER)
    desk.require(OCTOBER, wei, "450", pay="450")
    desk.require(NOVEMBER, wei, "480", pay="50", adjustment="430")
    desk.require_proved()


GOAL = """
plan: goal
name: {en: Goal, zh: 目标奖}
lines:
  - line: goal
    name: {en: Goal of accessories, zh: 精品目标奖}
    tiers:
      reads: whole
      by: {attainment: accessory_sales, of: store}
      bands:
        - {below: 100 %, amount: 200.00}
        - {from: 100 %, amount: 500.00}
  - line: sold
    name: {en: Sold accessories, zh: 精品销售}
    measure: {kind: amount, category: accessories, role: seller}
    rate: 5 %
    then:
      - gate: {attainment: accessory_sales, of: store, from: 100 %}
"""


@pytest.mark.both_databases
def test_a_colleagues_return_pushes_the_store_below_its_target_and_shuts_the_gate_for_everybody(desk: Desk) -> None:
    """Target 20,000 in both months. At 100 % the goal is 500.00, below 200.00; 5 % of own sales only from 100 % on.

    | October as closed    | 12,000 + 9,000 = 105 % | Wei 500 + 600 = 1,100.00 | Lan 500 + 450 = 950.00 | Hao 500.00 |
    | Lan's 2,000 come back | 19,000 = 95 %          | Wei 200                  | Lan 200                | Hao 200    |
    | November             | 22,000 by Hao = 110 %  | Wei 500                  | Lan 500                | Hao 500 + 1,100 |
    | adjustments          |                        | −900.00                  | −750.00                | −300.00    |
    | November in all      |                        | −400: carried, 0.00      | −250: carried, 0.00    | 1,300.00   |

    The return is of November, and counts for pay in October alone: November stays at 110 %.
    """
    wei, lan, hao = desk.books.cast.wei, desk.books.cast.lan, desk.books.cast.hao
    desk.books.plan(GOAL)
    for month in (OCTOBER, NOVEMBER):
        _target(desk, "accessory_sales", month, 20_000)
    desk.sell("12000", wei, day=IN_OCTOBER, on=IN_OCTOBER)
    sale = desk.sell("9000", lan, day=IN_OCTOBER, on=IN_OCTOBER)
    desk.close(OCTOBER)
    desk.sell("22000", hao, day=IN_NOVEMBER, on=IN_NOVEMBER)
    desk.take_back(sale, "2000", on=IN_NOVEMBER)
    desk.close(NOVEMBER)
    for who, paid in ((wei, "1100"), (lan, "950"), (hao, "500")):
        desk.require(OCTOBER, who, paid, pay=paid)
    desk.require(NOVEMBER, wei, "0", pay="500", adjustment="-900", carried_out="400")
    desk.require(NOVEMBER, lan, "0", pay="500", adjustment="-750", carried_out="250")
    desk.require(NOVEMBER, hao, "1300", pay="1600", adjustment="-300")
    desk.require_proved()


SHARED = """
plan: shared
name: {en: Shared, zh: 共享奖金}
lines:
  - pool: shared
    name: {en: Shared bonus, zh: 共享奖金}
    lines:
      - {line: bonus, name: {en: Bonus, zh: 奖金}, fixed: 1000.00}
    share:
      - {kind: amount, category: accessories, role: seller}
"""


@pytest.mark.both_databases
def test_a_return_shares_a_pool_anew_and_the_colleagues_gain(desk: Desk) -> None:
    """1,000.00 shared by own sales; missing fen go to the largest remainders.

    |                     | Wei 600 → 250 of 650 | Lan 300 of 650 | Hao 100 of 650 |
    | October as closed   | 600.00               | 300.00         | 100.00         |
    | exact fen after     | 38461.54             | 46153.85       | 15384.62       |
    | two fen are missing | 384.61               | 461.54 (.846)  | 153.85 (.615)  |
    | adjustments         | −215.39              | +161.54        | +53.85         | 0.00 in all |
    """
    wei, lan, hao = desk.books.cast.wei, desk.books.cast.lan, desk.books.cast.hao
    desk.books.plan(SHARED)
    sale = desk.sell("600", wei, day=IN_OCTOBER, on=IN_OCTOBER)
    desk.sell("300", lan, day=IN_OCTOBER, on=IN_OCTOBER)
    desk.sell("100", hao, day=IN_OCTOBER, on=IN_OCTOBER)
    desk.close(OCTOBER)
    desk.take_back(sale, "350", on=IN_NOVEMBER)
    desk.sell("500", wei, day=IN_NOVEMBER, on=IN_NOVEMBER)
    desk.close(NOVEMBER)
    desk.require(OCTOBER, wei, "600", pay="600")
    desk.require(NOVEMBER, wei, "784.61", pay="1000", adjustment="-215.39")
    desk.require(NOVEMBER, lan, "161.54", adjustment="161.54")
    desk.require(NOVEMBER, hao, "53.85", adjustment="53.85")
    desk.require_proved()


def _with_step(step: str) -> str:
    return f"""
plan: whole
name: {{en: Whole, zh: 整体方案}}
lines:
  - line: sold
    name: {{en: Sold accessories, zh: 精品销售}}
    measure: {{kind: amount, category: accessories, role: seller}}
    rate: 8 %
then:
  - {step}
"""


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("step", "sold", "back", "october", "adjustment"),
    [
        # 15,000 × 8 % = 1,200 → 1,000 | 10,000 × 8 % = 800 | −400 of the line, +200 of the change to the sum
        pytest.param("cap: 1000.00", "15000", "5000", "1000", "-200", id="a cap lets go"),
        # 5,000 × 8 % = 400 | 2,000 × 8 % = 160 → 300 | −240 of the line, +140 of the change to the sum
        pytest.param("floor: 300.00", "5000", "3000", "400", "-100", id="a floor takes hold"),
        # 1,000 × 8 % = 80.00 × 0.9 = 72.00 | 666.66 × 8 % = 53.3328 → 53.33; × 0.9 = 47.99952 → 48.00, change −5.33
        pytest.param("factor: 0.9", "1000", "333.34", "72", "-24", id="a factor of fen"),
    ],
)
def test_a_step_on_the_whole_plan_follows_a_return(
    desk: Desk, step: str, sold: str, back: str, october: str, adjustment: str
) -> None:
    wei = desk.books.cast.wei
    desk.books.plan(_with_step(step))
    sale = desk.sell(sold, wei, day=IN_OCTOBER, on=IN_OCTOBER)
    desk.close(OCTOBER)
    desk.take_back(sale, back, on=IN_NOVEMBER)
    desk.sell("10000", wei, day=IN_NOVEMBER, on=IN_NOVEMBER)  # 800.00, and 720.00 by the factor
    desk.close(NOVEMBER)
    november = "720" if "factor" in step else "800"
    desk.require(OCTOBER, wei, october, pay=october)
    desk.require(
        NOVEMBER, wei, str(Money.parse(november) + Money.parse(adjustment)), pay=november, adjustment=adjustment
    )
    desk.require_proved()


BY_CSI = _with_step("""factor:
      indicator: csi
      of: store
      bands:
        - {below: 90 %, factor: 0.8}
        - {from: 90 %, factor: 1.0}""")


@pytest.mark.both_databases
def test_a_corrected_reading_changes_the_factor_of_the_whole_plan_for_everybody(desk: Desk) -> None:
    """8 % of sales, all of it × 0.8 where the CSI is below 90 %; in October it was read as 92 and was 88.

    | October as closed | Wei 10,000: 800.00 | Lan 5,000: 400.00 |
    | with 88 %         | 640.00             | 320.00            |
    | adjustments       | −160.00            | −80.00            |
    """
    wei, lan = desk.books.cast.wei, desk.books.cast.lan
    desk.books.plan(BY_CSI)
    desk.sell("10000", wei, day=IN_OCTOBER, on=IN_OCTOBER)
    desk.sell("5000", lan, day=IN_OCTOBER, on=IN_OCTOBER)
    desk.read("csi", "92", day=IN_OCTOBER, on=IN_OCTOBER)
    desk.close(OCTOBER)
    desk.read("csi", "95", day=IN_NOVEMBER, on=IN_NOVEMBER)
    desk.sell("10000", wei, day=IN_NOVEMBER, on=IN_NOVEMBER)
    desk.read("csi", "88", day=IN_OCTOBER, on=IN_NOVEMBER)
    desk.close(NOVEMBER)
    desk.require(OCTOBER, wei, "800", pay="800")
    desk.require(NOVEMBER, wei, "640", pay="800", adjustment="-160")
    desk.require(NOVEMBER, lan, "0", adjustment="-80", carried_out="80")
    desk.require_proved()


COUNTED = """
plan: counted
name: {en: Counted, zh: 台次奖}
lines:
  - line: received
    name: {en: Vehicles received, zh: 接车台次}
    measure: {indicator: vehicles_received}
    each: 2.00
"""


@pytest.mark.both_databases
def test_a_line_that_waited_for_its_reading_is_paid_once_the_reading_comes(desk: Desk) -> None:
    """2.00 a vehicle. October: no reading at all, so all wait and are held; then Wei's 65 vehicles: 130.00."""
    cast, wei = desk.books.cast, desk.books.cast.wei
    desk.books.plan(COUNTED)
    waiting = (wei, cast.lan, cast.hao)
    desk.close(OCTOBER, hold=waiting)
    assert desk.file(OCTOBER) == {}
    for who in waiting:
        held = reading.of_person(desk.books.store_id, OCTOBER, who.id)
        assert held is not None
        assert held.waits
        desk.done(cast.ma, f"/stores/A01/months/2026-10/statements/{held.id}/release", on=IN_NOVEMBER)
    desk.read("vehicles_received", "65", day=IN_OCTOBER, on=IN_NOVEMBER, scope=str(of_person(wei.id)))
    desk.read("vehicles_received", "10", day=IN_NOVEMBER, on=IN_NOVEMBER, scope=str(of_person(wei.id)))
    desk.close(NOVEMBER)
    assert desk.file(OCTOBER) == {}
    desk.require(NOVEMBER, wei, "150", pay="20", adjustment="130")
    desk.require_proved()


@pytest.mark.both_databases
def test_a_dispute_that_was_won_moves_the_sale_to_who_earned_it_and_is_settled(desk: Desk) -> None:
    """8 % from 10,000. October: Lan 12,000 → 960.00, Wei nothing. Wei says that 4,000 of it was his own sale.

    | October as it was | Lan 8,000 × 5 % = 400.00, so −560.00 | Wei 4,000 × 5 % = 200.00, so +200.00 |
    """
    cast, wei, lan = desk.books.cast, desk.books.cast.wei, desk.books.cast.lan
    desk.books.plan(TIERS)
    desk.sell("8000", lan, day=IN_OCTOBER, on=IN_OCTOBER)
    wrong = desk.sell("4000", lan, day=IN_OCTOBER, on=IN_OCTOBER)
    desk.close(OCTOBER)
    asked = {"token": "once", "cause": Cause.SALE_MISSING.value, "words": "这单是我卖的", "document": "D0002"}
    page = desk.done(wei, "/me/statement/question?month=2026-10", asked, on=IN_NOVEMBER)
    number = int(re.findall(r"/(\d+)$", page)[0])
    answered = {"decision": "accept", "words": "确实是你的"}
    desk.done(cast.ma, f"/stores/A01/questions/{number}/answer", answered, on=IN_NOVEMBER)
    desk.done(cast.ma, f"/stores/A01/sales/{wrong}/cancel", {"confirmed": "yes"}, on=IN_NOVEMBER)
    desk.sell("4000", wei, day=IN_OCTOBER, on=IN_NOVEMBER)
    desk.sell("20000", lan, day=IN_NOVEMBER, on=IN_NOVEMBER)
    desk.close(NOVEMBER)
    desk.require(OCTOBER, lan, "960", pay="960")
    desk.require(NOVEMBER, lan, "1040", pay="1600", adjustment="-560")
    desk.require(NOVEMBER, wei, "200", adjustment="200")
    question = db.session.get_one(Question, number)
    assert question.settled_line is not None
    assert (question.settled_line.kind, question.settled_line.amount) == (LineKind.ADJUSTMENT, Money.parse("200"))
    desk.require_proved()


TRAINED = """
plan: trained
name: {en: Trained, zh: 培训奖}
lines:
  - line: trained
    name: {en: Training bonus, zh: 培训奖}
    fixed: 500.00
    then:
      - factor: {indicator: training_attendance, cap: 100 %}
"""


@pytest.mark.both_databases
def test_attendance_corrected_after_closing_reaches_the_file(desk: Desk) -> None:
    """500.00 × attendance. October: Gang was at one of two sessions, 250.00; he was at both: 500.00."""
    cast, gang = desk.books.cast, desk.books.cast.gang
    desk.books.plan(TRAINED, "mechanic")
    school = School(cast)
    there = dict.fromkeys((gang, cast.min, cast.tao), Attendance.PRESENT)
    school.held(there, day=date(2026, 10, 8), topic="变速箱")
    missed = school.held(there | {gang: Attendance.ABSENT}, day=date(2026, 10, 15), topic="底盘")
    school.held(there, day=date(2026, 11, 5), topic="空调")
    db.session.commit()
    desk.close(OCTOBER)
    corrected = {"state": Attendance.PRESENT.value, "seen": Attendance.ABSENT.value, "reason": "签到表漏登"}
    desk.done(cast.qian, f"/stores/A01/training/{missed.id}/attendance/{gang.id}", corrected, on=IN_NOVEMBER)
    desk.close(NOVEMBER)
    desk.require(OCTOBER, gang, "250", pay="250")
    desk.require(NOVEMBER, gang, "750", pay="500", adjustment="250")
    desk.require_proved()


CLEAN = """
plan: clean
name: {en: Clean, zh: 现场奖}
lines:
  - line: clean
    name: {en: Clean workshop, zh: 现场整洁奖}
    fixed: 300.00
    then:
      - factor:
          indicator: six_s_score
          of: store
          bands:
            - {below: 90 %, factor: 0.5}
            - {from: 90 %, factor: 1.0}
"""


@pytest.mark.both_databases
def test_an_inspection_corrected_after_closing_reaches_the_file(desk: Desk, wash: Area) -> None:
    """300.00, and half of it below 90 %. October: 20 of 25 points, 80 %, 150.00; corrected 23 of 25, 92 %, 300.00."""
    cast, gang = desk.books.cast, desk.books.cast.gang
    desk.books.plan(CLEAN, "mechanic")
    old = inspected(cast, wash, {"floor": 2, "windows": 3}, day=IN_OCTOBER)
    inspected(cast, wash, day=IN_NOVEMBER)
    desk.close(OCTOBER)
    assert areas.version_on(wash, IN_OCTOBER).id == old.version_id
    again = form_of(wash, "5", "5", "4", "4", "5", token="c" * 32)
    desk.done(cast.sun, f"/stores/A01/inspections/{old.id}/correct", again, on=IN_NOVEMBER)
    desk.close(NOVEMBER)
    desk.require(OCTOBER, gang, "150", pay="150")
    desk.require(NOVEMBER, gang, "450", pay="300", adjustment="150")
    desk.require_proved()


@pytest.mark.both_databases
def test_returns_come_in_parts_and_what_is_too_much_or_comes_twice_is_refused_in_a_sentence(desk: Desk) -> None:
    """October 12,000 × 8 % = 960.00. Back: 3,000 in November (9,000 × 5 % = 450.00), 9,000 in December (0.00).

    | November | −510.00, carried over                                        |
    | December | 510.00 carried in, −450.00: 960.00 are carried over, as much as the sale ever paid |
    """
    cast, wei = desk.books.cast, desk.books.cast.wei
    desk.books.plan(TIERS)
    sale = desk.sell("12000", wei, day=IN_OCTOBER, on=IN_OCTOBER)
    document = desk.document(sale)
    desk.close(OCTOBER)
    url = f"/stores/A01/sales/{sale}/return"
    page = desk.refused(cast.ma, url, desk.returned("12000.01", IN_NOVEMBER), on=IN_NOVEMBER)
    assert "Only 12,000.00 of what was received for this sale is left" in page
    desk.take_back(sale, "3000", on=IN_NOVEMBER)
    page = desk.refused(cast.ma, url, desk.returned("9000.01", IN_NOVEMBER), on=IN_NOVEMBER)
    assert "Only 9,000.00 of what was received for this sale is left" in page
    twice = f"R1,1,2026-11-11,脚垫,精品,-1,-9000.01,0,{wei.number},{document},1,2026-11-11"
    found = desk.import_sales(twice, on=date(2026, 11, 12))
    assert (found.state, "9,000.00" in str(found.result)) == ("faulty", True), found.result
    desk.close(NOVEMBER)
    desk.take_back(sale, "9000", on=IN_DECEMBER, quantity="1")
    page = desk.refused(cast.ma, url, desk.returned("0.01", IN_DECEMBER), on=IN_DECEMBER)
    assert "Only 0.00 of what was received for this sale is left" in page
    desk.close(DECEMBER)
    desk.require(OCTOBER, wei, "960", pay="960")
    desk.require(NOVEMBER, wei, "0", adjustment="-510", carried_out="510")
    desk.require(DECEMBER, wei, "0", carried_in="-510", adjustment="-450", carried_out="960")
    desk.require_proved()


@pytest.mark.both_databases
def test_a_seller_who_left_keeps_a_visible_debt_that_only_his_own_pay_settles(desk: Desk) -> None:
    """October 12,000 × 8 % = 960.00; he leaves on 31 October. November: 3,000 come back, −510.00.

    December: a forgotten sale of October, 1,500, comes in: 10,500 × 8 % = 840.00, so +390.00; 120.00 stay.
    """
    cast, wei = desk.books.cast, desk.books.cast.wei
    desk.books.plan(TIERS)
    sale = desk.sell("12000", wei, day=IN_OCTOBER, on=IN_OCTOBER)
    desk.done(cast.ma, f"/stores/A01/staff/{wei.id}/leave", {"last_day": "2026-10-31"}, on=date(2026, 10, 30))
    desk.close(OCTOBER)
    desk.take_back(sale, "3000", on=IN_NOVEMBER)
    desk.close(NOVEMBER)
    found = desk.import_sales(f"L1,1,2026-10-28,脚垫,精品,1,1500,0,{wei.number},,,", on=IN_DECEMBER)
    assert found.state == "applied", found.result
    desk.close(DECEMBER)
    desk.require(OCTOBER, wei, "960", pay="960")
    desk.require(NOVEMBER, wei, "0", adjustment="-510", carried_out="510")
    desk.require(DECEMBER, wei, "0", carried_in="-510", adjustment="390", carried_out="120")
    desk.require_proved()


@pytest.mark.both_databases
def test_a_seller_who_moved_is_paid_in_full_where_he_is_and_owes_where_he_was(desk: Desk) -> None:
    """October at the east store 12,000 × 8 % = 960.00; from 1 November he works at the west store, which has no plan.

    A return of 3,000 in November takes 510.00 back at the east store, where the sale was paid.
    """
    cast, wei = desk.books.cast, desk.books.cast.wei
    desk.books.plan(TIERS)
    sale = desk.sell("12000", wei, day=IN_OCTOBER, on=IN_OCTOBER)
    moved = {"store": str(cast.west.id), "position": str(cast.positions["adviser"].id), "day": "2026-11-01"}
    desk.done(cast.hua, f"/stores/A01/staff/{wei.id}/move", moved, on=date(2026, 10, 30))
    desk.close(OCTOBER)
    desk.take_back(sale, "3000", on=IN_NOVEMBER)
    desk.close(NOVEMBER)
    desk.require(OCTOBER, wei, "960", pay="960")
    desk.require(NOVEMBER, wei, "0", adjustment="-510", carried_out="510")
    assert reading.of_person(cast.west.id, NOVEMBER, wei.id) is None
    desk.require_proved()


def _explained(desk: Desk, who: Employee) -> str:
    """The explanation of somebody's adjustment of November, as his manager sees it in November."""
    statement = reading.of_person(desk.books.store_id, NOVEMBER, who.id)
    assert statement is not None
    line = next(each for each in statement.lines if each.kind is LineKind.ADJUSTMENT)
    db.session.commit()
    his = f"/stores/A01/months/2026-11/statements/{who.id}/lines/{line.key}"
    return desk.seen(desk.books.cast.ma, his, on=IN_NOVEMBER)


def _hired_back_to_october(desk: Desk) -> Employee:
    """Somebody whose hiring on 16 October is entered in November."""
    cast = desk.books.cast
    adviser = str(cast.positions["adviser"].id)
    typed = {"number": "A020", "name": "新人", "pinyin": "xin ren", "day": "2026-10-16", "position": adviser}
    desk.done(cast.ma, "/stores/A01/staff/hire", typed, on=IN_NOVEMBER)
    return db.session.scalars(select(Employee).where(Employee.number == "A020")).one()


def test_a_line_that_the_closed_month_did_not_have_says_so_and_shows_the_late_facts(desk: Desk) -> None:
    """Somebody is hired in November from 16 October on and sold 4,000 then: × 5 % = 200.00, where there was no line."""
    desk.books.plan(TIERS)
    desk.close(OCTOBER)
    new = _hired_back_to_october(desk)
    late = desk.document(desk.sell("4000", new, day=IN_OCTOBER, on=IN_NOVEMBER))
    page = _explained(desk, new)
    said, recorded_later = page.split("Recorded later")
    assert "2026-10 had no such line when it was closed" in said
    assert late not in said
    assert re.search(
        rf"{late}-1.*4,000\.00.*{desk.books.cast.ma.name}</span>\s*<span[^>]*>[^<]*10", recorded_later, re.DOTALL
    )
    assert "/facts/" not in page


TWO_LINES = """
plan: two-lines
name: {en: Two lines, zh: 两项提成}
lines:
  - line: sold
    name: {en: Commission, zh: 销售提成}
    measure: {kind: amount, category: accessories, role: seller}
    rate: 4 %
  - line: care
    name: {en: Care products, zh: 养护品提成}
    measure: {kind: amount, category: care_products, role: seller}
    rate: 1 %
"""


def test_each_of_several_lines_that_the_closed_month_did_not_have_opens_its_own_explanation(desk: Desk) -> None:
    """Of 4,000 of accessories 4 % are 160.00, of 4,000 of care products 1 % are 40.00."""
    desk.books.plan(TWO_LINES)
    desk.close(OCTOBER)
    new = _hired_back_to_october(desk)
    for category in ("accessories", "care_products"):
        desk.sell("4000", new, day=IN_OCTOBER, on=IN_NOVEMBER, category=category)
    statement = reading.of_person(desk.books.store_id, NOVEMBER, new.id)
    assert statement is not None
    lines = {line.key: line.amount for line in statement.lines if line.kind is LineKind.ADJUSTMENT}
    db.session.commit()
    assert sorted(lines.values()) == [Money(40_00), Money(160_00)]
    for key, amount in lines.items():
        address = f"/stores/A01/months/2026-11/statements/{new.id}/lines/{key}"
        page = desk.seen(desk.books.cast.ma, address, on=IN_NOVEMBER)
        assert f"{amount.fen // 100}.00" in page
        assert all(f">{other.fen // 100}.00<" not in page for other in lines.values() if other != amount)
