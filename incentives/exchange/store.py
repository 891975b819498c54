"""The files themselves: kept below the folder of files, under names that say nothing."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from incentives.config import Settings

FOLDER = "uploads"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on disk: where, how large, and its SHA-256."""

    stored_as: str
    size: int
    sha256: str


def digest(data: bytes) -> str:
    """What tells files apart."""
    return hashlib.sha256(data).hexdigest()


def keep(store_id: int, data: bytes) -> Kept:
    """Write a file so that it is there whole, or not at all, even if the power fails."""
    stored_as = f"{store_id}/{secrets.token_hex(16)}"
    target = _path(stored_as)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".part")
    with unfinished.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(target)
    return Kept(stored_as, len(data), digest(data))


def load(stored_as: str) -> bytes:
    """Read a kept file.

    Raises:
        OSError: it is gone.
    """
    return _path(stored_as).read_bytes()


def forget(stored_as: str) -> bool:
    """Delete a kept file; whether there was one. One that is gone already is no failure."""
    path = _path(stored_as)
    was_there = path.exists()
    path.unlink(missing_ok=True)
    return was_there


def _path(stored_as: str) -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.files / FOLDER / stored_as
