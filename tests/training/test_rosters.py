"""Recording who was there, correcting it, walk-ins, and what counts of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from incentives.core.approval import MonthState
from incentives.core.attendance import Attendance as State
from incentives.core.errors import Conflict, DomainError, Faults, NotAllowed, NotFound
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import db
from incentives.ledger import service as ledger
from incentives.ledger.service.derived import figures_of
from incentives.people.models import Employee
from incentives.periods import service as periods
from incentives.training.models import AttendanceChange, TrainingSession
from incentives.training.service import roster, rows, sessions
from incentives.training.service.roster import Mark
from tests.payroll.acts import Books
from tests.training.conftest import School

NOVEMBER = Month(2026, 11)


def correct(
    school: School, session: TrainingSession, person: Employee, state: State, reason: str = "看错人", by: int = 0
) -> None:
    seen = school.state(session, person)
    actor_id = by or school.cast.ma.id
    roster.correct(school.cast.east.id, session.id, person.id, state, seen=seen, reason=reason, actor_id=actor_id)


def points(person: Employee) -> int:
    return ledger.points_of(person.id, "2026-11")


@pytest.fixture
def rules(school: School) -> None:
    ledger.ensure_default_rules(school.cast.group.id, date(2026, 1, 1))


def test_saving_a_roster_writes_only_what_was_changed_on_the_page(school: School) -> None:
    cast, session = school.cast, school.running()
    school.record(session, {cast.gang: State.PRESENT})
    stale = [
        Mark(cast.gang.id, State.NOT_RECORDED, State.NOT_RECORDED),
        Mark(cast.min.id, State.NOT_RECORDED, State.LATE),
    ]
    assert roster.save(cast.east.id, session.id, stale, actor_id=cast.ma.id) == 1
    assert school.state(session, cast.gang) is State.PRESENT
    assert school.state(session, cast.min) is State.LATE


def test_two_trainers_who_disagree_about_somebody_are_told_and_nothing_is_saved(school: School) -> None:
    cast, session = school.cast, school.running()
    school.record(session, {cast.gang: State.PRESENT})
    stale = [Mark(cast.gang.id, State.NOT_RECORDED, State.ABSENT), Mark(cast.min.id, State.NOT_RECORDED, State.LATE)]
    with pytest.raises(Faults) as refusal:
        roster.save(cast.east.id, session.id, stale, actor_id=cast.ma.id)
    assert "刚勇" in str(refusal.value.faults[0])
    assert school.state(session, cast.min) is State.NOT_RECORDED


@pytest.mark.both_databases
def test_rosters_saved_at_the_same_moment_lose_nobody(app: Flask, school: School) -> None:
    cast, session = school.cast, school.running()
    store_id, session_id = cast.east.id, session.id
    wanted = [(cast.qian.id, cast.gang.id, State.PRESENT), (cast.ma.id, cast.min.id, State.LATE)]
    db.session.commit()
    start = threading.Barrier(len(wanted))

    def save(actor_id: int, employee_id: int, state: State) -> None:
        with app.app_context():
            start.wait(timeout=10)
            roster.save(store_id, session_id, [Mark(employee_id, State.NOT_RECORDED, state)], actor_id=actor_id)
            db.session.commit()
            db.session.remove()

    threads = [threading.Thread(target=save, args=each) for each in wanted]
    db.session.remove()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    found = {row.employee_id: row.state for row in rows.rows_of(session_id)}
    assert {person: found[person] for _actor, person, _state in wanted} == {
        person: state for _actor, person, state in wanted
    }


@pytest.mark.both_databases
def test_of_two_who_record_the_same_person_differently_at_once_one_is_told(app: Flask, school: School) -> None:
    cast, session = school.cast, school.running()
    store_id, session_id, gang = cast.east.id, session.id, cast.gang.id
    wanted = [(cast.qian.id, State.PRESENT), (cast.ma.id, State.ABSENT)]
    db.session.commit()
    start = threading.Barrier(len(wanted))
    outcomes: list[State | str] = []

    def save(actor_id: int, state: State) -> None:
        with app.app_context():
            start.wait(timeout=10)
            try:
                roster.save(store_id, session_id, [Mark(gang, State.NOT_RECORDED, state)], actor_id=actor_id)
                db.session.commit()
                outcomes.append(state)
            except Faults:
                db.session.rollback()
                outcomes.append("told")
            db.session.remove()

    threads = [threading.Thread(target=save, args=each) for each in wanted]
    db.session.remove()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    found = {row.employee_id: row.state for row in rows.rows_of(session_id)}
    assert outcomes.count("told") == 1
    assert found[gang] in outcomes


def test_nobody_records_himself(school: School) -> None:
    session = school.running(positions=("clerk", "mechanic"), trainer=school.cast.gang)
    with pytest.raises(NotAllowed):
        school.record(session, {school.cast.qian: State.PRESENT})


def test_a_roster_is_recorded_only_while_the_session_runs(school: School) -> None:
    planned, cast = school.plan(topic="以后"), school.cast
    mark = [Mark(cast.gang.id, State.NOT_RECORDED, State.PRESENT)]
    with pytest.raises(Conflict, match="not started"):
        roster.save(cast.east.id, planned.id, mark, actor_id=cast.qian.id)
    closed = school.held({})
    with pytest.raises(Conflict, match="corrected with a reason"):
        roster.save(cast.east.id, closed.id, mark, actor_id=cast.qian.id)


def test_a_person_who_is_not_on_the_roster_is_refused(school: School) -> None:
    session, cast = school.running(), school.cast
    mark = [Mark(cast.bai.id, State.NOT_RECORDED, State.PRESENT)]
    with pytest.raises(DomainError, match="not on the roster"):
        roster.save(cast.east.id, session.id, mark, actor_id=cast.qian.id)


@pytest.mark.usefixtures("rules")
def test_attendance_earns_points_when_the_session_is_closed_and_giving_it_earns_more(school: School) -> None:
    cast = school.cast
    session = school.running()
    school.record(session, {cast.gang: State.PRESENT, cast.min: State.LATE, cast.tao: State.ABSENT})
    assert points(cast.gang) == 0
    sessions.close(cast.east.id, session.id, actor_id=cast.qian.id)
    sessions.close(cast.east.id, session.id, actor_id=cast.qian.id)
    assert [points(person) for person in (cast.gang, cast.min, cast.tao, cast.qian)] == [5, 5, 0, 20]


@pytest.mark.usefixtures("rules")
def test_who_teaches_what_he_is_called_to_has_attended_it_and_earns_for_giving_only(school: School) -> None:
    cast = school.cast
    session = school.held({cast.min: State.PRESENT}, trainer=cast.gang)
    assert school.state(session, cast.gang) is State.PRESENT
    assert points(cast.gang) == 20


@pytest.mark.usefixtures("rules")
def test_a_correction_gives_and_takes_points_as_often_as_it_is_needed(school: School) -> None:
    gang, session = school.cast.gang, school.held({school.cast.gang: State.PRESENT})
    correct(school, session, gang, State.ABSENT)
    assert points(gang) == 0
    correct(school, session, gang, State.LATE)
    assert points(gang) == 5
    history = db.session.scalars(select(AttendanceChange).order_by(AttendanceChange.id)).all()
    assert [(change.before, change.after, change.reason) for change in history] == [
        (State.NOT_RECORDED, State.PRESENT, ""),
        (State.PRESENT, State.ABSENT, "看错人"),
        (State.ABSENT, State.LATE, "看错人"),
    ]


@pytest.mark.usefixtures("rules")
def test_late_does_not_count_where_the_kind_says_so(school: School) -> None:
    school.kind("workshop").late_counts = False
    school.held({school.cast.gang: State.LATE})
    assert points(school.cast.gang) == 0


def test_the_boards_of_sessions_attended_are_proved_by_the_rosters(school: School) -> None:
    cast = school.cast
    session = school.held({cast.gang: State.PRESENT, cast.min: State.PRESENT})
    correct(school, session, cast.min, State.ABSENT)
    db.session.commit()
    proof = ledger.rebuild(check=True)
    assert proof.compared
    assert proof.equal


def test_a_correction_needs_a_reason(school: School) -> None:
    session = school.held({school.cast.gang: State.PRESENT})
    with pytest.raises(DomainError, match="needs a reason"):
        correct(school, session, school.cast.gang, State.ABSENT, reason=" ")


def test_nobody_corrects_his_own_attendance(school: School) -> None:
    gang, session = school.cast.gang, school.held({school.cast.gang: State.ABSENT})
    with pytest.raises(NotAllowed):
        correct(school, session, gang, State.PRESENT, by=gang.id)


def test_attendance_of_a_month_under_review_is_not_corrected(school: School) -> None:
    session = school.held({school.cast.gang: State.ABSENT})
    periods.move(school.cast.east.id, NOVEMBER, before=MonthState.OPEN, after=MonthState.IN_REVIEW, actor_id=None)
    with pytest.raises(DomainError, match="held still"):
        correct(school, session, school.cast.gang, State.PRESENT)


@pytest.mark.usefixtures("rules")
def test_attendance_of_a_closed_month_is_corrected_late_and_its_points_count_in_the_next(school: School) -> None:
    gang, session = school.cast.gang, school.held({school.cast.gang: State.ABSENT})
    periods.move(school.cast.east.id, NOVEMBER, before=MonthState.OPEN, after=MonthState.CLOSED, actor_id=None)
    correct(school, session, gang, State.PRESENT)
    assert (points(gang), ledger.points_of(gang.id, "2026-12")) == (0, 5)
    correct(school, session, gang, State.ABSENT)
    assert ledger.points_of(gang.id, "2026-12") == 0


ATTENDED = """
plan: attended
name: {en: Attended, zh: 培训挂钩}
lines:
  - line: sold
    name: {en: Accessories, zh: 精品}
    measure: {kind: amount, category: accessories, role: seller}
    rate: 10 %
    then:
      - factor:
          indicator: training_attendance
          bands:
            - {from: 90 %, factor: 1.00}
            - {below: 90 %, factor: 0.50}
