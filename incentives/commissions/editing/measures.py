"""The fields of a measure: what is looked at, whose, in which months, which sale lines count."""

from __future__ import annotations

from incentives.commissions.editing.fields import Box, Field, Kind, Option, Pickers, plain
from incentives.commissions.editing.tree import at, list_at, mapping_at, text_at
from incentives.commissions.format.writing import Mapping, Text
from incentives.core.errors import Sentence, say
from incentives.core.measure import Kind as Measured

KINDS = (
    Option("amount", say("sales amount")),
    Option("profit", say("profit")),
    Option("labour", say("labour sales")),
    Option("quantity", say("pieces")),
    Option("orders", say("number of orders")),
    Option("indicator", say("actual of an indicator")),
    Option("target", say("target of an indicator")),
    Option("attainment", say("attainment of an indicator")),
    Option("uplift", say("uplift of an indicator")),
    Option("score", say("score of the month")),
)
OF_SALES = frozenset({"amount", "profit", "labour", "quantity", "orders"})
OF_INDICATORS = frozenset({"indicator", "target", "attainment", "uplift"})
WHOSE = (
    Option("person", say("the person's own")),
    Option("members", say("of all whom the plan pays")),
    Option("department", say("of a department")),
    Option("store", say("of the store")),
)
OVER = (
    Option("", say("this month")),
    Option("quarter", say("the quarter so far")),
    Option("year", say("the year so far")),
)
DIVIDED = (
    Option("", say("not divided")),
    Option("number", say("a number")),
    Option("measure", say("another measure")),
)
BASELINES = (
    Option("number", say("a number")),
    Option("months_back", say("an earlier month")),
)
BETTER = (
    Option("", say("as the catalogue says")),
    Option("higher", say("higher is better")),
    Option("lower", say("lower is better")),
)


def kind_of(measure: Mapping) -> str:
    """What a measure looks at, also where it is written in short: ``{indicator: csi}``."""
    said = measure.get("kind")
    if isinstance(said, str):
        return said
    return next((key for key in ("indicator", "target", "attainment", "uplift") if key in measure), "amount")


def is_percent(tree: Text, path: str, pickers: Pickers) -> bool:
    """Whether the measure at a place is counted in percent, so that its edges are percents."""
    measure = mapping_at(tree, path)
    if isinstance(measure.get("divided_by"), str):
        return False
    kind = kind_of(measure)
    if kind in {Measured.ATTAINMENT, Measured.UPLIFT} or "target_met" in measure:
        return True
    return kind in {Measured.INDICATOR, Measured.TARGET} and text_at(measure, "indicator") in pickers.percents


def measure_box(tree: Text, path: str, pickers: Pickers, title: Sentence, *, pooled: bool = False) -> Box:
    """A measure as a box of its own."""
    measure, kind = mapping_at(tree, path), kind_of(mapping_at(tree, path))
    fields = [Field(path, Kind.SHAPE, say("What is measured"), kind, options=KINDS, shape="measure")]
    if kind in OF_INDICATORS:
        fields.append(_indicator(f"{path}.indicator", measure, pickers))
    fields += whose_fields(tree, path, pickers, pooled=pooled)
    if kind == Measured.UPLIFT:
        fields += _baseline(tree, path)
    if kind in OF_SALES:
        fields.append(_many(tree, f"{path}.category", say("Categories"), pickers.categories))
        fields.append(price_field(tree, f"{path}.price"))
    more = [*(_filters(tree, path, pickers) if kind in OF_SALES else ()), *_further(tree, path, kind)]
    divided = at(tree, f"{path}.divided_by")
    below = (
        (measure_box(tree, f"{path}.divided_by", pickers, say("Divided by"), pooled=pooled),)
        if isinstance(divided, dict)
        else ()
    )
    return Box(path, title, "measure", tuple(fields), tuple(more), below)


def _indicator(path: str, measure: Mapping, pickers: Pickers) -> Field:
    value = text_at(measure, "indicator")
    return Field(path, Kind.CHOICE, say("Indicator"), value, options=with_own(pickers.indicators, value))


def with_own(options: tuple[Option, ...], value: str) -> tuple[Option, ...]:
    """The options, with what is said now although the store does not have it; nothing first, if nothing is said."""
    if not value:
        return (Option("", say("Please choose")), *options)
    known = any(option.value == value for option in options)
    return options if known else (Option(value, plain(value)), *options)


def whose_fields(tree: Text, path: str, pickers: Pickers, *, pooled: bool) -> list[Field]:
    """Whose figures count, and of which department."""
    of = text_at(tree, f"{path}.of") or ("members" if pooled else "person")
    offered = tuple(option for option in WHOSE if not (pooled and option.value == "person"))
    fields = [Field(path, Kind.SHAPE, say("Whose"), of, options=with_own(offered, of), shape="whose")]
    if of == "department":
        value = text_at(tree, f"{path}.department")
        nothing = () if pooled else (Option("", say("the person's own department")),)
        options = (*nothing, *(with_own(pickers.departments, value) if value or pooled else pickers.departments))
        fields.append(Field(f"{path}.department", Kind.CHOICE, say("Department"), value, options=options))
    return fields


