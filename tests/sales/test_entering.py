"""A sale by hand: what is kept, what is refused, and who may see it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from incentives.audit.models import AuditEntry
from incentives.core.approval import MonthState
from incentives.core.period import Month
from incentives.db import db
from incentives.periods import service as periods
from incentives.sales.models import Category, Earner, Product, SaleLine
from tests.conftest import Cast, ClientFor
from tests.sales.conftest import Shop


def typed(*earners: int, **changes: str) -> dict[str, str]:
    form = {
        "document": "XS20261116-7",
        "line_number": "1",
        "day": "2026-11-16",
        "product_name": "全景膜",
        "category": "accessories",
        "quantity": "2",
        "received": "1,280.00",
    }
    for row, person in enumerate(earners):
        form[f"earners-{row}-person"] = str(person)
        form[f"earners-{row}-role"] = "seller"
    return form | changes


def how_many() -> int:
    return db.session.scalar(select(func.count()).select_from(SaleLine)) or 0


def test_a_sale_by_hand_is_credited_listed_and_recorded(cast: Cast, client_for: ClientFor) -> None:
    browser = client_for(cast.ma)
    answer = browser.post("/stores/A01/sales/new", data=typed(cast.wei.id, cast.lan.id, plate="粤A12345"))
    assert answer.status_code == 302
    line = db.session.scalars(select(SaleLine)).one()
    assert (line.received.fen, line.quantity, line.plate) == (128_000, 2000, "粤A***45")
    assert [(earner.employee_id, earner.received.fen) for earner in line.earners] == [
        (cast.wei.id, 64_000),
        (cast.lan.id, 64_000),
    ]
    for page in ("/stores/A01/sales", f"/stores/A01/sales/{line.id}"):
        shown = browser.get(page)
        assert shown.status_code == 200
        assert "全景膜" in shown.text
        assert cast.lan.name in shown.text
    acts = [entry.act for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert acts[-1] == "sales.recorded"


def test_everybody_finds_the_own_part_under_my_sales(cast: Cast, client_for: ClientFor, shop: Shop) -> None:
    shop.sell("90.00", cast.wei, cast.lan)
    shop.sell("777.00", cast.hao, product="机油")
    page = client_for(cast.wei).get("/me/sales")
    assert "45.00" in page.text
    assert "机油" not in page.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"received": "viel"}, "is not an amount in yuan"),
        ({"received": ""}, "Please fill this in."),
        ({"received": "-5"}, "At least 0.00."),
        ({"received": "100000000.01"}, "At most"),
        ({"quantity": "0"}, "above zero"),
        ({"quantity": "NaN"}, "is not a number"),
        ({"quantity": "1.0005"}, "At most three decimals."),
        ({"quantity": "-1"}, "At least 0."),
        ({"day": "2026-11-17"}, "is still to come"),
        ({"day": "31.12.2026"}, "Not a valid date"),
        ({"day": "1926-11-16"}, "The year must lie between"),
        ({"document": "x" * 61}, "At most 60 characters."),
        ({"line_number": "0"}, "At least 1."),
        ({"category": "no such"}, "Please choose one of the list."),
        ({"category": ""}, "Choose the category."),
        ({"product_name": ""}, "Say what was sold"),
        ({"earners-0-person": ""}, "Say who earned the sale."),
        ({"earners-0-person": "999999"}, "Please choose one of the list."),
        ({"earners-0-weight": "0"}, "At least 1."),
        ({"list_price": "99999999.00", "quantity": "900"}, "List price times quantity"),
    ],
)
def test_what_no_sale_can_be_is_refused_in_a_sentence_and_kept_on_the_form(
    cast: Cast, client_for: ClientFor, changes: dict[str, str], sentence: str
) -> None:
    answer = client_for(cast.ma).post("/stores/A01/sales/new", data=typed(cast.wei.id) | changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "XS20261116-7" in answer.text or "document" in changes
    assert how_many() == 0


def test_the_same_line_of_a_document_twice_is_refused_and_says_when_it_came(cast: Cast, client_for: ClientFor) -> None:
    browser = client_for(cast.ma)
    browser.post("/stores/A01/sales/new", data=typed(cast.wei.id))
    again = browser.post("/stores/A01/sales/new", data=typed(cast.wei.id))
    assert again.status_code == 422
    assert "is there already, dated 2026-11-16" in again.text
    assert how_many() == 1


def test_somebody_of_another_store_cannot_earn_here_even_if_the_form_is_forged(shop: Shop) -> None:
    with pytest.raises(Exception, match="Not everybody named here worked in this store on 2026-11-16"):
        shop.sell("10.00", shop.cast.bai)


@pytest.mark.parametrize("state", [MonthState.IN_REVIEW, MonthState.APPROVED])
def test_a_month_that_is_being_reviewed_takes_no_sale(cast: Cast, client_for: ClientFor, state: MonthState) -> None:
    periods.move(cast.east.id, Month(2026, 10), before=MonthState.OPEN, after=state, actor_id=None)
    db.session.commit()
    answer = client_for(cast.ma).post("/stores/A01/sales/new", data=typed(cast.wei.id, day="2026-10-31"))
    assert answer.status_code == 422
    assert "2026-10 is" in answer.text
    assert how_many() == 0


def test_shares_are_given_to_all_earners_of_a_role_or_to_none(cast: Cast, client_for: ClientFor) -> None:
    browser = client_for(cast.ma)
    one = browser.post("/stores/A01/sales/new", data=typed(cast.wei.id, cast.lan.id, **{"earners-0-weight": "60"}))
    assert "Give all earners of a role a share" in one.text
    both = {"earners-0-weight": "60", "earners-1-weight": "40"}
    assert browser.post("/stores/A01/sales/new", data=typed(cast.wei.id, cast.lan.id, **both)).status_code == 302
    found = db.session.scalars(select(Earner).order_by(Earner.id))
    assert [earner.received.fen for earner in found] == [76_800, 51_200]


def test_a_known_code_fills_in_what_was_left_empty(cast: Cast, client_for: ClientFor) -> None:
    browser = client_for(cast.ma)
    first = typed(cast.wei.id, product_code="JP-01", list_price="800.00")
    assert browser.post("/stores/A01/sales/new", data=first).status_code == 302
    second = typed(cast.wei.id, document="XS2", product_code="JP-01", product_name="", category="")
    assert browser.post("/stores/A01/sales/new", data=second).status_code == 302
    line = db.session.scalars(select(SaleLine).where(SaleLine.document == "XS2")).one()
    assert (line.product_name, line.list_price) == ("全景膜", db.session.scalars(select(Product)).one().list_price)


@pytest.mark.parametrize("path", ["", "/1", "/new", "/1/return", "/1/cancel", "/1/undo", "/1/earners"])
def test_another_stores_manager_finds_no_such_page(cast: Cast, client_for: ClientFor, shop: Shop, path: str) -> None:
    shop.sell("10.00", cast.wei)
    db.session.commit()
    browser = client_for(cast.bo)
    assert browser.get(f"/stores/A01/sales{path}").status_code == 404
    assert browser.get("/stores/B02/sales/1").status_code == 404


def test_an_adviser_sees_no_other_peoples_sales_and_enters_none(cast: Cast, client_for: ClientFor) -> None:
    browser = client_for(cast.wei)
    assert browser.get("/stores/A01/sales").status_code == 403
    assert browser.post("/stores/A01/sales/new", data=typed(cast.wei.id)).status_code == 403
    assert how_many() == 0


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=XS0001", 1),
        ("q=兰芳", 1),
        ("q=lan+fang", 1),
        ("q=nothing-like-it", 0),
        ("category=parts", 1),
        ("category=evil'--", 2),
        ("month=2026-10", 1),
        ("show=returns", 0),
        ("show=unmatched", 0),
        ("sort=-received&page=99", 2),
    ],
)
def test_the_list_is_searched_and_filtered(
    cast: Cast, client_for: ClientFor, shop: Shop, asked: str, found: int
) -> None:
    shop.sell("10.00", cast.wei, day=date(2026, 10, 5))
    shop.sell("20.00", cast.lan, category=Category.PARTS)
    db.session.commit()
    page = client_for(cast.ma).get(f"/stores/A01/sales?{asked}")
    assert page.status_code == 200
    assert page.text.count("data-href=") == found


def test_the_list_can_be_taken_home_as_a_file(cast: Cast, client_for: ClientFor, shop: Shop) -> None:
    shop.sell("10.00", cast.wei)
    db.session.commit()
    answer = client_for(cast.ma).get("/stores/A01/sales?download=csv")
    assert answer.mimetype == "text/csv"
    assert "XS0001 #1" in answer.get_data().decode("utf-8-sig")
