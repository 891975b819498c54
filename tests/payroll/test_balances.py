"""Carried-over balances, month by month: for oneself, for managers and finance, and who owes something now."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl
import pytest
import time_machine

from incentives.payroll.service import balances
from incentives.people.service import staff
from tests.conftest import Browser, Cast, ClientFor
from tests.payroll.acts import DECEMBER, NOVEMBER, OCTOBER, TIERS, Books

LATER = "2027-01-05 02:00"
JANUARY = DECEMBER.plus(1)


@pytest.fixture
def books(cast: Cast) -> Books:
    """Wei's balance, by 5 % below 10,000 and 8 % from there.

    | October  | sold 12,000           | 960.00                          | owes nothing |
    | November | 3,000 of it come back | 450.00 − 960.00 = −510.00       | owes 510.00  |
    | December | sells 4,000           | 200.00, all of it settles       | owes 310.00  |
    """
    books = Books(cast)
    books.plan(TIERS)
    sale = books.sell("12000", cast.wei, day=date(2026, 10, 9))
    books.close(OCTOBER)
    books.take_back(sale, "3000", day=date(2026, 11, 10))
    books.close(NOVEMBER)
    books.sell("4000", cast.wei, day=date(2026, 12, 9))
    books.close(DECEMBER)
    return books


def _figures(page: str) -> list[str]:
    return re.findall(r'<span class="figure[^"]*">([^<]+)</span>', page)


def _sheets(browser: Browser, url: str) -> list[list[tuple[object, ...]]]:
    answer = browser.get(f"{url}?download=xlsx")
    assert answer.status_code == 200, answer.text
    return [list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(io.BytesIO(answer.data))]


@pytest.mark.both_databases
def test_each_month_says_what_it_began_with_added_settled_and_left(books: Books) -> None:
    found = balances.history(books.cast.east, books.cast.wei.id)
    assert [
        (each.month, *(amount.fen for amount in (did.opened, did.added, did.settled, did.carried)))
        for each in found.months
        for did in (each.balance,)
    ] == [(DECEMBER, 51_000, 0, 20_000, 31_000), (NOVEMBER, 0, 51_000, 0, 51_000)]
    assert found.owed.fen == 31_000
    [debtor] = balances.debtors(books.store_id)
    assert (debtor.number, debtor.owed.fen, debtor.since) == ("A004", 31_000, NOVEMBER)


def test_a_debt_under_review_stands_among_the_balances_before_it_is_closed(cast: Cast) -> None:
    books = Books(cast)
    books.plan(TIERS)
    sale = books.sell("12000", cast.wei, day=date(2026, 10, 9))
    books.close(OCTOBER)
    books.take_back(sale, "3000", day=date(2026, 11, 10))
    books.start(NOVEMBER)
    [debtor] = balances.debtors(books.store_id)
    assert (debtor.owed.fen, debtor.since) == (51_000, NOVEMBER)
    assert balances.history(cast.east, cast.wei.id).owed.fen == 51_000


@time_machine.travel(LATER, tick=False)
def test_one_sees_the_own_balance_and_every_amount_opens(books: Books, client_for: ClientFor) -> None:
    wei = client_for(books.cast.wei)
    assert "/me/balance" in wei.get("/me/statement?month=2026-12").text
    page = wei.get("/me/balance").text
    december, november = ["−510.00", "200.00", "310.00", "0.00"], ["0.00", "−510.00", "510.00", "0.00"]
    assert _figures(page) == ["310.00", *december, *november]
    opened = sorted(set(re.findall(r'href="(/me/statement/[^"]+/lines/[^"]+)"', page)))
    assert len(opened) == 8
    assert {wei.get(url).status_code for url in opened} == {200}
    months, lines = _sheets(wei, "/me/balance")
    assert [row[2:7] for row in months[1:]] == [(0, 510, 0, 510, 0), (510, 0, 200, 310, 0)]
    assert [row[-1] for row in lines[1:]] == [0, -510, 200]


@time_machine.travel(LATER, tick=False)
def test_managers_and_finance_see_it_and_nobody_else_does(books: Books, client_for: ClientFor) -> None:
    cast = books.cast
    url = f"/stores/A01/balances/{cast.wei.id}"
    for who in (cast.ma, cast.fan, cast.hua):
        browser = client_for(who)
        assert f'href="{url}"' in browser.get("/stores/A01/balances").text
        page = browser.get(url).text
        opened = set(re.findall(r'href="(/stores/A01/months/[^"]+/lines/[^"]+)"', page))
        assert {browser.get(each).status_code for each in opened} == {200}
        assert _sheets(browser, url)[0][1][2:6] == (0, 510, 0, 510)
        assert _sheets(browser, "/stores/A01/balances")[0][1][:3] == ("A004", "魏强", 310)
    for who in (cast.wei, cast.lan, cast.qian, cast.ada):
        browser = client_for(who)
        assert (browser.get(url).status_code, browser.get("/stores/A01/balances").status_code) == (403, 403)
    assert client_for(cast.bo).get(url).status_code == 404
    assert client_for(cast.bo).get(f"/stores/B02/balances/{cast.wei.id}").status_code == 404
    assert "No month was ever carried over" in client_for(cast.lan).get("/me/balance").text


@time_machine.travel(LATER, tick=False)
def test_a_held_month_settles_nothing_and_says_so(books: Books) -> None:
    wei = books.cast.wei
    books.sell("20000", wei, day=date(2027, 1, 4))
    books.close(JANUARY, hold=(wei,))
    latest = balances.history(books.cast.east, wei.id).months[0]
    assert (latest.month, latest.balance.settled.fen, latest.balance.carried.fen) == (JANUARY, 0, 31_000)
    assert "held" in str(latest.says)
    books.release(JANUARY, wei)
    books.close(JANUARY.plus(1))
    settled = balances.history(books.cast.east, wei.id)
    assert (settled.months[0].balance.settled.fen, settled.owed.fen) == (31_000, 0)
    assert "was held" in str(settled.months[1].says)
    assert str(settled.months[0].says) == "310.00 is settled first, and 1,290.00 is paid."
    assert balances.debtors(books.store_id) == []


@time_machine.travel(LATER, tick=False)
def test_whoever_moved_sees_both_stores_statements_and_the_balance_where_it_arose(
    books: Books, client_for: ClientFor
) -> None:
    """From January on Wei works at the west store; what he owes at the east one stays there, visible to him."""
    cast = books.cast
    staff.move(
        cast.wei,
        store=cast.west,
        position=cast.positions["adviser"],
        day=date(2027, 1, 1),
        actor_id=cast.hua.id,
        at=books.store_id,
    )
    wei = client_for(cast.wei)
    page = wei.get("/me/statement?month=2027-01&store=A01").text
    assert "−310.00" in page
    lines = {url.replace("&amp;", "&") for url in re.findall(r'href="(/me/statement/2027-01/lines/[^"]+)"', page)}
    assert {"?store=A01" in url for url in lines} == {True}
    assert {wei.get(url).status_code for url in lines} == {200}
    assert "−310.00" not in wei.get("/me/statement?month=2027-01").text
    assert "store=A01" in wei.get("/me/statement?month=2027-01").text
    assert wei.get("/me/statement?month=2027-01&store=B02").status_code == 404
    balance = wei.get("/me/balance").text
    assert "310.00" in balance
    for url in re.findall(r'href="(/me/statement/[^"]+/lines/[^"]+)"', balance):
        assert wei.get(url.replace("&amp;", "&")).status_code == 200
    asked = {"token": "once", "cause": "other", "words": "欠款不对"}
    made = wei.post("/me/statement/question?month=2027-01&store=A01", data=asked)
    assert made.status_code == 302
    assert "魏强" in client_for(cast.ma).get("/stores/A01/questions").text


def test_a_download_of_a_balance_leaves_a_row_in_the_trail(books: Books, client_for: ClientFor) -> None:
    _sheets(client_for(books.cast.wei), "/me/balance")
    assert "balance" in client_for(books.cast.ma).get("/stores/A01/trail").text