"""


@pytest.mark.both_databases
def test_a_late_correction_of_attendance_adjusts_the_pay_of_the_closed_month(school: School) -> None:
    books, gang = Books(school.cast), school.cast.gang
    books.plan(ATTENDED, "mechanic")
    session = school.held({gang: State.ABSENT})
    books.sell("1000", gang, day=date(2026, 11, 10))
    books.close(NOVEMBER, hold=(school.cast.min, school.cast.tao))
    assert ledger.money_by_person(books.store_id, NOVEMBER)[gang.id] == Money(5_000)
    correct(school, session, gang, State.PRESENT)
    assert books.adjusted(NOVEMBER.plus(1), gang) == 5_000
    books.require_proved()


def test_a_correction_overtaken_by_another_is_told(school: School) -> None:
    cast, session = school.cast, school.held({school.cast.gang: State.ABSENT})
    with pytest.raises(Conflict, match="by somebody else"):
        roster.correct(
            cast.east.id, session.id, cast.gang.id, State.LATE, seen=State.PRESENT, reason="x", actor_id=cast.ma.id
        )


def test_the_trainers_own_row_is_no_attendance_to_correct(school: School) -> None:
    session = school.held({}, trainer=school.cast.gang)
    with pytest.raises(DomainError, match="gave this session"):
        correct(school, session, school.cast.gang, State.ABSENT)


@pytest.mark.usefixtures("rules")
def test_a_walk_in_is_recorded_by_name_and_counts_once_linked(school: School) -> None:
    cast, session = school.cast, school.running()
    guest = roster.welcome(cast.east.id, session.id, name="前台小魏", employee_id=None, actor_id=cast.qian.id)
    sessions.close(cast.east.id, session.id, actor_id=cast.qian.id)
    assert cast.wei.id not in school.called(session)
    roster.link(cast.east.id, session.id, guest.id, employee_id=cast.wei.id, actor_id=cast.qian.id)
    assert (school.state(session, cast.wei), points(cast.wei)) == (State.PRESENT, 5)
    with pytest.raises(Conflict):
        roster.link(cast.east.id, session.id, guest.id, employee_id=cast.lan.id, actor_id=cast.qian.id)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (lambda cast: cast.qian, NotAllowed),
        (lambda cast: cast.bai, DomainError),
        (lambda cast: cast.gang, DomainError),
    ],
    ids=["oneself", "another store's", "the trainer"],
)
def test_a_walk_in_is_not_linked_to(
    school: School, who: Callable[[object], Employee], refusal: type[DomainError]
) -> None:
    cast, session = school.cast, school.running(trainer=school.cast.gang)
    guest = roster.welcome(cast.east.id, session.id, name="某人", employee_id=None, actor_id=cast.ma.id)
    with pytest.raises(refusal):
        roster.link(cast.east.id, session.id, guest.id, employee_id=who(cast).id, actor_id=cast.qian.id)


def test_an_unknown_walk_in_is_not_found(school: School) -> None:
    session = school.running()
    with pytest.raises(NotFound):
        roster.link(school.cast.east.id, session.id, 99, employee_id=school.cast.wei.id, actor_id=school.cast.ma.id)


def test_indicators_read_sessions_held_and_everybodys_attendance(school: School) -> None:
    cast = school.cast
    school.held({cast.gang: State.PRESENT, cast.min: State.ABSENT, cast.tao: State.EXCUSED})
    school.held({}, kind="car_lecture", topic="冬季用车", positions=())
    store_id = cast.east.id

    def held(measure: str) -> list[int]:
        return [figure.value for figure in figures_of(store_id, measure, NOVEMBER, NOVEMBER)]

    assert held("training_sessions_held") == [2]
    assert held("car_lectures_held") == [1]
    assert held("technical_lectures_held") == []
    rates = {
        figure.employee_id: (figure.value, figure.base)
        for figure in figures_of(store_id, "training_attendance", NOVEMBER, NOVEMBER)
    }
    assert rates == {cast.gang.id: (100, 100), cast.min.id: (0, 100)}
