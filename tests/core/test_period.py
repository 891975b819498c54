"""Business days and months are those of the store's time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.errors import DomainError
from incentives.core.period import (
    Month,
    Span,
    business_date,
    prorated,
    quarter_of,
    start_of_day,
    week_of,
)
from tests.core.cases import worked_case

SHANGHAI = "Asia/Shanghai"
months = st.builds(Month, st.integers(2001, 2099), st.integers(1, 12))


def test_the_worked_month_edge_lies_in_the_store_s_month() -> None:
    moment = datetime(2026, 10, 31, 16, 30, tzinfo=UTC)
    assert str(Month.of(business_date(moment, SHANGHAI))) == worked_case("other.toml", "month-edge")["month"]


def test_a_moment_before_midnight_in_the_store_is_still_the_old_month() -> None:
    assert business_date(datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC), SHANGHAI) == date(2026, 10, 31)


def test_a_moment_without_a_zone_names_no_day() -> None:
    with pytest.raises(ValueError, match="time zone"):
        business_date(datetime(2026, 10, 31, 16, 30), SHANGHAI)  # noqa: DTZ001 - the very thing that is refused


def test_a_business_day_begins_at_the_store_s_midnight() -> None:
    assert start_of_day(date(2026, 11, 1), SHANGHAI) == datetime(2026, 10, 31, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-11", " 2026-11 "])
def test_a_month_is_read_as_it_is_written(text: str) -> None:
    assert str(Month.parse(text)) == "2026-11"


@pytest.mark.parametrize("text", ["", "2026-13", "2026-00", "1999-12", "2101-01", "2026-1", "202611", "２０２６-11x"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(DomainError, match="is not a month"):
        Month.parse(text)


@given(months, st.integers(-11, 11))
def test_months_are_counted_across_years(month: Month, steps: int) -> None:
    later = month.plus(steps)
    assert (later.year - month.year) * 12 + later.month - month.month == steps


@pytest.mark.parametrize(("last", "steps"), [("2000-01", -1), ("2100-12", 1)])
def test_there_is_no_counting_beyond_the_years_that_are_kept(last: str, steps: int) -> None:
    with pytest.raises(DomainError, match="is not a month"):
        Month.parse(last).plus(steps)


@given(months)
def test_the_days_of_neighbouring_months_meet_and_never_overlap(month: Month) -> None:
    assert month.span.end == month.plus(1).span.start
    assert month.last + timedelta(days=1) == month.span.end


@pytest.mark.parametrize(
    ("month", "days"),
    [
        pytest.param(Month(2026, 2), 28, id="February"),
        pytest.param(Month(2028, 2), 29, id="leap February"),
        pytest.param(Month(2100, 12), 31, id="the last month of all"),
    ],
)
def test_a_month_has_its_calendar_days(month: Month, days: int) -> None:
    assert month.span.days == days == len(list(month.span.each_day()))
    assert month.first in month.span
    assert month.span.end not in month.span


def test_an_empty_span_has_no_days() -> None:
    assert Span(date(2026, 5, 2), date(2026, 5, 1)).days == 0


def test_spans_apart_share_nothing() -> None:
    assert Month(2026, 1).span.overlap(Month(2026, 3).span).days == 0


@pytest.mark.parametrize(("month", "first", "last"), [(1, 1, 3), (3, 1, 3), (4, 4, 6), (12, 10, 12)])
def test_a_month_lies_in_its_calendar_quarter(month: int, first: int, last: int) -> None:
    assert quarter_of(Month(2026, month)) == (Month(2026, first), Month(2026, last))


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 11, 29)], ids=["Monday", "Sunday"])
def test_a_week_is_monday_to_sunday_and_ends_before_the_next_monday(day: date) -> None:
    assert week_of(day) == Span(date(2026, 11, 23), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("start", "end", "part"),
    [
        pytest.param(date(2026, 11, 1), date(2026, 12, 1), Fraction(1), id="the whole month"),
        pytest.param(date(2026, 11, 21), date(2027, 1, 1), Fraction(1, 3), id="hired on the 21st of a 30-day month"),
        pytest.param(date(2026, 11, 30), date(2026, 12, 1), Fraction(1, 30), id="the last day only"),
        pytest.param(date(2026, 12, 1), date(2027, 1, 1), Fraction(0), id="not there yet"),
    ],
)
def test_a_posting_counts_by_calendar_days(start: date, end: date, part: Fraction) -> None:
    assert prorated(Span(start, end), Month(2026, 11).span) == part


def test_of_no_days_nothing_is_covered() -> None:
    assert prorated(Month(2026, 11).span, Span(date(2026, 11, 1), date(2026, 11, 1))) == 0
