"""Files of sales: what exports look like, what is asked, what is refused, and that a line lands once."""

from __future__ import annotations

import time
from datetime import date

import pytest
from sqlalchemy import func, select

from incentives.core.approval import MonthState
from incentives.core.measure import Kind, Sales
from incentives.core.period import Month
from incentives.db import db
from incentives.exchange.examination import examine
from incentives.exchange.interface import Context
from incentives.exchange.report import Report
from incentives.ledger import service as ledger
from incentives.people.models import Employee
from incentives.periods import service as periods
from incentives.sales.importing.days import Days
from incentives.sales.importing.importer import SalesImporter
from incentives.sales.models import Category, Earner, EarningRole, LineKind, SaleLine
from incentives.sales.service import matching
from incentives.sales.service.lines import Share
from tests.sales.conftest import TODAY, Shop

DMS = """结算单号,行号,结算日期,项目编码,项目名称,类别,数量,零售价,实收金额,成本,车牌号,服务顾问,施工技师
WX001,1,2026-11-03,JP01,全车隔热膜,精品,1,1580.00,1280.00,600.00,粤A12345,魏强,刚勇、闵涛
WX001,2,2026-11-03,YH02,节气门清洗,养护品,2,120,200.00,,粤A12345,魏强60%/兰芳40%,
WX002,1,2026-11-04,XB01,商业险续保,续保,1,,3000,,粤B88888,兰芳,
合计,,,,,,4,,4480.00,,,,
"""
ORDERS = """Order ID,Order Date,Sales Rep,Product,Category,Quantity,Unit Price,Discount,Returned,Commission Rate
A-1,11/14/2026,Ann Lee,Desk Lamp,Furniture,3,20.00,10%,No,5%
A-1,11/14/2026,Ann Lee,Stapler,Office Supplies,10,4.555,0.2,No,5%
A-2,11/15/2026,Bob Ray,Chair,Furniture,1,300.00,0,Yes,0.04
"""


def context(shop: Shop, answers: dict[str, dict[str, str]] | None = None) -> Context:
    return Context(shop.cast.east.id, shop.cast.ma.id, 1, TODAY, answers or {})


def look_at(shop: Shop, text: str | bytes, answers: dict[str, dict[str, str]] | None = None) -> Report:
    data = text.encode() if isinstance(text, str) else text
    return examine(SalesImporter(), context(shop, answers), data).report


def take_in(shop: Shop, text: str | bytes, answers: dict[str, dict[str, str]] | None = None) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    found = examine(SalesImporter(), context(shop, answers), data)
    assert found.report.sound, [str(fault.sentence) for fault in found.report.faults] + [
        str(question.sentence) for question in found.report.questions
    ]
    return [str(line) for line in SalesImporter().apply(context(shop, answers), found.rows).lines]


def faults(report: Report) -> list[tuple[int, str]]:
    return [(fault.row, str(fault.sentence)) for fault in report.faults]


def lines() -> list[SaleLine]:
    return list(db.session.scalars(select(SaleLine).order_by(SaleLine.id)))


def who(*employees: Employee, names: str) -> dict[str, dict[str, str]]:
    return {"person": dict(zip(names.split(","), (employee.number for employee in employees), strict=True))}


@pytest.mark.both_databases
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_an_export_of_a_dealer_system_is_understood_without_a_question(shop: Shop, encoding: str) -> None:
    cast = shop.cast
    report = look_at(shop, DMS.encode(encoding))
    assert report.sound
    assert report.left_out == [5]
    assert take_in(shop, DMS.encode(encoding)) == [
        "New: 3 sales and 0 returns, 4,480.00 yuan in all.",
        "The file names no seller, so the service adviser is credited as the seller.",
    ]
    film, cleaning, renewal = lines()
    assert (film.category, film.plate, film.cost and film.cost.fen) == (Category.ACCESSORIES, "粤A***45", 60_000)
    assert (cleaning.category, renewal.category) == (Category.CARE_PRODUCTS, Category.RENEWALS)
    assert shop.figure(Kind.AMOUNT, cast.wei) == 128_000 + 12_000
    assert shop.figure(Kind.AMOUNT, cast.lan) == 8_000 + 300_000
    assert shop.figure(Kind.AMOUNT, cast.gang, Sales(roles=("fitter",))) == 64_000


