"""Enumerations whose members are stored as a word and shown as a sentence."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from incentives.core.errors import Sentence, say

_UNSAID = say("–")


class Spoken(StrEnum):
    """A member is written ``NAME = "stored value", say("what a page shows")``."""

    says: Sentence

    def __new__(cls, value: str, says: Sentence = _UNSAID) -> Self:
        """The stored value, with its words. Each member has words; only a look-up by value is called without."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.says = says
        return member
