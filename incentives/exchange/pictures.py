"""Pictures that people send in: checked, drawn anew without what the camera wrote into them, and kept.

Nothing of the file as it came is ever served. What cannot be decoded as one of the named types is refused.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import warnings
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from PIL import Image, ImageOps, UnidentifiedImageError

from incentives.config import Settings
from incentives.core.errors import DomainError, NotFound, say
from incentives.exchange.limits import MEGABYTE

FOLDER = "photos"
TYPES = ("JPEG", "PNG", "WEBP")
ACCEPT = "image/jpeg,image/png,image/webp"
"""What a file field offers to choose."""
MOST_BYTES = 15 * MEGABYTE
"""Of a picture as sent."""
MOST_PIXELS = 50_000_000
"""Width × height as sent; refused from the head of the file, before anything is unpacked."""
LONGEST_SIDE = 1600
"""Pixels of the picture that is kept; larger ones are scaled down."""
QUALITY = 82
MIME_TYPE = "image/jpeg"


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A picture on disk: its name below the folder of photos, and the SHA-256 of what is kept."""

    stored_as: str
    sha256: str


def redraw(data: bytes) -> bytes:
    """The picture as a JPEG of at most :data:`LONGEST_SIDE`, turned upright, without EXIF or any other baggage.

    Raises:
        DomainError: it is empty, too large, or not a picture of one of :data:`TYPES`.
    """
    if len(data) > MOST_BYTES:
        raise DomainError(say("The picture is larger than {most} MB.", most=MOST_BYTES // MEGABYTE))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=TYPES) as picture:
                _require_sensible(picture)
                return _as_jpeg(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning) as fault:
        raise DomainError(say("This is not a picture that can be read. JPEG, PNG and WebP are taken.")) from fault


def keep_picture(store_id: int, data: bytes) -> KeptPicture:
    """Redraw a picture and write it so that it is there whole, or not at all.

    Raises:
        DomainError: see :func:`redraw`.
    """
    drawn = redraw(data)
    stored_as = f"{store_id}/{secrets.token_hex(16)}"
    target = _path(stored_as)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".part")
    with unfinished.open("wb") as file:
        file.write(drawn)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(target)
    return KeptPicture(stored_as, hashlib.sha256(drawn).hexdigest())


def load_picture(stored_as: str) -> bytes:
    """Read a kept picture.

    Raises:
        NotFound: it is gone from the disk.
    """
    try:
        return _path(stored_as).read_bytes()
    except OSError as gone:
        raise NotFound(say("There is no such page, or it is not for you to see.")) from gone


def forget_picture(stored_as: str) -> bool:
    """Delete a kept picture; whether there was one. One that is gone already is no failure."""
    path = _path(stored_as)
    was_there = path.exists()
    path.unlink(missing_ok=True)
    return was_there


def _require_sensible(picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise DomainError(say("The picture has more than {most} million pixels.", most=MOST_PIXELS // 1_000_000))


def _as_jpeg(picture: Image.Image) -> bytes:
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    fresh = Image.new("RGB", upright.size)
    fresh.paste(upright)
    drawn = io.BytesIO()
    fresh.save(drawn, "JPEG", quality=QUALITY)
    return drawn.getvalue()


def _path(stored_as: str) -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.files / FOLDER / stored_as
