"""Each row of a plan read by itself."""

from __future__ import annotations

from incentives.commissions.format import load
from incentives.core.rows_aloud import rows_aloud
from tests.core.checked import catalogue

PLAN = """
plan: rows
name: Rows
lines:
  - group: both
    positions: [adviser]
    lines:
      - {line: one, fixed: 100, then: [{cap: 50}]}
      - line: two
        measure: {kind: labour}
        tiers: {reads: each_band, bands: [{up_to: 1000, rate: 5 %}, {above: 1000, rate: 6 %}]}
  - pool: team
    months: [12]
    lines: [{line: part, fixed: 300}]
    share: [equal, {days: present}]
    share_then: [{gate: {indicator: csi, from: 93 %}}]
then:
  - floor: 0
"""


def test_every_row_and_step_says_itself_at_its_place() -> None:
    told = rows_aloud(load(PLAN).plan, catalogue())
    assert {path: " ".join(map(str, sentences)) for path, sentences in told.items()} == {
        "lines[0]": "Only for these positions: “adviser”. Rows added up: 2.",
        "lines[0].lines[0]": "a fixed 100.00. Then at most 50.00.",
        "lines[0].lines[0].then[0]": "Then at most 50.00.",
        "lines[0].lines[1]": "labour sales, each band at its own rate. ≤ 1,000.00: 5 %. > 1,000.00: 6 %.",
        "lines[1]": "Only in these months: 12. One amount for all members. Rows that make it: 1.",
        "lines[1].lines[0]": "a fixed 300.00.",
        "lines[1].share[0]": "The pool is shared by equal parts.",
        "lines[1].share[1]": "The pool is shared by days present.",
        "lines[1].share_then[0]": "Only if Customer satisfaction (CSI) ≥ 93 %; otherwise nothing.",
        "then[0]": "Then at least 0.00.",
    }
