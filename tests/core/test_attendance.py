"""Five states, and a denominator that is named (product.md §5)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.attendance import Attendance, Invitation, attended, is_countable, summary

PRESENT, LATE, EXCUSED = Attendance.PRESENT, Attendance.LATE, Attendance.EXCUSED
ABSENT, NOT_RECORDED = Attendance.ABSENT, Attendance.NOT_RECORDED

invitations = st.lists(
    st.builds(Invitation, st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.sampled_from(Attendance))
)


def held(*states: Attendance) -> list[Invitation]:
    return [Invitation(date(2026, month, 10), state) for month, state in enumerate(states, start=1)]


@pytest.mark.parametrize(
    ("state", "counts_as_attended", "in_denominator"),
    [
        pytest.param(PRESENT, True, True, id="present"),
        pytest.param(LATE, True, True, id="late counts as attended"),
        pytest.param(EXCUSED, False, False, id="excused leaves the denominator"),
        pytest.param(ABSENT, False, True, id="absent stays in it"),
        pytest.param(NOT_RECORDED, False, False, id="not recorded is not absent"),
    ],
)
def test_the_five_states(*, state: Attendance, counts_as_attended: bool, in_denominator: bool) -> None:
    assert (attended(state), is_countable(state)) == (counts_as_attended, in_denominator)


def test_a_kind_of_training_may_say_that_late_is_not_attended() -> None:
    strict = summary(held(PRESENT, LATE), late_counts=False)
    assert (strict.attended, strict.countable) == (1, 2)


def test_sessions_before_joining_leave_the_denominator() -> None:
    since_march = summary(held(ABSENT, ABSENT, PRESENT), joined=date(2026, 3, 10))
    assert (since_march.attended, since_march.countable, since_march.before_joining) == (1, 1, 2)


def test_the_figure_names_its_denominator() -> None:
    figures = summary(held(ABSENT, PRESENT, EXCUSED, NOT_RECORDED, LATE), joined=date(2026, 2, 1))
    assert str(figures.sentence) == "2 of 2 countable sessions attended"
    assert str(figures.denominator) == (
        "Countable are the sessions held. Left out: 1 before joining, 1 excused, 1 not recorded."
    )


@pytest.mark.parametrize(
    ("states", "rate"),
    [
        pytest.param((PRESENT, ABSENT, EXCUSED), Fraction(1, 2), id="one of two"),
        pytest.param((EXCUSED, NOT_RECORDED), None, id="nothing countable, no rate"),
    ],
)
def test_the_rate_of_attendance(states: tuple[Attendance, ...], rate: Fraction | None) -> None:
    assert summary(held(*states)).rate == rate


@given(invitations, st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_every_session_is_counted_in_just_one_place(sessions: list[Invitation], joined: date) -> None:
    figures = summary(sessions, joined=joined)
    assert figures.countable + figures.excused + figures.not_recorded + figures.before_joining == len(sessions)
    assert 0 <= figures.attended <= figures.countable