def _baseline(tree: Text, path: str) -> list[Field]:
    said = at(tree, f"{path}.baseline")
    earlier = isinstance(said, dict)
    shape = "months_back" if earlier else "number"
    fields = [Field(path, Kind.SHAPE, say("Compared with"), shape, options=BASELINES, shape="baseline")]
    if earlier:
        back = f"{path}.baseline.months_back"
        hint = say("1 is the month before, 12 the same month last year.")
        return [*fields, Field(back, Kind.TEXT, say("Months back"), text_at(tree, back), hint=hint)]
    value = text_at(tree, f"{path}.baseline")
    return [*fields, Field(f"{path}.baseline", Kind.NUMBER, say("Baseline"), value)]


def _many(tree: Text, path: str, label: Sentence, options: tuple[Option, ...]) -> Field:
    chosen = tuple(each for each in list_at(tree, path) if isinstance(each, str))
    known = {option.value for option in options}
    own = tuple(Option(each, plain(each)) for each in chosen if each not in known)
    return Field(path, Kind.MANY, label, values=chosen, options=(*options, *own), hint=say("None ticked: all count."))


def _typed(tree: Text, path: str, label: Sentence, picks: str) -> Field:
    chosen = tuple(each for each in list_at(tree, path) if isinstance(each, str))
    return Field(path, Kind.LIST, label, values=chosen, picks=picks)


def _filters(tree: Text, path: str, pickers: Pickers) -> list[Field]:
    return [
        _many(tree, f"{path}.role", say("Earning roles"), pickers.roles),
        _typed(tree, f"{path}.product", say("Only these products"), "products"),
        _typed(tree, f"{path}.but_product", say("Without these products"), "products"),
        _typed(tree, f"{path}.campaign", say("Only these campaigns"), "campaigns"),
    ]


def price_field(tree: Text, path: str) -> Field:
    """The condition on the price of a single sale line."""
    hint = say("Received against list price, line by line; a line outside counts nothing.")
    return edges_field(tree, path, say("Price against list"), percent=True, hint=hint)


def edges_field(
    tree: Text, path: str, label: Sentence, *, percent: bool = False, hint: Sentence | None = None
) -> Field:
    """The two edges of a range."""
    said = mapping_at(tree, path)
    pairs = tuple((key, value) for key in EDGE_WORDS if isinstance(value := said.get(key), str))
    return Field(path, Kind.EDGES, label, pairs=pairs, percent=percent, hint=hint)


EDGE_WORDS = ("from", "above", "up_to", "below")


def _further(tree: Text, path: str, kind: str) -> list[Field]:
    over = text_at(tree, f"{path}.over")
    fields = [Field(f"{path}.over", Kind.CHOICE, say("Over which time"), over, options=OVER)]
    if kind in {Measured.ATTAINMENT, Measured.INDICATOR}:
        better = text_at(tree, f"{path}.better")
        fields.append(Field(f"{path}.better", Kind.CHOICE, say("Which way is better"), better, options=BETTER))
    divided = at(tree, f"{path}.divided_by")
    shape = "" if divided is None else "measure" if isinstance(divided, dict) else "number"
    fields.append(Field(path, Kind.SHAPE, say("Divided by"), shape, options=DIVIDED, shape="divisor"))
    if shape == "number":
        fields.append(Field(f"{path}.divided_by", Kind.NUMBER, say("Divisor"), text_at(tree, f"{path}.divided_by")))
    return [*fields, *name_fields(tree, f"{path}.name", say("Name on the statement"))]


def titled(tree: Text, path: str, kind: Sentence) -> Sentence:
    """What a part is, with the name that it was given."""
    zh, en = text_at(tree, f"{path}.name.zh"), text_at(tree, f"{path}.name.en")
    if not zh and not en:
        return kind
    name = say("{in_english}{in_chinese:.0}", in_english=en or zh, in_chinese=zh or en)
    return say("{kind} “{name}”", kind=kind, name=name)


def name_fields(tree: Text, path: str, label: Sentence) -> list[Field]:
    """A name in both languages; one that is written as a single text counts for both."""
    said = at(tree, path)
    zh, en = (said, said) if isinstance(said, str) else (text_at(tree, f"{path}.zh"), text_at(tree, f"{path}.en"))
    return [
        Field(f"{path}.zh", Kind.TEXT, say("{label}, Chinese", label=label), zh, stands_for=en),
        Field(f"{path}.en", Kind.TEXT, say("{label}, English", label=label), en, stands_for=zh),
    ]
