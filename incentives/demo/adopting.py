"""How the demo's people adopt what was approved: heard at a meeting, hung out at the front desk, and read."""

from __future__ import annotations

from datetime import date, timedelta

from incentives import clock
from incentives.adoptions.models import Way
from incentives.adoptions.service import acknowledging
from incentives.adoptions.service.adopting import Consultation
from incentives.commissions.models import PlanVersion
from incentives.commissions.service import adopting
from incentives.demo.story import Shop, Story, noon

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


LAGGARDS = ("1002", "1022")
"""Numbers of people who have still to acknowledge; so has whoever joined the first store last."""
READ_AFTER = 2
"""Days from being concerned to acknowledging."""


def acknowledge(story: Story, shop: Shop) -> None:
    """Everybody has read what concerns him within two days, but for two laggards and the latest to join."""
    late = max(shop.people, key=lambda person: person.first_day).employee.number
    left = {*LAGGARDS, late} if shop is story.shops[0] else set()
    for each in acknowledging.unacknowledged(shop.store.id, story.today):
        day = min(each.since + timedelta(days=READ_AFTER), story.today)
        if each.employee.number not in left:
            with clock.telling(noon(day)):
                acknowledging.acknowledge(
                    each.adoption.id, employee_id=each.employee.id, digest=each.adoption.digest, today=story.today
                )
    if left:
        with clock.telling(noon(story.today - timedelta(days=READ_AFTER))):
            acknowledging.remind(shop.store.id, today=clock.today(), actor_id=shop.manager.id)


def adopt(version: PlanVersion, *, actor_id: int | None) -> None:
    """Adopt an approved version on the first day of its month, from which it then holds."""
    day = version.from_month.first
    with clock.telling(noon(day)):
        adopting.adopt(version, heard(day), actor_id=actor_id)
