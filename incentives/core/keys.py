"""What has to be known before a plan can be calculated: one key for each sum or reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from incentives.core.errors import Plain
from incentives.core.measure import SALE_KINDS, Given, Kind, Measure, Over, Range, Sales, Whose, exact
from incentives.core.period import Month, quarter_of


@dataclass(frozen=True, slots=True)
class MeasureKey:
    """One figure to be looked up: hashable, and the same for measures that ask for the same facts.

    Sums of sale lines are answered in fen (amount, profit, labour), thousandths (quantity) or whole orders;
    readings, targets and scores as exact numbers in their unit, percents as fractions (95.1 % is 951/1000).
    ``person`` is the employee's id where ``of`` is person, or department without a department's code; the
    department is then the person's own.
    """

    kind: Kind
    indicator: str
    of: Whose
    department: str
    person: int | None
    sales: Sales
    first: Month
    last: Month

    def as_plain(self) -> dict[str, Plain]:
        """JSON-ready data; :func:`key_from_plain` reads it back."""
        return {
            "kind": self.kind.value,
            "indicator": self.indicator,
            "of": self.of.value,
            "department": self.department,
            "person": self.person,
            "sales": _sales_as_plain(self.sales),
            "first": str(self.first),
            "last": str(self.last),
        }


_LISTS = ("categories", "products", "campaigns", "roles", "but_products")


def _sales_as_plain(sales: Sales) -> dict[str, Plain]:
    plain: dict[str, Plain] = {name: list(getattr(sales, name)) for name in _LISTS if getattr(sales, name)}
    if price := sales.price:
        plain["price"] = {
            "low": None if price.low is None else str(exact(price.low)),
            "low_belongs": price.low_belongs,
            "high": None if price.high is None else str(exact(price.high)),
            "high_belongs": price.high_belongs,
        }
    return plain


def key_from_plain(data: dict[str, Plain]) -> MeasureKey:
    """Read a key stored by :meth:`MeasureKey.as_plain`."""
    person = data["person"]
    return MeasureKey(
        kind=Kind(str(data["kind"])),
        indicator=str(data["indicator"]),
        of=Whose(str(data["of"])),
        department=str(data["department"]),
        person=person if isinstance(person, int) else None,
        sales=_sales_from_plain(data["sales"]),
        first=Month.parse(str(data["first"])),
        last=Month.parse(str(data["last"])),
    )


def _sales_from_plain(data: Plain) -> Sales:
    if not isinstance(data, dict):
        raise TypeError("a stored key keeps its filters in a mapping")
    categories, products, campaigns, roles, but_products = (_texts(data.get(name)) for name in _LISTS)
    return Sales(categories, products, campaigns, roles, but_products, _price_from_plain(data.get("price")))


def _texts(data: Plain) -> tuple[str, ...]:
    return tuple(str(each) for each in data) if isinstance(data, list) else ()


def _price_from_plain(data: Plain) -> Range | None:
    if not isinstance(data, dict):
        return None
    low, high = data["low"], data["high"]
    return Range(
        low=None if low is None else Given(Fraction(str(low))),
        low_belongs=bool(data["low_belongs"]),
        high=None if high is None else Given(Fraction(str(high))),
        high_belongs=bool(data["high_belongs"]),
    )


def key_of(measure: Measure, kind: Kind, month: Month, person: int | None) -> MeasureKey:
    """The key of a measure's figure of that kind; the person is kept only where the scope asks for one."""
    own = measure.of is Whose.PERSON or (measure.of is Whose.DEPARTMENT and not measure.department)
    return MeasureKey(
        kind=kind,
        indicator=measure.indicator,
        of=measure.of,
        department=measure.department,
        person=person if own else None,
        sales=_normalised(measure.sales) if kind in SALE_KINDS else Sales(),
        first=_first_month(measure.over, month),
        last=month,
    )


def _first_month(over: Over, month: Month) -> Month:
    match over:
        case Over.MONTH:
            return month
        case Over.QUARTER:
            return quarter_of(month)[0]
        case _:
            return Month(month.year, 1)


@lru_cache(maxsize=1024)
def _normalised(sales: Sales) -> Sales:
    """Kept, because a plan asks for the same filter for everybody whom it pays."""
    lists = {name: tuple(sorted(set(getattr(sales, name)))) for name in _LISTS}
    return replace(sales, **lists, price=_plain_edges(sales.price))


def _plain_edges(price: Range | None) -> Range | None:
    if price is None:
        return None
    low = None if price.low is None else Given(exact(price.low))
    high = None if price.high is None else Given(exact(price.high))
    return replace(price, low=low, high=high)


def keys_of(measure: Measure, month: Month, person: int | None) -> list[MeasureKey]:
    """Every figure that a measure needs, itself and what it is divided by."""
    keys = [key_of(measure, kind, when, person) for kind, when in _asked(measure, month)]
    if isinstance(measure.divided_by, Measure):
        keys += keys_of(measure.divided_by, month, person)
    return keys


def _asked(measure: Measure, month: Month) -> list[tuple[Kind, Month]]:
    if measure.kind is Kind.ATTAINMENT:
        return [(Kind.INDICATOR, month), (Kind.TARGET, month)]
    if measure.kind is Kind.UPLIFT:
        now = [(Kind.INDICATOR, month)]
        return now + [(Kind.INDICATOR, month.plus(-measure.months_back))] * bool(measure.months_back)
    return [(measure.kind, month)]
