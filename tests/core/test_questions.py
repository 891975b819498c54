"""Who answers a question to a line of pay, and until when."""

from __future__ import annotations

from datetime import date

import pytest

from incentives.core.access import Actor, Role
from incentives.core.errors import DomainError, NotAllowed
from incentives.core.questions import (
    QUESTION,
    Asked,
    Level,
    QuestionAction,
    QuestionState,
    level_now,
    refuse_answer,
    refuse_raising,
)
from incentives.core.workflow import Refused

STORE, OTHER = 1, 2
ASKER, MANAGER, FINANCE, CHIEF, CLERK, ELSEWHERE, BOTH, ADMIN = 10, 20, 30, 40, 50, 60, 70, 80
ROLES = {
    MANAGER: [(Role.MANAGER, STORE)],
    FINANCE: [(Role.FINANCE, OTHER)],
    CHIEF: [(Role.HQ, OTHER)],
    CLERK: [(Role.EMPLOYEE, STORE), (Role.TRAINER, STORE), (Role.INSPECTOR, STORE)],
    ELSEWHERE: [(Role.MANAGER, OTHER)],
    BOTH: [(Role.MANAGER, STORE), (Role.FINANCE, STORE)],
    ADMIN: [(Role.ADMIN, STORE)],
}
FRIDAY = date(2026, 11, 20)

NOBODY = "You may not answer this question."
OWN_PAY = "Nobody answers a question about his own pay: somebody else must answer it."
OWN_DECISION = "This question is about a decision of yours: somebody else must answer it."
TWICE = "You have answered this question before: somebody else must answer it now."
GONE_UP = "This question has gone up to the head office."


def _actor(number: int) -> Actor:
    return Actor(number, "", "", STORE, 1, frozenset(ROLES.get(number, [])))


def _asked(
    level: Level = Level.STORE, *, by: int = ASKER, about: int | None = None, before: int | None = None
) -> Asked:
    return Asked(STORE, by, about, before, level)


@pytest.mark.parametrize(
    ("who", "asked"),
    [
        *((who, _asked()) for who in (MANAGER, FINANCE, CHIEF, BOTH)),
        *((who, _asked(Level.HEAD_OFFICE)) for who in (FINANCE, CHIEF, BOTH)),
        (MANAGER, _asked(about=FINANCE, before=CHIEF)),
        (CHIEF, _asked(Level.HEAD_OFFICE, by=MANAGER, about=MANAGER, before=FINANCE)),
    ],
)
def test_the_store_and_finance_answer_and_once_it_went_up_finance_and_the_head_office(who: int, asked: Asked) -> None:
    refuse_answer(_actor(who), asked)


@pytest.mark.parametrize(
    ("who", "asked", "says"),
    [
        *((who, _asked(level), NOBODY) for who in (CLERK, ELSEWHERE, ADMIN, ASKER) for level in Level),
        *((who, _asked(level, by=who), OWN_PAY) for who in (MANAGER, FINANCE, CHIEF) for level in Level),
        *((who, _asked(level, about=who), OWN_DECISION) for who in (MANAGER, FINANCE, CHIEF) for level in Level),
        *((who, _asked(level, before=who), TWICE) for who in (MANAGER, FINANCE, CHIEF) for level in Level),
        (MANAGER, _asked(Level.HEAD_OFFICE), GONE_UP),
        (MANAGER, _asked(by=MANAGER, about=MANAGER, before=MANAGER), OWN_PAY),
        (MANAGER, _asked(about=MANAGER, before=MANAGER), OWN_DECISION),
    ],
)
def test_nobody_else_answers_and_each_is_told_why(who: int, asked: Asked, says: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        refuse_answer(_actor(who), asked)
    assert str(refused.value) == says


@pytest.mark.parametrize(
    ("first", "today", "answers"),
    [
        (Level.STORE, date(2026, 11, 13), Level.STORE),
        (Level.STORE, FRIDAY, Level.STORE),
        (Level.STORE, date(2026, 11, 21), Level.HEAD_OFFICE),
        (Level.STORE, date(2027, 1, 1), Level.HEAD_OFFICE),
        (Level.HEAD_OFFICE, date(2026, 11, 13), Level.HEAD_OFFICE),
        (Level.HEAD_OFFICE, FRIDAY, Level.HEAD_OFFICE),
        (Level.HEAD_OFFICE, date(2026, 11, 21), Level.HEAD_OFFICE),
    ],
)
def test_a_question_goes_up_by_itself_on_the_day_after_its_last_day(first: Level, today: date, answers: Level) -> None:
    assert level_now(first, FRIDAY, today) is answers


def test_a_question_is_raised_twice_at_most() -> None:
    refuse_raising(1)
    for times in (2, 3):
        with pytest.raises(DomainError) as refused:
            refuse_raising(times)
        assert str(refused.value) == "The head office has answered this: a question is raised again only once."


LEADS_TO = {
    (QuestionState.OPEN, QuestionAction.REJECT): QuestionState.REJECTED,
    (QuestionState.OPEN, QuestionAction.ACCEPT): QuestionState.ACCEPTED,
    (QuestionState.OPEN, QuestionAction.WITHDRAW): QuestionState.WITHDRAWN,
    (QuestionState.REJECTED, QuestionAction.RAISE_AGAIN): QuestionState.OPEN,
    (QuestionState.ACCEPTED, QuestionAction.SETTLE): QuestionState.SETTLED,
}
REPEATS = {
    (QuestionState.OPEN, QuestionAction.RAISE_AGAIN),
    (QuestionState.REJECTED, QuestionAction.REJECT),
    (QuestionState.ACCEPTED, QuestionAction.ACCEPT),
    (QuestionState.SETTLED, QuestionAction.SETTLE),
    (QuestionState.WITHDRAWN, QuestionAction.WITHDRAW),
}
REFUSES = {
    QuestionState.OPEN: "This question was not answered yet.",
    QuestionState.REJECTED: "This question was answered already: it stays as it is.",
    QuestionState.ACCEPTED: "This question was accepted already: it will be put right.",
    QuestionState.SETTLED: "This question is settled.",
    QuestionState.WITHDRAWN: "This question was withdrawn.",
}


@pytest.mark.parametrize("action", QuestionAction)
@pytest.mark.parametrize("state", QuestionState)
def test_only_a_rejected_question_is_raised_again_and_only_an_accepted_one_is_settled(
    state: QuestionState, action: QuestionAction
) -> None:
    if (state, action) in LEADS_TO or (state, action) in REPEATS:
        found = QUESTION.after(state, action)
        assert found.state is LEADS_TO.get((state, action), state)
        assert found.changed is ((state, action) in LEADS_TO)
    else:
        with pytest.raises(Refused) as refused:
            QUESTION.after(state, action)
        assert str(refused.value) == REFUSES[state]
