"""Lines of a plan that are paid for the same sale."""

from __future__ import annotations

from collections.abc import Iterator

from incentives.core.catalogue import Catalogue
from incentives.core.chains import Chain, chains_of
from incentives.core.contradictions import can_hold
from incentives.core.errors import say
from incentives.core.findings import Finding, Severity
from incentives.core.measure import SALE_KINDS, Kind, Measure, Range, Sales, exact
from incentives.core.places import place_name
from incentives.core.plan import Fixed, Listed, Plan, Pool, Rated, Tiered
from incentives.core.samples import LABOUR
from incentives.core.wording import measure_name
from incentives.core.worth import opened

_ANY = Range()


def check_overlaps(plan: Plan, catalogue: Catalogue) -> Iterator[Finding]:
    """Lines to which the same sale counts as to one above, each told of once.

    It is a warning where both take it of the same figure for the same people. An extra that begins above an edge is
    meant to come on top: a note.
    """
    paid = [(chain, measure) for chain in chains_of(plan) if (measure := _paid_for(chain)) is not None]
    for place, (other, second) in enumerate(paid):
        above = [(one, first) for one, first in paid[:place] if _meet(first, second) and _together(one, other)]
        same = [each for each in above if _same(each, (other, second))]
        for one, first in (same or above)[:1]:
            yield Finding(
                Severity.WARNING if same else Severity.NOTE,
                other.path,
                say("The same sale can be paid twice."),
                say(
                    "A sale that counts for {first} ({one}) counts for {second} as well.",
                    first=measure_name(first, catalogue),
                    one=place_name(plan, one.path),
                    second=measure_name(second, catalogue),
                ),
            )


def _same(one: tuple[Chain, Measure], other: tuple[Chain, Measure]) -> bool:
    """Whether both lines take the same of a sale, and neither is an extra that begins above an edge."""
    (first, of_first), (second, of_second) = one, other
    alike = of_first.kind is of_second.kind and of_first.of is of_second.of
    return alike and not (_is_extra(first) or _is_extra(second))


def _is_extra(chain: Chain) -> bool:
    """Whether the lowest band of a line pays nothing."""
    worth = chain.line.worth
    if not isinstance(worth, Tiered):
        return False
    pays = opened(worth.bands)[0].pays
    return exact(pays.amount if isinstance(pays, Fixed) else pays.number) == 0


def _paid_for(chain: Chain) -> Measure | None:
    worth = chain.line.worth
    measure = worth.measure if isinstance(worth, Rated | Tiered | Listed) else None
    return measure if measure is not None and measure.kind in SALE_KINDS else None


def _together(one: Chain, other: Chain) -> bool:
    """Whether both lines can be there for the same person in the same month."""
    return _shared(_positions(one), _positions(other)) and _shared(_months(one), _months(other))


def _positions(chain: Chain) -> frozenset[object]:
    said = [frozenset(node.positions) for node in chain.nodes if not isinstance(node, Pool) and node.positions]
    return frozenset[object](frozenset.intersection(*said)) if said else frozenset()


def _months(chain: Chain) -> frozenset[object]:
    said = [frozenset(node.months) for node in chain.nodes if node.months]
    return frozenset[object](frozenset.intersection(*said)) if said else frozenset()


def _shared(one: frozenset[object], other: frozenset[object]) -> bool:
    return not one or not other or bool(one & other)


def _meet(one: Measure, other: Measure) -> bool:
    """Whether one sale can count for both measures."""
    mine, theirs = _sales(one), _sales(other)
    lists = ("categories", "products", "campaigns", "roles")
    if not all(_shared(frozenset(getattr(mine, name)), frozenset(getattr(theirs, name))) for name in lists):
        return False
    left_out = {*mine.but_products, *theirs.but_products}
    named = set(mine.products or theirs.products)
    return not (named and named <= left_out) and can_hold(mine.price or _ANY, theirs.price or _ANY)


def _sales(measure: Measure) -> Sales:
    """The filters, with the category that a labour measure sums unless it names another."""
    sales = measure.sales
    if measure.kind is Kind.LABOUR and not sales.categories:
        return Sales((LABOUR,), sales.products, sales.campaigns, sales.roles, sales.but_products, sales.price)
    return sales
