"""Whatever is typed as a plan, the answer is a plan or a refusal in sentences."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from incentives.commissions.format import dump, load
from incentives.core.checker import check
from incentives.core.errors import Faults
from incentives.core.period import Month

SAMPLES = [
    file.read_text(encoding="utf-8")
    for file in sorted((Path(__file__).parents[2] / "seeds" / "reference" / "plans").glob("*.yaml"))
]
SLIPS = [
    "",
    "-1",
    "0",
    "5 %",
    "$x",
    "[]",
    "{}",
    "[a, {b: c}]",
    "‰",
    "999999999999999",
    "yes",
    "2026-13",
    "equal",
    "{x}",
]


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Faults):
        load(text)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_plan_with_a_slip_is_read_or_refused_and_what_is_read_can_be_checked(data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from(SAMPLES)).splitlines()
    place = data.draw(st.integers(0, len(lines) - 1))
    slip = data.draw(st.sampled_from(SLIPS))
    key = lines[place].split(":", maxsplit=1)[0]
    lines[place] = data.draw(st.sampled_from([f"{key}: {slip}", key, lines[place].replace("1", "-7"), ""]))
    with suppress(Faults):
        document = load("\n".join(lines))
        assert load(dump(document)) == document
        for finding in check(document.plan, Month(2026, 10), document.examples):
            assert str(finding.sentence)
            assert str(finding.case)
