"""What is new in a rule, and what is gone, is told sentence by sentence."""

from __future__ import annotations

import pytest

from incentives.core.errors import Sentence, say
from incentives.core.rewording import reworded


def _said(words: str) -> list[Sentence]:
    return [say("{word}", word=word) for word in words]


@pytest.mark.parametrize(
    ("before", "after", "added", "removed"),
    [
        pytest.param("ab", "ab", "", "", id="nothing changed"),
        pytest.param("ab", "ba", "", "", id="order alone changes nothing"),
        pytest.param("ab", "acb", "c", "", id="one is new"),
        pytest.param("abc", "ac", "", "b", id="one is gone"),
        pytest.param("abc", "adc", "d", "b", id="one says something else"),
        pytest.param("aab", "ab", "", "a", id="said twice before and once after"),
        pytest.param("", "ab", "ab", "", id="all is new"),
    ],
)
def test_what_is_new_and_what_is_gone_is_named(before: str, after: str, added: str, removed: str) -> None:
    found = reworded(_said(before), _said(after))
    assert (list(found.added), list(found.removed)) == (_said(added), _said(removed))
