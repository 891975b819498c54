"""What is wrong with a table of bands: gaps, overlaps, edges, pay that falls, and what one more unit is worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from incentives.core.attainment import Better
from incentives.core.catalogue import NO_CATALOGUE, Catalogue, Unit
from incentives.core.errors import Sentence, say
from incentives.core.findings import FACTOR_FALLS, FALLS, Finding, Severity, size_of
from incentives.core.keys import key_of
from incentives.core.measure import Given, Kind, Measure, Range, Whose, exact
from incentives.core.period import Month
from incentives.core.plan import Band, FactorBand, Rated, Reads, StepTable, Tiered, Worth
from incentives.core.reading import Desk, better_of
from incentives.core.wording import measure_name, money_text, number_text, range_name, text_of, unit_of, unit_within
from incentives.core.worth import opened, work_out_worth

PROBED = "probed"
"""The measure that stands in for the real one while a table is tried out."""
BASE = Fraction(10_000)
"""Where another measure picks the rate, pay is tried out on this much of the measure that it is taken of."""
_MONTH = Month(2026, 1)
LARGEST_BARE_PERCENT = 5
"""An edge up to this may well be a percent written as a number: 1.2 is 120 %. A larger one is a slip."""
_PER_CENT = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of bands at its place in the plan, and how its values are shown."""

    path: str
    ranges: tuple[Range, ...]
    name: Sentence
    unit: Unit
    better: Better | None = Better.HIGHER

    def shown(self, value: Fraction) -> str:
        """A value of the measure that picks the band."""
        return text_of(value, self.unit)

    def band(self, place: int) -> str:
        """The path of a band."""
        return f"{self.path}.bands[{place}]"

    @property
    def step(self) -> Fraction:
        """One more: a yuan, a piece, or a percentage point."""
        return _PER_CENT if self.unit is Unit.PERCENT else Fraction(1)

    @property
    def edges(self) -> list[Fraction]:
        """All edges that are named, in order."""
        named = {exact(edge) for each in self.ranges for edge in (each.low, each.high) if edge is not None}
        return sorted(named)


def table_of(path: str, part: Tiered | StepTable, catalogue: Catalogue) -> Table:
    """The table of a part of a plan."""
    measure = part.measure if isinstance(part, StepTable) else part.decides
    bands: Sequence[Band | FactorBand] = part.bands if isinstance(part, StepTable) else opened(part.bands)
    ranges = tuple(band.range for band in bands)
    better = _direction(measure, catalogue)
    unit = unit_within(measure, ranges, catalogue)
    return Table(path, ranges, measure_name(measure, catalogue), unit, better)


def _direction(measure: Measure, catalogue: Catalogue) -> Better | None:
    """Which way the measure is better; of an indicator that the catalogue does not have, nobody knows."""
    if measure.kind is not Kind.INDICATOR:
        return Better.HIGHER
    known = measure.better is not None or measure.indicator in catalogue.indicators
    return better_of(measure, catalogue) if known else None


# --- gaps, overlaps, edges -------------------------------------------------------------------------------


def check_cover(table: Table) -> Iterator[Finding]:
    """Every value must lie in just one band."""
    found = [*_doubled(table), *_uncovered(table)]
    once: dict[tuple[str, Sentence], Finding] = {}
    for finding in found:
        once.setdefault((finding.path, finding.sentence), finding)
    yield from once.values()


def _doubled(table: Table) -> Iterator[Finding]:
    for value in _probes(table):
        places = [place for place, each in enumerate(table.ranges) if value in each]
        if len(places) > 1:
            case = say("{measure} of {value} lies in two bands.", measure=table.name, value=table.shown(value))
            path, ranges = table.band(places[1]), [range_name(table.ranges[place], table.unit) for place in places]
            if value in table.edges and not _overlap(table, places):
                sentence = say("The edge {value} belongs to two bands.", value=table.shown(value))
            else:
                sentence = say("The bands {one} and {other} overlap.", one=ranges[0], other=ranges[1])
            yield Finding(Severity.ERROR, path, sentence, case)


def _overlap(table: Table, places: Sequence[int]) -> bool:
    between = [value for value in _between(table) if all(value in table.ranges[place] for place in places[:2])]
    return bool(between)


def _uncovered(table: Table) -> Iterator[Finding]:
    for value in _probes(table):
        if any(value in each for each in table.ranges):
            continue
        case = say("{measure} of {value} lies in no band.", measure=table.name, value=table.shown(value))
        outside = not table.edges or value < table.edges[0] or value > table.edges[-1]
        severity = Severity.WARNING if outside else Severity.ERROR
        yield Finding(severity, table.path, _hole(table, value), case)


