"""Two-sided training quotas (product.md §5, plan-facts.md §2)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from incentives.core.attendance import Attendance, Invitation, summary
from incentives.core.quota import (
    STATUS_RULES,
    DepartmentQuota,
    Outlook,
    PersonQuota,
    QuotaStatus,
    prorated_quota,
    status,
)
from tests.core.cases import worked_case


def test_the_worked_quota_has_two_sides() -> None:
    case = worked_case("other.toml", "quota-two-sides")
    states = [Attendance.PRESENT] * 3 + [Attendance.LATE, Attendance.EXCUSED]
    technician = summary([Invitation(date(2026, month, 5), state) for month, state in enumerate(states, start=1)])
    assert str(DepartmentQuota(held=5, required=6).sentence) == case["department"]
    assert str(PersonQuota.of(technician, required=6).sentence) == case["person"]


@pytest.mark.parametrize(("done", "needed"), [(5, 1), (6, 0), (7, 0)])
def test_what_is_still_needed_is_never_negative(done: int, needed: int) -> None:
    assert DepartmentQuota(done, 6).needed == needed == PersonQuota(done, 7, 6).needed


@pytest.mark.parametrize(
    ("done", "planned", "days_passed", "result"),
    [
        pytest.param(6, 0, 100, QuotaStatus.DONE, id="reached"),
        pytest.param(7, 0, 365, QuotaStatus.DONE, id="more than reached"),
        pytest.param(4, 2, 300, QuotaStatus.ON_COURSE, id="enough is planned"),
        pytest.param(3, 0, 182, QuotaStatus.ON_COURSE, id="half done by mid-year, in step with the year"),
        pytest.param(0, 0, 0, QuotaStatus.ON_COURSE, id="nothing is due on the first day"),
        pytest.param(3, 0, 200, QuotaStatus.AT_RISK, id="behind the year, and too little planned"),
        pytest.param(4, 1, 355, QuotaStatus.AT_RISK, id="one more make-up is just possible"),
        pytest.param(4, 1, 359, QuotaStatus.IMPOSSIBLE, id="less than a week is left for a make-up"),
        pytest.param(5, 0, 365, QuotaStatus.IMPOSSIBLE, id="the year is over"),
        pytest.param(5, 0, 400, QuotaStatus.IMPOSSIBLE, id="the year is long over"),
    ],
)
def test_how_a_quota_of_six_stands(done: int, planned: int, days_passed: int, result: QuotaStatus) -> None:
    assert status(done, 6, Outlook(planned, days_passed, 365)) is result


def test_every_status_says_its_name_and_its_rule() -> None:
    assert str(QuotaStatus.IMPOSSIBLE.says) == "can no longer be met"
    assert set(STATUS_RULES) == set(QuotaStatus)


@pytest.mark.parametrize(
    ("days", "required"),
    [
        pytest.param(365, 6, id="the whole year"),
        pytest.param(184, 3, id="from the first of July"),
        pytest.param(92, 2, id="a quarter of six is one and a half, rounded up"),
        pytest.param(30, 0, id="a month asks nothing"),
    ],
)
def test_a_quota_is_prorated_by_days_in_the_posting(days: int, required: int) -> None:
    assert prorated_quota(6, Fraction(days, 365)) == required