@pytest.mark.both_databases
def test_the_same_file_twice_changes_nothing_and_says_so(shop: Shop) -> None:
    ledger.ensure_default_rules(shop.cast.group.id, date(2026, 1, 1))
    take_in(shop, DMS)
    before = ledger.points_of(shop.cast.wei.id, "2026-11")
    again = take_in(shop, DMS)
    assert "Here already, just the same, and passed over: 3 lines." in again
    assert len(lines()) == 3
    assert ledger.points_of(shop.cast.wei.id, "2026-11") == before > 0


def test_a_line_that_is_here_but_different_is_a_fault_with_its_row(shop: Shop) -> None:
    take_in(shop, DMS)
    changed = DMS.replace("1280.00", "1180.00")
    assert faults(look_at(shop, changed)) == [
        (
            2,
            (
                "Line 1 of WX001 is here already, but different: 2026-11-03, 全车隔热膜, 1,280.00. "
                "Cancel it there, or correct the file."
            ),
        )
    ]


@pytest.mark.both_databases
def test_orders_of_another_trade_are_taken_in_with_their_people_discounts_returns_and_rates(shop: Shop) -> None:
    cast = shop.cast
    report = look_at(shop, ORDERS)
    asked = {(question.kind, question.token) for question in report.questions}
    assert asked == {
        ("person", "Ann Lee"),
        ("person", "Bob Ray"),
        ("category", "Furniture"),
        ("category", "Office Supplies"),
    }
    answers = who(cast.wei, cast.lan, names="Ann Lee,Bob Ray") | {
        "category": {"Furniture": "other", "Office Supplies": "accessories"}
    }
    said = take_in(shop, ORDERS, answers)
    assert said[0] == "New: 3 sales and 1 returns, 90.44 yuan in all."
    lamp, stapler, chair, back = lines()
    assert (lamp.line_number, stapler.line_number) == (1, 2)
    assert (lamp.received.fen, stapler.received.fen) == (5_400, 3_644)
    assert (lamp.subcategory, stapler.category, lamp.file_rate, chair.file_rate) == (
        "Furniture",
        Category.ACCESSORIES,
        500,
        400,
    )
    assert (back.kind, back.returns_id, back.received.fen) == (LineKind.RETURN, chair.id, -30_000)
    assert shop.figure(Kind.AMOUNT, cast.wei, Sales(categories=("Furniture",))) == 5_400
    assert shop.figure(Kind.AMOUNT, cast.lan) == 0
    assert take_in(shop, ORDERS)[1] == "Here already, just the same, and passed over: 3 lines."
    assert len(lines()) == 4


def test_answers_are_remembered_for_the_next_file_of_the_store(shop: Shop) -> None:
    header = "订单号,日期,商品,数量,销售额,销售员\n"
    take_in(shop, header + "D1,2026-11-01,脚垫,1,100,小王\n", who(shop.cast.hao, names="小王"))
    take_in(shop, header + "D2,2026-11-02,脚垫,1,50,小王\n")
    assert shop.figure(Kind.AMOUNT, shop.cast.hao) == 15_000


def test_a_sale_of_somebody_who_is_nobody_here_is_kept_and_can_be_matched_later_with_its_return(shop: Shop) -> None:
    cast = shop.cast
    text = "订单号,日期,商品,数量,销售额,销售员\nD1,2026-11-01,脚垫,2,100,过路人\nD1,2026-11-02,脚垫,-1,-50,过路人\n"
    said = take_in(shop, text, {"person": {"过路人": "nobody"}})
    assert "Kept without anybody who earned them: 1 sales." in said
    assert lines()[0].named == "过路人"
    matching.name_earners(cast.east.id, lines()[0].id, [Share(cast.lan.id, EarningRole.SELLER)], maker_id=cast.ma.id)
    assert shop.figure(Kind.AMOUNT, cast.lan) == 5_000


