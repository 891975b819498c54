"""Invented sale lines that come to given figures: so much received, so many pieces and orders of what a measure counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

from incentives.core.keys import MeasureKey
from incentives.core.measure import Given, Kind, Range
from incentives.core.money import Money, share_out
from incentives.core.reading import THOUSANDTHS
from incentives.core.samples import LABOUR, SampleSale, counts

MOST_LINES = 100
"""Lines that one figure may take: more orders than this are not told one by one."""
ELSEWHERE = "other"
"""The category of a sale where any will do."""
PIECE = 10_000
"""Fen for a piece whose price is asked for, but not how much was received."""
_PRICES = (Fraction(1), Fraction(9, 10), Fraction(4, 5), Fraction(1, 2), Fraction(11, 10), Fraction(3, 2))


def lines_for(wanted: Mapping[MeasureKey, Fraction], settled: Sequence[MeasureKey]) -> list[SampleSale]:
    """Lines that add just so much to the figures of keys with the same filter, and nothing to the settled ones.

    Figures are what is missing so far, in the units of the keys; a negative one takes back. Nothing is returned where
    nothing is missing or where no such lines exist: whoever asks checks what came out.
    """
    kinds = {key.kind: value for key, value in wanted.items()}
    if not any(kinds.values()):
        return []
    orders = int(abs(kinds.get(Kind.ORDERS, Fraction(1)))) or 1
    if orders > MOST_LINES:
        return []
    filled = (_filled(form, kinds, orders) for form in _forms(next(iter(wanted))))
    return next((lines for lines in filled if _fit(lines, wanted, settled)), [])


def _fit(lines: Iterable[SampleSale], wanted: Iterable[MeasureKey], settled: Sequence[MeasureKey]) -> bool:
    return all(
        all(counts(line, key) for key in wanted) and not any(counts(line, key) for key in settled) for line in lines
    )


def _forms(key: MeasureKey) -> Iterator[tuple[SampleSale, Fraction | None]]:
    """A line for each choice that a filter leaves, with the price against list that it asks for."""
    sales = key.sales
    categories = sales.categories or ((LABOUR,) if key.kind is Kind.LABOUR else (ELSEWHERE,))
    prices = [None] if sales.price is None else _within(sales.price)
    choices = product(categories, sales.products or ("",), sales.campaigns or ("",), sales.roles or ("",), prices)
    for category, article, campaign, role, price in choices:
        roles = (role,) if role else ()
        yield SampleSale(category, Money(0), product=article, campaign=campaign, roles=roles), price


def _within(price: Range) -> list[Fraction]:
    """Prices against list that lie in a range."""
    edges = [edge.value for edge in (price.low, price.high) if isinstance(edge, Given)]
    near = [edge * part for edge in edges for part in (1, Fraction(199, 200), Fraction(201, 200))]
    middle = sum(edges, Fraction(0)) / max(len(edges), 1)
    return [each for each in (*_PRICES, middle, *near) if each in price and each > 0]


def _filled(form: tuple[SampleSale, Fraction | None], kinds: Mapping[Kind, Fraction], many: int) -> list[SampleSale]:
    """So many lines with the figures shared out among them."""
    line, price = form
    backwards = min(kinds.values()) < 0 and Kind.QUANTITY not in kinds
    quantity = kinds.get(Kind.QUANTITY, Fraction((-many if backwards else many) * THOUSANDTHS))
    received = _received(kinds, quantity if price else Fraction(0))
    equally = [1] * many
    profits = share_out(int(kinds.get(Kind.PROFIT, 0)), equally)
    pieces = [Fraction(part, THOUSANDTHS) for part in share_out(int(quantity), equally)]
    return [
        replace(
            line,
            received=Money(part),
            quantity=Given(each),
            cost=Money(part - profit) if Kind.PROFIT in kinds else None,
            list_price=None if price is None else _list_price(part, each, price),
        )
        for part, profit, each in zip(share_out(received, equally), profits, pieces, strict=True)
    ]


def _received(kinds: Mapping[Kind, Fraction], priced: Fraction) -> int:
    """What was received: where only the profit is known, the sale cost nothing; a piece that needs a price costs 100.00."""
    known = (kinds[kind] for kind in (Kind.AMOUNT, Kind.LABOUR, Kind.PROFIT) if kind in kinds)
    return int(next(known, priced * PIECE / THOUSANDTHS))


def _list_price(received: int, quantity: Fraction, price: Fraction) -> Money:
    """The price of one at which so much for so many is that part of it."""
    return Money(round(Fraction(received) / (quantity or 1) / price)) if received else Money(0)
