"""Decision records: numbered without gaps, one page, with what was decided and what follows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT, none_of

FOLDER = ROOT / "docs" / "decisions"
PARTS = ("## Status", "## Context", "## Decision", "## Consequences")
ONE_PAGE = 60


def records() -> list[Path]:
    return sorted(FOLDER.glob("*.md"))


def faults(number: int, name: str, text: str) -> list[str]:
    """What is wrong with the record in that place."""
    found = [f"{name} lacks “{part}”" for part in PARTS if part not in text]
    if not re.fullmatch(rf"{number:04d}-[a-z0-9-]+\.md", name):
        found.append(f"{name} should be number {number:04d}")
    if text.count("\n") > ONE_PAGE:
        found.append(f"{name} is longer than a page")
    return found


def test_decisions_are_numbered_pages_with_status_context_decision_and_consequences() -> None:
    none_of(
        (
            fault
            for number, path in enumerate(records(), 1)
            for fault in faults(number, path.name, path.read_text("utf-8"))
        ),
        "see the first records for the form:",
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("0002-a.md", "\n".join(PARTS)),
        ("0001-a.md", "\n".join(PARTS[1:])),
        ("0001-a.md", "\n".join(PARTS) + "\n" * ONE_PAGE),
    ],
)
def test_a_record_out_of_form_is_noticed(name: str, text: str) -> None:
    assert len(faults(1, name, text)) == 1
