"""Sentences and the refusals that carry them.

A sentence is an English pattern (the catalogue's key) with named values. It is translated only at the
edge, in the reader's language, so the same refusal, explanation or statement line reads naturally in
Chinese and in English, and can be stored as plain JSON.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

Plain: TypeAlias = "str | int | bool | list[Plain] | dict[str, Plain] | None"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A pattern such as ``"{month} is closed."`` and the values that fill its braces.

    Values are text or whole numbers already in their final form (``"1,944.00"``), or sentences of
    their own, which are translated before they are filled in.
    """

    pattern: str
    values: dict[str, str | int | Sentence] = field(default_factory=dict)

    def __str__(self) -> str:
        """The English sentence, for logs and the command line."""
        return self.pattern.format_map(self.values)

    def __hash__(self) -> int:
        return hash((self.pattern, tuple(sorted((k, str(v)) for k, v in self.values.items()))))

    def as_plain(self) -> dict[str, Plain]:
        """The sentence as JSON-ready data; :func:`from_plain` reads it back."""
        values: dict[str, Plain] = {
            key: value.as_plain() if isinstance(value, Sentence) else value for key, value in self.values.items()
        }
        return {"say": self.pattern, "with": values}


def say(pattern: str, /, **values: str | int | Sentence) -> Sentence:
    """Make a sentence. The literal pattern is collected for the catalogues, so write it out in full."""
    return Sentence(pattern, values)


def from_plain(data: dict[str, Plain]) -> Sentence:
    """Read a sentence stored by :meth:`Sentence.as_plain`."""
    values = data["with"]
    if not isinstance(values, dict):
        raise TypeError("a stored sentence keeps its values in a mapping")
    return Sentence(str(data["say"]), {key: _value_from_plain(value) for key, value in values.items()})


def _value_from_plain(value: Plain) -> str | int | Sentence:
    if isinstance(value, dict):
        return from_plain(value)
    return value if isinstance(value, int) else str(value)


class DomainError(Exception):
    """A refusal that is fit to be shown: it says what was wrong in a sentence."""

    status = 422

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class NotAllowed(DomainError):
    """The person may not do this, though the record may be seen."""

    status = 403


class NotFound(DomainError):
    """No such record, or none that this person may know of: the two are never told apart."""

    status = 404


class Conflict(DomainError):
    """Somebody else was quicker, or what was seen is no longer what is there."""

    status = 409


class Faults(DomainError):
    """Several faults found in one go, each with its own sentence."""

    def __init__(self, sentence: Sentence, faults: Iterable[Sentence]) -> None:
        super().__init__(sentence)
        self.faults = tuple(faults)


class Changed(Faults, Conflict):
    """What was seen is no longer what is there, with each difference in a sentence."""
