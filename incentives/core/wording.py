"""How figures and the names of measures are written inside sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce

from incentives.core.catalogue import Catalogue, Unit, in_blanks, in_words
from incentives.core.errors import Sentence, say
from incentives.core.measure import (
    INDICATOR_KINDS,
    MONEY_KINDS,
    Given,
    Kind,
    Measure,
    Number,
    Over,
    Parameter,
    Range,
    Sales,
    Whose,
)
from incentives.core.plan import Rate

SHOWN_DECIMALS = 4
"""A figure inside the arithmetic is shown to this many decimals; ``…`` says that it goes on. It is never rounded."""


def text_of(value: Fraction, unit: Unit) -> str:
    """A figure as it stands in a sentence: ``1,944.00``, ``120 %``, ``585``. Figures that go on end in ``…``."""
    match unit:
        case Unit.MONEY:
            return _decimal(value, least=2)
        case Unit.PERCENT:
            return f"{_decimal(value * 100, least=0)} %"
        case _:
            return _decimal(value, least=0)


def money_text(value: Fraction) -> str:
    """Yuan as they stand in a sentence."""
    return text_of(value, Unit.MONEY)


def _decimal(value: Fraction, least: int) -> str:
    scaled, rest = divmod(abs(value.numerator) * 10**SHOWN_DECIMALS, value.denominator)
    whole, decimals = divmod(scaled, 10**SHOWN_DECIMALS)
    shown = f"{decimals:0{SHOWN_DECIMALS}d}"
    goes_on = "…" if rest else ""
    if not goes_on:
        shown = shown[:least] + shown[least:].rstrip("0")
    sign = "-" if value.numerator < 0 else ""
    return f"{sign}{whole:,}{'.' if shown else ''}{shown}{goes_on}"


def parameter_name(parameter: Parameter) -> Sentence:
    """What people call a parameter; without a name in words, its key."""
    return parameter.label.sentence() if parameter.label else in_words(parameter.name)


def number_text(number: Number) -> Sentence | str:
    """A plan's number as written: ``5 %``, ``1.13``; a parameter with its name: ``tax divisor 1.13``."""
    if isinstance(number, Parameter):
        return parameter_name(number)
    return _with_parameter(number, text_of(number.value, Unit.PERCENT if number.percent else Unit.NUMBER))


def _with_parameter(number: Given, text: str) -> Sentence | str:
    return say("{parameter} {value}", parameter=number.name, value=text) if number.name else text


def edge_text(number: Number, unit: Unit) -> Sentence | str:
    """An edge in the unit of the measure it is compared with."""
    if isinstance(number, Given) and not number.percent:
        return _with_parameter(number, text_of(number.value, unit))
    return number_text(number)


def unit_of(measure: Measure, catalogue: Catalogue) -> Unit:
    """What a measure is counted in.

    Money divided by money is a percent, by a count again money; a percent divided by a number (``1 %``) is a number.
    """
    unit = _own_unit(measure, catalogue)
    if measure.divided_by is None:
        return unit
    if not isinstance(measure.divided_by, Measure):
        return Unit.NUMBER if unit is Unit.PERCENT else unit
    by = unit_of(measure.divided_by, catalogue)
    return Unit.PERCENT if by is unit else unit


def unit_within(measure: Measure, ranges: Iterable[Range], catalogue: Catalogue) -> Unit:
    """What a measure is counted in where it is compared; edges in percent tell it of an uncatalogued indicator."""
    unit = unit_of(measure, catalogue)
    percents = [
        isinstance(edge, Given) and edge.percent for within in ranges for edge in (within.low, within.high) if edge
    ]
    return Unit.PERCENT if unit is Unit.NUMBER and percents and all(percents) else unit


def _own_unit(measure: Measure, catalogue: Catalogue) -> Unit:
    if measure.kind in MONEY_KINDS:
        return Unit.MONEY
    if measure.kind in {Kind.ATTAINMENT, Kind.UPLIFT}:
        return Unit.PERCENT
    known = catalogue.indicators.get(measure.indicator) if measure.kind in INDICATOR_KINDS else None
    return known.unit if known else Unit.NUMBER


_KIND_NAMES = {
    Kind.AMOUNT: say("sales amount"),
    Kind.PROFIT: say("profit"),
    Kind.LABOUR: say("labour sales"),
    Kind.QUANTITY: say("pieces"),
    Kind.ORDERS: say("number of orders"),
    Kind.SCORE: say("score of the month"),
}


