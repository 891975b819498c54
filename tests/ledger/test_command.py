"""The command that proves the standings says what it found, and its exit code tells."""

from __future__ import annotations

import json
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from incentives import cli
from incentives.cli import standings
from incentives.core.errors import say
from incentives.ledger import service as ledger
from incentives.ledger.models import Standing
from incentives.ledger.service import NewPoints
from tests.conftest import Cast


@pytest.fixture(autouse=True)
def _opens_the_tests_product(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standings, "open_product", lambda _arguments: app)


@pytest.fixture
def _points(cast: Cast) -> None:
    ledger.post_points(
        [
            NewPoints(
                key="a",
                store_id=cast.east.id,
                employee_id=cast.wei.id,
                day=date(2026, 11, 16),
                points=5,
                what=say("A story for a test."),
                source_kind="story",
            )
        ]
    )


@pytest.mark.usefixtures("_points")
def test_sound_standings_are_said_to_be_so(db_session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    db_session.commit()
    assert cli.main(["standings", "rebuild", "--check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"compared": 20, "differences": 0, "miscounted": 0, "equal": True}


@pytest.mark.usefixtures("_points")
def test_a_difference_fails_the_check_and_is_put_right_without_it(
    db_session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    db_session.execute(update(Standing).values(value=6))
    db_session.commit()

    assert cli.main(["standings", "rebuild", "--check"]) == 1
    assert "has 6, the facts say 5" in capsys.readouterr().out
    assert cli.main(["standings", "rebuild"]) == 0
    assert cli.main(["standings", "rebuild", "--check"]) == 0
