"""Two-sided quotas of a year: setting them, and how everybody stands."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from incentives.core.approval import MonthState
from incentives.core.attendance import Attendance as State
from incentives.core.errors import Conflict, DomainError, NotFound
from incentives.core.period import Month
from incentives.core.quota import QuotaStatus
from incentives.people.models import Employee
from incentives.people.service import staff
from incentives.periods import service as periods
from incentives.training.models import Quota
from incentives.training.service import progress, quotas
from incentives.training.service.progress import Cell, Matrix
from tests.core.cases import worked_case
from tests.training.conftest import TODAY, School, tomorrow


def ask(school: School, held: int, attended: int, kind: str = "workshop", position: str = "mechanic") -> Quota:
    return quotas.set_quota(
        school.cast.east,
        school.kind(kind),
        2026,
        held=held,
        attended={school.cast.positions[position].id: attended},
        seen=0,
        actor_id=school.cast.ma.id,
    )


def matrix(school: School, today: date) -> Matrix:
    return progress.matrix(school.cast.east.id, school.cast.group.id, 2026, today)


def cell(school: School, person: Employee, kind: str = "workshop", today: date = TODAY) -> Cell:
    row = matrix(school, today).of(person.id)
    assert row is not None
    return next(each for each in row.cells if each.kind.code == kind)


def test_the_worked_quota_has_two_sides(school: School) -> None:
    case = worked_case("other.toml", "quota-two-sides")
    ask(school, held=6, attended=6)
    school.held_monthly(5, school.cast.gang, [State.PRESENT, State.PRESENT, State.PRESENT, State.LATE, State.EXCUSED])
    found = matrix(school, TODAY)
    assert [str(side.quota.sentence) for side in found.department] == [case["department"]]
    assert str(cell(school, school.cast.gang).quota.sentence) == case["person"]


def test_who_was_never_recorded_is_neither_present_nor_absent(school: School) -> None:
    ask(school, held=2, attended=2)
    school.held({school.cast.gang: State.ABSENT})
    gang, tao = cell(school, school.cast.gang), cell(school, school.cast.tao)
    assert (gang.quota.countable, tao.quota.countable) == (1, 0)
    assert tao.attendance.not_recorded == 1


def test_planned_sessions_that_suffice_keep_a_quota_on_course(school: School) -> None:
    ask(school, held=1, attended=1)
    assert cell(school, school.cast.gang).status is QuotaStatus.AT_RISK
    school.plan(day=tomorrow())
    assert cell(school, school.cast.gang).status is QuotaStatus.ON_COURSE


def test_a_planned_session_for_others_helps_nobody(school: School) -> None:
    ask(school, held=1, attended=1)
    school.plan(day=tomorrow(), positions=("adviser",))
    assert cell(school, school.cast.gang).status is QuotaStatus.AT_RISK


def test_a_quota_that_a_session_a_week_could_not_meet_any_more_is_red(school: School) -> None:
    ask(school, held=8, attended=8)
    found = cell(school, school.cast.gang)
    assert found.status is QuotaStatus.IMPOSSIBLE
    assert cell(school, school.cast.gang, today=date(2026, 9, 1)).status is QuotaStatus.AT_RISK


def test_a_quota_reached_is_done(school: School) -> None:
    ask(school, held=1, attended=1)
    school.held({school.cast.gang: State.PRESENT})
    assert cell(school, school.cast.gang).status is QuotaStatus.DONE


def test_a_newcomer_is_asked_for_a_part_and_sessions_before_are_named(school: School) -> None:
    cast = school.cast
    ask(school, held=6, attended=6)
    school.held({}, day=date(2026, 3, 10))
    fresh = staff.hire(
        store=cast.east,
        number="A050",
        name="新人",
        position=cast.positions["mechanic"],
        day=date(2026, 9, 1),
        actor_id=cast.ma.id,
    )
    found = cell(school, fresh)
    assert found.quota.required == 2  # 6 × 122 / 365 = 2.005
    assert found.attendance.before_joining == 1


def test_who_changed_position_is_asked_for_a_part_of_each(school: School) -> None:
    cast = school.cast
    ask(school, held=6, attended=6)
    ask(school, held=4, attended=4, kind="front_desk", position="adviser")
    staff.move(
        cast.gang,
        store=cast.east,
        position=cast.positions["adviser"],
        day=date(2026, 7, 2),
        actor_id=cast.ma.id,
        at=cast.east.id,
    )
    assert cell(school, cast.gang).quota.required == 3  # 182 of 365 days
    assert cell(school, cast.gang, "front_desk").quota.required == 2  # 183 of 365 days


def test_a_quota_of_two_positions_is_added_up_before_it_is_rounded(school: School) -> None:
    cast = school.cast
    quotas.set_quota(
        cast.east,
        school.kind("hard_problems"),
        2026,
        held=3,
        attended={cast.positions["adviser"].id: 3, cast.positions["mechanic"].id: 3},
        seen=0,
        actor_id=None,
    )
    staff.move(
        cast.gang,
        store=cast.east,
        position=cast.positions["adviser"],
        day=date(2026, 7, 2),
        actor_id=cast.ma.id,
        at=cast.east.id,
    )
    assert cell(school, cast.gang, "hard_problems").quota.required == 3


def test_a_leaver_is_no_longer_shown(school: School) -> None:
    cast = school.cast
    ask(school, held=1, attended=1)
    staff.leave(cast.tao, last_day=date(2026, 11, 1), store_id=cast.east.id, actor_id=cast.ma.id)
    found = matrix(school, TODAY)
    assert found.of(cast.tao.id) is None
    assert found.of(cast.min.id) is not None


def test_next_years_quotas_show_everybody_who_is_here_by_then(school: School) -> None:
    quotas.begin_year(school.cast.east, 2027, actor_id=None)
    coming = progress.matrix(school.cast.east.id, school.cast.group.id, 2027, TODAY)
    assert coming.of(school.cast.gang.id) is not None


def test_red_rows_come_first(school: School) -> None:
    ask(school, held=2, attended=2)
    first = matrix(school, TODAY).rows[0]
    assert first.member.position_code == "mechanic"
    assert first.member.number == "A007"


def test_make_up_sessions_are_proposed_for_those_who_still_need_them(school: School) -> None:
    cast = school.cast
    ask(school, held=3, attended=3)
    school.held({cast.gang: State.PRESENT, cast.min: State.PRESENT}, day=date(2026, 3, 1))
    school.held({cast.gang: State.PRESENT}, day=date(2026, 4, 1))
    school.plan(day=tomorrow())
    (proposal,) = progress.make_ups(matrix(school, TODAY))
    assert [member.employee_id for member, _cell in proposal.people] == [cast.min.id, cast.tao.id]
    assert proposal.sessions == 2
    assert proposal.position_ids == {cast.positions["mechanic"].id}


def test_the_burn_down_goes_from_all_to_none_and_ends_today(school: School) -> None:
    ask(school, held=6, attended=6)
    school.held_monthly(2, school.cast.gang, [State.PRESENT] * 2)
    burn = matrix(school, TODAY).burn_down
    assert [step.left for step in burn] == [5, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, None]
    assert (burn[0].even, burn[-1].even) == (Fraction(11, 2), Fraction(0))


def test_lectures_for_customers_have_the_departments_side_only(school: School) -> None:
    quotas.begin_year(school.cast.east, 2026, actor_id=None)
    school.held({}, kind="car_lecture", topic="冬季用车", positions=())
    found = matrix(school, TODAY)
    side = next(side for side in found.department if side.kind.code == "car_lecture")
    assert str(side.quota.sentence) == "1 of 4 held"
    assert cell(school, school.cast.gang, "car_lecture").status is None


def test_a_year_begins_with_the_plans_quotas_and_goes_on_with_ones_own(school: School) -> None:
    store = school.cast.east
    assert quotas.begin_year(store, 2026, actor_id=None) == 7
    workshop = quotas.quotas_of(store.id, 2026)[school.kind("workshop").id]
    assert (workshop.held_required, quotas.asked_of(workshop)) == (6, {school.cast.positions["mechanic"].id: 6})
    quotas.set_quota(store, school.kind("workshop"), 2026, held=8, attended={}, seen=workshop.version, actor_id=None)
    quotas.begin_year(store, 2027, actor_id=None)
    assert quotas.quotas_of(store.id, 2027)[school.kind("workshop").id].held_required == 8
    with pytest.raises(Conflict, match="already"):
        quotas.begin_year(store, 2027, actor_id=None)


def test_a_quota_changed_by_somebody_else_is_not_overwritten(school: School) -> None:
    quota = ask(school, held=6, attended=6)
    seen = quota.version
    kind, positions = school.kind("workshop"), school.cast.positions
    for held in (7, 8):
        attended = {positions["mechanic"].id: held}
        if held == 7:
            quotas.set_quota(school.cast.east, kind, 2026, held=6, attended=attended, seen=seen, actor_id=None)
            continue
        with pytest.raises(Conflict, match="in the meantime"):
            quotas.set_quota(school.cast.east, kind, 2026, held=6, attended=attended, seen=seen, actor_id=None)
    assert quotas.asked_of(quotas.quotas_of(school.cast.east.id, 2026)[kind.id]) == {positions["mechanic"].id: 7}


def test_quotas_of_a_closed_year_stay(school: School) -> None:
    periods.move(school.cast.east.id, Month(2026, 12), before=MonthState.OPEN, after=MonthState.CLOSED, actor_id=None)
    with pytest.raises(DomainError, match="never changes"):
        ask(school, held=1, attended=1)


@pytest.mark.parametrize(("held", "attended"), [(-1, 1), (367, 1), (1, 0), (1, 367)])
def test_a_quota_out_of_range_is_refused(school: School, held: int, attended: int) -> None:
    with pytest.raises(DomainError, match="between 0 and 366"):
        ask(school, held=held, attended=attended)


def test_a_quota_for_an_unknown_position_is_refused(school: School) -> None:
    with pytest.raises(NotFound):
        quotas.set_quota(
            school.cast.east, school.kind("workshop"), 2026, held=1, attended={99_999: 1}, seen=0, actor_id=None
        )
