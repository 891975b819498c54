"""The audit trail: it cannot be edited, and it shows if somebody does it all the same."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from incentives.audit import service as audit
from incentives.audit.models import AuditEntry
from incentives.db import db
from tests.conftest import Cast

pytestmark = pytest.mark.both_databases


def _three(cast: Cast) -> None:
    for name in ("first", "second", "third"):
        audit.record(f"test.{name}", store_id=cast.east.id, actor_id=cast.ma.id, changes={"name": ("老", name)})
        db.session.commit()


def _let_changes_through() -> None:
    if db.engine.dialect.name == "sqlite":
        for name in ("stays", "remains"):
            db.session.execute(text(f"DROP TRIGGER audit_entry_{name}"))
    else:
        db.session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))


def test_an_untouched_trail_is_whole(cast: Cast) -> None:
    _three(cast)
    assert audit.verify() == []


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET subject = 'x'", "DELETE FROM audit_entry"])
def test_the_database_itself_refuses_to_change_an_entry(cast: Cast, change: str) -> None:
    _three(cast)
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(text(change))
    db.session.rollback()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE audit_entry SET act = 'test.other' WHERE id = 2", "its content was changed"),
        ("DELETE FROM audit_entry WHERE id = 2", "entries 2 to 2 are missing"),
        ("DELETE FROM audit_entry WHERE id = 3", "the end of the trail was cut off"),
    ],
)
def test_a_change_behind_the_products_back_is_found(cast: Cast, change: str, found: str) -> None:
    _three(cast)
    _let_changes_through()
    db.session.execute(text(change))
    db.session.commit()
    assert any(found in broken.reason for broken in audit.verify())


def test_a_database_put_back_to_an_older_day_is_found(cast: Cast) -> None:
    _three(cast)
    _let_changes_through()
    db.session.execute(text("DELETE FROM audit_entry WHERE id = 3"))
    second = db.session.scalars(select(AuditEntry).where(AuditEntry.id == 2)).one()
    db.session.execute(text("UPDATE audit_head SET last = 2, digest = :digest"), {"digest": second.digest})
    db.session.commit()
    assert any("rollback" in broken.reason for broken in audit.verify())


def test_a_seal_signed_with_another_key_counts_as_missing(cast: Cast) -> None:
    _three(cast)
    seal = Path(current_app.config["SETTINGS"].files) / audit.SEAL
    seal.write_text(seal.read_text(encoding="utf-8").replace('"signature": "', '"signature": "0'), encoding="utf-8")
    assert any("seal" in broken.reason for broken in audit.verify())


def test_what_is_rolled_back_leaves_no_entry(cast: Cast) -> None:
    audit.record("test.lost", store_id=None, actor_id=cast.ma.id)
    db.session.rollback()
    assert db.session.scalars(select(AuditEntry)).all() == []
    assert audit.verify() == []


def test_many_writers_at_once_make_one_unbroken_chain(app: Flask, cast: Cast) -> None:
    actor = cast.ma.id
    db.session.commit()

    def write() -> None:
        with app.app_context():
            for number in range(10):
                audit.record("test.raced", store_id=None, actor_id=actor, subject=str(number))
                db.session.commit()

    threads = [threading.Thread(target=write) for _writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(db.session.scalars(select(AuditEntry)).all()) == 40
    assert audit.verify() == []
