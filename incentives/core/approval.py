"""What may follow upon what before something counts: months, proposals, pay plans, rewards and penalties.

Source: product.md §2 (month), §3 (target change), §4 (pay plan), §8 (reward, penalty, appeal). Who may act is
:mod:`incentives.core.access`'s matter: the second person is never the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from incentives.core.errors import say
from incentives.core.spoken import Spoken
from incentives.core.workflow import Refusal, Workflow


class MonthState(Spoken):
    """A business month of a store."""

    OPEN = "open", say("open")
    IN_REVIEW = "in_review", say("in review")
    APPROVED = "approved", say("approved")
    CLOSED = "closed", say("closed")


class MonthAction(StrEnum):
    """What is done to a month. ``REOPEN`` follows a reopening that two persons agreed on."""

    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    CLOSE = "close"
    REOPEN = "reopen"


_MONTH_CLOSED = Refusal("month_closed", say("The month is closed and does not change any more."))
_MONTH_OPEN = Refusal("month_open", say("The month is still open: it must be reviewed first."))
_MONTH_NOT_APPROVED = Refusal("month_not_approved", say("Only an approved month can be closed."))
_MONTH_APPROVED = Refusal("month_approved", say("The month is approved already."))
_MONTH_NOT_CLOSED = Refusal("month_not_closed", say("Only a closed month can be reopened."))

MONTH: Workflow[MonthState, MonthAction] = Workflow(
    {
        MonthAction.SUBMIT: {
            MonthState.OPEN: MonthState.IN_REVIEW,
            MonthState.IN_REVIEW: MonthState.IN_REVIEW,
            MonthState.APPROVED: _MONTH_APPROVED,
            MonthState.CLOSED: _MONTH_CLOSED,
        },
        MonthAction.SEND_BACK: {
            MonthState.OPEN: MonthState.OPEN,
            MonthState.IN_REVIEW: MonthState.OPEN,
            MonthState.APPROVED: MonthState.OPEN,
            MonthState.CLOSED: _MONTH_CLOSED,
        },
        MonthAction.APPROVE: {
            MonthState.OPEN: _MONTH_OPEN,
            MonthState.IN_REVIEW: MonthState.APPROVED,
            MonthState.APPROVED: MonthState.APPROVED,
            MonthState.CLOSED: _MONTH_CLOSED,
        },
        MonthAction.CLOSE: {
            MonthState.OPEN: _MONTH_NOT_APPROVED,
            MonthState.IN_REVIEW: _MONTH_NOT_APPROVED,
            MonthState.APPROVED: MonthState.CLOSED,
            MonthState.CLOSED: MonthState.CLOSED,
        },
        MonthAction.REOPEN: {
            MonthState.OPEN: _MONTH_NOT_CLOSED,
            MonthState.IN_REVIEW: _MONTH_NOT_CLOSED,
            MonthState.APPROVED: _MONTH_NOT_CLOSED,
            MonthState.CLOSED: MonthState.OPEN,
        },
    }
)
"""open → in review → approved → closed; back to open before closing, or by a confirmed reopening."""


class ProposalState(Spoken):
    """Something that one person proposes and another one decides: a target change, a reopening."""

    PROPOSED = "proposed", say("proposed")
    IN_FORCE = "in_force", say("in force")
    REFUSED = "refused", say("refused")
    WITHDRAWN = "withdrawn", say("withdrawn")


class ProposalAction(StrEnum):
    """What is done to a proposal."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


_IN_FORCE = Refusal("already_in_force", say("This is in force already: propose another change instead."))
_PROPOSAL_REFUSED = Refusal("proposal_refused", say("This was refused already: propose it anew if it is still wanted."))
_PROPOSAL_WITHDRAWN = Refusal("proposal_withdrawn", say("This was withdrawn by the person who proposed it."))

_PROPOSAL: Workflow[ProposalState, ProposalAction] = Workflow(
    {
        ProposalAction.CONFIRM: {
            ProposalState.PROPOSED: ProposalState.IN_FORCE,
            ProposalState.IN_FORCE: ProposalState.IN_FORCE,
            ProposalState.REFUSED: _PROPOSAL_REFUSED,
            ProposalState.WITHDRAWN: _PROPOSAL_WITHDRAWN,
        },
        ProposalAction.REFUSE: {
            ProposalState.PROPOSED: ProposalState.REFUSED,
            ProposalState.IN_FORCE: _IN_FORCE,
            ProposalState.REFUSED: ProposalState.REFUSED,
            ProposalState.WITHDRAWN: _PROPOSAL_WITHDRAWN,
        },
        ProposalAction.WITHDRAW: {
            ProposalState.PROPOSED: ProposalState.WITHDRAWN,
            ProposalState.IN_FORCE: _IN_FORCE,
            ProposalState.REFUSED: _PROPOSAL_REFUSED,
            ProposalState.WITHDRAWN: ProposalState.WITHDRAWN,
        },
    }
)

