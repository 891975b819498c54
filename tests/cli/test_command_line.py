"""What every command has in common: words, exit codes, one clear line for a refusal."""

from __future__ import annotations

import argparse
import json
import socket
from pathlib import Path

import pytest
from flask import Flask

from incentives import cli
from incentives.cli import browser, frame, opening
from incentives.cli.server import Address
from incentives.config import Settings, UnsafeSettingsError
from incentives.core.errors import DomainError, Faults, say


@pytest.mark.parametrize("words", [[], ["nonsense"], ["routes", "--nonsense"], ["check", "nonsense"]])
def test_a_command_used_wrongly_ends_with_two(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code: object = cli.main(words)
    except SystemExit as ended:
        code = ended.code
    assert code == 2
    assert capsys.readouterr().err


def test_every_command_is_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    told = capsys.readouterr().out
    assert ended.value.code == 0
    assert all(f"\n    {command}" in told for command in cli.FAMILIES)


def test_serving_with_unsafe_settings_is_refused_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INCENTIVES_SECRET_KEY", "short")
    assert cli.main(["serve"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_refusal_is_told_with_all_its_faults(capsys: pytest.CaptureFixture[str]) -> None:
    faults = Faults(say("{n} rows do not work.", n=2), [say("row 3"), say("row 7")])
    assert frame.refused(faults, as_json=False) == 1
    assert capsys.readouterr().err.splitlines() == ["incentives: 2 rows do not work.", "  row 3", "  row 7"]


def test_a_refusal_in_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert frame.refused(DomainError(say("no")), as_json=True) == 1
    assert json.loads(capsys.readouterr().out) == {"refused": "no", "faults": []}


def test_routes_name_every_address_and_who_may_open_it(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["routes", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["routes"]
    assert {row["endpoint"] for row in listed} == set(app.view_functions)
    assert {"address": "/sign-in", "methods": "GET POST", "access": "public", "endpoint": "people.sign_in"} in listed


@pytest.mark.parametrize("port", [0, -1, 70_000])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(UnsafeSettingsError, match="no port"):
        Address("127.0.0.1", port).ensure_free()


def test_a_port_that_is_taken_is_refused_before_anything_is_done() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UnsafeSettingsError, match="choose another"):
            Address("127.0.0.1", taken.getsockname()[1]).ensure_free()


def test_a_folder_without_demo_data_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettingsError, match="holds no demo data"):
        opening.open_product(argparse.Namespace(data=tmp_path))


def test_demo_data_is_never_served_for_real(tmp_path: Path) -> None:
    opening.mark_as_demo(tmp_path)
    with pytest.raises(UnsafeSettingsError, match="never served for real"):
        opening.refuse_demo_data(Settings("secret", "sqlite://", files=tmp_path))


def test_each_demo_has_a_secret_of_its_own_that_outlasts_a_restart(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        opening.mark_as_demo(tmp_path / name)
    one = opening.demo_settings(tmp_path / "one")
    assert one == opening.demo_settings(tmp_path / "one")
    assert one.secret_key != opening.demo_settings(tmp_path / "two").secret_key
    assert len(one.secret_key) >= 32


def test_a_browser_of_ones_own_is_used_when_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "chromium"
    monkeypatch.setenv("INCENTIVES_CHROMIUM", str(own))
    assert browser.find_browser() is None
    own.touch()
    assert browser.find_browser() == str(own)
