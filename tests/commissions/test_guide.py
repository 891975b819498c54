"""What the guide to the plan format shows is read as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from incentives.commissions.format import load
from incentives.core.samples import mismatches

GUIDES = sorted((Path(__file__).parents[2] / "docs" / "guide").glob("plan-format*.md"))
SHELL = "plan: shown\nname: {en: Shown, zh: 示例}\n"
ANY_LINE = "lines:\n  - {line: any, fixed: 1.00}\n"


def blocks(guide: Path) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)


def indented(block: str) -> str:
    return "".join(f"  {line}\n" for line in block.splitlines())


def as_plan(block: str) -> str:
    """The block in the smallest plan in which it can stand."""
    first = block.split(":", maxsplit=1)[0].strip()
    if first == "plan":
        return block
    if first in {"parameters", "measures", "examples"}:
        return SHELL + ANY_LINE + block
    if first.startswith("-"):
        return SHELL + "lines:\n" + indented(block)
    if first == "then":
        return SHELL + "lines:\n  - line: any\n    fixed: 1.00\n" + indented(indented(block))
    worth = "" if "tiers" in block or "by_product" in block else "rate: 5 %\n"
    return SHELL + "parameters: {tax_divisor: 1.13}\nlines:\n  - line: any\n" + indented(indented(block + worth))


SHOWN = [pytest.param(block, id=f"{guide.name}-{n}") for guide in GUIDES for n, block in enumerate(blocks(guide))]


def test_the_guide_shows_every_part() -> None:
    assert len(SHOWN) >= 16


@pytest.mark.parametrize("block", SHOWN)
def test_each_example_of_the_guide_is_a_plan_or_a_part_of_one(block: str) -> None:
    document = load(as_plan(block))
    assert document.plan.lines
    if block.startswith("plan:"):
        assert document.examples
        assert [mismatches(document.plan, example) for example in document.examples] == [[]] * len(document.examples)
