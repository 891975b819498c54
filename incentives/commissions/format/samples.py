"""Reading the worked examples of a plan."""

from __future__ import annotations

from incentives.commissions.format.measures import label, needed
from incentives.commissions.format.numbers import given, whole
from incentives.commissions.format.place import Place
from incentives.core.errors import DomainError
from incentives.core.measure import ONE, Given
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.samples import NO_FACTS, Example, SampleFacts, SamplePerson, SampleReading, SampleSale

_FACT_KEYS = ("sales", "readings", "targets", "score")
_PERSON_KEYS = ("number", "position", "department", "days", "present", "coefficient", "expect")
_SALE_KEYS = ("category", "received", "list", "cost", "quantity", "product", "campaign", "role", "order", "month")


def example(place: Place) -> Example:
    """One example: a month, its people and what is known of the members, departments and store."""
    said = place.mapping("name", "month", "people", "members", "store", "departments", "pools")
    return Example(
        label=label(needed(place, "name")),
        month=month(needed(place, "month")),
        people=needed(place, "people").each(_person),
        members=_facts(said["members"]) if "members" in said else NO_FACTS,
        store=_facts(said["store"]) if "store" in said else NO_FACTS,
        departments=_departments(said["departments"]) if "departments" in said else (),
        pools=_amounts(said["pools"]) if "pools" in said else (),
    )


def month(place: Place) -> Month:
    """A month such as 2026-10."""
    try:
        return Month.parse(place.text())
    except DomainError as error:
        raise place.wrong(error.sentence) from None


def money(place: Place) -> Money:
    """An amount in yuan with at most two decimals."""
    try:
        return Money.parse(place.text())
    except DomainError as error:
        raise place.wrong(error.sentence) from None


def _departments(place: Place) -> tuple[tuple[str, SampleFacts], ...]:
    return tuple((name, _facts(value)) for name, value in place.named().items())


def _amounts(place: Place) -> tuple[tuple[str, Money], ...]:
    return tuple((name, money(value)) for name, value in place.named().items())


def _facts(place: Place) -> SampleFacts:
    place.mapping(*_FACT_KEYS)
    return _known(place)


def _known(place: Place) -> SampleFacts:
    said = place.named()
    return SampleFacts(
        sales=said["sales"].each(_sale) if "sales" in said else (),
        readings=_readings(said["readings"]) if "readings" in said else (),
        targets=_readings(said["targets"]) if "targets" in said else (),
        score=given(said["score"]) if "score" in said else None,
    )


def _readings(place: Place) -> tuple[SampleReading, ...]:
    return tuple(reading for code, value in place.named().items() for reading in _reading(code, value))


def _reading(code: str, place: Place) -> list[SampleReading]:
    if isinstance(place.value, str):
        return [SampleReading(code, given(place))]
    return [SampleReading(code, given(value), month(Place(value.path, when))) for when, value in place.named().items()]


def _sale(place: Place) -> SampleSale:
    said = place.mapping(*_SALE_KEYS)
    return SampleSale(
        category=needed(place, "category").text(),
        received=money(said["received"]) if "received" in said else Money(0),
        list_price=money(said["list"]) if "list" in said else None,
        cost=money(said["cost"]) if "cost" in said else None,
        quantity=given(said["quantity"]) if "quantity" in said else ONE,
        product=said["product"].text() if "product" in said else "",
        campaign=said["campaign"].text() if "campaign" in said else "",
        roles=said["role"].each(Place.text) if "role" in said else (),
        order=said["order"].text() if "order" in said else "",
        month=month(said["month"]) if "month" in said else None,
    )


def _person(place: Place) -> SamplePerson:
    said = place.mapping(*_PERSON_KEYS, *_FACT_KEYS)
    total, lines = _expected(said["expect"]) if "expect" in said else (None, ())
    return SamplePerson(
        number=needed(place, "number").text(),
        position=said["position"].text() if "position" in said else "",
        department=said["department"].text() if "department" in said else "",
        days=whole(said["days"], 0, 31) if "days" in said else None,
        present=whole(said["present"], 0, 31) if "present" in said else None,
        coefficient=_coefficient(said),
        facts=_known(place),
        total=total,
        lines=lines,
    )


def _coefficient(said: dict[str, Place]) -> Given | None:
    return given(said["coefficient"]) if "coefficient" in said else None


def _expected(place: Place) -> tuple[Money | None, tuple[tuple[str, Money], ...]]:
    if isinstance(place.value, str):
        return money(place), ()
    said = place.mapping("total", "lines")
    total = money(said["total"]) if "total" in said else None
    return total, _amounts(said["lines"]) if "lines" in said else ()
