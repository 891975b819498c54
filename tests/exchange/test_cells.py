from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from incentives.core.errors import DomainError, say
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.exchange.cells import read_cell
from incentives.exchange.interface import Field, Kind, Value
from incentives.exchange.sheets import Cell, Unreadable

MONEY = Field("amount", say("Amount"), Kind.MONEY)
QUANTITY = Field("quantity", say("Quantity"), Kind.QUANTITY)
WHOLE = Field("points", say("Points"), Kind.WHOLE, negative=False)
PERCENT = Field("rate", say("Rate"), Kind.PERCENT)
DAY = Field("day", say("Day"), Kind.DAY)
MONTH = Field("month", say("Month"), Kind.MONTH)
TEXT = Field("number", say("Number"), longest=12)
CHOICE = Field("kind", say("Kind"), Kind.CHOICE, choices={"销售": "sale", "Sale": "sale", "退货": "return"})


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        (MONEY, "1,234.50", Money(123_450)),
        (MONEY, "￥1,234.50", Money(123_450)),
        (MONEY, "¥ 53.3", Money(5_330)),
        (MONEY, "１９４４．００", Money(194_400)),
        (MONEY, "1，234元", Money(123_400)),
        (MONEY, "3,880.0000", Money(388_000)),
        (MONEY, "(123.00)", Money(-12_300)),
        (MONEY, "（123.00）", Money(-12_300)),
        (MONEY, "-￥20", Money(-2_000)),
        (MONEY, "￥-20", Money(-2_000)),
        (MONEY, " 20.10  ", Money(2_010)),
        (MONEY, Decimal("53.3"), Money(5_330)),
        (MONEY, 3880, Money(388_000)),
        (MONEY, "-", None),
        (MONEY, None, None),
        (QUANTITY, "2.5", Decimal("2.5")),
        (QUANTITY, -1, Decimal(-1)),
        (WHOLE, "1,000", 1000),
        (WHOLE, Decimal("3.00"), 3),
        (PERCENT, "12%", Fraction(3, 25)),
        (PERCENT, "１２％", Fraction(3, 25)),
        (PERCENT, Decimal("0.12"), Fraction(3, 25)),
        (PERCENT, "120%", Fraction(6, 5)),
        (DAY, "2026-11-03", date(2026, 11, 3)),
        (DAY, "2026/11/3", date(2026, 11, 3)),
        (DAY, "2026.11.3", date(2026, 11, 3)),
        (DAY, "2026年11月3日", date(2026, 11, 3)),
        (DAY, "20261103", date(2026, 11, 3)),
        (DAY, 20_261_103, date(2026, 11, 3)),
        (DAY, "2026-11-03 09:30:00", date(2026, 11, 3)),
        (DAY, "2026-11-03T09:30", date(2026, 11, 3)),
        (DAY, 46_329, date(2026, 11, 3)),
        (DAY, Decimal("46329.5"), date(2026, 11, 3)),
        (DAY, datetime(2026, 11, 3, 23, 59), date(2026, 11, 3)),  # noqa: DTZ001 (files know no zone)
        (MONTH, "2026-11", Month(2026, 11)),
        (MONTH, "2026年11月", Month(2026, 11)),
        (MONTH, 202_611, Month(2026, 11)),
        (MONTH, date(2026, 11, 1), Month(2026, 11)),
        (TEXT, "0012", "0012"),
        (TEXT, 1001, "1001"),
        (TEXT, Decimal("1E+3"), "1000"),
        (CHOICE, "退货", "return"),
        (CHOICE, " sale ", "sale"),
    ],
)
def test_a_cell_is_read_as_people_and_programs_write_it(field: Field, cell: Cell, value: Value) -> None:
    assert read_cell(field, cell) == value


@pytest.mark.parametrize(
    ("field", "cell", "words"),
    [
        (MONEY, "12.345", "more than two decimals"),
        (MONEY, Decimal("0.001"), "more than two decimals"),
        (MONEY, "1,23", "not a number"),
        (MONEY, "12a", "not a number"),
        (MONEY, "١٢", "not a number"),
        (MONEY, "NaN", "not a number"),
        (MONEY, "1e5", "not a number"),
        (MONEY, "--5x", "not a number"),
        (MONEY, True, "not a number"),
        (MONEY, date(2026, 11, 3), "not a number"),
        (MONEY, "99999999999999999", "larger than any"),
        (WHOLE, "1.5", "not a whole number"),
        (WHOLE, "-1", "below zero"),
        (PERCENT, "12", "Write it with the sign"),
        (PERCENT, 5, "Write it with the sign"),
        (DAY, "2026-02-30", "not a day"),
        (DAY, "3/11/2026", "not a day"),
        (DAY, "2026-11-03 and more", "not a day"),
        (DAY, "1899-01-01", "outside the years"),
        (DAY, date(2101, 1, 1), "outside the years"),
        (DAY, 5, "not a day"),
        (DAY, True, "not a day"),
        (MONTH, "2026-13", "not a month"),
        (MONTH, "soon", "not a month"),
        (TEXT, "thirteen signs", "longer than 12"),
        (TEXT, "a\x07b", "cannot be printed"),
        (CHOICE, "loan", "none of these"),
        (MONEY, Unreadable(say("The cell shows the error {error}.", error="#N/A")), "#N/A"),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(field: Field, cell: Cell, words: str) -> None:
    with pytest.raises(DomainError) as refused:
        read_cell(field, cell)
    assert words in str(refused.value)


@pytest.mark.parametrize("cell", [None, "-", "—"])
def test_a_required_cell_must_be_filled_in(cell: Cell) -> None:
    with pytest.raises(DomainError, match="must be filled in"):
        read_cell(Field("amount", say("Amount"), Kind.MONEY, required=True), cell)


def test_zero_is_not_nothing() -> None:
    assert read_cell(Field("amount", say("Amount"), Kind.MONEY, required=True), 0) == Money(0)
