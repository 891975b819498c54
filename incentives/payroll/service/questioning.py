"""Questions as their readers see them: the lists, one question with its clock, whom the same cause may concern."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from incentives.commissions.models import PayLine
from incentives.core.access import Actor, Capability, Scope, scope_at
from incentives.core.errors import NotAllowed, NotFound, Sentence, say
from incentives.core.period import Month
from incentives.core.questions import Level, QuestionState, level_now, refuse_answer
from incentives.db import db
from incentives.payroll.models import LineKind, Question, QuestionEvent
from incentives.payroll.service.questions import asked
from incentives.payroll.service.reading import ReadLine, ReadStatement
from incentives.people.models import Employee
from incentives.periods.checks import Lack
from incentives.sales.models import Earner, SaleLine

MOST_ALIKE = 30
URGENCY = (case((Question.state == QuestionState.OPEN, 0), else_=1), Question.due_on, Question.id)
"""What waits first, the longest overdue before the rest."""


def questions_of(store_id: int) -> Select[Question]:
    """The questions of a store with who asked."""
    return (
        select(Question)
        .join(Question.employee)
        .where(Question.store_id == store_id)
        .options(contains_eager(Question.employee))
    )


def questions_by(employee_id: int) -> Select[Question]:
    """What somebody asked, at whichever store."""
    return select(Question).where(Question.employee_id == employee_id)


def asked_about(store_id: int, employee_id: int, month: Month) -> dict[str, Question]:
    """What somebody asked about each line of a month, by the line's key (empty: the whole), the latest each."""
    found = questions_by(employee_id).where(
        Question.store_id == store_id, Question.month == month, Question.state != QuestionState.WITHDRAWN
    )
    return {each.line_key: each for each in db.session.scalars(found.order_by(Question.id))}


def correction_in(question: Question, statement: ReadStatement | None) -> ReadLine | None:
    """The adjustment of what was asked about among a statement's lines; none while nothing was put right."""
    for line in () if statement is None else statement.lines:
        same = question.pay_line_id is None or line.pay_line_id == question.pay_line_id
        if line.kind is LineKind.ADJUSTMENT and line.for_month == question.month and same:
            return line
    return None


def is_overdue(question: Question, today: date) -> bool:
    """Whether it waits beyond its last day."""
    return question.state is QuestionState.OPEN and today > question.due_on


def overdue(today: date) -> ColumnElement[bool]:
    """The same as a condition."""
    return (Question.state == QuestionState.OPEN) & (Question.due_on < today)


def answers_now(question: Question, today: date) -> Level:
    """Who answers it today."""
    return level_now(question.level, question.due_on, today)


def question_with_history(store_id: int, question_id: int) -> Question:
    """A question of the store with who asked and what was done.

    Raises:
        NotFound: it has none of that id.
    """
    return _with_history(questions_of(store_id).where(Question.id == question_id))


def own_with_history(employee_id: int, question_id: int) -> Question:
    """The same of one's own.

    Raises:
        NotFound: it is nobody's, or somebody else's.
    """
    return _with_history(questions_by(employee_id).where(Question.id == question_id))


def _with_history(statement: Select[Question]) -> Question:
    history = selectinload(Question.events).joinedload(QuestionEvent.actor)
    found = db.session.scalars(statement.options(history, joinedload(Question.settled_line))).one_or_none()
    if found is None:
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def refusal_of(actor: Actor, question: Question, today: date) -> Sentence | None:
    """Why somebody may not answer; nothing if he may."""
    try:
        refuse_answer(actor, asked(question, today))
    except NotAllowed as refusal:
        return refusal.sentence
    return None


def to_answer(actor: Actor, store_id: int, today: date) -> Select[int]:
    """How many questions wait for this person: the store's for its manager, what has gone up for the head office."""
    mine = [
        Question.store_id == store_id,
        Question.state == QuestionState.OPEN,
        Question.employee_id != actor.employee_id,
        or_(Question.about_id.is_(None), Question.about_id != actor.employee_id),
        or_(Question.times == 1, Question.answered_by != actor.employee_id),
    ]
    gone_up = or_(Question.level == Level.HEAD_OFFICE, Question.due_on < today)
    by_group = scope_at(actor, Capability.ANSWER_QUESTIONS, store_id) is Scope.GROUP
    return select(func.count(Question.id)).where(*mine, gone_up if by_group else ~gone_up)


def answers_to_read(employee_id: int, today: date) -> Select[int]:
    """How many answers somebody may still come back to, or whose correction is not paid yet."""
    to_come_back_to = (Question.state == QuestionState.REJECTED) & (Question.again_until >= today)
    return select(func.count(Question.id)).where(
        Question.employee_id == employee_id, or_(to_come_back_to, Question.state == QuestionState.ACCEPTED)
    )


def open_questions(store_id: int, month: Month) -> Iterable[Lack]:
    """For the cockpit: questions to the month that wait for an answer."""
    found = select(func.count(Question.id)).where(
        Question.store_id == store_id, Question.month == month, Question.state == QuestionState.OPEN
    )
    yield Lack(
        say("questions to lines of the month are not answered"),
        db.session.scalar(found) or 0,
        "payroll.questions",
        (("state", "open"),),
    )


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody whom the same cause may concern, and why."""

    employee: Employee
    why: Sentence
    pay_line_id: int | None = None


def alike(question: Question) -> list[Alike]:
    """Whom an accepted question may concern too: who earned on the same document, or is paid by the same line."""
    return [*_same_document(question), *_same_line(question)][:MOST_ALIKE]


def _same_document(question: Question) -> list[Alike]:
    if not question.document:
        return []
    found = (
        select(Employee)
        .join(Earner, Earner.employee_id == Employee.id)
        .join(SaleLine, SaleLine.id == Earner.sale_line_id)
        .where(
            SaleLine.store_id == question.store_id,
            SaleLine.document == question.document,
            Employee.id != question.employee_id,
        )
        .distinct()
        .order_by(Employee.number)
    )
    why = say("earned on document {document}", document=question.document)
    return [Alike(each, why) for each in db.session.scalars(found)]


def _same_line(question: Question) -> Sequence[Alike]:
    mine, theirs = aliased(PayLine), aliased(PayLine)
    found = (
        select(Employee, theirs.id)
        .join(theirs, theirs.employee_id == Employee.id)
        .join(
            mine,
            (mine.store_id == theirs.store_id)
            & (mine.month == theirs.month)
            & (mine.version_id == theirs.version_id)
            & (mine.code == theirs.code),
        )
        .where(mine.id == question.pay_line_id, theirs.id != mine.id)
        .order_by(Employee.number)
    )
    why = say("paid by the same line in {month}", month=str(question.month))
    return [Alike(employee, why, line_id) for employee, line_id in db.session.execute(found)]
