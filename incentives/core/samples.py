"""Worked examples inside a plan: invented facts, and what the plan must pay for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from incentives.core.attainment import Aggregation, Reading, aggregate
from incentives.core.catalogue import NO_CATALOGUE, Catalogue
from incentives.core.errors import Sentence
from incentives.core.keys import MeasureKey
from incentives.core.measure import DAYS_PRESENT, ONE, Given, Kind, Label, Sales, Whose
from incentives.core.money import Money
from incentives.core.needs import needed
from incentives.core.pay import PlanResult, calculate
from incentives.core.period import Month
from incentives.core.plan import Plan
from incentives.core.reading import THOUSANDTHS, Member, Missing

LABOUR = "labour"
"""The category that a labour measure sums unless its filter names others."""


@dataclass(frozen=True, slots=True)
class SampleSale:
    """A sale line: the list price is that of one unit, received and cost are those of the whole line.

    A return has a negative quantity and negative amounts; ``order`` groups lines of one document. Without a month it is
    sold in the example's own.
    """

    category: str
    received: Money
    list_price: Money | None = None
    cost: Money | None = None
    quantity: Given = ONE
    product: str = ""
    campaign: str = ""
    roles: tuple[str, ...] = ()
    order: str = ""
    month: Month | None = None


@dataclass(frozen=True, slots=True)
class SampleReading:
    """A reading or target of an indicator; without a month, that of the example's own month."""

    indicator: str
    value: Given
    month: Month | None = None


@dataclass(frozen=True, slots=True)
class SampleFacts:
    """What is known of somebody or of a department, the members or the store."""

    sales: tuple[SampleSale, ...] = ()
    readings: tuple[SampleReading, ...] = ()
    targets: tuple[SampleReading, ...] = ()
    score: Given | None = None


