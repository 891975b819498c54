"""Pay plans from the usual ones, and the months reviewed, approved and closed one after the other."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from incentives import clock
from incentives.commissions.models import PlanVersion
from incentives.commissions.service import beginnings, checking, plans
from incentives.core.approval import PlanAction
from incentives.core.period import Month
from incentives.demo.adopting import adopt
from incentives.demo.rewarding import decide
from incentives.demo.story import Shop, Story, noon
from incentives.payroll.service import closing, reviewing
from incentives.people.signin import actor_for

PAID_BY = {
    "service-advisers": ("adviser", "adviser-assistant"),
    "sheet-metal": ("body-master", "body-apprentice", "painter"),
    "parts-team": ("parts",),
    "warranty-clerks": ("warranty",),
    "insurance-renewals": ("insurance",),
    "accessory-pieces": ("customer-service", "mechanic"),
    "after-sales-manager": ("manager",),
}
CHANGED = (
    ("rate: 8 %", "rate: 9 %"),
    ("floor-mats: 15.00", "floor-mats: 20.00"),
    ("dash-camera: 30.00", "dash-camera: 24.00"),
)
"""What the next version of the accessories plan says instead."""
DRAFTED_BEFORE, APPROVED_BEFORE = 14, 8
"""Days before the month from which a plan is to hold."""
REVIEWED_ON, CLOSED_ON = 3, 5
"""Days of the following month."""


def adopt_plans(story: Story, shop: Shop) -> None:
    """Drafted by the manager, approved by the head office, in force from the first month on."""
    first, chief = story.months[0], story.number("9002")
    for name, positions in PAID_BY.items():
        text = beginnings.template(name).replace("from: 2026-01-01", f"from: {first.first.isoformat()}")
        with clock.telling(noon(first.first - timedelta(days=DRAFTED_BEFORE))):
            version = _submitted(shop, text, first)
            for code in positions:
                plans.assign(
                    version.plan,
                    position_id=story.positions[code].id,
                    employee_id=None,
                    from_month=first,
                    to_month=None,
                    actor_id=shop.manager.id,
                )
        with clock.telling(noon(first.first - timedelta(days=APPROVED_BEFORE))):
            plans.act(version, PlanAction.APPROVE, actor_id=chief.id)
        adopt(version, actor_id=shop.manager.id)


def _submitted(shop: Shop, text: str, first: Month) -> PlanVersion:
    """Drafted and submitted by the manager, who says why each warning of the check is meant."""
    version = plans.draft(shop.store.id, text, from_month=first, actor_id=shop.manager.id)
    _mean_the_warnings(version, shop)
    plans.act(version, PlanAction.SUBMIT, actor_id=shop.manager.id)
    return version


def _mean_the_warnings(version: PlanVersion, shop: Shop) -> None:
    for each in checking.report_of(version).against:
        checking.give_reason(version, each.key, "与员工代表商定，月会上已说明。", actor_id=shop.manager.id)


def draft_something(story: Story) -> PlanVersion:
    """A plan that waits for the head office, and one, returned, that is approved and waits for its adoption.

    The second pays more for care products and floor mats, less for fitting a camera, so some would win by it and some lose.
    """
    shop = story.shops[0]
    text = beginnings.template("campaign-uplift").replace(
        "from: 2026-01-01", f"from: {story.running.first.isoformat()}"
    )
    _submitted(shop, text, story.running)
    next_month = story.running.plus(1)
    raised = beginnings.template("accessory-pieces").replace(
        "from: 2026-01-01", f"from: {next_month.first.isoformat()}"
    )
    changed = raised
    for former, now in CHANGED:
        changed = changed.replace(former, now)
    version = _submitted(shop, changed, next_month)
    plans.act(version, PlanAction.APPROVE, actor_id=story.number("9002").id)
    return version


def close_month(story: Story, shop: Shop, month: Month, *, holds: Collection[int] = (), late: int = 0) -> None:
    """Reviewed, approved by those who may, closed by finance, confirmed by the head office; ``late`` in days."""
    begin_review(story, shop, month, late=late)
    approve(story, shop, month, holds=holds, late=late)
    with clock.telling(noon(month.last + timedelta(days=CLOSED_ON + late))):
        closing.close(shop.store.id, month, actor_id=story.number("9001").id)
        closing.confirm(shop.store.id, month, actor_id=story.number("9002").id)


def begin_review(story: Story, shop: Shop, month: Month, *, late: int = 0) -> None:
    """The month's facts stand still."""
    day = min(month.last + timedelta(days=REVIEWED_ON + late), story.today)
    with clock.telling(noon(day)):
        reviewing.start(shop.store.id, month, actor_id=shop.manager.id)
        decide(story, shop, month)


def approve(story: Story, shop: Shop, month: Month, *, holds: Collection[int] = (), late: int = 0) -> None:
    """The manager approves everybody's statement but his own, which the head office does; what waits is held."""
    day = month.last + timedelta(days=REVIEWED_ON + late)
    with clock.telling(noon(day)):
        manager, chief = actor_for(shop.manager, day), actor_for(story.number("9002"), day)
        found = reviewing.statements(shop.store.id, month)
        for statement in found:
            who = chief if statement.employee_id == shop.manager.id else manager
            if any(line.missing for line in statement.lines):
                reviewing.hold(who, shop.store.id, statement.id, reason="等待指标补录")
            elif statement.employee_id in holds:
                reviewing.hold(who, shop.store.id, statement.id, reason="有一单客户投诉，待核实")
        for who, own in ((manager, False), (chief, True)):
            seen = {
                each.id: each.digest
                for each in found
                if (each.employee_id == shop.manager.id) is own
                and each.employee_id not in holds
                and not any(line.missing for line in each.lines)
            }
            if seen:
                reviewing.approve(who, shop.store.id, month, seen)
