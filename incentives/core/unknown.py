"""Names in a plan that the store does not have: an indicator, a position or a product nobody will ever be paid by."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from incentives.core.errors import Sentence, say
from incentives.core.findings import Finding, Severity
from incentives.core.measure import Measure
from incentives.core.parameters import walk
from incentives.core.plan import Coefficients, Group, Line, Listed, Plan
from incentives.core.wording import Catalogue


@dataclass(frozen=True, slots=True)
class Names:
    """The codes that a store has. What is absent is not checked."""

    positions: Collection[str] | None = None
    products: Collection[str] | None = None


ANY_NAMES = Names()


def check_names(plan: Plan, indicators: Catalogue, names: Names = ANY_NAMES) -> Iterator[Finding]:
    """Every indicator, position and product that a plan names and the store does not have."""
    for place, node in enumerate(plan.lines):
        yield from _unknown(f"lines[{place}]", node, indicators, names)
    yield from _unknown("then", plan.then, indicators, names)


def _unknown(path: str, part: object, indicators: Catalogue, names: Names) -> Iterator[Finding]:
    for each in walk(part):
        match each:
            case Measure():
                if indicators and each.indicator and each.indicator not in indicators:
                    yield _nowhere(path, say("indicator"), each.indicator)
                yield from _products(path, (*each.sales.products, *each.sales.but_products), names)
            case Listed():
                yield from _products(path, [product for product, _ in each.rows], names)
            case Line() | Group():
                yield from _positions(path, each.positions, names)
            case Coefficients():
                yield from _positions(path, [code for code, _ in each.positions], names)
            case _:
                pass


def _positions(path: str, codes: Collection[str], names: Names) -> Iterator[Finding]:
    if names.positions is not None:
        yield from (_nowhere(path, say("position"), code) for code in codes if code not in names.positions)


def _products(path: str, codes: Collection[str], names: Names) -> Iterator[Finding]:
    if names.products is not None:
        yield from (_nowhere(path, say("product"), code) for code in codes if code not in names.products)


def _nowhere(path: str, what: Sentence, code: str) -> Finding:
    return Finding(
        Severity.ERROR,
        path,
        say("The {what} “{code}” is not known here.", what=what, code=code),
        say("Nobody can ever be paid by it: correct the code, or add it first."),
    )
