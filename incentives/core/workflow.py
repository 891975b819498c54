"""Tables of states and actions: what may follow upon what.

Each cell of a table is the next state, or a named refusal with its sentence. A cell that names the state it
stands in is a repeat: it does nothing, so a button pressed twice is harmless. The tables stand with their topics
(:mod:`incentives.core.approval`, :mod:`~incentives.core.attendance`, :mod:`~incentives.core.inspection`); who may
act is :mod:`incentives.core.access`'s matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from incentives.core.errors import Conflict, Sentence


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an action is not possible in a state; the name is for tests, logs and the audit trail."""

    name: str
    sentence: Sentence


class Refused(Conflict):
    """The record is not in a state in which this can be done."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.name = refusal.name


State = TypeVar("State", bound=StrEnum)
Action = TypeVar("Action", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Step(Generic[State]):
    """Where an action led. ``changed`` is false for a repeat: there is nothing to write and nothing to record."""

    state: State
    changed: bool


class Workflow(Generic[State, Action]):
    """A total table of transitions: every action has an answer in every state."""

    def __init__(self, cells: Mapping[Action, Mapping[State, State | Refusal]]) -> None:
        self.cells = cells

    def after(self, state: State, action: Action) -> Step[State]:
        """The step an action makes from a state. Repeats return the same state, unchanged.

        Raises:
            Refused: the table refuses the action in this state.
        """
        answer = self.cells[action][state]
        if isinstance(answer, Refusal):
            raise Refused(answer)
        return Step(answer, changed=answer != state)

    def possible(self, state: State) -> tuple[Action, ...]:
        """The actions that would change something now, in the table's order: the buttons to show."""
        return tuple(
            action for action, row in self.cells.items() if not isinstance(row[state], Refusal) and row[state] != state
        )
