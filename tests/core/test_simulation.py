"""Bands of service and of change, and the middle of many changes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.money import Money
from incentives.core.simulation import BANDS, Service, band_name, change_band, median, service_on


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
