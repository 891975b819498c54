"""Questions to lines of pay: asked by the person, answered by somebody else within a clock, settled when paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select

from incentives import clock
from incentives.audit import service as audit
from incentives.core.access import Actor
from incentives.core.errors import DomainError, NotFound, say
from incentives.core.money import ZERO
from incentives.core.period import Month
from incentives.core.questions import (
    QUESTION,
    Asked,
    Cause,
    Level,
    QuestionAction,
    QuestionState,
    level_now,
    refuse_answer,
    refuse_raising,
)
from incentives.db import db
from incentives.payroll.models import (
    LineKind,
    Question,
    QuestionEvent,
    Statement,
    StatementLine,
    StatementState,
)
from incentives.payroll.service import reading
from incentives.payroll.service.question_rules import require_in_time, rules_of
from incentives.people.service import staff
from incentives.periods import service as periods
from incentives.rewards.models import RewardRecord
from incentives.targets.service.workdays import after_workdays

WHOLE = say("The whole statement")


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody asks. An empty ``line_key`` asks about the whole statement; ``token`` makes a repeat harmless."""

    line_key: str
    cause: Cause
    words: str
    token: str
    document: str = ""
    evidence: str = ""


def ask(store_id: int, month: Month, asking: Asking, *, employee_id: int, today: date) -> Question:
    """Ask about a line of one's own statement, or about the whole of it. A repeat gives the same question.

    Raises:
        NotFound: the statement has no such line.
        DomainError: too late, without words, or the line is being asked about already.
    """
    repeated = db.session.scalars(select(Question).where(Question.token == asking.token)).one_or_none()
    if repeated is not None and repeated.employee_id == employee_id:
        return repeated
    _require_askable(store_id, month, asking, employee_id, today)
    statement = reading.of_person(store_id, month, employee_id)
    line = _line(statement, asking.line_key)
    managers = staff.managers_of(store_id)
    about = _decider(statement, line)
    concerns_manager = employee_id in managers or about in managers
    question = Question(
        store_id=store_id,
        employee_id=employee_id,
        month=month,
        line_key=asking.line_key,
        line_name=(WHOLE if line is None else line.name).as_plain(),
        amount=line.amount if line else statement.total if statement else ZERO,
        pay_line_id=None if line is None else line.pay_line_id,
        estimate=periods.is_open(store_id, month),
        cause=asking.cause,
        document=asking.document,
        words=asking.words,
        evidence=asking.evidence,
        state=QuestionState.OPEN,
        level=Level.HEAD_OFFICE if concerns_manager else Level.STORE,
        about_id=about,
        raised_at=clock.now(),
        due_on=after_workdays(store_id, today, rules_of(store_id).answer_workdays),
        token=asking.token,
    )
    db.session.add(question)
    _write(question, QuestionState.OPEN, employee_id, asking.words)
    _record("payroll.question_asked", question, employee_id, {"cause": (None, asking.cause.value)})
    return question


def _require_askable(store_id: int, month: Month, asking: Asking, employee_id: int, today: date) -> None:
    if not asking.words:
        raise DomainError(say("Say what is wrong: somebody else will read it and answer."))
    require_in_time(rules_of(store_id), month, today)
    same = select(Question.id).where(
        Question.store_id == store_id,
        Question.employee_id == employee_id,
        Question.month == month,
        Question.line_key == asking.line_key,
        Question.state.in_([QuestionState.OPEN, QuestionState.ACCEPTED]),
    )
    if db.session.scalar(same) is not None:
        raise DomainError(say("You have asked about this already: the answer is on its way."))


def _line(statement: reading.ReadStatement | None, key: str) -> reading.ReadLine | None:
    if not key:
        return None
    found = None if statement is None else next((each for each in statement.lines if each.key == key), None)
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def _decider(statement: reading.ReadStatement | None, line: reading.ReadLine | None) -> int | None:
    """Whose own decision is questioned: who held the statement, or who approved the reward or penalty."""
    if line is not None and line.kind in {LineKind.REWARD, LineKind.PENALTY} and line.source_id is not None:
        return db.session.scalar(select(RewardRecord.approver_id).where(RewardRecord.id == line.source_id))
    if statement is not None and statement.state is StatementState.HELD:
        return db.session.scalar(select(Statement.decided_by).where(Statement.id == statement.id))
    return None


def asked(question: Question, today: date) -> Asked:
    """The question as the rules see it today."""
    former = question.answered_by if question.times > 1 or question.state is not QuestionState.OPEN else None
    level = level_now(question.level, question.due_on, today)
    return Asked(question.store_id, question.employee_id, question.about_id, former, level)


def answer(actor: Actor, store_id: int, question_id: int, *, accepted: bool, words: str, today: date) -> Question:
    """Accept a question, saying what will be put right, or say why it stays as it is. A repeat does nothing.

    Raises:
        NotFound: the store has no such question.
        NotAllowed: it is not the actor's to answer.
        DomainError: there are no words.
        Refused: it is in no state for it.
    """
    question = locked(store_id, question_id)
    action = QuestionAction.ACCEPT if accepted else QuestionAction.REJECT
    step = QUESTION.after(question.state, action)
    if not step.changed:
        return question
    refuse_answer(actor, asked(question, today))
    if not words:
        raise DomainError(say("Answer in words: say what will be put right, or why it stays as it is."))
    escalated = level_now(question.level, question.due_on, today) is not question.level
    question.level = level_now(question.level, question.due_on, today)
    question.answer, question.answered_by, question.answered_at = words, actor.employee_id, clock.now()
    if not accepted:
        question.again_until = after_workdays(store_id, today, rules_of(store_id).answer_workdays)
    _write(question, step.state, actor.employee_id, words, escalated=escalated)
    _record("payroll.question_answered", question, actor.employee_id, {"state": ("open", step.state.value)})
    return question


