"""Once and never again: what the two ledgers share about keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from sqlalchemy import bindparam, column, select

from incentives.db import db
from incentives.ledger.models import MoneyLine, PointsLine
from incentives.ledger.service.standings import BATCH, in_batches, upsert

N = TypeVar("N")

# They run with every fact, hence made once.
_POSTED = {
    ledger: select(ledger.key).where(ledger.key.in_(bindparam("keys", expanding=True)))
    for ledger in (MoneyLine, PointsLine)
}


def unposted(ledger: type[MoneyLine | PointsLine], lines: Mapping[str, N]) -> list[N]:
    """The lines whose key does not stand in the ledger yet."""
    db.session.flush()
    posted: set[str] = set()
    for keys in in_batches(lines, BATCH):
        posted.update(db.session.connection().execute(_POSTED[ledger], {"keys": keys}).scalars())
    return [line for key, line in lines.items() if key not in posted]


def insert_new(ledger: type[MoneyLine | PointsLine], rows: Sequence[Mapping[str, object]]) -> set[str]:
    """Insert in bulk and return the keys that were new: of two who post one key at once, one posts."""
    if not rows:
        return set()
    db.session.flush()
    statement = (
        upsert(ledger.metadata.tables[ledger.__tablename__])
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(column("key"))
    )
    return set(db.session.scalars(statement, rows))
