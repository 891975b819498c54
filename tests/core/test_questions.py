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
ASKER, MANAGER, FINANCE, CHIEF, CLERK = 10, 20, 30, 40, 50
ROLES = {MANAGER: (Role.MANAGER, STORE), FINANCE: (Role.FINANCE, OTHER), CHIEF: (Role.HQ, OTHER)}
FRIDAY = date(2026, 11, 20)


def _actor(number: int) -> Actor:
    roles = frozenset([ROLES[number]]) if number in ROLES else frozenset[tuple[Role, int]]()
    return Actor(number, "", "", STORE, 1, roles)


def _asked(
    level: Level = Level.STORE, *, by: int = ASKER, about: int | None = None, before: int | None = None
) -> Asked:
    return Asked(STORE, by, about, before, level)


@pytest.mark.parametrize("who", [MANAGER, FINANCE, CHIEF])
def test_those_who_may_read_the_statement_may_answer(who: int) -> None:
    refuse_answer(_actor(who), _asked())


@pytest.mark.parametrize(
    ("who", "asked", "says"),
    [
        (CLERK, _asked(), "You may not answer"),
        (MANAGER, _asked(by=MANAGER), "own pay"),
        (FINANCE, _asked(by=FINANCE), "own pay"),
        (MANAGER, _asked(about=MANAGER), "decision of yours"),
        (FINANCE, _asked(Level.HEAD_OFFICE, before=FINANCE), "answered this question before"),
        (MANAGER, _asked(Level.HEAD_OFFICE), "gone up to the head office"),
    ],
)
def test_nobody_else_answers(who: int, asked: Asked, says: str) -> None:
    with pytest.raises(NotAllowed, match=says):
        refuse_answer(_actor(who), asked)


def test_a_question_goes_up_by_itself_on_the_day_after_its_last_day() -> None:
    assert level_now(Level.STORE, FRIDAY, FRIDAY) is Level.STORE
    assert level_now(Level.STORE, FRIDAY, date(2026, 11, 21)) is Level.HEAD_OFFICE
    assert level_now(Level.HEAD_OFFICE, FRIDAY, FRIDAY) is Level.HEAD_OFFICE


def test_a_question_is_raised_twice_at_most() -> None:
    refuse_raising(1)
    with pytest.raises(DomainError, match="only once"):
        refuse_raising(2)


def test_only_a_rejected_question_is_raised_again_and_only_an_accepted_one_is_settled() -> None:
    assert QUESTION.after(QuestionState.REJECTED, QuestionAction.RAISE_AGAIN).state is QuestionState.OPEN
    assert QUESTION.after(QuestionState.ACCEPTED, QuestionAction.SETTLE).state is QuestionState.SETTLED
    for state, action in (
        (QuestionState.ACCEPTED, QuestionAction.RAISE_AGAIN),
        (QuestionState.REJECTED, QuestionAction.SETTLE),
        (QuestionState.ACCEPTED, QuestionAction.WITHDRAW),
    ):
        with pytest.raises(Refused):
            QUESTION.after(state, action)