TARGET_CHANGE = _PROPOSAL
"""A target changed in a running month: proposed → in force, or refused. The second person is never the first."""

REOPENING = _PROPOSAL
"""The reopening of a closed month: proposed by one person, confirmed by another; then ``MonthAction.REOPEN``."""


SUPPLEMENT = _PROPOSAL
"""A supplement to the payroll: prepared by finance, confirmed by whoever approves these people's statements."""


class RewardState(Spoken):
    """A record of a reward or penalty."""

    DRAFT = "draft", say("draft")
    SUBMITTED = "submitted", say("submitted")
    APPROVED = "approved", say("approved")
    REJECTED = "rejected", say("rejected")
    POSTED = "posted", say("posted")
    WITHDRAWN = "withdrawn", say("withdrawn")
    HELD = "held", say("held back")
    REVERSED = "reversed", say("reversed")
    OVERTURNED = "overturned", say("overturned")


class RewardAction(StrEnum):
    """What is done to a reward or penalty. The appeal is the employee's."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    POST = "post"
    APPEAL = "appeal"
    DISMISS_APPEAL = "dismiss_appeal"
    GRANT_APPEAL = "grant_appeal"
    OVERTURN = "overturn"


_NOT_SUBMITTED = Refusal("not_submitted", say("This is a draft that was not submitted yet."))
_NOT_DECIDED = Refusal("not_decided", say("This was not approved yet."))
_REWARD_APPROVED = Refusal("reward_approved", say("This was approved already."))
_REWARD_REJECTED = Refusal("reward_rejected", say("This was rejected already."))
_REWARD_POSTED = Refusal("reward_posted", say("This is posted in the ledger: only a reversing line can correct it."))
_REWARD_WITHDRAWN = Refusal("reward_withdrawn", say("This was withdrawn already."))
_UNDER_APPEAL = Refusal("under_appeal", say("An appeal is under way: it must be decided first."))
_NO_APPEAL = Refusal("no_appeal", say("There is no appeal to decide."))
_OVERTURNED = Refusal("overturned", say("An appeal against this was granted: it counts for nothing any more."))

_REWARD_REFUSES: Mapping[RewardState, RewardState | Refusal] = {
    RewardState.DRAFT: _NOT_SUBMITTED,
    RewardState.SUBMITTED: _NOT_DECIDED,
    RewardState.APPROVED: _REWARD_APPROVED,
    RewardState.REJECTED: _REWARD_REJECTED,
    RewardState.POSTED: _REWARD_POSTED,
    RewardState.WITHDRAWN: _REWARD_WITHDRAWN,
    RewardState.HELD: _UNDER_APPEAL,
    RewardState.REVERSED: _UNDER_APPEAL,
    RewardState.OVERTURNED: _OVERTURNED,
}
_NOTHING_TO_DECIDE: Mapping[RewardState, RewardState | Refusal] = {
    **dict.fromkeys(RewardState, _NO_APPEAL),
    RewardState.OVERTURNED: _OVERTURNED,
}

REWARD: Workflow[RewardState, RewardAction] = Workflow(
    {
        RewardAction.SUBMIT: {
            **_REWARD_REFUSES,
            RewardState.DRAFT: RewardState.SUBMITTED,
            RewardState.SUBMITTED: RewardState.SUBMITTED,
        },
        RewardAction.APPROVE: {
            **_REWARD_REFUSES,
            RewardState.SUBMITTED: RewardState.APPROVED,
            RewardState.APPROVED: RewardState.APPROVED,
        },
        RewardAction.REJECT: {
            **_REWARD_REFUSES,
            RewardState.SUBMITTED: RewardState.REJECTED,
            RewardState.REJECTED: RewardState.REJECTED,
        },
        RewardAction.WITHDRAW: {
            **_REWARD_REFUSES,
            RewardState.DRAFT: RewardState.WITHDRAWN,
            RewardState.SUBMITTED: RewardState.WITHDRAWN,
            RewardState.WITHDRAWN: RewardState.WITHDRAWN,
        },
        RewardAction.POST: {
            **_REWARD_REFUSES,
            RewardState.APPROVED: RewardState.POSTED,
            RewardState.POSTED: RewardState.POSTED,
        },
        RewardAction.APPEAL: {
            **_REWARD_REFUSES,
            RewardState.APPROVED: RewardState.HELD,
            RewardState.POSTED: RewardState.REVERSED,
            RewardState.HELD: RewardState.HELD,
            RewardState.REVERSED: RewardState.REVERSED,
        },
        # A dismissed appeal leaves an approved record, which is posted (again) like any other.
        RewardAction.DISMISS_APPEAL: {
            **_NOTHING_TO_DECIDE,
            RewardState.HELD: RewardState.APPROVED,
            RewardState.REVERSED: RewardState.APPROVED,
        },
        RewardAction.GRANT_APPEAL: {
            **_NOTHING_TO_DECIDE,
            RewardState.HELD: RewardState.OVERTURNED,
            RewardState.REVERSED: RewardState.OVERTURNED,
            RewardState.OVERTURNED: RewardState.OVERTURNED,
        },
        # Somebody else's appeal was granted for the same cause; one's own appeal, if under way, is decided itself.
        RewardAction.OVERTURN: {
            **_REWARD_REFUSES,
            RewardState.APPROVED: RewardState.OVERTURNED,
            RewardState.POSTED: RewardState.OVERTURNED,
            RewardState.OVERTURNED: RewardState.OVERTURNED,
        },
    }
)
"""draft → submitted → approved / rejected → posted, and withdrawn. An appeal holds back what is not posted and
reverses what is; granted, the record is overturned, and whatever was reversed stays so. A record with the same cause
as one that was overturned can be overturned without an appeal of its own."""


class PlanState(Spoken):
    """A version of a pay plan or of the points rules."""

    DRAFT = "draft", say("draft")
    SUBMITTED = "submitted", say("submitted")
    APPROVED = "approved", say("approved")
    ADOPTED = "adopted", say("adopted")
    WITHDRAWN = "withdrawn", say("withdrawn")


class PlanAction(StrEnum):
    """What is done to a plan version."""

    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    ADOPT = "adopt"
    WITHDRAW = "withdraw"


_PLAN_DRAFT = Refusal("plan_draft", say("The plan is a draft that was not submitted yet."))
_PLAN_SUBMITTED = Refusal("plan_submitted", say("The head office has not approved the plan yet."))
_PLAN_APPROVED = Refusal("plan_approved", say("The plan is approved already: it waits for its adoption."))
_PLAN_ADOPTED = Refusal("plan_adopted", say("The plan is adopted and does not change: draft a new version."))
_PLAN_WITHDRAWN = Refusal("plan_withdrawn", say("The plan was withdrawn: draft a new version."))

PLAN: Workflow[PlanState, PlanAction] = Workflow(
    {
        PlanAction.SUBMIT: {
            PlanState.DRAFT: PlanState.SUBMITTED,
            PlanState.SUBMITTED: PlanState.SUBMITTED,
            PlanState.APPROVED: _PLAN_APPROVED,
            PlanState.ADOPTED: _PLAN_ADOPTED,
            PlanState.WITHDRAWN: _PLAN_WITHDRAWN,
        },
        # What the staff object to when they are consulted goes back to the drafter, and is approved anew.
        PlanAction.SEND_BACK: {
            PlanState.DRAFT: PlanState.DRAFT,
            PlanState.SUBMITTED: PlanState.DRAFT,
            PlanState.APPROVED: PlanState.DRAFT,
            PlanState.ADOPTED: _PLAN_ADOPTED,
            PlanState.WITHDRAWN: _PLAN_WITHDRAWN,
        },
        PlanAction.APPROVE: {
            PlanState.DRAFT: _PLAN_DRAFT,
            PlanState.SUBMITTED: PlanState.APPROVED,
            PlanState.APPROVED: PlanState.APPROVED,
            PlanState.ADOPTED: _PLAN_ADOPTED,
            PlanState.WITHDRAWN: _PLAN_WITHDRAWN,
        },
        PlanAction.ADOPT: {
            PlanState.DRAFT: _PLAN_DRAFT,
            PlanState.SUBMITTED: _PLAN_SUBMITTED,
            PlanState.APPROVED: PlanState.ADOPTED,
            PlanState.ADOPTED: PlanState.ADOPTED,
            PlanState.WITHDRAWN: _PLAN_WITHDRAWN,
        },
        PlanAction.WITHDRAW: {
            PlanState.DRAFT: PlanState.WITHDRAWN,
            PlanState.SUBMITTED: PlanState.WITHDRAWN,
            PlanState.APPROVED: PlanState.WITHDRAWN,
            PlanState.ADOPTED: _PLAN_ADOPTED,
            PlanState.WITHDRAWN: PlanState.WITHDRAWN,
        },
    }
)
"""draft → submitted → approved → adopted; an adopted version pays from its month on and never changes."""
