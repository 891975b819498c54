"""What turns the direction of writing is left out; all else stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.signs import as_it_reads

TURNING_CLASSES = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
MARKS = {"\N{ARABIC LETTER MARK}", "\N{LEFT-TO-RIGHT MARK}", "\N{RIGHT-TO-LEFT MARK}"}


@pytest.mark.parametrize(
    ("written", "reads"),
    [
        ("film\N{RIGHT-TO-LEFT OVERRIDE}15 %", "film15 %"),
        ("\N{FIRST STRONG ISOLATE}新项目\N{POP DIRECTIONAL ISOLATE}", "新项目"),
        ("装潢 5 %", "装潢 5 %"),
        ("", ""),
    ],
)
def test_nothing_turns_what_stands_beside_it(written: str, reads: str) -> None:
    assert as_it_reads(written) == reads


@given(st.text())
def test_only_what_turns_is_left_out(text: str) -> None:
    kept = [sign for sign in text if unicodedata.bidirectional(sign) not in TURNING_CLASSES and sign not in MARKS]
    assert as_it_reads(text) == "".join(kept)
