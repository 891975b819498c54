"""Numbers, rates and ranges as plans write them."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from incentives.commissions.format.place import Place
from incentives.core.errors import say
from incentives.core.measure import Given, Number, Parameter, Range
from incentives.core.plan import Rate

_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,10})?)\s*(%|‰)?", re.ASCII)
_PARAMETER = re.compile(r"\$([a-z][a-z0-9_]{0,39})", re.ASCII)
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
_PER_UNIT = re.compile(r"(.+?)\s+per\s+[a-z]+")
_PRICE = re.compile(r"(>=|>|<=|<)\s*(.+)")

EDGES = ("from", "above", "up_to", "below")


def code(place: Place) -> str:
    """A code: lower-case letters, digits, ``_`` and ``-``, a letter first."""
    text = place.text()
    if not _CODE.fullmatch(text):
        raise place.wrong(say("“{text}” is not a code; write lower-case letters, digits, _ and -.", text=text[:40]))
    return text


def given(place: Place) -> Given:
    """A number such as ``1,234.50``, ``-3`` or ``5 %``."""
    found = _as_given(place.text())
    if found is None:
        raise place.wrong(say("“{text}” is not a number; write 1234.50 or 5 %.", text=place.text()[:40]))
    return found


def _as_given(text: str) -> Given | None:
    match = _NUMBER.fullmatch(text)
    if not match:
        return None
    value, sign = Fraction(match[1].replace(",", "")), match[2]
    return Given(value / {"%": 100, "‰": 1000, None: 1}[sign], percent=sign is not None)


def number(place: Place) -> Number:
    """A number, or a parameter such as ``$tax_divisor``."""
    if match := _PARAMETER.fullmatch(place.text()):
        return Parameter(match[1])
    return given(place)


def divisor(place: Place) -> Number:
    """A number that something can be divided by."""
    found = number(place)
    if isinstance(found, Given) and found.value == 0:
        raise place.wrong(say("nothing can be divided by zero."))
    return found


def rate(place: Place) -> Rate:
    """``5 %`` of money, ``2.00 per unit`` (or ``per order``, ``per vehicle``), or a parameter of either kind."""
    text = place.text()
    if match := _PER_UNIT.fullmatch(text):
        return Rate(_yuan(Place(place.path, match[1])), per_unit=True)
    if match := _PARAMETER.fullmatch(text):
        return Rate(Parameter(match[1]))
    found = _as_given(text)
    if found is None or not found.percent:
        raise place.wrong(say("“{text}” is not a rate; write 5 % or 2.00 per unit.", text=text[:40]))
    return Rate(found)


def yuan(place: Place) -> Number:
    """An amount of yuan: no percent."""
    return _yuan(place)


def _yuan(place: Place) -> Number:
    found = number(place)
    if isinstance(found, Given) and found.percent:
        raise place.wrong(say("an amount in yuan is expected here, not a percent."))
    return found


def per_unit(place: Place) -> Rate:
    """Yuan for each unit, where only such a rate makes sense."""
    return Rate(_yuan(place), per_unit=True)


def edges(place: Place) -> Range:
    """The range that ``from`` (≥), ``above`` (>), ``up_to`` (≤) and ``below`` (<) say in a mapping."""
    said = place.named()
    if ("from" in said and "above" in said) or ("up_to" in said and "below" in said):
        raise place.wrong(say("say one lower edge (from or above) and one upper edge (up_to or below) at most."))
    low, high = said.get("from") or said.get("above"), said.get("up_to") or said.get("below")
    found = Range(
        low=number(low) if low else None,
        low_belongs="above" not in said,
        high=number(high) if high else None,
        high_belongs="up_to" in said,
    )
    if is_empty(found):
        raise place.wrong(say("no value lies between these edges."))
    return found


def is_empty(within: Range) -> bool:
    """Whether no value can lie in the range; a range with a parameter is given the benefit of the doubt."""
    low, high = within.low, within.high
    if not isinstance(low, Given) or not isinstance(high, Given):
        return False
    return low.value > high.value or (low.value == high.value and not (within.low_belongs and within.high_belongs))


def price(place: Place) -> Range:
    """The price condition of a sale line: ``> 80 %``, or edges in words."""
    if isinstance(place.value, dict):
        return edges(Place(place.path, place.mapping(*EDGES)))
    match = _PRICE.fullmatch(place.text())
    if not match:
        raise place.wrong(say("“{text}” is not a price condition; write > 80 %.", text=place.text()[:40]))
    words = {">=": "from", ">": "above", "<=": "up_to", "<": "below"}
    return edges(Place(place.path, {words[match[1]]: Place(place.path, match[2])}))


def day(place: Place) -> date:
    """A day such as 2026-01-01."""
    try:
        return date.fromisoformat(place.text())
    except ValueError:
        raise place.wrong(say("“{text}” is not a day such as 2026-01-01.", text=place.text()[:40])) from None


def whole(place: Place, least: int, most: int) -> int:
    """A whole number between two others."""
    text = place.text()
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not least <= int(text) <= most:
        raise place.wrong(
            say("“{text}” is not a whole number from {least} to {most}.", text=text[:40], least=least, most=most)
        )
    return int(text)
