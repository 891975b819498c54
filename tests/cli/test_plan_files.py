"""Plans as files from the command line: checked, taken in, written out byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from incentives import cli
from incentives.cli import plans as command
from incentives.commissions.service import plans
from tests.conftest import Cast

TEMPLATE = Path("seeds/reference/plans/sheet-metal.yaml")
GAP = TEMPLATE.read_text(encoding="utf-8").replace("above: 120000", "above: 130000")


@pytest.fixture
def opened(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(command, "open_product", lambda _arguments: app)
    return app


def test_a_sound_file_is_checked_without_a_database(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", "check", str(TEMPLATE), "--month", "2026-11", "--json"]) == 0
    assert "error" not in {each["severity"] for each in json.loads(capsys.readouterr().out)["findings"]}


def test_a_gap_ends_with_one_and_names_the_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "gap.yaml"
    file.write_text(GAP, encoding="utf-8")
    assert cli.main(["plan", "check", str(file), "--month", "2026-11"]) == 1
    assert "error: row 1 “Labour” · row 1 “Ordinary work” · tiers" in capsys.readouterr().out


OF_STORES = """
plan: yard
name: Yard
lines:
  - {line: oil, measure: {kind: amount, category: parts, role: seller}, rate: 1 %, positions: [WHOM]}
  - {line: sold, measure: {indicator: oil_sold}, each: 1.00}
"""


@pytest.mark.usefixtures("opened", "cast")
def test_with_a_store_positions_and_indicators_are_those_that_it_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without one the product cannot know what stores have: they may have added an indicator of that code."""
    file = tmp_path / "yard.yaml"
    file.write_text(OF_STORES.replace("WHOM", "advisor"), encoding="utf-8")
    assert cli.main(["plan", "check", str(file), "--month", "2026-11"]) == 0
    assert cli.main(["plan", "check", str(file), "--month", "2026-11", "--store", "A01"]) == 1
    told = capsys.readouterr().out
    assert "“oil_sold” is not known" in told
    assert "The nearest that is known is “adviser”" in told
    file.write_text(OF_STORES.replace("WHOM", "adviser").replace("oil_sold", "csi"), encoding="utf-8")
    assert cli.main(["plan", "check", str(file), "--month", "2026-11", "--store", "A01"]) == 0
    assert cli.main(["plan", "check", str(file), "--store", "Z99"]) == 1
    assert capsys.readouterr().err


def test_what_is_no_plan_is_refused_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "no.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    assert cli.main(["plan", "check", str(file)]) == 1
    assert "UTF-8" in capsys.readouterr().err
    assert cli.main(["plan", "check", str(tmp_path / "none.yaml")]) == 1
    assert "cannot be read" in capsys.readouterr().err


@pytest.mark.usefixtures("opened")
def test_a_file_goes_in_and_comes_out_the_same(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["plan", "import", str(TEMPLATE), "--store", "A01", "--by", "A001", "--from", "2026-12"]
    assert cli.main(words) == 0
    assert "version 1 is a draft from 2026-12" in capsys.readouterr().out
    assert cli.main(["plan", "export", "sheet-metal", "--store", "A01"]) == 0
    assert capsys.readouterr().out == TEMPLATE.read_text(encoding="utf-8")
    assert cli.main(["plan", "export", "sheet-metal", "--store", "A01", "--version", "2"]) == 1
    assert [each.code for each in plans.plans_of(cast.east.id)] == ["sheet-metal"]


@pytest.mark.usefixtures("opened", "cast")
@pytest.mark.parametrize("number", ["A004", "B001", "nobody"])
def test_who_may_not_draft_takes_nothing_in(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", "import", str(TEMPLATE), "--store", "A01", "--by", number]) == 1
    assert capsys.readouterr().err
