"""The plan table from the command line: the same proof-reader, the same rights."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from incentives.cli import plan_tables
from incentives.config import resource
from incentives.core.errors import DomainError, NotAllowed
from incentives.db import db
from incentives.targets.service import catalogue
from incentives.targets.service.holding import held
from tests.targets.conftest import Desk

PLAN = resource("seeds") / "reference" / "annual-plan.csv"
Run = Callable[..., int]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command on the test's own product."""
    monkeypatch.setattr(plan_tables, "open_product", lambda _arguments: app)

    def words(file: Path = PLAN, *, number: str = "A001", store: str = "A01", keep: str | None = None) -> int:
        db.session.remove()  # the command writes in a session of its own
        return plan_tables.run(argparse.Namespace(file=file, store=store, by=number, year=2027, keep=keep, json=False))

    return words


def test_what_does_not_agree_is_printed_and_nothing_is_saved(
    desk: Desk, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run() == 1
    assert "接车前台: months add up to 419.1, total says 420.0 (difference -0.9)" in capsys.readouterr().out
    assert not held(desk.store_id, {2027}).by_place


def test_a_decision_makes_targets_of_it(desk: Desk, run: Run) -> None:
    assert run(keep="totals") == 0
    workshop = catalogue.indicator(desk.store_id, "workshop_revenue")
    assert held(desk.store_id, {2027}).written(workshop, 2027) == 4_200_000


@pytest.mark.usefixtures("cast")
def test_strangers_and_missing_files_are_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        run(number="A004")
    with pytest.raises(DomainError, match="store"):
        run(store="Z99")
    with pytest.raises(DomainError, match="Nobody here"):
        run(number="Z999")
    with pytest.raises(DomainError, match="cannot be read"):
        run(tmp_path / "none.csv")
