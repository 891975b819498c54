"""A piece of evidence that is kept already, as services are told of it: they know no disk and no request."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paper:
    """A picture or PDF on disk. ``name`` is as it was sent: shown, never used as a path."""

    name: str
    mime: str
    stored_as: str
    size: int
    sha256: str
