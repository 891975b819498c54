"""The blueprint of adoptions, and who keeps the records."""

from __future__ import annotations

from flask import Blueprint

from incentives.core.access import Capability

bp = Blueprint("adoptions", __name__)

KEEPERS = (Capability.DRAFT_PLANS, Capability.APPROVE_PLANS)
"""Who sees the evidence and who has not acknowledged yet."""
