"""From a cell to a field's value. What cannot be read is refused in a sentence about that very cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from incentives.core.errors import DomainError, say
from incentives.core.money import FEN_PER_YUAN, LARGEST_FEN, Money
from incentives.core.period import FIRST_YEAR, LAST_YEAR, Month
from incentives.core.signs import as_it_reads
from incentives.exchange.interface import Field, Kind, Value
from incentives.exchange.sheets import Cell, Unreadable

SERIAL_ZERO = date(1899, 12, 30)
"""Day 0 of a spreadsheet's serial numbers."""
LARGEST_NUMBER = Decimal(10) ** 15
SHOWN = 40
_CURRENCY = re.compile(r"^(?:CNY|RMB|[¥￥])\s*|\s*(?:元|圆|CNY|RMB)$", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+")
_DAY = re.compile(r"(\d{4})([-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?(?:[ t]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_PLAIN_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})(?:[-/.年]?)(\d{1,2})月?")
_SERIAL_DAYS = range(36_526, 73_415)  # 2000-01-01 to 2100-12-31
_BLANK = frozenset({"", "-", "--", "—", "/", "无", "n/a"})


def read_cell(field: Field, cell: Cell) -> Value:
    """The field's value, None for an empty cell.

    Raises:
        DomainError: the cell is not of the field's kind, too long, out of range, or empty though it is required.
    """
    if isinstance(cell, Unreadable):
        raise DomainError(cell.reason)
    value = None if cell is None else READERS[field.kind](field, cell)
    if value is None and field.required:
        raise DomainError(say("This must be filled in."))
    return value


def shown(cell: Cell) -> str:
    """The cell as a sentence quotes it."""
    text = "" if cell is None or isinstance(cell, Unreadable) else str(cell)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _text(field: Field, cell: Cell) -> str | None:
    text = f"{cell:f}" if isinstance(cell, Decimal) else as_it_reads(str(cell)).strip()
    if len(text) > field.longest:
        raise DomainError(say("“{text}” is longer than {most} characters.", text=shown(cell), most=field.longest))
    if not text.isprintable() and any(_is_control(sign) for sign in text):
        raise DomainError(say("The text holds signs that cannot be printed."))
    return text or None


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) == "Cc" and sign not in "\n\t\r"


def _choice(field: Field, cell: Cell) -> str | None:
    value = field.choices.get(str(cell)) or _spellings(field.choices).get(_plain(str(cell)))
    if value is None:
        offered = ", ".join(dict.fromkeys(field.choices))
        raise DomainError(say("“{text}” is none of these: {offered}.", text=shown(cell), offered=offered))
    return value


def _spellings(choices: Mapping[str, str]) -> dict[str, str]:
    return {_plain(spelling): value for spelling, value in choices.items()}