def _hole(table: Table, value: Fraction) -> Sentence:
    if value in table.edges:
        return say("The edge {value} belongs to no band.", value=table.shown(value))
    lower = [edge for edge in table.edges if edge < value]
    upper = [edge for edge in table.edges if edge > value]
    if not lower:
        return say("There is no band below {value}.", value=table.shown(upper[0]))
    if not upper:
        return say("There is no band above {value}.", value=table.shown(lower[-1]))
    return say("There is a gap between {low} and {high}.", low=table.shown(lower[-1]), high=table.shown(upper[0]))


def _between(table: Table) -> list[Fraction]:
    return [(low + high) / 2 for low, high in pairwise(table.edges)]


def _probes(table: Table) -> list[Fraction]:
    """Every edge, a value between any two, one below the lowest and one above the highest."""
    if not table.edges:
        return [Fraction(0)]
    ends = [table.edges[0] - table.step, table.edges[-1] + table.step]
    return sorted([*table.edges, *_between(table), *ends])


def check_edges(path: str, measure: Measure, ranges: Sequence[Range], catalogue: Catalogue) -> Iterator[Finding]:
    """A percent is compared with percents, and nothing else is."""
    if measure.kind is Kind.INDICATOR and measure.indicator not in catalogue.indicators:
        return
    percent = unit_of(measure, catalogue) is Unit.PERCENT
    edges = [edge for each in ranges for edge in (each.low, each.high) if isinstance(edge, Given) and edge.value]
    wrong = [edge for edge in edges if edge.percent is not percent]
    if not wrong:
        return
    name, edge = measure_name(measure, catalogue), number_text(wrong[0])
    if percent and abs(wrong[0].value) > LARGEST_BARE_PERCENT:
        sentence = say("{measure} is a percent, but the edge {edge} is none.", measure=name, edge=edge)
        case = say("{edge} is {other}.", edge=edge, other=text_of(wrong[0].value, Unit.PERCENT))
        yield Finding(Severity.WARNING, path, sentence, case)
    if not percent:
        sentence = say("{measure} is no percent, but the edge {edge} is.", measure=name, edge=edge)
        case = say("{edge} is {other}.", edge=edge, other=text_of(wrong[0].value, Unit.NUMBER))
        yield Finding(Severity.WARNING, path, sentence, case)


# --- what a table pays -----------------------------------------------------------------------------------


def check_pay(table: Table, worth: Tiered) -> Iterator[Finding]:
    """Pay that falls as results rise, and what one more unit is worth at each edge of a table read as whole."""
    yield from _falls(table, worth)
    if worth.reads is Reads.WHOLE:
        yield from _cliffs(table, worth)


def check_deduction(table: Table, worth: Tiered) -> Iterator[Finding]:
    """A deduction must not grow as results get better. Whether more sales are better here nobody knows."""
    if worth.decides.kind is not Kind.INDICATOR or table.better is None:
        return
    tried = [(value, pay_at(worth, value)) for value in _tried(table)]
    if table.better is Better.LOWER:
        tried.reverse()
    for (low, less), (high, more) in pairwise(tried):
        if more > less:
            case = say(
                "{high} costs {more}, more than the {less} of {low}.",
                high=table.shown(high),
                more=money_text(more),
                less=money_text(less),
                low=table.shown(low),
            )
            yield Finding(Severity.WARNING, table.path, say("The deduction grows as results get better."), case)
            return


def _falls(table: Table, worth: Tiered) -> Iterator[Finding]:
    tried = [(value, pay_at(worth, value)) for value in _tried(table)]
    pays = [pay for _, pay in tried]
    if table.better is Better.LOWER or (table.better is None and pays == sorted(pays, reverse=True)):
        tried.reverse()
    for place, (high, more) in enumerate(tried):
        lower = [(low, less) for low, less in tried[place:] if less < more]
        if lower and (high in table.edges or not place):
            low, less = lower[-1]
            case = say(
                "{low} pays {less}, less than the {more} of {high}.",
                low=table.shown(low),
                less=money_text(less),
                more=money_text(more),
                high=table.shown(high),
            )
            yield Finding(Severity.ERROR, table.path, FALLS, _of_base(worth, case))


