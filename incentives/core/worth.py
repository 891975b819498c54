"""What a line is worth before its steps: a fixed amount, a measure times a rate, or a table of tiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from incentives.core.catalogue import Unit
from incentives.core.errors import Sentence, say
from incentives.core.explain import Does, Explanation, bands, explain, range_figures
from incentives.core.measure import Given, Range, exact
from incentives.core.plan import Band, Fixed, Listed, Rate, Rated, Reads, Tiered, Worth
from incentives.core.reading import Desk, read
from incentives.core.wording import measure_name, range_name, range_texts, rate_name, text_of, unit_within, yuan


def work_out_worth(worth: Worth, desk: Desk) -> Explanation:
    """The amount in yuan, exact, with its arithmetic."""
    match worth:
        case Fixed():
            return _fixed(worth, desk)
        case Rated():
            return _rated(worth, desk)
        case Listed():
            return _listed(worth, desk)
        case Tiered(reads=Reads.EACH_BAND):
            return _each_band(worth, desk)
        case _:
            return _whole(worth, desk)


def _fixed(worth: Fixed, desk: Desk) -> Explanation:
    amount = exact(worth.amount)
    if not worth.prorated or desk.member is None:
        return explain(Does.GIVEN, _fixed_name(worth), figures=[amount], read=[yuan(worth.amount)])
    posted, month = desk.member.posted_days, desk.member.month_days
    return explain(
        Does.PRODUCT,
        say("Fixed amount by days in the posting"),
        figures=[amount, Fraction(posted, month)],
        read=[yuan(worth.amount), say("{posted} of {month} days", posted=posted, month=month)],
    )


def _fixed_name(worth: Fixed) -> Sentence:
    parameter = worth.amount.name if isinstance(worth.amount, Given) else None
    return say("Fixed amount ({parameter})", parameter=parameter) if parameter else say("Fixed amount")


def _rated(worth: Rated, desk: Desk) -> Explanation:
    return explain(
        Does.PRODUCT,
        measure_name(worth.measure, desk.catalogue),
        parts=[read(worth.measure, desk)],
        figures=[exact(worth.rate.number)],
        read=[rate_name(worth.rate)],
    )


def _listed(worth: Listed, desk: Desk) -> Explanation:
    rows = [_rated(row, desk) for row in worth.parts()]
    return explain(
        Does.SUM,
        say("By product"),
        parts=[row for row in rows if row.value] or rows[:1],
    )


def opened(table: Sequence[Band]) -> tuple[Band, ...]:
    """The bands with the lowest one, if it starts at zero, open below: net returns are taken back at its rate."""
    starts = [band.range.low for band in table]
    if None in starts:
        return tuple(table)
    return tuple(_open_at_zero(band) for band in table)


def _open_at_zero(band: Band) -> Band:
    low = band.range.low
    return replace(band, range=replace(band.range, low=None)) if low is not None and exact(low) == 0 else band


def _each_band(worth: Tiered, desk: Desk) -> Explanation:
    measured = read(worth.decides, desk)
    unit = unit_within(worth.decides, [band.range for band in worth.bands], desk.catalogue)
    slices = [_slice(band, measured.value, unit) for band in opened(worth.bands)]
    reached = [band for band in slices if band.value] or slices[:1]
    sentence = say("{measure}, each band at its own rate", measure=measure_name(worth.decides, desk.catalogue))
    return bands(sentence, measured, reached)


def _slice(band: Band, measured: Fraction, unit: Unit) -> Explanation:
    rate = _rate_of(band)
    return explain(
        Does.BAND,
        say("Band {range}", range=range_name(band.range, unit)),
        figures=[*range_figures(band.range), exact(rate.number)],
        read=[*range_texts(band.range, unit), rate_name(rate)],
        before=measured,
    )


def _rate_of(band: Band) -> Rate:
    if isinstance(band.pays, Fixed):
        raise TypeError("where each band has its own rate, a band cannot pay a fixed amount")
    return band.pays


def within(range_: Range, decided_by: Explanation, sentence: Sentence, unit: Unit) -> Explanation:
    """1 where the value lies in the range, else 0; ``unit`` is that of the edges."""
    return explain(
        Does.WITHIN,
        sentence,
        parts=[decided_by],
        figures=range_figures(range_),
        read=range_texts(range_, unit),
        unit=Unit.NUMBER,
    )


def _whole(worth: Tiered, desk: Desk) -> Explanation:
    decider = worth.decides
    deciding = read(decider, desk)
    unit = unit_within(decider, [band.range for band in worth.bands], desk.catalogue)
    name, shown = measure_name(decider, desk.catalogue), text_of(deciding.value, unit)
    for band in opened(worth.bands):
        if deciding.value in band.range:
            return _pays(worth, band, within(band.range, deciding, say("Band of {measure}", measure=name), unit), desk)
    return explain(
        Does.GIVEN,
        say("{measure} {value} lies in no band: nothing is paid", measure=name, value=shown),
        figures=[Fraction(0)],
    )


def _pays(worth: Tiered, band: Band, reached: Explanation, desk: Desk) -> Explanation:
    if isinstance(band.pays, Fixed):
        amount = _fixed(band.pays, desk)
        return explain(
            Does.WHERE,
            say("What the band pays"),
            parts=[reached, amount],
        )
    if worth.measure is None:
        raise TypeError("a band with a rate needs a measure that the rate is taken of")
    whole = _rated(Rated(worth.measure, band.pays), desk)
    return explain(
        Does.WHERE,
        say("The rate of the band holds for the whole"),
        parts=[reached, whole],
    )
