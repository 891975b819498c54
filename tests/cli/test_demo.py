"""The demo's data is made whole or not at all, and nothing else is ever thrown away for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from incentives.app import create_app
from incentives.cli import demo, migrate
from incentives.cli.opening import DEMO_MARK, demo_settings
from incentives.config import UnsafeSettingsError


def test_the_first_start_makes_the_data_and_the_second_keeps_it(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    demo.prepare(folder)
    secret = (folder / DEMO_MARK).read_text(encoding="ascii")
    demo.prepare(folder)
    assert (folder / DEMO_MARK).read_text(encoding="ascii") == secret
    current, newest = migrate.revisions(create_app(demo_settings(folder)))
    assert current == newest is not None


def test_what_an_interrupted_start_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "demo.making").mkdir()
    (tmp_path / "demo.making" / "incentives.db").write_text("half", encoding="ascii")
    demo.prepare(tmp_path / "demo")
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_beginning_anew_throws_only_demo_data_away(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    demo.prepare(folder)
    secret = (folder / DEMO_MARK).read_text(encoding="ascii")
    demo.prepare(folder, fresh=True)
    assert (folder / DEMO_MARK).read_text(encoding="ascii") != secret


@pytest.mark.parametrize("fresh", [False, True])
def test_a_folder_with_something_else_is_left_alone(tmp_path: Path, *, fresh: bool) -> None:
    (tmp_path / "wages.xlsx").touch()
    with pytest.raises(UnsafeSettingsError, match="something other than demo data"):
        demo.prepare(tmp_path, fresh=fresh)
    assert (tmp_path / "wages.xlsx").exists()
