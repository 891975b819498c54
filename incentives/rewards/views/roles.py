"""Who decides, and who takes part in proposing."""

from __future__ import annotations

from incentives.core.access import Capability

DECIDERS = (Capability.APPROVE_REWARDS,)
PARTAKERS = (Capability.PROPOSE_REWARDS, Capability.APPROVE_REWARDS)
