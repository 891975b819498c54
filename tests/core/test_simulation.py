"""What two plans have in common, bands of service and of change, and the middle of many changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.commissions.format import load
from incentives.core.money import Money
from incentives.core.pay import Known, calculate
from incentives.core.period import Month
from incentives.core.plan import Plan
from incentives.core.reading import Member
from incentives.core.simulation import BANDS, Service, band_name, change_band, in_common, median, service_on


@pytest.mark.parametrize(
    ("hired", "day", "band"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), Service.UNDER_1),
        (date(2025, 3, 2), date(2026, 3, 1), Service.UNDER_1),
        (date(2025, 3, 1), date(2026, 3, 1), Service.FROM_1),
        (date(2023, 3, 2), date(2026, 3, 1), Service.FROM_1),
        (date(2023, 3, 1), date(2026, 3, 1), Service.FROM_3),
        (date(2021, 3, 1), date(2026, 3, 1), Service.FROM_5),
        (date(2016, 3, 2), date(2026, 3, 1), Service.FROM_5),
        (date(2016, 3, 1), date(2026, 3, 1), Service.FROM_10),
        (date(2024, 2, 29), date(2025, 2, 28), Service.UNDER_1),
        (date(2024, 2, 29), date(2025, 3, 1), Service.FROM_1),
        (date(2026, 5, 1), date(2026, 3, 1), Service.UNDER_1),
    ],
)
def test_service_counts_whole_years_and_the_bands_are_half_open(hired: date, day: date, band: Service) -> None:
    assert service_on(hired, day) is band


@pytest.mark.parametrize(
    ("fen", "months", "band"),
    [
        (0, 12, 0),
        (1, 1, 1),
        (9_999, 1, 1),
        (10_000, 1, 2),
        (-10_000, 1, -2),
        (119_999, 12, 1),
        (120_000, 12, 2),
        (29_999, 1, 2),
        (30_000, 1, 3),
        (-99_999, 1, -3),
        (100_000, 1, 4),
        (-100_000, 1, -4),
    ],
)
def test_a_change_is_held_against_the_edges_on_average_a_month(fen: int, months: int, band: int) -> None:
    assert change_band(Money(fen), months) == band


def test_a_change_over_no_month_is_no_average() -> None:
    with pytest.raises(ValueError, match="at least one month"):
        change_band(Money(1), 0)


@given(st.integers(-10_000_000, 10_000_000), st.integers(1, 24))
def test_a_loss_is_as_large_as_the_gain_it_mirrors(fen: int, months: int) -> None:
    assert change_band(Money(-fen), months) == -change_band(Money(fen), months)
    assert change_band(Money(fen), months) in BANDS


def test_every_band_has_a_name_of_its_own() -> None:
    assert [str(band_name(band)) for band in BANDS] == [
        "−1000 and more",
        "−300 to −1000",
        "−100 to −300",
        "−0 to −100",
        "unchanged",
        "+0 to +100",
        "+100 to +300",
        "+300 to +1000",
        "+1000 and more",
    ]


@pytest.mark.parametrize(
    ("fen", "middle"), [([5], 5), ([1, 9], 5), ([1, 2], 2), ([-2, -1], -2), ([1, 2, 100], 2), ([0, 1, 4, 9], 3)]
)
def test_the_middle_of_two_is_rounded_half_away_from_zero(fen: list[int], middle: int) -> None:
    assert median([Money(each) for each in fen]) == Money(middle)


def test_nothing_has_no_middle() -> None:
    with pytest.raises(ValueError, match="no middle"):
        median([])


MARCH, APRIL = Month(2026, 3), Month(2026, 4)
ANNA, BORIS = Member(1, "E1", "adviser", 31, 31), Member(2, "E2", "adviser", 31, 31)
BASE = "{line: base, name: Base, fixed: 100}"
SHARED = "{pool: team, name: Team, lines: [{line: formed, name: Formed, fixed: 90}]}"
RATE = "{line: rate, name: Rate, fixed: $rate}"
RISING = "parameters: {rate: [{from: 2026-01-01, value: 5}, {from: 2026-04-01, value: 7}]}\n"
LEVEL = "parameters: {rate: [{from: 2026-01-01, value: 5}]}\n"
HALVED = "then: [{factor: 0.5}]\n"


def plan(*lines: str, more: str = "") -> Plan:
    return load("plan: tried\nname: Tried\nlines:\n" + "".join(f"  - {line}\n" for line in lines) + more).plan


def common(draft: Plan, other: Plan, month: Month = MARCH) -> Known:
    return in_common(draft, other, month, calculate(other, month, [ANNA, BORIS], {}))


@pytest.mark.parametrize(
    ("draft", "parts", "pools"),
    [
        (plan(BASE, SHARED), {"base", "team"}, {"team"}),
        (plan(SHARED), {"team"}, {"team"}),
        (plan(BASE.replace("100", "101"), SHARED), {"team"}, {"team"}),
        (plan(BASE.replace("Base", "Basis"), SHARED), {"team"}, {"team"}),
        (plan(BASE, SHARED.replace("90", "91")), {"base"}, set()),
        (plan(BASE, SHARED, "{line: more, name: More, fixed: 1}"), {"base", "team"}, {"team"}),
        (plan(BASE, SHARED, more=HALVED), {"base", "team"}, {"team"}),
        (plan("{line: other, name: Other, fixed: 100}"), set(), set()),
    ],
)
def test_what_two_plans_have_word_for_word_is_in_common_for_everybody(
    draft: Plan, parts: set[str], pools: set[str]
) -> None:
    found = common(draft, plan(BASE, SHARED))
    assert found.lines.keys() == {(part, person) for part in parts for person in (1, 2)}
    assert found.pools.keys() == pools


def test_a_change_to_the_sum_is_never_in_common() -> None:
    halved = plan(BASE, more=HALVED)
    assert set(common(halved, halved).lines) == {("base", 1), ("base", 2)}


@pytest.mark.parametrize(("month", "parts"), [(MARCH, {"rate"}), (APRIL, set())])
def test_a_part_with_a_parameter_is_in_common_while_its_number_is_the_same(month: Month, parts: set[str]) -> None:
    found = common(plan(RATE, more=LEVEL), plan(RATE, more=RISING), month)
    assert {code for code, _person in found.lines} == parts


def test_what_is_known_is_taken_and_not_worked_out_again() -> None:
    theirs = calculate(plan(BASE, SHARED), MARCH, [ANNA], {})
    explanation = theirs.lines[0].explanation
    assert explanation
    dearer = replace(theirs.lines[0], amount=Money(9_900))
    (pool,) = (replace(each, paid={1: explanation}) for each in theirs.pools)
    found = calculate(
        plan(BASE, SHARED), MARCH, [ANNA, BORIS], {}, known=Known({("base", 1): dearer}, {"team": pool}), only=1
    )
    assert [line.amount.plain() for line in found.lines] == ["99.00", "100.00"]
    assert found.pools == (pool,)


def test_only_one_members_lines_are_worked_out_but_the_pool_is_shared_among_all() -> None:
    found = calculate(plan(BASE, SHARED), MARCH, [ANNA, BORIS], {}, only=2)
    assert [(line.member, line.code, line.amount.plain()) for line in found.lines] == [
        (2, "base", "100.00"),
        (2, "team", "45.00"),
    ]
    assert not calculate(plan(BASE, SHARED), MARCH, [ANNA, BORIS], {}, only=3).lines
