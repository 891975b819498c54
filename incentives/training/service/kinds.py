"""The kinds of training of a group."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from incentives.audit import service as audit
from incentives.core.errors import Conflict, DomainError, NotFound, say
from incentives.db import db
from incentives.training.models import TrainingKind


def kinds_of(group_id: int, *, also_former: bool = False) -> Sequence[TrainingKind]:
    """The kinds in their usual order; those no longer in use only if asked for."""
    found = select(TrainingKind).where(TrainingKind.group_id == group_id)
    if not also_former:
        found = found.where(TrainingKind.active)
    return db.session.scalars(found.order_by(TrainingKind.order, TrainingKind.id)).all()


def kind_of(group_id: int, kind_id: int) -> TrainingKind:
    """A kind of the group.

    Raises:
        NotFound: the group has none of that id.
    """
    found = db.session.scalars(
        select(TrainingKind).where(TrainingKind.group_id == group_id, TrainingKind.id == kind_id)
    ).one_or_none()
    if found is None:
        raise NotFound(say("There is no such kind of training."))
    return found


def change_kind(
    kind: TrainingKind, *, name: str, name_en: str, late_counts: bool, active: bool, seen: int, actor_id: int | None
) -> None:
    """Rename a kind, say whether late counts, or put it out of use.

    Sessions already planned keep what held when they were planned.

    Raises:
        DomainError: it would have no name.
        Conflict: somebody changed it since the page was loaded.
    """
    if not name.strip():
        raise DomainError(say("A kind of training needs a name."))
    if seen != kind.version:
        raise Conflict(say("Somebody has changed “{name}” in the meantime. Load the page again.", name=kind.name))
    fresh = {"name": name, "name_en": name_en, "late_counts": late_counts, "active": active}
    changes: dict[str, tuple[object, object]] = {
        field: (getattr(kind, field), value) for field, value in fresh.items() if getattr(kind, field) != value
    }
    for field, value in fresh.items():
        setattr(kind, field, value)
    db.session.flush()
    if changes:
        audit.record("training.kind_changed", store_id=None, actor_id=actor_id, subject=name, changes=changes)
