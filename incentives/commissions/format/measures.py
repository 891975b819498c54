"""Reading names and measures."""

from __future__ import annotations

from dataclasses import dataclass, replace

from incentives.commissions.format.numbers import code, divisor, price, whole
from incentives.commissions.format.place import Place
from incentives.core.attainment import Better
from incentives.core.errors import say
from incentives.core.measure import (
    INDICATOR_KINDS,
    SALE_KINDS,
    Kind,
    Label,
    Measure,
    Number,
    Over,
    Sales,
    Whose,
)

_SALES_KEYS = ("category", "product", "campaign", "role", "but_product", "price")
_OTHER_KEYS = ("of", "department", "over", "baseline", "better", "divided_by", "name")
_INDICATOR_KEYS = ("indicator", "target", "attainment", "uplift")
MEASURE_KEYS = ("kind", *_INDICATOR_KEYS, *_OTHER_KEYS, *_SALES_KEYS)


def label(place: Place) -> Label:
    """``{en: …, zh: …}``, or one text for both languages."""
    if isinstance(place.value, str):
        return Label(place.text(), place.text())
    said = place.mapping("en", "zh")
    if not said:
        raise place.wrong(say("a name is needed, in English (en), Chinese (zh) or both."))
    en, zh = said.get("en", said.get("zh")), said.get("zh", said.get("en"))
    return Label((en or place).text(), (zh or place).text())


def needed(place: Place, key: str) -> Place:
    """What stands under a key that must be said."""
    found = place.named().get(key)
    if found is None:
        raise place.wrong(say("“{key}” must be said here.", key=key))
    return found


def one_of(place: Place, *keys: str) -> str:
    """The one key that is said of several that exclude each other."""
    said = [key for key in keys if place.has(key)]
    if len(said) != 1:
        raise place.wrong(say("say exactly one of these: {keys}.", keys=", ".join(keys)))
    return said[0]


@dataclass(frozen=True, slots=True)
class MeasureReader:
    """Reads measures; ``whose`` is the scope of one that does not say its own."""

    measures: dict[str, Measure]
    whose: Whose = Whose.PERSON

    def measure(self, place: Place) -> Measure:
        """A measure written out, or the name of one from ``measures:``."""
        if isinstance(place.value, str):
            return self._by_name(place)
        said = place.mapping(*MEASURE_KEYS)
        kind, indicator = self._kind(place)
        filters = [key for key in _SALES_KEYS if key in said]
        if filters and kind not in SALE_KINDS:
            raise said[filters[0]].wrong(say("only measures of sales can be filtered like this."))
        measure = Measure(
            kind=kind,
            indicator=indicator,
            of=said["of"].choice(Whose) if "of" in said else self.whose,
            department=said["department"].text() if "department" in said else "",
            sales=self._sales(said),
            over=said["over"].choice(Over) if "over" in said else Over.MONTH,
            better=said["better"].choice(Better) if "better" in said else None,
            divided_by=self._divided_by(said["divided_by"]) if "divided_by" in said else None,
            label=label(said["name"]) if "name" in said else None,
        )
        return self._in_scope(place, self._with_baseline(place, measure))

    def _by_name(self, place: Place) -> Measure:
        name = place.text()
        if name not in self.measures:
            raise place.wrong(say("there is no measure named “{name}” under measures.", name=name[:40]))
        return self._in_scope(place, self.measures[name])

    def _in_scope(self, place: Place, measure: Measure) -> Measure:
        if measure.department and measure.of is not Whose.DEPARTMENT:
            raise place.wrong(say("a department is only said with “of: department”."))
        alone = measure.of is Whose.PERSON or (measure.of is Whose.DEPARTMENT and not measure.department)
        if self.whose is Whose.MEMBERS and alone:
            raise place.wrong(
                say("a pool belongs to nobody alone; say of: members, store, or department with its code.")
            )
        return measure

    def _kind(self, place: Place) -> tuple[Kind, str]:
        said = place.named()
        if "kind" not in said:
            key = one_of(place, "kind", *_INDICATOR_KEYS)
            return Kind(key), code(said[key])
        kind = said["kind"].choice(Kind)
        extra = [key for key in _INDICATOR_KEYS if key in said and not (key == "indicator" and kind in INDICATOR_KINDS)]
        if extra:
            raise said[extra[0]].wrong(say("this does not go with kind: {kind}.", kind=kind.value))
        return kind, code(needed(place, "indicator")) if kind in INDICATOR_KINDS else ""

    def _sales(self, said: dict[str, Place]) -> Sales:
        categories, products, campaigns, roles, but_products = (_texts(said, key) for key in _SALES_KEYS[:5])
        prices = price(said["price"]) if "price" in said else None
        return Sales(categories, products, campaigns, roles, but_products, prices)

    def _divided_by(self, place: Place) -> Number | Measure:
        if isinstance(place.value, dict) or place.value in self.measures:
            return self.measure(place)
        return divisor(place)

    def _with_baseline(self, place: Place, measure: Measure) -> Measure:
        if measure.kind is not Kind.UPLIFT:
            if place.has("baseline"):
                raise place.wrong(say("only an uplift has a baseline."))
            return measure
        said = needed(place, "baseline")
        if not isinstance(said.value, dict):
            return replace(measure, baseline=divisor(said))
        months = said.mapping("months_back")
        return replace(measure, months_back=whole(needed(Place(said.path, dict(months)), "months_back"), 1, 24))

    def inline(self, place: Place) -> Measure:
        """The measure of a factor, gate or weight: under ``measure``, or its keys among the others."""
        if place.has("measure"):
            doubled = [key for key in MEASURE_KEYS if place.has(key)]
            if doubled:
                raise place.wrong(say("“{key}” belongs inside measure.", key=doubled[0]))
            return self.measure(place.named()["measure"])
        own = {key: value for key, value in place.named().items() if key in MEASURE_KEYS}
        return self.measure(Place(place.path, own))


def _texts(said: dict[str, Place], key: str) -> tuple[str, ...]:
    return said[key].each(Place.text) if key in said else ()