@pytest.mark.both_databases
def test_returns_find_their_sale_by_named_document_by_the_same_document_and_by_line(shop: Shop) -> None:
    cast = shop.cast
    take_in(
        shop,
        "单据号,行号,日期,商品名称,数量,实收金额,销售员\n"
        "X1,1,2026-10-05,脚垫,3,300,魏强\nX1,2,2026-10-05,贴膜,1,900,兰芳\nX2,1,2026-10-06,贴膜,1,800,郝亮\n",
    )
    take_in(
        shop,
        "单据号,行号,日期,商品名称,数量,实收金额,销售员,退货原单号,原行号\n"
        "T1,1,2026-11-02,脚垫,1,100,魏强,X1,1\nT1,2,2026-11-02,贴膜,-1,-900,兰芳,X1,\nX2,2,2026-11-03,贴膜,-1,-800,郝亮,,\n",
    )
    october = Month(2026, 10)
    assert [shop.figure(Kind.AMOUNT, one, month=october) for one in (cast.wei, cast.lan, cast.hao)] == [20_000, 0, 0]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("X9,2026-11-02,脚垫,-1,-10,魏强", "No sale of “脚垫” is known in X9 that this could take back."),
        ("X9,2026-11-02,脚垫,0,10,魏强", "The quantity of a sale is above zero."),
        ("X9,2026-11-02,脚垫,-1,10,魏强", "Quantity and amount have opposite signs."),
        ("X9,2026-11-02,脚垫,NaN,10,魏强", "“NaN” is not a number."),
        ("X9,2026-11-02,脚垫,1,,魏强", "There is neither an amount received nor a price."),
        ("X9,2026-11-02,脚垫,1,99999999999,魏强", "An amount of a sale is at most"),
        ("X9,2026-12-02,脚垫,1,10,魏强", "2026-12-02 is still to come."),
        ("X9,1926-11-02,脚垫,1,10,魏强", "lies outside the years"),
        ("X9,soon,脚垫,1,10,魏强", "“soon” is not a day"),
        (",2026-11-02,脚垫,1,10,魏强", "This must be filled in."),
        ("X9,2026-09-02,脚垫,1,10,魏强", "2026-09 is approved: its facts can no longer be changed."),
        ("X9,2026-11-02,脚垫,1.0005,10,魏强", "A quantity has at most three decimals"),
        ("X9,2026-11-02,脚垫,1,10,魏强60%/兰芳30%", "do not add up to 100 %"),
        ("X9,2026-11-02,,1,10,魏强", "Say what was sold"),
    ],
)
def test_what_cannot_be_is_refused_with_row_and_reason_and_nothing_of_the_file_lands(
    shop: Shop, row: str, sentence: str
) -> None:
    periods.move(shop.cast.east.id, Month(2026, 9), before=MonthState.OPEN, after=MonthState.APPROVED, actor_id=None)
    text = f"单据号,日期,商品名称,数量,实收金额,销售员\nX8,2026-11-02,脚垫,1,10,魏强\n{row}\n"
    report = look_at(shop, text)
    assert not report.sound
    assert [fault.row for fault in report.faults] == [3]
    assert sentence in str(report.faults[0].sentence)


def test_the_same_line_twice_in_one_file_names_the_earlier_row(shop: Shop) -> None:
    text = "单据号,行号,日期,商品名称,数量,实收金额,销售员\n" + "X1,1,2026-11-02,脚垫,1,10,魏强\n" * 2
    assert faults(look_at(shop, text)) == [(3, "Line 1 of X1 stands in row 2 already.")]


def test_more_cannot_come_back_than_the_file_and_the_store_have_sold(shop: Shop) -> None:
    text = "单据号,日期,商品名称,数量,实收金额,销售员\nX1,2026-11-02,脚垫,1,10,魏强\nX1,2026-11-03,脚垫,-2,-10,魏强\n"
    assert "Only 1 of this sale are left" in faults(look_at(shop, text))[0][1]


