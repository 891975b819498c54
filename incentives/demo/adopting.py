"""How the demo's people adopt what was approved: heard at a meeting, hung out at the front desk, and read."""

from __future__ import annotations

from datetime import date, timedelta

from incentives import clock
from incentives.adoptions.models import Way
from incentives.adoptions.service.adopting import Consultation
from incentives.commissions.models import PlanVersion
from incentives.commissions.service import adopting
from incentives.demo.story import noon

HEARD_BEFORE = 5
"""Days between the meeting and the adoption."""
PUBLISHED_BEFORE = 3


def heard(day: date) -> Consultation:
    """A meeting five days ago, a notice three days ago, counting from today."""
    return Consultation(
        consulted="售后部全体员工会议，职工代表 3 人签字同意",
        way=Way.MEETING,
        consulted_on=day - timedelta(days=HEARD_BEFORE),
        published_on=day - timedelta(days=PUBLISHED_BEFORE),
        published_where="售后办公室公告栏、部门工作群",
        counts_from=day,
    )


def adopt(version: PlanVersion, *, actor_id: int | None) -> None:
    """Adopt an approved version on the first day of its month, from which it then holds."""
    day = version.from_month.first
    with clock.telling(noon(day)):
        adopting.adopt(version, heard(day), actor_id=actor_id)
