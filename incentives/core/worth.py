"""What a line is worth before its steps: a fixed amount, a measure times a rate, or a table of tiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from incentives.core.catalogue import Unit
from incentives.core.errors import Sentence, say
from incentives.core.explain import Does, Explanation, bands, explain, range_figures, work_out
from incentives.core.measure import Range, exact
from incentives.core.plan import Band, Fixed, Listed, Rate, Rated, Reads, Tiered, Worth
from incentives.core.reading import Desk, read
from incentives.core.wording import measure_name, money_text, range_name, rate_name, text_of, unit_of, unit_within, yuan


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
        return explain(Does.GIVEN, lambda _: say("Fixed amount {amount}", amount=yuan(worth.amount)), figures=[amount])
    posted, month = desk.member.posted_days, desk.member.month_days
    return explain(
        Does.PRODUCT,
        lambda result: say(
            "Fixed amount {amount} × {posted} of {month} days = {result}",
            amount=yuan(worth.amount),
            posted=posted,
            month=month,
            result=money_text(result),
        ),
        figures=[amount, Fraction(posted, month)],
    )


def _rated(worth: Rated, desk: Desk) -> Explanation:
    measured = read(worth.measure, desk)
    return explain(
        Does.PRODUCT,
        lambda result: say(
            "{measure} {value} × {rate} = {result}",
            measure=measure_name(worth.measure, desk.catalogue),
            value=text_of(measured.value, unit_of(worth.measure, desk.catalogue)),
            rate=rate_name(worth.rate),
            result=money_text(result),
        ),
        parts=[measured],
        figures=[exact(worth.rate.number)],
    )


def _listed(worth: Listed, desk: Desk) -> Explanation:
    rows = [_rated(row, desk) for row in worth.parts()]
    return explain(
        Does.SUM,
        lambda result: say("By product: {result}", result=money_text(result)),
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
    sentence = say(
        "{measure} {value}, each band at its own rate",
        measure=measure_name(worth.decides, desk.catalogue),
        value=text_of(measured.value, unit),
    )
    return bands(sentence, measured, reached)


def _slice(band: Band, measured: Fraction, unit: Unit) -> Explanation:
    rate, edges = _rate_of(band), range_figures(band.range)
    part = work_out(Does.BAND, measured, (), [*edges, Fraction(1)])
    return explain(
        Does.BAND,
        lambda result: say(
            "{range}: {part} × {rate} = {result}",
            range=range_name(band.range, unit),
            part=text_of(part, unit),
            rate=rate_name(rate),
            result=money_text(result),
        ),
        figures=[*edges, exact(rate.number)],
        before=measured,
    )


def _rate_of(band: Band) -> Rate:
    if isinstance(band.pays, Fixed):
        raise TypeError("where each band has its own rate, a band cannot pay a fixed amount")
    return band.pays


def within(range_: Range, decided_by: Explanation, sentence: Sentence) -> Explanation:
    """1 where the value lies in the range, else 0."""
    return explain(Does.WITHIN, lambda _: sentence, parts=[decided_by], figures=range_figures(range_))


def _whole(worth: Tiered, desk: Desk) -> Explanation:
    decider = worth.decides
    deciding = read(decider, desk)
    unit = unit_within(decider, [band.range for band in worth.bands], desk.catalogue)
    name, shown = measure_name(decider, desk.catalogue), text_of(deciding.value, unit)
    for band in opened(worth.bands):
        if deciding.value in band.range:
            found = say(
                "{measure} {value} lies in the band {range}",
                measure=name,
                value=shown,
                range=range_name(band.range, unit),
            )
            return _pays(worth, band, within(band.range, deciding, found), desk)
    return explain(
        Does.GIVEN,
        lambda _: say("{measure} {value} lies in no band: nothing is paid", measure=name, value=shown),
        figures=[Fraction(0)],
    )


def _pays(worth: Tiered, band: Band, reached: Explanation, desk: Desk) -> Explanation:
    if isinstance(band.pays, Fixed):
        amount = _fixed(band.pays, desk)
        return explain(
            Does.PRODUCT,
            lambda result: say("The band pays {result}", result=money_text(result)),
            parts=[reached, amount],
        )
    if worth.measure is None:
        raise TypeError("a band with a rate needs a measure that the rate is taken of")
    whole = _rated(Rated(worth.measure, band.pays), desk)
    return explain(
        Does.PRODUCT,
        lambda _: say("The rate holds for the whole: {sentence}", sentence=whole.sentence),
        parts=[reached, whole],
    )
