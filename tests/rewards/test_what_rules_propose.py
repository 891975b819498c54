"""What the rules find in the facts of a month, whom they name, and in which words; a person decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import select

from incentives.core.approval import RewardState
from incentives.core.attendance import Attendance
from incentives.core.errors import from_plain
from incentives.core.period import Month
from incentives.db import db
from incentives.inspections.models import Area
from incentives.rewards.models import RewardRecord
from incentives.rewards.service import records
from incentives.rewards.service.proposing import propose_for_month
from incentives.targets.scopes import of_person
from incentives.training.service import quotas
from tests.conftest import Cast
from tests.inspections.conftest import inspected, wash
from tests.rewards.conftest import TODAY
from tests.rewards.test_deciding import manager
from tests.targets.conftest import Desk
from tests.training.conftest import School

__all__ = ["wash"]

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
NEW_YEARS_EVE = date(2026, 12, 31)


def proposed(cast: Cast, month: Month, today: date = TODAY) -> list[RewardRecord]:
    propose_for_month(cast.east.id, month, today)
    db.session.commit()
    return list(db.session.scalars(select(RewardRecord).order_by(RewardRecord.id)))


def said(record: RewardRecord) -> str:
    assert record.explanation is not None
    return str(from_plain(record.explanation))


@pytest.mark.usefixtures("wash")
@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ({}, "six_s_excellent"),
        ({"floor": 0}, "six_s_good"),
        ({"floor": 0, "windows": 3}, None),
        ({"floor": 0, "windows": 2}, "six_s_poor"),
    ],
    ids=["25 of 25", "20 of 25", "18 of 25", "17 of 25"],
)
def test_the_band_of_the_own_areas_is_proposed_to_their_owner(
    cast: Cast, points: Mapping[str, int], reason: str | None
) -> None:
    area = db.session.scalars(select(Area)).one()
    inspected(cast, area, points, day=date(2026, 10, 20))
    found = proposed(cast, OCTOBER)
    assert [(each.employee_id, each.reason.code) for each in found] == ([(cast.gang.id, reason)] if reason else [])
    assert all("2026-10" in said(each) and each.business_date == OCTOBER.last for each in found)


@pytest.mark.usefixtures("wash")
def test_a_band_waits_until_the_month_is_over(cast: Cast) -> None:
    inspected(cast, db.session.scalars(select(Area)).one(), day=TODAY)
    assert proposed(cast, NOVEMBER) == []
    assert [each.reason.code for each in proposed(cast, NOVEMBER, NOVEMBER.last)] == ["six_s_excellent"]


def ask(cast: Cast, attended: int) -> School:
    school = School(cast)
    mechanic = cast.positions["mechanic"].id
    kind = school.kind("workshop")
    quotas.set_quota(cast.east, kind, 2026, held=1, attended={mechanic: attended}, seen=0, actor_id=cast.ma.id)
    return school


def test_a_quota_is_proposed_as_reached_on_the_day_it_is(cast: Cast) -> None:
    school = ask(cast, attended=1)
    school.held({cast.gang: Attendance.PRESENT, cast.tao: Attendance.ABSENT})
    (reached,) = proposed(cast, NOVEMBER)
    assert (reached.employee_id, reached.reason.code, reached.points) == (cast.gang.id, "quota_reached", 20)
    assert "1 of 1 sessions of 2026 attended. The quota is reached." in said(reached)


def test_a_quota_is_proposed_as_missed_only_when_nothing_can_save_it(cast: Cast) -> None:
    ask(cast, attended=1)
    assert proposed(cast, NOVEMBER) == []
    missed = proposed(cast, Month(2026, 12), NEW_YEARS_EVE)
    assert {each.employee_id for each in missed} == {cast.gang.id, cast.min.id, cast.tao.id}
    assert {(each.reason.code, each.points) for each in missed} == {("quota_missed", -10)}
    assert all("0 of 1 sessions of 2026 attended. The year is over." in said(each) for each in missed)


def test_a_met_target_of_ones_own_is_proposed_with_both_figures(cast: Cast) -> None:
    desk = Desk(cast)
    for person, reading in ((cast.wei, "10000"), (cast.lan, "9999.99")):
        desk.aim("after_sales_revenue", OCTOBER, "10000", scope=of_person(person.id))
        desk.read("after_sales_revenue", "2026-10-20", reading, scope=of_person(person.id))
    (met,) = proposed(cast, OCTOBER)
    assert (met.employee_id, met.reason.code) == (cast.wei.id, "target_met")
    assert said(met).count("10,000") == 2


def test_what_somebody_rejected_does_not_come_back(cast: Cast) -> None:
    ask(cast, attended=1).held({cast.gang: Attendance.PRESENT})
    (reached,) = proposed(cast, NOVEMBER)
    records.reject(manager(cast), cast.east.id, reached.id, comment="Counted twice", today=TODAY)
    assert [each.state for each in proposed(cast, NOVEMBER)] == [RewardState.REJECTED]
