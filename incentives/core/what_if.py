"""What somebody might still do this month: which figures of a plan a wish moves, and by how much.

A wish for more of one thing counts wherever a plan asks for it or for something wider: another accessory sold by a
seller is also one of all accessories, the person's, the group's and the store's. Others' figures stay as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from incentives.core.keys import MeasureKey
from incentives.core.measure import MONEY_KINDS, SALE_KINDS, Kind, Sales, Whose
from incentives.core.money import FEN_PER_YUAN
from incentives.core.period import Month
from incentives.core.reading import THOUSANDTHS, Sums


@dataclass(frozen=True, slots=True)
class Lever:
    """Something that can be moved: more of a kind of sale, or an indicator.

    ``adds``: what is wished comes on top of what is there; otherwise it stands instead of it (a rate, a mean, a level).
    """

    kind: Kind
    sales: Sales
    indicator: str
    adds: bool = True


def levers(sums: Sums, month: Month, person: int, adding: Collection[str]) -> dict[Lever, int | Fraction | None]:
    """What of a plan's figures one person can move in the month, and where it stands now.

    ``adding`` names the indicators that are sums. A sum that is the store's or a team's stands nowhere for the person;
    where a plan asks for the same of both, the person's own is where it stands.
    """
    found: dict[Lever, int | Fraction | None] = {}
    for key in sorted(sums, key=lambda key: key.of is not Whose.PERSON):
        if key.kind in SALE_KINDS | {Kind.INDICATOR} and key.last == month and _is_of(key, person):
            adds = key.kind in SALE_KINDS or key.indicator in adding
            stands = sums[key] if key.of is Whose.PERSON or not adds else None
            found.setdefault(Lever(key.kind, key.sales, key.indicator, adds), stands)
    in_order = sorted(found, key=lambda lever: (lever.kind, lever.indicator, str(lever.sales)))
    return {lever: found[lever] for lever in in_order}


def _is_of(key: MeasureKey, person: int) -> bool:
    """Whether a figure holds the person's own facts; a department that is named may be another's."""
    if key.of is Whose.DEPARTMENT:
        return not key.department and key.person == person
    return key.of is not Whose.PERSON or key.person == person


def moved(
    sums: Sums, wishes: Mapping[Lever, Fraction], month: Month, person: int
) -> dict[MeasureKey, int | Fraction | None]:
    """The figures as they would be: wishes in yuan, units or fractions; what nobody wishes to move stays."""
    return {key: _moved(key, value, wishes, month, person) for key, value in sums.items()}


def _moved(
    key: MeasureKey, value: int | Fraction | None, wishes: Mapping[Lever, Fraction], month: Month, person: int
) -> int | Fraction | None:
    if key.last != month or not _is_of(key, person):
        return value
    for lever, wish in wishes.items():
        if lever.kind is not key.kind or lever.indicator != key.indicator:
            continue
        if not lever.adds:
            value = wish
        elif counts_in(lever.sales, key.sales):
            value = (value or 0) + wish * _parts(key.kind)
    return value


def _parts(kind: Kind) -> int:
    if kind in MONEY_KINDS:
        return FEN_PER_YUAN
    return THOUSANDTHS if kind is Kind.QUANTITY else 1


def counts_in(narrow: Sales, wide: Sales) -> bool:
    """Whether whatever passes one filter passes the other too."""
    lists = ("categories", "products", "campaigns", "roles")
    within = all(
        not getattr(wide, name) or (getattr(narrow, name) and set(getattr(narrow, name)) <= set(getattr(wide, name)))
        for name in lists
    )
    spared = set(wide.but_products) <= set(narrow.but_products)
    return within and spared and wide.price in {None, narrow.price}