def test_days_that_could_be_read_both_ways_are_asked_about_once(shop: Shop) -> None:
    text = "Order ID,Order Date,Product,Sales,Sales Rep\nA1,03/04/2026,Mat,10,魏强\nA2,05/06/2026,Mat,20,魏强\n"
    report = look_at(shop, text)
    assert [(question.kind, question.token) for question in report.questions] == [("day_order", "03/04/2026")]
    take_in(shop, text, {"day_order": {"03/04/2026": "day_first"}})
    assert [line.business_date for line in lines()] == [date(2026, 4, 3), date(2026, 6, 5)]


def test_a_day_that_can_only_be_read_one_way_settles_the_whole_column(shop: Shop) -> None:
    text = "Order ID,Order Date,Product,Sales,Sales Rep\nA1,03/04/2026,Mat,10,魏强\nA2,10/25/2026,Mat,20,魏强\n"
    take_in(shop, text)
    assert [line.business_date for line in lines()] == [date(2026, 3, 4), date(2026, 10, 25)]


@pytest.mark.parametrize("number", ["46329", "46329.5"])
def test_a_spreadsheets_number_for_a_day_or_a_moment_of_it_is_that_day(number: str) -> None:
    days = Days([number], {})
    assert days.read(number) == date(2026, 11, 3)


def test_somebody_who_did_not_work_here_on_the_day_is_asked_about(shop: Shop) -> None:
    text = "单据号,日期,商品名称,数量,实收金额,销售员\nX1,2020-05-05,脚垫,1,10,魏强\n"
    assert [question.kind for question in look_at(shop, text).questions] == ["absent"]
    take_in(shop, text, {"absent": {"A004": "credit"}})
    assert shop.figure(Kind.AMOUNT, shop.cast.wei, month=Month(2020, 5)) == 1_000


def test_people_are_found_by_number_by_name_and_by_both_together(shop: Shop) -> None:
    text = "单据号,日期,商品名称,数量,实收金额,销售员\n" + "".join(
        f"X{place},2026-11-02,脚垫,1,10,{cell}\n"
        for place, cell in enumerate(["魏强", "A004", "a004", "魏强(A004)", "A004 魏强", "魏强（机修）"])
    )
    take_in(shop, text)
    assert shop.figure(Kind.AMOUNT, shop.cast.wei) == 6_000


def test_words_of_a_status_column_that_nobody_knows_are_asked_about(shop: Shop) -> None:
    text = (
        "订单号,日期,商品,数量,销售额,销售员,状态\n"
        "D1,2026-11-01,脚垫,1,100,魏强,正常\nD2,2026-11-01,脚垫,1,100,魏强,作废\nD3,2026-11-01,脚垫,1,100,魏强,挂账\n"
    )
    assert [question.token for question in look_at(shop, text).questions] == ["挂账"]
    said = take_in(shop, text, {"status": {"挂账": "sale"}})
    assert "Left out because the file calls them cancelled or drafts: 1 rows." in said
    assert [line.document for line in lines()] == ["D1", "D3"]


def test_ten_thousand_rows_take_seconds_and_few_queries(shop: Shop) -> None:
    names = ("魏强", "兰芳", "郝亮", "刚勇")
    rows = "".join(
        f"D{place // 3},2026-{place % 10 + 1:02d}-{place % 28 + 1:02d},商品{place % 50},1,{place % 900 + 10}.5,{names[place % 4]}\n"
        for place in range(10_000)
    )
    began = time.perf_counter()
    take_in(shop, "订单号,日期,商品,数量,销售额,销售员\n" + rows)
    assert db.session.scalar(select(func.count()).select_from(SaleLine)) == 10_000
    assert db.session.scalar(select(func.sum(Earner.quantity))) == 10_000_000
    assert time.perf_counter() - began < 30
