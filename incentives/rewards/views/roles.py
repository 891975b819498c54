"""Who decides, who takes part in proposing, who keeps the rules, and who reads a province profile."""

from __future__ import annotations

from incentives.core.access import Capability

DECIDERS = (Capability.APPROVE_REWARDS,)
PARTAKERS = (Capability.PROPOSE_REWARDS, Capability.APPROVE_REWARDS)
KEEPERS = (*PARTAKERS, Capability.DRAFT_PLANS)
PROFILE_READERS = (Capability.SET_WAGE_TERMS, Capability.APPROVE_REWARDS, Capability.KEEP_BASE_WAGES)
