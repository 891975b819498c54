"""Names in a plan that the store does not have: an indicator, a position or a product nobody will ever be paid by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction

from incentives.core.catalogue import Catalogue
from incentives.core.errors import Sentence, say
from incentives.core.findings import Finding, Severity
from incentives.core.measure import Measure
from incentives.core.parameters import walk
from incentives.core.plan import Coefficients, Group, Line, Listed, Node, Plan, Pool

Known = Mapping[str, Sentence]
"""What there is of a kind, and what it is called, by code."""
ALIKE = Fraction(3, 5)
"""A known name that shares this part of its letters with an unknown one, in the same order, is proposed for it."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a store has. A kind that is absent is not asked for.

    Categories, products and campaigns come with the first sale, so one that nobody has sold may only be new. With
    ``more_indicators`` the store may have more indicators than the catalogue that is at hand.
    """

    positions: Known | None = None
    departments: Known | None = None
    people: Known | None = None
    roles: Known | None = None
    categories: Known | None = None
    products: Known | None = None
    campaigns: Known | None = None
    more_indicators: bool = False


ANY_NAMES = Names()


def check_names(plan: Plan, catalogue: Catalogue, names: Names = ANY_NAMES) -> Iterator[Finding]:
    """Every name in a plan that the store does not have, each with the nearest that it has.

    Errors are positions, departments, people, roles and indicators: lists that somebody keeps. Warnings are
    categories, products and campaigns that no sale has had so far.
    """
    indicators = {code: each.label.sentence() for code, each in catalogue.indicators.items()} or None
    for place, node in enumerate(plan.lines):
        yield from _in_node(f"lines[{place}]", node, names, indicators)
    yield from _in_steps("then", plan.then, names, indicators)


def _in_node(path: str, node: Node, names: Names, indicators: Known | None) -> Iterator[Finding]:
    if isinstance(node, Line | Group):
        yield from _missing(path, say("position"), node.positions, names.positions)
    if isinstance(node, Line):
        yield from _in_part(path, node.worth, names, indicators)
    else:
        for place, below in enumerate(node.lines):
            yield from _in_node(f"{path}.lines[{place}]", below, names, indicators)
    yield from _in_steps(f"{path}.then", node.then, names, indicators)
    if isinstance(node, Pool):
        yield from _in_steps(f"{path}.share", node.share, names, indicators)
        yield from _in_steps(f"{path}.share_then", node.share_then, names, indicators)


def _in_steps(path: str, steps: Sequence[object], names: Names, indicators: Known | None) -> Iterator[Finding]:
    for place, step in enumerate(steps):
        yield from _in_part(f"{path}[{place}]", step, names, indicators)


def _in_part(path: str, part: object, names: Names, indicators: Known | None) -> Iterator[Finding]:
    for each in walk(part):
        match each:
            case Measure():
                yield from _in_measure(path, each, names, indicators)
            case Listed():
                yield from _unsold(path, say("product"), [product for product, _ in each.rows], names.products)
            case Coefficients():
                yield from _missing(path, say("position"), [code for code, _ in each.positions], names.positions)
                yield from _missing(path, say("employee"), [number for number, _ in each.people], names.people)
            case _:
                pass


def _in_measure(path: str, measure: Measure, names: Names, indicators: Known | None) -> Iterator[Finding]:
    sales = measure.sales
    yield from _unlisted(path, measure.indicator, names, indicators)
    yield from _missing(path, say("department"), [measure.department], names.departments)
    yield from _missing(path, say("earning role"), sales.roles, names.roles)
    yield from _unsold(path, say("category"), sales.categories, names.categories)
    yield from _unsold(path, say("product"), (*sales.products, *sales.but_products), names.products)
    yield from _unsold(path, say("campaign"), sales.campaigns, names.campaigns)


def _missing(path: str, what: Sentence, codes: Sequence[str], known: Known | None) -> Iterator[Finding]:
    for code in _unknown(codes, known):
        sentence = say("The {what} “{code}” is not known here.", what=what, code=code)
        case = say("Nobody can ever be paid by it: correct the code, or add it first.")
        yield Finding(Severity.ERROR, path, sentence, _with_nearest(case, code, known))


def _unlisted(path: str, code: str, names: Names, catalogue: Known | None) -> Iterator[Finding]:
    if not names.more_indicators:
        yield from _missing(path, say("indicator"), [code], catalogue)
        return
    for unknown in _unknown([code], catalogue):
        sentence = say("“{code}” is none of the indicators that the product comes with.", code=unknown)
        case = say("If the store has not added it, nobody will ever be paid by it.")
        yield Finding(Severity.WARNING, path, sentence, _with_nearest(case, unknown, catalogue))


def _unsold(path: str, what: Sentence, codes: Sequence[str], known: Known | None) -> Iterator[Finding]:
    for code in _unknown(codes, known):
        sentence = say("No sale so far has the {what} “{code}”.", what=what, code=code)
        case = say("If it is not new but a slip, nobody will ever be paid by it.")
        yield Finding(Severity.WARNING, path, sentence, _with_nearest(case, code, known))


def _unknown(codes: Sequence[str], known: Known | None) -> list[str]:
    return [] if known is None else [code for code in codes if code and code not in known]


# --- what may have been meant ----------------------------------------------------------------------------


def _with_nearest(case: Sentence, code: str, known: Known | None) -> Sentence:
    found = nearest(code, known or {})
    if not found:
        return case
    name = (known or {})[found]
    return say("{case} The nearest that is known is “{code}”: {name}.", case=case, code=found, name=name)


def nearest(word: str, known: Known) -> str:
    """The code that is most like a word, or whose name is; nothing if none is. Of equals the first by code."""
    likeness, code = max(
        ((_likeness(word, code, name), code) for code, name in sorted(known.items(), key=lambda each: each[0])),
        key=lambda each: each[0],
        default=(Fraction(0), ""),
    )
    return code if likeness >= ALIKE else ""


def _likeness(word: str, code: str, name: Sentence) -> Fraction:
    return max(_shared(word.lower(), text.lower()) for text in (code, *map(str, name.values.values())))


def _shared(one: str, other: str) -> Fraction:
    same = sum(block.size for block in SequenceMatcher(None, one, other).get_matching_blocks())
    return Fraction(2 * same, len(one) + len(other))