NO_FACTS = SampleFacts()


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """An invented member and what he must be paid: in all, by line, or both."""

    number: str
    position: str = ""
    department: str = ""
    days: int | None = None
    present: int | None = None
    coefficient: Given | None = None
    facts: SampleFacts = NO_FACTS
    total: Money | None = None
    lines: tuple[tuple[str, Money], ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """Facts of one month for some people, and what comes out."""

    label: Label
    month: Month
    people: tuple[SamplePerson, ...]
    members: SampleFacts = NO_FACTS
    store: SampleFacts = NO_FACTS
    departments: tuple[tuple[str, SampleFacts], ...] = ()
    pools: tuple[tuple[str, Money], ...] = ()

    def members_of_plan(self) -> list[Member]:
        """The people as members; an example's people carry their place as id."""
        days = self.month.span.days
        return [
            Member(
                id=place,
                number=person.number,
                position=person.position,
                posted_days=days if person.days is None else person.days,
                month_days=days,
                coefficient=person.coefficient.value if person.coefficient else None,
            )
            for place, person in enumerate(self.people)
        ]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An amount that the example names and the plan does not reproduce.

    ``paid`` is absent if nothing is payable yet; ``lacks`` then says what must be known first.
    """

    what: str
    expected: Money
    paid: Money | None
    lacks: Sentence | None = None


def run(plan: Plan, example: Example, catalogue: Catalogue = NO_CATALOGUE) -> PlanResult:
    """Calculate the plan on an example's facts.

    Raises:
        DomainError: a parameter has no value in the example's month.
    """
    members = example.members_of_plan()
    sums = answer(example, needed(plan, example.month, members), catalogue)
    return calculate(plan, example.month, members, sums, catalogue)


def mismatches(plan: Plan, example: Example, catalogue: Catalogue = NO_CATALOGUE) -> list[Mismatch]:
    """Every amount of the example that the plan does not reproduce to the fen."""
    result = run(plan, example, catalogue)
    found = [*_of_pools(example, result), *_of_people(example, result)]
    return [mismatch for mismatch in found if mismatch.expected != mismatch.paid]


def _of_pools(example: Example, result: PlanResult) -> Iterator[Mismatch]:
    formed = {pool.code: pool for pool in result.pools}
    for code, expected in example.pools:
        pool = formed.get(code)
        lacks = _first(pool.missing) if pool else None
        yield Mismatch(code, expected, pool.amount if pool and not pool.missing else None, lacks)


def _of_people(example: Example, result: PlanResult) -> Iterator[Mismatch]:
    for place, person in enumerate(example.people):
        lines = {line.code: line for line in result.of(place)}
        for code, expected in person.lines:
            line = lines.get(code)
            paid = line.amount if line and line.payable else None
            yield Mismatch(f"{person.number}: {code}", expected, paid, _first(line.missing) if line else None)
        if person.total is not None:
            waiting = [line for line in lines.values() if not line.payable]
            paid = None if waiting else result.total_of(place)
            yield Mismatch(person.number, person.total, paid, _first(waiting[0].missing) if waiting else None)


def _first(missing: Sequence[Missing]) -> Sentence | None:
    return missing[0].sentence if missing else None


def answer(
    example: Example, keys: Iterable[MeasureKey], catalogue: Catalogue = NO_CATALOGUE
) -> dict[MeasureKey, int | Fraction | None]:
    """The figures that the example's facts give for the keys; what they do not tell is absent.

    The months of a quarter or a year come together as the indicator's readings do. Of a ratio nobody can tell from the
    months' ratios: what is given for its last month stands for all of them.
    """
    return {key: _figure(example, key, catalogue) for key in keys}


def _figure(example: Example, key: MeasureKey, catalogue: Catalogue) -> int | Fraction | None:
    if key.kind in _SUMS:
        sales = [sale for facts in _sellers(example, key) for sale in facts.sales]
        return _SUMS[key.kind]([sale for sale in sales if _sold_within(sale, key, example.month) and counts(sale, key)])
    facts = _facts(example, key)
    if key.kind is Kind.SCORE:
        return facts.score.value if facts.score else None
    listed = facts.targets if key.kind is Kind.TARGET else facts.readings
    said = {(entry.indicator, entry.month or example.month): entry.value.value for entry in listed}
    found = _over_months(said, key, catalogue)
    return _present(example, key) if found is None and _asks_presence(key) else found


def _asks_presence(key: MeasureKey) -> bool:
    return (key.kind, key.indicator, key.person is None) == (DAYS_PRESENT.kind, DAYS_PRESENT.indicator, False)


def _present(example: Example, key: MeasureKey) -> Fraction:
    """The days that the example says somebody was present, else those of his posting, else the whole month."""
    person = example.people[key.person or 0]
    said = (person.present, person.days, example.month.span.days)
    return Fraction(next(days for days in said if days is not None))


def _sold_within(sale: SampleSale, key: MeasureKey, month: Month) -> bool:
    return key.first <= (sale.month or month) <= key.last


def _over_months(said: Mapping[tuple[str, Month], Fraction], key: MeasureKey, catalogue: Catalogue) -> Fraction | None:
    known = catalogue.indicators.get(key.indicator)
    adds = known.adds if known else Aggregation.SUM
    if adds is Aggregation.RATIO or key.first == key.last:
        return said.get((key.indicator, key.last))
    readings = [
        Reading(month.first, value)
        for (code, month), value in said.items()
        if code == key.indicator and key.first <= month <= key.last
    ]
    return aggregate(adds, readings) if readings else None


def _facts(example: Example, key: MeasureKey) -> SampleFacts:
    match key.of:
        case Whose.PERSON:
            return example.people[key.person or 0].facts
        case Whose.MEMBERS:
            return example.members
        case Whose.STORE:
            return example.store
        case _:
            return dict(example.departments).get(_department(example, key), NO_FACTS)


def _department(example: Example, key: MeasureKey) -> str:
    return key.department or example.people[key.person or 0].department


def _sellers(example: Example, key: MeasureKey) -> list[SampleFacts]:
    people = example.people
    match key.of:
        case Whose.PERSON:
            return [_facts(example, key)]
        case Whose.MEMBERS:
            return [example.members, *(person.facts for person in people)]
        case Whose.STORE:
            of_departments = [facts for _, facts in example.departments]
            return [example.store, example.members, *of_departments, *(person.facts for person in people)]
        case _:
            code = _department(example, key)
            return [_facts(example, key), *(person.facts for person in people if person.department == code)]


def counts(sale: SampleSale, key: MeasureKey) -> bool:
    """Whether a sale line counts for a key. A price condition cannot hold for a line without a list price."""
    wanted = key.sales
    categories = wanted.categories or ((LABOUR,) if key.kind is Kind.LABOUR else ())
    return (
        _lets_through(categories, sale.category)
        and _lets_through(wanted.products, sale.product)
        and _lets_through(wanted.campaigns, sale.campaign)
        and (not wanted.roles or any(role in wanted.roles for role in sale.roles))
        and sale.product not in wanted.but_products
        and _price_holds(sale, wanted)
    )


def _lets_through(wanted: Sequence[str], found: str) -> bool:
    return not wanted or found in wanted


def _price_holds(sale: SampleSale, wanted: Sales) -> bool:
    if wanted.price is None:
        return True
    at_list = sale.list_price.fen * sale.quantity.value if sale.list_price else Fraction(0)
    return bool(at_list) and sale.received.fen / at_list in wanted.price


def _received(sales: Sequence[SampleSale]) -> int:
    return sum(sale.received.fen for sale in sales)


def _profit(sales: Sequence[SampleSale]) -> int:
    return sum(sale.received.fen - sale.cost.fen for sale in sales if sale.cost is not None)


def _quantity(sales: Sequence[SampleSale]) -> Fraction:
    return sum((sale.quantity.value * THOUSANDTHS for sale in sales), Fraction(0))


def _orders(sales: Sequence[SampleSale]) -> int:
    orders = {(sale.order or f"line {place}", sale.quantity.value > 0) for place, sale in enumerate(sales)}
    return sum(1 if sold else -1 for _, sold in orders)


_SUMS: dict[Kind, Callable[[Sequence[SampleSale]], int | Fraction]] = {
    Kind.AMOUNT: _received,
    Kind.LABOUR: _received,
    Kind.PROFIT: _profit,
    Kind.QUANTITY: _quantity,
    Kind.ORDERS: _orders,
}
