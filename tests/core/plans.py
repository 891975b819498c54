"""Random pay plans, members and figures, as a plan's author could have written them."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import pairwise

from hypothesis import strategies as st

from incentives.core.keys import MeasureKey
from incentives.core.measure import MONEY_KINDS, SALE_KINDS, Given, Kind, Label, Measure, Over, Range, Sales, Whose
from incentives.core.needs import needed
from incentives.core.period import Month
from incentives.core.plan import (
    Band,
    Cap,
    Coefficients,
    Condition,
    Days,
    DaysPresent,
    Deduct,
    Equal,
    Factor,
    FactorBand,
    Fixed,
    Floor,
    Gate,
    Group,
    Line,
    Listed,
    MeasuredFactor,
    Node,
    Plan,
    Pool,
    Rate,
    Rated,
    Reads,
    Step,
    StepTable,
    TargetMet,
    Tiered,
    Worth,
)
from incentives.core.reading import Member

OCTOBER = Month(2026, 10)
NAME = Label("Part", "部分")


def numbers(least: int, most: int, *, places: int = 2) -> st.SearchStrategy[Given]:
    """Written numbers with so many decimals."""
    scale = 10**places
    return st.integers(least * scale, most * scale).map(lambda whole: Given(Fraction(whole, scale)))


percents = st.integers(0, 2000).map(lambda tenths: Given(Fraction(tenths, 1000), percent=True))
amounts = numbers(0, 5000)


@cache
def measures(whose: st.SearchStrategy[Whose]) -> st.SearchStrategy[Measure]:
    """Sums of sales, readings, attainments, uplifts and scores."""
    sales = st.builds(
        Measure,
        kind=st.sampled_from(sorted(SALE_KINDS)),
        of=whose,
        sales=st.builds(
            Sales,
            categories=st.sampled_from([(), ("accessories",), ("accessories", "parts")]),
            roles=st.sampled_from([(), ("seller",)]),
            price=st.sampled_from([None, Range(Given(Fraction(4, 5), percent=True), low_belongs=False)]),
        ),
        divided_by=st.sampled_from([None, Given(Fraction("1.13"))]),
        label=st.sampled_from([None, NAME]),
    )
    readings = st.builds(
        Measure,
        kind=st.sampled_from([Kind.INDICATOR, Kind.TARGET, Kind.ATTAINMENT]),
        indicator=st.sampled_from(["csi", "vehicles"]),
        of=whose,
        over=st.sampled_from(Over),
    )
    uplifts = st.builds(
        Measure, kind=st.just(Kind.UPLIFT), indicator=st.just("csi"), of=whose, baseline=numbers(1, 9), label=st.none()
    )
    return st.one_of(sales, readings, uplifts, st.builds(Measure, kind=st.just(Kind.SCORE), of=whose))


@cache
def edges(least: int = 0, most: int = 3000) -> st.SearchStrategy[list[Range]]:
    """Ranges that follow each other without gap, open at both ends."""

    def cut(found: list[int]) -> list[Range]:
        marks = [None, *(Given(Fraction(mark)) for mark in sorted(found)), None]
        return [Range(low=low, high=high) for low, high in pairwise(marks)]

    return st.lists(st.integers(least, most), max_size=3, unique=True).map(cut)


rates = st.builds(Rate, percents) | st.builds(Rate, amounts, per_unit=st.just(True))


@st.composite
def tiers(draw: st.DrawFn, measured: st.SearchStrategy[Measure]) -> Tiered:
    reads, ranges = draw(st.sampled_from(Reads)), draw(edges())
    pays = rates if reads is Reads.EACH_BAND else rates | st.builds(Fixed, amounts)
    bands = tuple(Band(each, draw(pays)) for each in ranges)
    by = draw(st.none() | measured) if reads is Reads.WHOLE else None
    return Tiered(reads, bands, draw(measured), by)


@st.composite
def lists(draw: st.DrawFn, whose: st.SearchStrategy[Whose]) -> Listed:
    measure = Measure(kind=draw(st.sampled_from(sorted(SALE_KINDS))), of=draw(whose))
    products = draw(st.lists(st.sampled_from(["film", "mats", "wax"]), min_size=1, unique=True))
    return Listed(measure, tuple((product, draw(rates)) for product in products), draw(st.none() | rates))


@cache
def worths(whose: st.SearchStrategy[Whose]) -> st.SearchStrategy[Worth]:
    measured = measures(whose)
    return st.one_of(st.builds(Fixed, amounts), st.builds(Rated, measured, rates), tiers(measured), lists(whose))


@st.composite
def tables(draw: st.DrawFn, measured: st.SearchStrategy[Measure]) -> StepTable:
    bands = tuple(FactorBand(each, draw(numbers(0, 2))) for each in draw(edges()))
    return StepTable(draw(measured), bands)


@cache
def factors(whose: st.SearchStrategy[Whose]) -> st.SearchStrategy[MeasuredFactor | StepTable]:
    measured = measures(whose)
    return st.one_of(
        st.builds(
            MeasuredFactor,
            measured,
            per=st.sampled_from([Given(Fraction(1)), Given(Fraction(100))]),
            floor=st.none() | numbers(0, 1),
            cap=st.none() | numbers(1, 3),
        ),
        tables(measured),
    )


@cache
def steps(whose: st.SearchStrategy[Whose]) -> st.SearchStrategy[tuple[Step, ...]]:
    measured = measures(whose)
    some_edges = st.builds(Range, low=numbers(0, 3000), low_belongs=st.booleans())
    met = st.builds(Measure, kind=st.just(Kind.ATTAINMENT), indicator=st.just("csi"), of=whose)
    conditions = st.builds(Condition, measured, some_edges) | st.builds(TargetMet, met)
    gates = st.builds(Gate, st.lists(conditions, min_size=1, max_size=2).map(tuple), any_one=st.booleans())
    each: st.SearchStrategy[Step] = st.one_of(
        st.builds(Factor, percents | numbers(0, 2)),
        factors(whose),
        gates,
        st.builds(Deduct, worths(whose)),
        st.builds(Floor, numbers(-100, 100)),
        st.builds(Cap, amounts),
    )
    return st.lists(each, max_size=3).map(tuple)


OWN, SHARED = st.sampled_from([Whose.PERSON, Whose.STORE]), st.sampled_from([Whose.MEMBERS, Whose.STORE])

WEIGHTS = st.one_of(
    st.just(Equal()),
    st.just(Days()),
    st.just(DaysPresent()),
    st.builds(Coefficients, default=numbers(0, 2)),
    factors(OWN),
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    own, shared = OWN, SHARED
    codes = iter(f"part_{place}" for place in range(100))

    def line(whose: st.SearchStrategy[Whose]) -> Line:
        return Line(next(codes), NAME, draw(worths(whose)), draw(steps(whose)))

    def group(whose: st.SearchStrategy[Whose]) -> Group:
        return Group(next(codes), NAME, tuple(line(whose) for _ in range(draw(st.integers(1, 2)))), draw(steps(whose)))

    def pool() -> Pool:
        return Pool(
            next(codes),
            NAME,
            (line(shared), group(shared)),
            then=draw(steps(shared)),
            share=tuple(draw(st.lists(WEIGHTS, min_size=1, max_size=2))),
            share_then=draw(steps(own)),
        )

    nodes: list[Node] = [line(own), group(own), pool()]
    chosen = draw(st.lists(st.sampled_from(nodes), min_size=1, max_size=3, unique_by=lambda node: node.code))
    return Plan("random", NAME, tuple(chosen), draw(steps(own)))


members = st.lists(
    st.builds(
        Member,
        id=st.integers(1, 50),
        number=st.sampled_from(["E01", "E02", "E03", "E04", "E05"]),
        position=st.just("adviser"),
        posted_days=st.integers(0, 31),
        month_days=st.just(31),
    ),
    min_size=1,
    max_size=4,
    unique_by=(lambda member: member.id, lambda member: member.number),
)


def figure(key: MeasureKey) -> st.SearchStrategy[int | Fraction]:
    """A figure in the unit of its key; net returns are possible."""
    if key.kind in MONEY_KINDS:
        return st.integers(-1_000_00, 9_000_00)
    if key.kind in SALE_KINDS:
        return st.integers(-2_000, 900_000)
    return st.fractions(Fraction(1, 100), 4000, max_denominator=100)


@st.composite
def months(draw: st.DrawFn) -> tuple[Plan, list[Member], dict[MeasureKey, int | Fraction | None]]:
    """A plan, its members and every figure that it asks for."""
    plan, people = draw(plans()), draw(members)
    keys = sorted(needed(plan, OCTOBER, people), key=str)
    return plan, people, {key: draw(figure(key)) for key in keys}
