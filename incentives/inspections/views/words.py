"""How areas, items, scores and findings are named on pages."""

from __future__ import annotations

from datetime import date

from incentives.core.inspection import Band, FindingState
from incentives.inspections.models import Area, Checklist, ChecklistItem, Finding
from incentives.web.i18n import language, tell

BAND_TONES = {Band.EXCELLENT: "good", Band.GOOD: "good", Band.FAIR: "warn", Band.POOR: "bad"}
STATE_TONES = {FindingState.OPEN: "warn", FindingState.ANSWERED: "info", FindingState.CLOSED: "good"}


def named(thing: Area | Checklist) -> str:
    """Its name in the reader's language."""
    return thing.name_en or thing.name if language() == "en" else thing.name


def item_text(item: ChecklistItem) -> str:
    """What is looked at."""
    return item.text_en or item.text if language() == "en" else item.text


def item_guidance(item: ChecklistItem) -> str:
    """How to look at it."""
    return item.guidance_en or item.guidance if language() == "en" else item.guidance


def finding_title(finding: Finding) -> str:
    """What was found."""
    if finding.conduct is not None:
        return tell(finding.conduct.says)
    return item_text(finding.answer.item) if finding.answer else finding.code


def finding_tone(finding: Finding, today: date) -> str:
    """The look of a finding: closed, late, due within a day, or none."""
    if finding.state in {FindingState.CLOSED, FindingState.WITHDRAWN}:
        return "closed"
    if finding.due_on < today:
        return "late"
    return "due" if (finding.due_on - today).days <= 1 else ""
