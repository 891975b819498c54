"""From worked examples back to what their author could have written."""

from __future__ import annotations

from collections.abc import Sequence

from incentives.commissions.format.writing import Mapping, Text, label, number
from incentives.core.money import Money
from incentives.core.samples import NO_FACTS, Example, SampleFacts, SamplePerson, SampleReading, SampleSale


def written_example(example: Example) -> Text:
    """An example as plain lists, mappings and texts."""
    said: Mapping = {
        "name": label(example.label),
        "month": str(example.month),
        "people": [_person(person) for person in example.people],
    }
    for key, facts in (("members", example.members), ("store", example.store)):
        if facts != NO_FACTS:
            said[key] = _facts(facts)
    if example.departments:
        said["departments"] = {code: _facts(facts) for code, facts in example.departments}
    return {**said, "pools": _amounts(example.pools)} if example.pools else said


def _amounts(amounts: Sequence[tuple[str, Money]]) -> Text:
    return {code: amount.plain() for code, amount in amounts}


def _person(person: SamplePerson) -> Text:
    texts: Mapping = {"number": person.number, "position": person.position, "department": person.department}
    counts = {"days": person.days, "present": person.present}
    said: Mapping = {key: text for key, text in texts.items() if text}
    said |= {key: str(days) for key, days in counts.items() if days is not None}
    if person.coefficient:
        said["coefficient"] = number(person.coefficient)
    expected: Mapping = {} if person.total is None else {"total": person.total.plain()}
    if person.lines:
        expected["lines"] = _amounts(person.lines)
    return {**said, **_facts(person.facts), **({"expect": expected} if expected else {})}


def _facts(facts: SampleFacts) -> Mapping:
    said: Mapping = {}
    if facts.sales:
        said["sales"] = [_sale(sale) for sale in facts.sales]
    for key, readings in (("readings", facts.readings), ("targets", facts.targets)):
        if readings:
            said[key] = _readings(readings)
    return {**said, "score": number(facts.score)} if facts.score else said


def _readings(readings: Sequence[SampleReading]) -> Text:
    return {code: _reading([each for each in readings if each.indicator == code]) for code in _codes(readings)}


def _codes(readings: Sequence[SampleReading]) -> list[str]:
    return list(dict.fromkeys(reading.indicator for reading in readings))


def _reading(months: Sequence[SampleReading]) -> Text:
    if months[0].month is None:
        return number(months[0].value)
    return {str(each.month): number(each.value) for each in months}


def _sale(sale: SampleSale) -> Text:
    texts: Mapping = {
        "category": sale.category,
        "product": sale.product,
        "campaign": sale.campaign,
        "order": sale.order,
    }
    amounts = {"received": sale.received, "list": sale.list_price, "cost": sale.cost}
    said: Mapping = {key: text for key, text in texts.items() if text}
    said |= {key: amount.plain() for key, amount in amounts.items() if amount is not None}
    said["quantity"] = number(sale.quantity)
    if sale.month is not None:
        said["month"] = str(sale.month)
    return {**said, "role": list(sale.roles)} if sale.roles else said
