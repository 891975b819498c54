"""What may follow upon what, for every kind of record."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.approval import (
    MONTH,
    PLAN,
    REOPENING,
    REWARD,
    SUPPLEMENT,
    TARGET_CHANGE,
    MonthAction,
    MonthState,
    PlanAction,
    PlanState,
    ProposalAction,
    ProposalState,
    RewardAction,
    RewardState,
)
from incentives.core.attendance import SESSION, SessionAction, SessionState
from incentives.core.inspection import FINDING, FindingAction, FindingState
from incentives.core.questions import QUESTION, QuestionAction, QuestionState
from incentives.core.workflow import Refused, Step, Workflow

AnyWorkflow = Workflow[Any, Any]

WORKFLOWS: dict[str, tuple[AnyWorkflow, type[StrEnum], type[StrEnum]]] = {
    "month": (MONTH, MonthState, MonthAction),
    "target change": (TARGET_CHANGE, ProposalState, ProposalAction),
    "reopening": (REOPENING, ProposalState, ProposalAction),
    "supplement": (SUPPLEMENT, ProposalState, ProposalAction),
    "reward": (REWARD, RewardState, RewardAction),
    "finding": (FINDING, FindingState, FindingAction),
    "session": (SESSION, SessionState, SessionAction),
    "question": (QUESTION, QuestionState, QuestionAction),
    "plan": (PLAN, PlanState, PlanAction),
}


def walk(workflow: AnyWorkflow, state: str, path: str) -> str:
    """The state after some actions written ``submit approve``, or the name of the refusal."""
    here = next(s for row in workflow.cells.values() for s in row if s == state)
    for name in path.split():
        try:
            here = workflow.after(here, next(action for action in workflow.cells if action == name)).state
        except Refused as refused:
            return refused.name
    return str(here)


@pytest.mark.parametrize("kind", WORKFLOWS)
def test_every_action_has_an_answer_in_every_state(kind: str) -> None:
    workflow, states, actions = WORKFLOWS[kind]
    assert {action: set(row) for action, row in workflow.cells.items()} == {action: set(states) for action in actions}


EVERY_MOVE = [
    pytest.param(workflow, state, action, id=f"{kind}: {action} when {state}")
    for kind, (workflow, states, _) in WORKFLOWS.items()
    for state in states
    for action in workflow.possible(state)
]
NOT_REPEATABLE = (MonthAction.REOPEN, RewardAction.DISMISS_APPEAL)


@pytest.mark.parametrize(("workflow", "state", "action"), EVERY_MOVE)
def test_doing_it_twice_does_it_once(workflow: AnyWorkflow, state: StrEnum, action: StrEnum) -> None:
    first = workflow.after(state, action)
    if action in NOT_REPEATABLE:
        with pytest.raises(Refused):
            workflow.after(first.state, action)
    else:
        assert workflow.after(first.state, action) == Step(first.state, changed=False)


@given(st.data())
def test_only_possible_actions_change_anything(data: st.DataObject) -> None:
    workflow, states, actions = WORKFLOWS[data.draw(st.sampled_from(sorted(WORKFLOWS)))]
    state, action = data.draw(st.sampled_from(list(states))), data.draw(st.sampled_from(list(actions)))
    try:
        changed = workflow.after(state, action).changed
    except Refused:
        changed = False
    assert changed == (action in workflow.possible(state))


@pytest.mark.parametrize(
    ("path", "end"),
    [
        pytest.param("submit approve close", "closed", id="open, in review, approved, closed"),
        pytest.param("submit send_back", "open", id="back from review"),
        pytest.param("submit approve send_back", "open", id="back from approval"),
        pytest.param("submit submit", "in_review", id="submitting twice does nothing"),
        pytest.param("submit approve approve close close", "closed", id="pressing twice is harmless"),
        pytest.param("approve", "month_open", id="no approval without review"),
        pytest.param("close", "month_not_approved", id="no closing without approval"),
        pytest.param("submit approve submit", "month_approved", id="what is approved is not reviewed again"),
        pytest.param("submit approve close submit", "month_closed", id="a closed month does not change"),
        pytest.param("submit approve close send_back", "month_closed", id="a closed month is not sent back"),
        pytest.param("submit approve close reopen", "open", id="it is reopened"),
        pytest.param("reopen", "month_not_closed", id="only a closed month is reopened"),
    ],
)
def test_the_way_of_a_month(path: str, end: str) -> None:
    assert walk(MONTH, "open", path) == end


@pytest.mark.parametrize(
    ("path", "end"),
    [
        pytest.param("confirm", "in_force", id="a second person puts it in force"),
        pytest.param("refuse", "refused", id="or refuses it"),
        pytest.param("withdraw", "withdrawn", id="or the first takes it back"),
        pytest.param("confirm refuse", "already_in_force", id="what is in force is not refused"),
        pytest.param("confirm withdraw", "already_in_force", id="nor taken back"),
        pytest.param("refuse confirm", "proposal_refused", id="what was refused is proposed anew"),
        pytest.param("withdraw confirm", "proposal_withdrawn", id="what was withdrawn is gone"),
    ],
)
def test_the_way_of_a_target_change_and_of_a_reopening(path: str, end: str) -> None:
    assert walk(TARGET_CHANGE, "proposed", path) == walk(REOPENING, "proposed", path) == end


@pytest.mark.parametrize(
    ("path", "end"),
    [
        pytest.param("submit approve post", "posted", id="draft, submitted, approved, posted"),
        pytest.param("submit reject", "rejected", id="rejected"),
        pytest.param("withdraw", "withdrawn", id="a draft is withdrawn"),
        pytest.param("submit withdraw", "withdrawn", id="what is submitted is withdrawn"),
        pytest.param("approve", "not_submitted", id="a draft is not approved"),
        pytest.param("submit post", "not_decided", id="nothing is posted without approval"),
        pytest.param("submit appeal", "not_decided", id="there is nothing to appeal against yet"),
        pytest.param("submit approve withdraw", "reward_approved", id="what is approved is not withdrawn"),
        pytest.param("submit reject approve", "reward_rejected", id="what was rejected stays rejected"),
        pytest.param("submit approve post reject", "reward_posted", id="what is posted is only reversed"),
        pytest.param("submit withdraw approve", "reward_withdrawn", id="what was withdrawn is gone"),
        pytest.param("submit approve appeal", "held", id="an appeal holds back what is not posted"),
        pytest.param("submit approve appeal post", "under_appeal", id="what is held back is not posted"),
        pytest.param("submit approve post appeal", "reversed", id="an appeal reverses what is posted"),
        pytest.param("submit approve appeal dismiss_appeal post", "posted", id="dismissed, it is posted"),
        pytest.param("submit approve post appeal dismiss_appeal post", "posted", id="dismissed, it is posted again"),
        pytest.param("submit approve appeal grant_appeal", "overturned", id="granted before posting"),
        pytest.param("submit approve post appeal grant_appeal", "overturned", id="granted after posting"),
        pytest.param("submit approve appeal grant_appeal appeal", "overturned", id="an overturned record is at rest"),
        pytest.param("submit grant_appeal", "no_appeal", id="no appeal, no decision on it"),
    ],
)
def test_the_way_of_a_reward_or_penalty(path: str, end: str) -> None:
    assert walk(REWARD, "draft", path) == end


@pytest.mark.parametrize(
    ("path", "end"),
    [
        pytest.param("answer close", "closed", id="answered, re-checked, closed"),
        pytest.param("answer send_back", "open", id="back to open when the re-check fails"),
        pytest.param("close", "finding_open", id="an open finding is not closed"),
        pytest.param("answer close answer", "finding_closed", id="a closed one is not answered"),
        pytest.param("withdraw answer", "finding_withdrawn", id="a corrected inspection takes its findings along"),
    ],
)
def test_the_way_of_a_finding(path: str, end: str) -> None:
    assert walk(FINDING, "open", path) == end


@pytest.mark.parametrize(
    ("path", "end"),
    [
        pytest.param("start close", "closed", id="planned, running, closed"),
        pytest.param("start start", "running", id="starting twice resets nothing"),
        pytest.param("cancel", "cancelled", id="a planned session is cancelled"),
        pytest.param("close", "session_not_started", id="a session that never ran is not closed"),
        pytest.param("start cancel", "session_running", id="a running one is not cancelled"),
        pytest.param("start close start", "session_closed", id="a closed one does not start again"),
        pytest.param("cancel start", "session_cancelled", id="nor does a cancelled one"),
    ],
)
def test_the_way_of_a_training_session(path: str, end: str) -> None:
    assert walk(SESSION, "planned", path) == end


@pytest.mark.parametrize(
    ("path", "end"),
    [
        pytest.param("submit approve adopt", "adopted", id="draft, submitted, approved, adopted"),
        pytest.param("submit send_back submit approve", "approved", id="sent back and submitted again"),
        pytest.param("submit approve send_back", "draft", id="sent back when the staff object"),
        pytest.param("submit approve withdraw", "withdrawn", id="an approved plan is given up"),
        pytest.param("approve", "plan_draft", id="a draft is not approved"),
        pytest.param("adopt", "plan_draft", id="a draft is not adopted"),
        pytest.param("submit adopt", "plan_submitted", id="nothing is adopted without approval"),
        pytest.param("submit approve submit", "plan_approved", id="what is approved is not submitted again"),
        pytest.param("submit approve adopt send_back", "plan_adopted", id="an adopted plan does not change"),
        pytest.param("submit approve adopt approve", "plan_adopted", id="nor is it approved again"),
        pytest.param("submit approve adopt withdraw", "plan_adopted", id="nor taken back"),
        pytest.param("withdraw submit", "plan_withdrawn", id="a withdrawn plan is gone"),
    ],
)
def test_the_way_of_a_plan_version(path: str, end: str) -> None:
    assert walk(PLAN, "draft", path) == end


def test_the_buttons_are_those_that_would_change_something() -> None:
    assert MONTH.possible(MonthState.APPROVED) == (MonthAction.SEND_BACK, MonthAction.CLOSE)
