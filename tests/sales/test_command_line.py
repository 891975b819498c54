"""``python3 -m incentives import``: the same steps as on the pages, in sentences or in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import func, select

from incentives.cli import importing, main
from incentives.db import db
from incentives.sales.models import SaleLine
from tests.conftest import Cast

FILE = "单据号,日期,商品名称,类别,数量,实收金额,销售员\nX1,2026-11-02,脚垫,精品,1,100,小魏\n"
Typed = Callable[..., int]


@pytest.fixture
def typed(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types the command against the cast's database."""
    monkeypatch.setattr(importing, "open_product", lambda _arguments: current_app)
    path = tmp_path / "sales.csv"
    path.write_text(FILE, encoding="gb18030")

    def run(*more: str, by: str = cast.ma.number) -> int:
        db.session.rollback()  # the command opens the database for itself
        return main(["import", "sales", str(path), "--store", "A01", "--by", by, *more])

    return run


def lines() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(SaleLine)) or 0


def test_a_question_is_put_in_words_and_its_answer_takes_the_file_in(
    typed: Typed, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed() == 1
    assert "Who is “小魏”? --answer person “小魏” A004" in capsys.readouterr().err
    assert lines() == 0
    assert typed("--json", "--answer", "person", "小魏", "A004") == 0
    assert json.loads(capsys.readouterr().out)["said"] == ["New: 1 sales and 0 returns, 100.00 yuan in all."]
    assert lines() == 1


def test_the_same_file_again_is_refused_and_a_dry_run_takes_nothing_in(
    typed: Typed, capsys: pytest.CaptureFixture[str]
) -> None:
    answered = ("--answer", "person", "小魏", "A004")
    assert typed(*answered, "--dry-run") == 0
    assert lines() == 0
    assert typed(*answered) == 0
    assert typed(*answered) == 1
    assert "already taken in" in capsys.readouterr().err
    assert lines() == 1


def test_only_in_the_name_of_somebody_who_may(typed: Typed, cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    adviser = cast.wei.number
    assert typed(by=adviser) == 1
    assert typed(by="Z999") == 1
    said = capsys.readouterr().err
    assert "A004 may not import this here." in said
    assert "Nobody here has the number Z999." in said
    assert lines() == 0
