"""Planning, starting, closing and cancelling sessions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from incentives.core.approval import MonthState
from incentives.core.attendance import Attendance as State
from incentives.core.attendance import SessionState
from incentives.core.errors import Conflict, DomainError, NotFound
from incentives.core.period import Month
from incentives.db import db
from incentives.people.models import Group
from incentives.people.service import staff
from incentives.periods import service as periods
from incentives.training.models import TrainerKind
from incentives.training.service import kinds, sessions
from tests.training.conftest import TODAY, School, at, tomorrow


def test_a_new_group_has_every_kind_of_the_plan_from_the_start(school: School) -> None:
    fresh = Group(name="新集团")
    db.session.add(fresh)
    db.session.flush()
    names = [kind.name for kind in kinds.kinds_of(fresh.id)]
    assert names == [
        "前台接车业务技巧培训",
        "专业技术基础知识培训",
        "车间维修技术培训",
        "疑难技术问题学习总结",
        "汽车讲堂",
        "专业技术讲座",
        "部门内部活动",
    ]
    assert len(kinds.kinds_of(school.cast.group.id)) == len(names)


def test_a_session_after_midnight_in_shanghai_belongs_to_the_next_month(school: School) -> None:
    late = school.particulars(day=date(2026, 11, 1))
    late = replace(late, starts_at=at(date(2026, 11, 1), 0), ends_at=at(date(2026, 11, 1), 2))
    session = sessions.plan(school.cast.east, late, actor_id=school.cast.qian.id)
    db.session.commit()
    db.session.refresh(session)
    assert session.starts_at.date() == date(2026, 10, 31)
    assert (session.business_date, session.month) == (date(2026, 11, 1), Month(2026, 11))


def test_a_trainer_from_another_department_is_a_guest(school: School) -> None:
    gang = school.cast.gang
    assert school.plan(kind="technical_basics", trainer=gang, positions=("adviser",)).trainer_kind is TrainerKind.GUEST
    assert school.plan(trainer=gang).trainer_kind is TrainerKind.OWN
    outside = replace(school.particulars(topic="机油"), trainer_id=None, trainer_name="厂家讲师")
    session = sessions.plan(school.cast.east, outside, actor_id=school.cast.qian.id)
    assert (session.trainer_kind, session.given_by) == (TrainerKind.EXTERNAL, "厂家讲师")


def test_the_same_session_is_not_planned_twice(school: School) -> None:
    school.plan()
    with pytest.raises(Conflict, match="planned already"):
        school.plan()


def test_starting_calls_everybody_of_the_audience_who_works_here_that_day(school: School) -> None:
    cast = school.cast
    staff.leave(cast.tao, last_day=date(2026, 11, 15), store_id=cast.east.id, actor_id=cast.ma.id)
    assert school.called(school.running()) == {cast.gang.id, cast.min.id}


def test_starting_again_resets_nobody(school: School) -> None:
    session = school.running()
    school.record(session, {school.cast.gang: State.PRESENT})
    school.start(session)
    assert school.state(session, school.cast.gang) is State.PRESENT
    assert school.state(session, school.cast.min) is State.NOT_RECORDED


def test_who_joined_between_starting_and_closing_is_called_too(school: School) -> None:
    cast, session = school.cast, school.running()
    fresh = staff.hire(
        store=cast.east, number="A050", name="新人", position=cast.positions["mechanic"], day=TODAY, actor_id=cast.ma.id
    )
    sessions.close(cast.east.id, session.id, actor_id=cast.qian.id)
    assert school.state(session, fresh) is State.NOT_RECORDED


def test_a_session_does_not_start_before_its_day(school: School) -> None:
    session = school.plan(day=tomorrow())
    with pytest.raises(DomainError, match="cannot start before"):
        school.start(session)


def test_a_session_that_has_not_started_cannot_be_closed(school: School) -> None:
    session = school.plan()
    with pytest.raises(Conflict, match="has not started"):
        sessions.close(school.cast.east.id, session.id, actor_id=school.cast.qian.id)


def test_a_cancelled_session_stays_and_is_never_started(school: School) -> None:
    session = school.plan()
    assert sessions.cancel(school.cast.east.id, session.id, actor_id=None).state is SessionState.CANCELLED
    with pytest.raises(Conflict, match="plan a new one"):
        school.start(session)
    school.plan()


def test_a_running_session_is_not_changed(school: School) -> None:
    session = school.running()
    with pytest.raises(Conflict, match="has begun"):
        sessions.change(
            school.cast.east, session.id, school.particulars(topic="刹车"), seen=session.version, actor_id=None
        )


def test_a_session_changed_by_somebody_else_is_not_overwritten(school: School) -> None:
    session = school.plan()
    seen = session.version
    sessions.change(school.cast.east, session.id, school.particulars(topic="刹车"), seen=seen, actor_id=None)
    with pytest.raises(Conflict, match="in the meantime"):
        sessions.change(school.cast.east, session.id, school.particulars(topic="轮胎"), seen=seen, actor_id=None)
    assert session.topic == "刹车"


def test_a_change_of_audience_replaces_whom_it_calls(school: School) -> None:
    session = school.plan()
    wanted = school.particulars(positions=("adviser",))
    sessions.change(school.cast.east, session.id, wanted, seen=session.version, actor_id=None)
    db.session.commit()
    db.session.refresh(session)
    assert session.position_ids == {school.cast.positions["adviser"].id}


def test_no_session_is_planned_in_a_month_that_takes_no_more_facts(school: School) -> None:
    store_id = school.cast.east.id
    periods.move(store_id, Month(2026, 10), before=MonthState.OPEN, after=MonthState.CLOSED, actor_id=None)
    with pytest.raises(DomainError, match="never changes"):
        school.plan(day=date(2026, 10, 20))


def test_unfinished_sessions_of_a_month_are_named(school: School) -> None:
    school.held({}, topic="完成")
    running = school.running(topic="进行中")
    found = sessions.unfinished(school.cast.east.id, Month(2026, 11))
    assert [session.id for session in found] == [running.id]


def test_another_stores_session_is_not_found(school: School) -> None:
    session = school.plan()
    with pytest.raises(NotFound):
        sessions.session_of(school.cast.west.id, session.id)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"topic": " "}, "what the session is about"),
        ({"ends_at": at(TODAY, 8)}, "ends after it starts"),
        ({"ends_at": at(TODAY + timedelta(days=2), 9)}, "at most a day"),
        ({"trainer_id": None}, "Choose a trainer"),
        ({"trainer_name": "厂家讲师"}, "Choose a trainer"),
        ({"capacity": 0}, "place for 1 to"),
        ({"position_ids": frozenset()}, "at least one position"),
        ({"position_ids": frozenset({99_999})}, "no such position"),
        ({"kind_id": 99_999}, "no such kind"),
        ({"trainer_id": 99_999}, "does not work in this store"),
    ],
)
def test_a_session_that_cannot_be_is_refused(school: School, wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(DomainError, match=sentence):
        sessions.plan(school.cast.east, replace(school.particulars(), **wrong), actor_id=None)  # type: ignore[arg-type]  # the wrong values are the point


def test_a_trainer_of_another_store_is_refused(school: School) -> None:
    with pytest.raises(DomainError, match="does not work in this store"):
        school.plan(trainer=school.cast.bai)