def _tried(table: Table) -> list[Fraction]:
    """Every edge, the middle of every band, half the lowest edge, and as far above the highest as half its band."""
    edges = table.edges
    beyond = edges[-1] + ((edges[-1] - edges[-2]) / 2 if len(edges) > 1 else abs(edges[-1])) if edges else None
    tried = {*edges, *_between(table), *([] if beyond is None else [edges[0] / 2, beyond])}
    return sorted(value for value in tried if value >= 0)


def _cliffs(table: Table, worth: Tiered) -> Iterator[Finding]:
    for edge in table.edges:
        below = [each for each in table.ranges if edge in each and each.high is not None and exact(each.high) == edge]
        low = edge if below else edge - table.step
        before, after = pay_at(worth, low), pay_at(worth, low + table.step)
        rises = after > before if table.better is Better.HIGHER else after != before
        if low >= 0 and rises and abs(after - before) > _usual(worth, table, low):
            yield Finding(
                size_of(abs(after - before)),
                table.path,
                say("There is a cliff at {edge}.", edge=table.shown(edge)),
                _of_base(
                    worth,
                    say(
                        "{low} pays {before} and {high} pays {after}: that step is worth {difference}.",
                        low=table.shown(low),
                        before=money_text(before),
                        high=table.shown(low + table.step),
                        after=money_text(after),
                        difference=money_text(abs(after - before)),
                    ),
                ),
            )


def _of_base(worth: Tiered, case: Sentence) -> Sentence:
    if worth.by is None or worth.measure is None:
        return case
    return say("Out of {base}: {case}", base=money_text(BASE), case=case)


def _usual(worth: Tiered, table: Table, low: Fraction) -> Fraction:
    """What one more unit is worth away from the edges: a step that is worth more than twice that is a cliff."""
    return abs(pay_at(worth, low + 2 * table.step) - pay_at(worth, low + table.step)) * 2


def pay_at(worth: Tiered, value: Fraction) -> Fraction:
    """What a table pays when the measure that picks the band comes to a value, by the calculation that pays people."""
    probe = Measure(kind=Kind.INDICATOR, indicator=PROBED, of=Whose.STORE)
    base = replace(probe, indicator="base")
    tried: Worth = replace(worth, measure=probe, by=None)
    if worth.by is not None and worth.measure is not None:
        tried = replace(worth, measure=base, by=probe)
    sums = {key_of(probe, Kind.INDICATOR, _MONTH, None): value, key_of(base, Kind.INDICATOR, _MONTH, None): BASE}
    return work_out_worth(tried, Desk(_MONTH, sums, NO_CATALOGUE)).value


# --- step tables and units -------------------------------------------------------------------------------


def check_factors(table: Table, step: StepTable) -> Iterator[Finding]:
    """Factors must not fall as results get better, nor go up and down where nobody knows which way is better."""
    ordered = sorted(step.bands, key=lambda band: _start(band.range))
    if table.better is Better.LOWER or (
        table.better is None and _factors(ordered) == sorted(_factors(ordered), reverse=True)
    ):
        ordered.reverse()
    for one, other in pairwise(ordered):
        if exact(other.factor) < exact(one.factor):
            yield Finding(
                Severity.ERROR,
                table.path,
                FACTOR_FALLS,
                say(
                    "{one} gives {factor} and {other} gives {next_factor}.",
                    one=range_name(one.range, table.unit),
                    factor=text_of(exact(one.factor), Unit.NUMBER),
                    other=range_name(other.range, table.unit),
                    next_factor=text_of(exact(other.factor), Unit.NUMBER),
                ),
            )


def _factors(bands: Sequence[FactorBand]) -> list[Fraction]:
    return [exact(band.factor) for band in bands]


def _start(within: Range) -> tuple[bool, Fraction]:
    return (within.low is not None, Fraction(0) if within.low is None else exact(within.low))


def check_units(path: str, worth: Rated, catalogue: Catalogue) -> Iterator[Finding]:
    """A percent is taken of money, yuan per unit are paid for what is counted."""
    known = worth.measure.kind is not Kind.INDICATOR or worth.measure.indicator in catalogue.indicators
    counted = unit_of(worth.measure, catalogue)
    name = measure_name(worth.measure, catalogue)
    if worth.rate.per_unit and counted is Unit.MONEY:
        yield Finding(
            Severity.WARNING,
            path,
            say("Yuan per unit are paid for money."),
            say("Each yuan of {measure} counts as a unit.", measure=name),
        )
    if known and not worth.rate.per_unit and counted is not Unit.MONEY:
        yield Finding(
            Severity.WARNING,
            path,
            say("A percent is taken of something that is no money."),
            say("{measure} is not counted in yuan.", measure=name),
        )