def raise_again(question_id: int, *, employee_id: int, words: str, today: date) -> Question:
    """Raise a rejected question once more, with a reason: it goes to the head office. A repeat does nothing.

    Raises:
        NotFound: it is no question of this person's.
        DomainError: without words, too late, or raised twice already.
        Refused: it is in no state for it.
    """
    question = own(question_id, employee_id, lock=True)
    step = QUESTION.after(question.state, QuestionAction.RAISE_AGAIN)
    if not step.changed:
        return question
    refuse_raising(question.times)
    if not words:
        raise DomainError(say("Say why the answer does not convince you."))
    if question.again_until is not None and today > question.again_until:
        raise DomainError(say("The last day to raise it again was {day}.", day=str(question.again_until)))
    question.times += 1
    question.level = Level.HEAD_OFFICE
    question.due_on = after_workdays(question.store_id, today, rules_of(question.store_id).answer_workdays)
    _write(question, step.state, employee_id, words)
    _record("payroll.question_raised_again", question, employee_id, {})
    return question


def withdraw(question_id: int, *, employee_id: int) -> Question:
    """Take back a question that was not answered yet. A repeat does nothing.

    Raises:
        NotFound: it is no question of this person's.
        Refused: it was answered.
    """
    question = own(question_id, employee_id, lock=True)
    step = QUESTION.after(question.state, QuestionAction.WITHDRAW)
    if step.changed:
        _write(question, step.state, employee_id, "")
        _record("payroll.question_withdrawn", question, employee_id, {})
    return question


def settle(actor: Actor, store_id: int, question_id: int, *, words: str, today: date) -> Question:
    """Say that an accepted question is put right, where no line of pay shows it by itself. A repeat does nothing.

    Raises:
        NotFound: the store has no such question.
        NotAllowed: it is about one's own pay.
        DomainError: without words.
        Refused: it was not accepted.
    """
    question = locked(store_id, question_id)
    step = QUESTION.after(question.state, QuestionAction.SETTLE)
    if not step.changed:
        return question
    rules = asked(question, today)
    refuse_answer(actor, Asked(rules.store_id, rules.asker_id, rules.about_id, None, question.level))
    if not words:
        raise DomainError(say("Say what was put right, and where it can be seen."))
    _write(question, step.state, actor.employee_id, words)
    _record("payroll.question_settled", question, actor.employee_id, {})
    return question


def settle_paid(store_id: int, month: Month, paid: Sequence[Statement], *, actor_id: int | None) -> None:
    """Accepted questions are settled by the closing that pays their correction.

    In their own month that is the line itself; in a later one an adjustment of the line, or of the question's month
    where it names no line of a plan.
    """
    lines = {each.employee_id: each.lines for each in paid}
    waiting = select(Question).where(
        Question.store_id == store_id,
        Question.state == QuestionState.ACCEPTED,
        Question.employee_id.in_(lines),
        Question.month <= month,
    )
    for question in db.session.scalars(waiting.with_for_update()):
        line = _correction(question, month, lines[question.employee_id])
        if line is None and question.month != month:
            continue
        question.settled_line_id = None if line is None else line.id
        step = QUESTION.after(question.state, QuestionAction.SETTLE)
        _write(question, step.state, actor_id, "")
        _record("payroll.question_settled", question, actor_id, {"month": (None, str(month))})


def _correction(question: Question, month: Month, lines: Sequence[StatementLine]) -> StatementLine | None:
    for line in lines:
        same = question.pay_line_id is None or line.pay_line_id == question.pay_line_id
        if question.month == month and same and line.kind is LineKind.PAY and question.pay_line_id is not None:
            return line
        if line.kind is LineKind.ADJUSTMENT and line.for_month == question.month and same:
            return line
    return None


def require_none_open(store_id: int, month: Month) -> int:
    """How many questions to the month are open; refused if the store wants them answered before it closes a month.

    Raises:
        DomainError: there are some, and the store's rules hold the closing until they are answered.
    """
    found = open_in(store_id, month)
    if found and rules_of(store_id).hold_closing:
        raise DomainError(say("{count} questions to {month} are not answered yet.", count=found, month=str(month)))
    return found


def open_in(store_id: int, month: Month) -> int:
    """How many questions to a month wait for an answer."""
    statement = select(Question.id).where(
        Question.store_id == store_id, Question.month == month, Question.state == QuestionState.OPEN
    )
    return len(db.session.scalars(statement).all())


def locked(store_id: int, question_id: int) -> Question:
    """A question of the store, held until the transaction ends.

    Raises:
        NotFound: it has none of that id.
    """
    return _one(select(Question).where(Question.store_id == store_id, Question.id == question_id).with_for_update())


def own(question_id: int, employee_id: int, *, lock: bool = False) -> Question:
    """A question of one's own, at whichever store.

    Raises:
        NotFound: there is none of that id, or it is somebody else's.
    """
    found = select(Question).where(Question.id == question_id, Question.employee_id == employee_id)
    return _one(found.with_for_update() if lock else found)


def _one(statement: Select[Question]) -> Question:
    found = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def _write(
    question: Question, after: QuestionState, actor_id: int | None, words: str, *, escalated: bool = False
) -> None:
    before, question.state = question.state, after
    question.events.append(
        QuestionEvent(at=clock.now(), actor_id=actor_id, before=before, after=after, escalated=escalated, comment=words)
    )
    db.session.flush()


def _record(act: str, question: Question, actor_id: int | None, changes: dict[str, tuple[object, object]]) -> None:
    audit.record(
        act,
        store_id=question.store_id,
        actor_id=actor_id,
        subject=f"{question.month} #{question.id}",
        changes=changes,
    )
