"""Plans checked in tests, with the indicators that every group has from the start."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from incentives.commissions.format import load
from incentives.core.attainment import Better, Comparison
from incentives.core.catalogue import Catalogue, Indicator, Unit
from incentives.core.checker import check
from incentives.core.findings import Finding, Severity
from incentives.core.measure import Label
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.core.samples import mismatches

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
OCTOBER = Month(2026, 10)
REFERENCE = Path(__file__).parents[2] / "seeds" / "reference"


@cache
def catalogue() -> Catalogue:
    """The indicators of the reference catalogue."""
    listed = tomllib.loads((REFERENCE / "indicators.toml").read_text("utf-8"))["indicator"]
    return Catalogue({each["code"]: _indicator(each) for each in listed})


def _indicator(told: dict[str, str]) -> Indicator:
    better = Better(told.get("better", "higher"))
    usual = Comparison.AT_LEAST if better is Better.HIGHER else Comparison.AT_MOST
    unit = Unit.MONEY if told["unit"].startswith("cny") else Unit.NUMBER
    return Indicator(
        told["code"],
        Label(told["name_en"], told["name"]),
        Unit.PERCENT if told["unit"] == "percent" else unit,
        better,
        Comparison(told.get("comparison", usual)),
    )


def checked(text: str, *severities: Severity) -> list[Finding]:
    """What is found in a plan, without the note that it has no example."""
    whole = text if text.startswith("plan:") else f"plan: checked\nname: Checked\n{text}"
    document = load(whole)
    every = check(document.plan, OCTOBER, document.examples, catalogue())
    wanted = severities or (ERROR, WARNING, NOTE)
    return [each for each in every if each.severity in wanted and each.sentence.pattern != "The plan has no example."]


def told(text: str, *severities: Severity) -> list[tuple[Severity, str, str, str]]:
    """The same in words: how serious, where, what, and the case."""
    return [(each.severity, each.path, str(each.sentence), str(each.case)) for each in checked(text, *severities)]


def paid(text: str, facts: str) -> Money:
    """What a plan pays one person for facts that are written like those of an example."""
    document = load(
        f"plan: checked\nname: Checked\n{text}\n"
        f"examples: [{{name: E, month: 2026-10, people: [{{number: E1, expect: -0.01, {facts}}}]}}]"
    )
    (wrong,) = mismatches(document.plan, document.examples[0], catalogue())
    assert wrong.paid is not None
    return wrong.paid
