"""An employee's question to a line of pay 异议: what may follow upon what, who answers it, and until when.

Source: product.md §9 (a question or dispute on any line with a clock). The store answers within five working days; a
question that is not answered by then, that concerns a manager, or that is raised again is the head office's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from incentives.core.access import Actor, Capability, Scope, scope_at
from incentives.core.errors import DomainError, NotAllowed, say
from incentives.core.spoken import Spoken
from incentives.core.workflow import Refusal, Workflow

ANSWER_WORKDAYS = 5
"""Working days, from the day after a question was raised, within which it is answered."""
RAISED_AT_MOST = 2
"""A question is raised once, and once more after an answer that does not convince."""
WINDOW_DAYS = 60
"""Calendar days after a month's last day within which its lines can be questioned, unless the store says otherwise."""


class Cause(Spoken):
    """What the employee holds to be wrong."""

    SALE_MISSING = "sale_missing", say("a sale is missing")
    WRONG_SELLER = "wrong_seller", say("wrong seller or split")
    WRONG_READING = "wrong_reading", say("wrong actual figure")
    RULE_MISREAD = "rule_misread", say("the rule is read wrongly")
    NOT_DUE = "not_due", say("a deduction is not due")
    WRONG_TARGET = "wrong_target", say("wrong target or days present")
    OTHER = "other", say("something else")


class QuestionState(Spoken):
    """Where a question stands."""

    OPEN = "open", say("waits for an answer")
    REJECTED = "rejected", say("answered: it stays as it is")
    ACCEPTED = "accepted", say("accepted: it will be put right")
    SETTLED = "settled", say("settled")
    WITHDRAWN = "withdrawn", say("withdrawn")


class QuestionAction(StrEnum):
    """What is done to a question. Withdrawing and raising again are the employee's."""

    REJECT = "reject"
    ACCEPT = "accept"
    SETTLE = "settle"
    WITHDRAW = "withdraw"
    RAISE_AGAIN = "raise_again"


_REJECTED = Refusal("question_rejected", say("This question was answered already: it stays as it is."))
_ACCEPTED = Refusal("question_accepted", say("This question was accepted already: it will be put right."))
_SETTLED = Refusal("question_settled", say("This question is settled."))
_WITHDRAWN = Refusal("question_withdrawn", say("This question was withdrawn."))
_UNANSWERED = Refusal("question_unanswered", say("This question was not answered yet."))

_REFUSES: dict[QuestionState, QuestionState | Refusal] = {
    QuestionState.OPEN: _UNANSWERED,
    QuestionState.REJECTED: _REJECTED,
    QuestionState.ACCEPTED: _ACCEPTED,
    QuestionState.SETTLED: _SETTLED,
    QuestionState.WITHDRAWN: _WITHDRAWN,
}

QUESTION: Workflow[QuestionState, QuestionAction] = Workflow(
    {
        QuestionAction.REJECT: {
            **_REFUSES,
            QuestionState.OPEN: QuestionState.REJECTED,
            QuestionState.REJECTED: QuestionState.REJECTED,
        },
        QuestionAction.ACCEPT: {
            **_REFUSES,
            QuestionState.OPEN: QuestionState.ACCEPTED,
            QuestionState.ACCEPTED: QuestionState.ACCEPTED,
        },
        QuestionAction.SETTLE: {
            **_REFUSES,
            QuestionState.ACCEPTED: QuestionState.SETTLED,
            QuestionState.SETTLED: QuestionState.SETTLED,
        },
        QuestionAction.WITHDRAW: {
            **_REFUSES,
            QuestionState.OPEN: QuestionState.WITHDRAWN,
            QuestionState.WITHDRAWN: QuestionState.WITHDRAWN,
        },
        QuestionAction.RAISE_AGAIN: {
            **_REFUSES,
            QuestionState.OPEN: QuestionState.OPEN,
            QuestionState.REJECTED: QuestionState.OPEN,
        },
    }
)
"""open → rejected or accepted → settled; withdrawn while open. A rejected one is raised again once and goes up."""


class Level(Spoken):
    """Who answers."""

    STORE = "store", say("the store")
    HEAD_OFFICE = "head_office", say("the head office")


def level_now(first: Level, due_on: date, today: date) -> Level:
    """Who answers a question today: it goes up by itself on the day after its last day, without anybody's doing."""
    return Level.HEAD_OFFICE if today > due_on else first


def refuse_raising(times: int) -> None:
    """A question is raised again only once.

    Raises:
        DomainError: it was raised twice.
    """
    if times >= RAISED_AT_MOST:
        raise DomainError(say("The head office has answered this: a question is raised again only once."))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the rules see it: about whose pay, whose decision it questions, who answered it before."""

    store_id: int
    asker_id: int
    about_id: int | None
    answered_by: int | None
    level: Level


def refuse_answer(actor: Actor, asked: Asked) -> None:
    """Who answers: a manager of the store or finance; once it has gone up, finance or the head office.

    Nobody answers a question about his own pay or his own decision, or the same question twice.

    Raises:
        NotAllowed: the actor may not, with the reason.
    """
    scope = scope_at(actor, Capability.ANSWER_QUESTIONS, asked.store_id)
    if scope < Scope.STORE:
        raise NotAllowed(say("You may not answer this question."))
    if actor.employee_id == asked.asker_id:
        raise NotAllowed(say("Nobody answers a question about his own pay: somebody else must answer it."))
    if actor.employee_id == asked.about_id:
        raise NotAllowed(say("This question is about a decision of yours: somebody else must answer it."))
    if actor.employee_id == asked.answered_by:
        raise NotAllowed(say("You have answered this question before: somebody else must answer it now."))
    if asked.level is Level.HEAD_OFFICE and scope < Scope.GROUP:
        raise NotAllowed(say("This question has gone up to the head office."))
