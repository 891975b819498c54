"""Two texts of a plan side by side, in sentences: what stays, what goes, what is new."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from incentives.commissions.format import load
from incentives.commissions.service.catalogue import catalogue_of
from incentives.core.aloud import read_aloud
from incentives.core.catalogue import Catalogue
from incentives.core.errors import DomainError, Sentence
from incentives.core.parameters import in_month
from incentives.core.period import Month


class Change(StrEnum):
    """What becomes of a sentence."""

    STAYS = "stays"
    GOES = "goes"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a plan, and what becomes of it."""

    change: Change
    sentence: Sentence


def differences(store_id: int, one: str, other: str, month: Month) -> list[Told]:
    """From one text of a plan to another, as both hold in a month.

    Raises:
        Faults: one of them is no plan.
    """
    catalogue = catalogue_of(store_id, [load(one).plan, load(other).plan])
    before, after = _sentences(one, month, catalogue), _sentences(other, month, catalogue)
    found: list[Told] = []
    matcher = SequenceMatcher(a=[str(each) for each in before], b=[str(each) for each in after], autojunk=False)
    for _, first, last, start, end in matcher.get_opcodes():
        if before[first:last] == after[start:end]:
            found += [Told(Change.STAYS, each) for each in after[start:end]]
        else:
            found += [Told(Change.GOES, each) for each in before[first:last]]
            found += [Told(Change.NEW, each) for each in after[start:end]]
    return found


def _sentences(text: str, month: Month, catalogue: Catalogue) -> list[Sentence]:
    plan = load(text).plan
    try:
        return read_aloud(in_month(plan, month), catalogue)
    except DomainError:
        return read_aloud(plan, catalogue)
