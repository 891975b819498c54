"""What changed between two wordings of a rule, sentence by sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from incentives.core.errors import Sentence


@dataclass(frozen=True, slots=True)
class Rewording:
    """Sentences that only the later wording has, and that only the earlier one had, each in its own order."""

    added: tuple[Sentence, ...]
    removed: tuple[Sentence, ...]


def reworded(before: Sequence[Sentence], after: Sequence[Sentence]) -> Rewording:
    """Compare two wordings. A sentence said twice before and once after is gone once; order alone changes nothing."""
    return Rewording(_beyond(after, before), _beyond(before, after))


def _beyond(these: Sequence[Sentence], those: Sequence[Sentence]) -> tuple[Sentence, ...]:
    left = Counter(str(each) for each in those)
    found = []
    for sentence in these:
        if left[str(sentence)] > 0:
            left[str(sentence)] -= 1
        else:
            found.append(sentence)
    return tuple(found)
