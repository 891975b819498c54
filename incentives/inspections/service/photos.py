"""Photographs of findings, and who may see them."""

from __future__ import annotations

from sqlalchemy import or_, select

from incentives import clock
from incentives.core.access import Actor, Capability, may
from incentives.core.errors import NotFound, say
from incentives.db import db
from incentives.exchange.pictures import keep_picture
from incentives.inspections.models import Finding, Photo


def keep(store_id: int, data: bytes, taken_by: int | None) -> int | None:
    """Keep a photograph and give its id; none if nothing was sent.

    Raises:
        DomainError: it is no picture that is taken in.
    """
    if not data:
        return None
    kept = keep_picture(store_id, data)
    photo = Photo(store_id=store_id, stored_as=kept.stored_as, sha256=kept.sha256, taken_by=taken_by, at=clock.now())
    db.session.add(photo)
    db.session.flush()
    return photo.id


def photo_for(actor: Actor, photo_id: int) -> Photo:
    """A photograph that this person may see: readers of the store's inspections, and whom the finding concerns.

    Raises:
        NotFound: there is none, or it is not for this person.
    """
    found = db.session.get(Photo, photo_id)
    if found is None or not (may(actor, Capability.READ_INSPECTIONS, store_id=found.store_id) or _own(actor, found)):
        raise NotFound(say("There is no such page, or it is not for you to see."))
    return found


def _own(actor: Actor, photo: Photo) -> bool:
    me = actor.employee_id
    concerning = select(Finding.id).where(
        or_(Finding.photo_before_id == photo.id, Finding.photo_after_id == photo.id),
        or_(Finding.owner_id == me, Finding.escalated_to_id == me),
    )
    return photo.taken_by == me or db.session.scalar(concerning.limit(1)) is not None
