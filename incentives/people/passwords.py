"""Passwords: argon2id, long enough, not the obvious ones. The cost is chosen so that a morning's rush still gets in."""

from __future__ import annotations

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from incentives.config import Settings
from incentives.core.errors import DomainError, say

SHORTEST, LONGEST = 10, 128
AT_ONCE = BoundedSemaphore(2)
"""How many are hashed at the same time, so that five hundred sign-ins at eight do not starve the pages."""
OBVIOUS = frozenset({"1234567890", "0123456789", "qwertyuiop", "password12", "password123", "1111111111", "aaaaaaaaaa"})


def _hasher() -> PasswordHasher:
    settings: Settings = current_app.config["SETTINGS"]
    return PasswordHasher(time_cost=settings.argon2_time, memory_cost=settings.argon2_memory_kib, parallelism=1)


def hashed(password: str) -> str:
    """The hash to keep."""
    with AT_ONCE:
        return _hasher().hash(password)


def fits(stored: str, password: str) -> bool:
    """Whether the password is the one that was hashed. Takes as long for an account without one, so nobody can tell."""
    hasher = _hasher()
    with AT_ONCE:
        try:
            return hasher.verify(stored or _decoy(hasher), password) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


_decoys: dict[int, str] = {}


def _decoy(hasher: PasswordHasher) -> str:
    return _decoys.setdefault(hasher.memory_cost, hasher.hash("nobody's password"))


def require_decent(password: str, *names: str) -> None:
    """Refuse a password that is short, obvious or the person's own name or number.

    Raises:
        DomainError: with the reason.
    """
    if len(password) < SHORTEST:
        raise DomainError(say("A password needs at least {least} characters.", least=SHORTEST))
    if len(password) > LONGEST:
        raise DomainError(say("A password may have at most {most} characters.", most=LONGEST))
    lowered = password.lower()
    if lowered in OBVIOUS or len(set(lowered)) < 4 or any(len(name) > 3 and name.lower() in lowered for name in names):
        raise DomainError(say("That password is too easy to guess: no name or number of yours, nothing in a row."))