def kind_name(measure: Measure, catalogue: Catalogue) -> Sentence:
    """What is measured, without its filters."""
    if measure.kind in _KIND_NAMES:
        return _KIND_NAMES[measure.kind]
    name = catalogue.indicator(measure.indicator)
    match measure.kind:
        case Kind.TARGET:
            return say("target of {indicator}", indicator=name)
        case Kind.ATTAINMENT:
            return say("attainment of {indicator}", indicator=name)
        case Kind.UPLIFT:
            return say("uplift of {indicator}", indicator=name)
        case _:
            return name


def measure_name(measure: Measure, catalogue: Catalogue) -> Sentence:
    """A measure's name: the author's if he gave one, else made of what it measures and which sale lines count."""
    if measure.label:
        return measure.label.sentence()
    name = kind_name(measure, catalogue)
    words = _filters(measure.sales, catalogue)
    return say("{measure} ({filters})", measure=name, filters=listed(words)) if words else name


def _filters(sales: Sales, catalogue: Catalogue) -> list[Sentence]:
    return [
        *(_word(code) for code in sales.categories),
        *(catalogue.product(code) for code in sales.products),
        *(say("campaign {name}", name=in_words(code)) for code in sales.campaigns),
        *(_word(code) for code in sales.roles),
    ]


_WORDS = {
    "accessories": say("accessories"),
    "care_products": say("care products"),
    "parts": say("parts"),
    "labour": say("labour"),
    "insurance_labour": say("insurance labour"),
    "renewals": say("renewals"),
    "insurance_referrals": say("new-car insurance"),
    "other": say("other sales"),
    "seller": say("seller"),
    "adviser": say("service adviser"),
    "fitter": say("fitter"),
    "introducer": say("introducer"),
}
"""What everybody calls the categories and earning roles; a store's own finer word stays as it is written."""


def _word(code: str) -> Sentence:
    return _WORDS.get(code) or say("{words}", words=in_blanks(code))


def listed(words: Sequence[Sentence]) -> Sentence:
    """Several in one sentence, in the order given. There must be one at least."""
    return reduce(lambda one, other: say("{one}, {other}", one=one, other=other), words)


def whose_name(measure: Measure, catalogue: Catalogue) -> Sentence | None:
    """Whose facts a measure looks at; the person's own go without saying."""
    match measure.of:
        case Whose.PERSON:
            return None
        case Whose.MEMBERS:
            return say("of all members")
        case Whose.STORE:
            return say("of the store")
        case _ if measure.department:
            return say("of the department {department}", department=catalogue.department(measure.department))
        case _:
            return say("of the person's department")


def over_name(over: Over) -> Sentence | None:
    """Which months a measure looks at; the month alone goes without saying."""
    match over:
        case Over.MONTH:
            return None
        case Over.QUARTER:
            return say("in the quarter so far")
        case _:
            return say("in the year so far")


def range_name(within: Range, unit: Unit) -> Sentence:
    """A range with its edges, told in signs that read the same in both languages."""
    low = None if within.low is None else edge_text(within.low, unit)
    high = None if within.high is None else edge_text(within.high, unit)
    low_sign, high_sign = "≥" if within.low_belongs else ">", "≤" if within.high_belongs else "<"
    if low is not None and high is not None:
        return say(
            "{low_sign} {low} and {high_sign} {high}", low_sign=low_sign, low=low, high_sign=high_sign, high=high
        )
    if low is not None:
        return say("{sign} {edge}", sign=low_sign, edge=low)
    if high is not None:
        return say("{sign} {edge}", sign=high_sign, edge=high)
    return say("any value")


def range_texts(within: Range, unit: Unit) -> tuple[Sentence | str, Sentence | str]:
    """Both edges in the unit of what they hold; nothing for one that is not there."""
    low = "" if within.low is None else edge_text(within.low, unit)
    high = "" if within.high is None else edge_text(within.high, unit)
    return low, high


def yuan(number: Number) -> Sentence | str:
    """A plan's amount in yuan, and the parameter that holds it."""
    if isinstance(number, Parameter):
        return number_text(number)
    return _with_parameter(number, text_of(number.value, Unit.MONEY))


def rate_name(rate: Rate) -> Sentence | str:
    """A rate as it is spoken."""
    return say("{amount} per unit", amount=yuan(rate.number)) if rate.per_unit else number_text(rate.number)
