"""What somebody reads when it does not work: what happened, that nothing was lost, and the way back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from incentives.db import db
from tests.conftest import Cast, ClientFor


@contextmanager
def _somebody_writes() -> Iterator[None]:
    """Another process writes, longer than anybody waits."""
    path = db.engine.url.database
    assert path is not None
    db.session.remove()
    db.engine.dispose()
    event.listen(db.engine, "connect", lambda raw, _record: raw.execute("PRAGMA busy_timeout=10"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@pytest.mark.parametrize(("language", "says"), [("zh", "数据库正忙"), ("en", "The database is busy")])
def test_a_locked_database_is_told_in_a_sentence_that_asks_it_nothing(
    cast: Cast, client_for: ClientFor, language: str, says: str
) -> None:
    client = client_for(cast.wei)
    client.set_cookie("language", language)
    with _somebody_writes():
        answer = client.post("/me/questions/1/withdrawal")
    assert answer.status_code == 503
    assert says in answer.text


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("http://localhost/me/statement?month=2026-11", "/me/statement?month=2026-11"),
        ("https://elsewhere.example/me/statement", None),
        ("//elsewhere.example", None),
        ("", None),
    ],
)
def test_whoever_is_refused_is_led_back_to_our_page_and_no_other(
    cast: Cast, client_for: ClientFor, came_from: str, back: str | None
) -> None:
    refused = client_for(cast.ma).post("/stores/A01/months/2026-11/approve", headers={"Referer": came_from})
    assert refused.status_code == 409
    assert (f'href="{back}"' in refused.text) is (back is not None)
    assert "elsewhere" not in refused.text