def _plain(text: str) -> str:
    """Half width, one case, no outer blanks."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _money(field: Field, cell: Cell) -> Money | None:
    number = _number(cell)
    if number is None:
        return None
    fen = number * FEN_PER_YUAN
    if fen % 1:
        raise DomainError(say("“{text}” has more than two decimals; an amount ends with the fen.", text=shown(cell)))
    if abs(fen) > LARGEST_FEN:
        raise DomainError(say("“{text}” is larger than any amount kept here.", text=shown(cell)))
    _refuse_negative(field, number, cell)
    return Money(int(fen))


def _quantity(field: Field, cell: Cell) -> Decimal | None:
    number = _number(cell)
    if number is not None:
        _refuse_negative(field, number, cell)
    return number


def _whole(field: Field, cell: Cell) -> int | None:
    number = _number(cell)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise DomainError(say("“{text}” is not a whole number.", text=shown(cell)))
    _refuse_negative(field, number, cell)
    return int(number)


def _percent(field: Field, cell: Cell) -> Fraction | None:
    text = _plain(cell) if isinstance(cell, str) else ""
    if text.endswith("%"):
        number = _number(text.removesuffix("%"))
        found = None if number is None else Fraction(number) / 100
    else:
        number = _number(cell)
        found = None if number is None else Fraction(number)
        if found is not None and abs(found) > 1:
            raise DomainError(
                say("“{text}” may mean a percentage or a ratio. Write it with the sign, such as 12%.", text=shown(cell))
            )
    if found is not None:
        _refuse_negative(field, found, cell)
    return found


def _refuse_negative(field: Field, number: Decimal | Fraction, cell: Cell) -> None:
    if number < 0 and not field.negative:
        raise DomainError(say("“{text}” is below zero.", text=shown(cell)))


def _number(cell: Cell) -> Decimal | None:
    """An exact number: separators, currency signs, full-width digits and accountants' brackets are understood.

    Raises:
        DomainError: it is none, or larger than anything kept here.
    """
    if isinstance(cell, Decimal):
        number = cell
    elif isinstance(cell, int) and not isinstance(cell, bool):
        number = Decimal(cell)
    elif isinstance(cell, str):
        text = _plain(cell)
        if text in _BLANK:
            return None
        number = _number_of_text(text, cell)
    else:
        raise DomainError(say("“{text}” is not a number.", text=shown(cell)))
    if abs(number) > LARGEST_NUMBER:
        raise DomainError(say("“{text}” is larger than any number kept here.", text=shown(cell)))
    return number


def _number_of_text(text: str, cell: Cell) -> Decimal:
    bare, sign = text, 1
    if bare.startswith("(") and bare.endswith(")"):
        bare, sign = bare[1:-1].strip(), -1
    for _ in range(2):  # the sign may stand before or behind the currency: -￥20, ￥-20
        if bare.startswith(("-", "−", "+")):
            sign = sign if bare.startswith("+") else -sign
            bare = bare[1:].strip()
        bare = _CURRENCY.sub("", bare).strip()
    if not (bare.isascii() and _GROUPED.fullmatch(bare)):
        raise DomainError(say("“{text}” is not a number.", text=shown(cell)))
    try:
        return sign * Decimal(bare.replace(",", ""))
    except InvalidOperation as fault:
        raise DomainError(say("“{text}” is not a number.", text=shown(cell))) from fault


def _day(_field: Field, cell: Cell) -> date | None:
    found = _as_day(cell)
    if found is None and not (isinstance(cell, str) and _plain(cell) in _BLANK):
        raise DomainError(say("“{text}” is not a day such as 2026-11-03.", text=shown(cell)))
    if found is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise DomainError(
            say(
                "“{text}” lies outside the years {first} to {last}.", text=shown(cell), first=FIRST_YEAR, last=LAST_YEAR
            )
        )
    return found


def _as_day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, (int, Decimal)) and not isinstance(cell, bool):
        return _day_of_number(cell)
    return _day_of_text(_plain(cell)) if isinstance(cell, str) else None


def _day_of_number(number: int | Decimal) -> date | None:
    """A serial number of a spreadsheet (a part of a day is a time), or eight digits such as 20261103."""
    if int(number) in _SERIAL_DAYS:
        return SERIAL_ZERO + timedelta(days=int(number))
    return _day_of_text(str(number))


def _day_of_text(text: str) -> date | None:
    if match := _DAY.fullmatch(text):
        return _date(match[1], match[3], match[4])
    if match := _PLAIN_DAY.fullmatch(text):
        return _date(match[1], match[2], match[3])
    return None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _month(field: Field, cell: Cell) -> Month | None:
    if isinstance(cell, (str, int)) and not isinstance(cell, bool) and (match := _MONTH.fullmatch(_plain(str(cell)))):
        first = _date(match[1], match[2], "1")
        if first is not None and FIRST_YEAR <= first.year <= LAST_YEAR:
            return Month.of(first)
    try:
        found = _day(field, cell)
    except DomainError as refusal:
        raise DomainError(say("“{text}” is not a month such as 2026-11.", text=shown(cell))) from refusal
    return None if found is None else Month.of(found)


READERS: Mapping[Kind, Callable[[Field, Cell], Value]] = {
    Kind.TEXT: _text,
    Kind.MONEY: _money,
    Kind.QUANTITY: _quantity,
    Kind.WHOLE: _whole,
    Kind.PERCENT: _percent,
    Kind.DAY: _day,
    Kind.MONTH: _month,
    Kind.CHOICE: _choice,
}
