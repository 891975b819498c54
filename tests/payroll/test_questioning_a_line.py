"""An employee's question to a line of pay: asked, answered by somebody else in time, gone up, settled by its correction."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine

from incentives.core.access import Actor
from incentives.core.errors import DomainError, NotAllowed, NotFound
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.questions import Cause, Level, QuestionState
from incentives.db import db
from incentives.payroll.models import Question
from incentives.payroll.service import closing, question_rules, questioning, questions, reading, reviewing
from incentives.people.models import Employee
from incentives.people.signin import actor_for
from incentives.sales.service.returns import record_return
from incentives.targets.service.workdays import after_workdays, override
from tests.conftest import Cast, ClientFor
from tests.payroll.months import NOVEMBER, OCTOBER, TODAY, adopt, approve, close, held_and_closed, sell

MONDAY_AFTER = date(2026, 11, 23)
OVERDUE = date(2026, 11, 24)


def _ask(cast: Cast, who: Employee, month: Month = OCTOBER, *, once: str = "t1", whole: bool = False) -> Question:
    statement = reading.of_person(cast.east.id, month, who.id)
    key = "" if whole or statement is None else statement.lines[0].key
    asking = questions.Asking(key, Cause.SALE_MISSING, "少了D9这一单", once, document="D9")
    made = questions.ask(cast.east.id, month, asking, employee_id=who.id, today=TODAY)
    db.session.commit()
    return made


def _answer(cast: Cast, who: Employee, question: Question, *, accepted: bool, today: date = TODAY) -> Question:
    actor = actor_for(who, today)
    return questions.answer(actor, cast.east.id, question.id, accepted=accepted, words="已核对", today=today)


def test_the_store_has_five_working_days_by_its_own_calendar(cast: Cast) -> None:
    assert after_workdays(cast.east.id, date(2026, 11, 16), 5) == MONDAY_AFTER
    override(cast.east.id, date(2026, 11, 21), works=True, note="盘点", actor_id=cast.ma.id)
    assert after_workdays(cast.east.id, date(2026, 11, 16), 5) == date(2026, 11, 21)
    assert after_workdays(cast.east.id, date(2026, 9, 30), 5) == date(2026, 10, 13)


def test_a_question_names_the_line_as_it_stood_and_a_repeat_asks_once(cast: Cast) -> None:
    adopt(cast)
    sell(cast, "D1", cast.wei, date(2026, 10, 9))
    close(cast, OCTOBER)
    first = _ask(cast, cast.wei)
    assert (first.amount, first.due_on, first.level, first.estimate) == (
        Money(30_000),
        MONDAY_AFTER,
        Level.STORE,
        False,
    )
    assert _ask(cast, cast.wei).id == first.id
    with pytest.raises(DomainError, match="asked about this already"):
        _ask(cast, cast.wei, once="t2")


def test_a_line_of_somebody_else_cannot_be_asked_about_nor_one_that_is_not_there(cast: Cast) -> None:
    adopt(cast)
    sell(cast, "D1", cast.wei, date(2026, 10, 9))
    statement = reading.of_person(cast.east.id, OCTOBER, cast.wei.id)
    assert statement is not None
    asking = questions.Asking(statement.lines[0].key, Cause.OTHER, "?", "t")
    with pytest.raises(NotFound):
        questions.ask(cast.east.id, OCTOBER, asking, employee_id=cast.lan.id, today=TODAY)


def test_asking_is_over_when_the_window_is(cast: Cast) -> None:
    asking = questions.Asking("", Cause.OTHER, "?", "t")
    last = date(2026, 10, 30)
    assert questions.ask(cast.east.id, Month(2026, 8), asking, employee_id=cast.wei.id, today=last).id
    late = questions.Asking("", Cause.OTHER, "?", "later")
    with pytest.raises(DomainError, match="until 2026-10-30"):
        questions.ask(cast.east.id, Month(2026, 8), late, employee_id=cast.lan.id, today=date(2026, 10, 31))


def test_nobody_answers_about_his_own_pay_and_a_managers_question_is_the_head_offices(cast: Cast) -> None:
    question = _ask(cast, cast.ma, whole=True)
    assert question.level is Level.HEAD_OFFICE
    with pytest.raises(NotAllowed, match="own pay"):
        _answer(cast, cast.ma, question, accepted=True)
    assert _answer(cast, cast.hua, question, accepted=True).state is QuestionState.ACCEPTED


def test_a_question_to_a_held_statement_is_not_answered_by_who_held_it(cast: Cast) -> None:
    adopt(cast)
    sell(cast, "D1", cast.wei, date(2026, 10, 9))
    held_and_closed(cast, OCTOBER, cast.wei)
    question = _ask(cast, cast.wei)
    assert (question.about_id, question.level) == (cast.ma.id, Level.HEAD_OFFICE)
    with pytest.raises(NotAllowed, match="decision of yours"):
        _answer(cast, cast.ma, question, accepted=False)


def test_unanswered_for_five_working_days_it_goes_up_by_itself(cast: Cast) -> None:
    question = _ask(cast, cast.wei, whole=True)
    manager, chief = actor_for(cast.ma, TODAY), actor_for(cast.hua, TODAY)

    def waits(who: Actor, today: date) -> int:
        return db.session.scalar(questioning.to_answer(who, cast.east.id, today)) or 0

    assert (waits(manager, MONDAY_AFTER), waits(chief, MONDAY_AFTER)) == (1, 0)
    assert (waits(manager, OVERDUE), waits(chief, OVERDUE)) == (0, 1)
    with pytest.raises(NotAllowed, match="gone up"):
        _answer(cast, cast.ma, question, accepted=True, today=OVERDUE)
    _answer(cast, cast.hua, question, accepted=True, today=OVERDUE)
    assert (question.level, question.events[-1].escalated) == (Level.HEAD_OFFICE, True)


def test_a_rejected_question_is_raised_once_more_and_somebody_else_answers(cast: Cast) -> None:
    question = _ask(cast, cast.wei, whole=True)
    _answer(cast, cast.fan, question, accepted=False)
    again = questions.raise_again(question.id, employee_id=cast.wei.id, words="附上工单", today=TODAY)
    assert (again.state, again.level, again.times) == (QuestionState.OPEN, Level.HEAD_OFFICE, 2)
    with pytest.raises(NotAllowed, match="before"):
        _answer(cast, cast.fan, question, accepted=True)
    _answer(cast, cast.hua, question, accepted=False)
    with pytest.raises(DomainError, match="only once"):
        questions.raise_again(question.id, employee_id=cast.wei.id, words="还是不对", today=TODAY)


def test_an_answer_is_contested_within_five_working_days_only(cast: Cast) -> None:
    question = _ask(cast, cast.wei, whole=True)
    _answer(cast, cast.ma, question, accepted=False)
    with pytest.raises(DomainError, match="2026-11-23"):
        questions.raise_again(question.id, employee_id=cast.wei.id, words="不对", today=OVERDUE)


@pytest.mark.both_databases
def test_an_accepted_question_is_settled_by_the_adjustment_that_pays_it(cast: Cast) -> None:
    adopt(cast)
    sale = sell(cast, "D1", cast.wei, date(2026, 10, 9))
    sell(cast, "D2", cast.wei, date(2026, 11, 9), profit="9000")
    close(cast, OCTOBER)
    question = _ask(cast, cast.wei)
    _answer(cast, cast.ma, question, accepted=True)
    received = Money.parse("3880")
    record_return(
        cast.east.id, sale, quantity=1000, received=received, day=date(2026, 11, 10), maker_id=cast.ma.id, today=TODAY
    )
    db.session.commit()
    with time_machine.travel(datetime(2026, 12, 2, tzinfo=UTC), tick=False):
        close(cast, NOVEMBER)
    line = question.settled_line
    assert line is not None
    assert (question.state, line.amount, line.for_month) == (QuestionState.SETTLED, Money(-30_000), OCTOBER)
    with pytest.raises(NotFound):
        questions.settle(actor_for(cast.bo, TODAY), cast.west.id, question.id, words="x", today=TODAY)


def test_a_question_to_the_running_month_is_settled_by_its_own_closing(cast: Cast) -> None:
    adopt(cast)
    sell(cast, "D1", cast.wei, date(2026, 10, 9))
    question = _ask(cast, cast.wei)
    assert question.estimate
    _answer(cast, cast.ma, question, accepted=True)
    sell(cast, "D9", cast.wei, date(2026, 10, 10))
    close(cast, OCTOBER)
    assert question.settled_line is not None
    assert (question.state, question.settled_line.amount) == (QuestionState.SETTLED, Money(60_000))


def test_open_questions_hold_a_closing_only_if_the_store_says_so(cast: Cast) -> None:
    adopt(cast)
    sell(cast, "D1", cast.wei, date(2026, 10, 9))
    _ask(cast, cast.wei)
    question_rules.set_rules(cast.east.id, answer_workdays=3, window_days=30, hold_closing=True, actor_id=cast.hua.id)
    reviewing.start(cast.east.id, OCTOBER, actor_id=cast.ma.id)
    approve(cast, OCTOBER)
    with pytest.raises(DomainError, match="1 questions to 2026-10"):
        closing.close(cast.east.id, OCTOBER, actor_id=cast.fan.id)
    question_rules.set_rules(cast.east.id, answer_workdays=3, window_days=30, hold_closing=False, actor_id=cast.hua.id)
    assert closing.close(cast.east.id, OCTOBER, actor_id=cast.fan.id).open_questions == 1
    with pytest.raises(DomainError, match="1 to 30"):
        question_rules.set_rules(
            cast.east.id, answer_workdays=0, window_days=30, hold_closing=False, actor_id=cast.hua.id
        )


def test_the_same_cause_may_concern_who_is_paid_by_the_same_line(cast: Cast) -> None:
    adopt(cast)
    sell(cast, "D1", cast.wei, date(2026, 10, 9))
    sell(cast, "D9", cast.hao, date(2026, 10, 9))
    question = _ask(cast, cast.wei)
    assert {each.employee.id for each in questioning.alike(question)} >= {cast.hao.id, cast.lan.id}
    assert questioning.alike(question)[0].employee.id == cast.hao.id


def test_a_question_through_the_pages_from_the_line_to_the_answer(cast: Cast, client_for: ClientFor) -> None:
    adopt(cast)
    sell(cast, "D1", cast.wei, date(2026, 10, 9))
    wei, ma = client_for(cast.wei), client_for(cast.ma)
    statement = wei.get("/me/statement?month=2026-10")
    assert "Question this line" in statement.text
    found = reading.of_person(cast.east.id, OCTOBER, cast.wei.id)
    assert found is not None
    url = f"/me/statement/question?month=2026-10&line={found.lines[0].key}"
    assert wei.get(url).status_code == 200
    form = {"token": "a", "cause": "sale_missing", "words": ""}
    refused = wei.post(url, data=form)
    assert (refused.status_code, "fill this in" in refused.text) == (422, True), refused.text
    made = wei.post(url, data=form | {"words": "少了一单"})
    assert made.status_code == 302
    own = made.headers["Location"]
    assert "少了一单" in wei.get(own).text
    assert "Questions about pay to answer" in ma.get("/").text
    number = own.rsplit("/", 1)[-1]
    store = f"/stores/A01/questions/{number}"
    assert "魏强" in ma.get("/stores/A01/questions?state=open").text
    assert ma.post(f"{store}/answer", data={"decision": "accept", "words": ""}).status_code == 422
    assert ma.post(f"{store}/answer", data={"decision": "accept", "words": "补录D9"}).status_code == 302
    assert "补录D9" in wei.get(own).text
    assert "may concern others" in ma.get(store).text


def test_a_line_that_was_asked_about_leads_to_its_question_and_not_to_a_second_form(
    cast: Cast, client_for: ClientFor
) -> None:
    adopt(cast)
    sell(cast, "D1", cast.wei, date(2026, 10, 9))
    question = _ask(cast, cast.wei)
    statement = client_for(cast.wei).get("/me/statement?month=2026-10").text
    assert f'href="/me/questions/{question.id}"' in statement
    assert "Question this line" not in statement
    _answer(cast, cast.ma, question, accepted=False)
    db.session.commit()
    assert "Question this line" in client_for(cast.wei).get("/me/statement?month=2026-10").text


@pytest.mark.parametrize(
    ("month", "says"), [("2026-08", "could be questioned until 2026-10-30"), ("2027-01", "has not begun")]
)
def test_nobody_writes_a_question_that_would_be_refused_anyway(
    cast: Cast, client_for: ClientFor, month: str, says: str
) -> None:
    answer = client_for(cast.wei).get(f"/me/statement/question?month={month}")
    assert (answer.status_code, says in answer.text) == (422, True)
    assert "/me/statement/question" not in client_for(cast.wei).get("/me/statement?month=2026-08").text


def test_an_accepted_question_shows_the_correction_that_is_on_its_way(cast: Cast, client_for: ClientFor) -> None:
    adopt(cast)
    sell(cast, "D1", cast.wei, date(2026, 10, 9))
    close(cast, OCTOBER)
    question = _ask(cast, cast.wei)
    _answer(cast, cast.ma, question, accepted=True)
    db.session.commit()
    wei, own = client_for(cast.wei), f"/me/questions/{question.id}"
    assert "On its way" not in wei.get(own).text
    sell(cast, "D9", cast.wei, date(2026, 10, 10), profit="500")
    page = wei.get(own).text
    assert "On its way with the statement of November 2026" in page
    assert "100.00" in page
    assert "Answers to your questions about pay" in wei.get("/").text


def test_other_peoples_questions_are_not_for_one(cast: Cast, client_for: ClientFor) -> None:
    question = _ask(cast, cast.wei, whole=True)
    lan = client_for(cast.lan)
    assert lan.get(f"/me/questions/{question.id}").status_code == 404
    assert lan.post(f"/me/questions/{question.id}/withdrawal").status_code == 404
    assert lan.get("/stores/A01/questions").status_code == 403
    assert client_for(cast.bo).get(f"/stores/A01/questions/{question.id}").status_code == 404
    assert client_for(cast.bo).get(f"/stores/B02/questions/{question.id}").status_code == 404
    wei = client_for(cast.wei)
    assert wei.post(f"/me/questions/{question.id}/withdrawal").status_code == 302
    assert "withdrawn" in wei.get(f"/me/questions/{question.id}").text
    assert client_for(cast.hua).post("/stores/A01/questions/rules", data={"answer_workdays": "99"}).status_code == 422
    assert client_for(cast.ma).get("/stores/A01/questions/rules").status_code == 403
