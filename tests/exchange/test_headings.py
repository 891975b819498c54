from __future__ import annotations

import pytest

from incentives.core.errors import say
from incentives.exchange.headings import IGNORED, Layout, find_layout, normalised
from incentives.exchange.interface import Field, Kind
from incentives.exchange.sheets import Cell, Sheet

FIELDS = (
    Field("number", say("Document number"), names=("单号", "订单号"), required=True),
    Field("seller", say("Seller"), names=("销售顾问", "姓名", "员工姓名"), required=True),
    Field("amount", say("Amount"), Kind.MONEY, names=("金额", "amount"), required=True),
    Field("note", say("Note"), names=("备注",)),
)


def layout(*rows: list[Cell], remembered: dict[str, str] | None = None) -> Layout:
    return find_layout(Sheet("s", rows), FIELDS, remembered=remembered)


@pytest.mark.parametrize(
    "heading",
    [
        "金额",
        " 金额 ",
        "金额（元）",
        "金额(元)",
        "金 额",
        "金额：",
        "*金额",
        "AMOUNT",
        "Ａｍｏｕｎｔ",
        "amount [CNY]",
        "(金额)",
    ],
)
def test_a_heading_counts_by_its_words_alone(heading: str) -> None:
    assert normalised(heading) in {"金额", "amount"}
    assert layout(["单号", "姓名", heading]).columns["amount"] == 2


def test_the_heading_row_may_stand_below_titles() -> None:
    found = layout(["十一月明细"], [], ["制表", "马丽"], ["备注", "金额", "单号", "姓名"], ["x", "1", "2", "3"])
    assert found.row == 4
    assert found.columns == {"note": 0, "amount": 1, "number": 2, "seller": 3}


def test_columns_of_no_field_are_set_aside_by_name() -> None:
    found = layout(["单号", "姓名", "金额", "车牌号", None])
    assert found.ignored == ["车牌号"]
    assert found.missing(FIELDS) == []


def test_two_columns_for_one_field_are_for_a_person_to_decide() -> None:
    found = layout(["单号", "姓名", "员工姓名", "金额"])
    assert "seller" not in found.columns
    assert found.doubtful == ("seller",)
    assert [field.key for field in found.missing(FIELDS)] == ["seller"]


def test_a_column_that_only_sounds_like_a_field_is_proposed_not_taken() -> None:
    found = layout(["单号", "姓名", "成本金额"])
    assert "amount" not in found.columns
    assert found.guesses == {"amount": 2}


def test_what_the_store_chose_before_goes_before_the_usual_meaning() -> None:
    remembered = {"实付": "amount", "金额": IGNORED}
    found = layout(["单号", "姓名", "金额", "实付"], remembered=remembered)
    assert found.columns["amount"] == 3
    assert found.ignored == ["金额"]


def test_a_choice_for_this_file_settles_everything() -> None:
    sheet = Sheet("s", [["a", "b"], ["1", "2"]])
    found = find_layout(sheet, FIELDS, chosen={"number": 1, "seller": None, "amount": 0})
    assert found.columns == {"number": 1, "amount": 0}
    assert found.guesses == {}


def test_a_file_without_any_known_heading_still_offers_its_columns() -> None:
    found = layout(["x"], ["alpha", "beta"], ["1", "2"])
    assert found.headings == ("alpha", "beta")
    assert len(found.missing(FIELDS)) == 3
