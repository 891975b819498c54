"""Opening the product from the command line: with the environment's settings, or on a folder of demo data."""

from __future__ import annotations

import argparse
import secrets
from pathlib import Path

from flask import Flask

from incentives.app import create_app
from incentives.config import Settings, UnsafeSettingsError

DEMO_MARK = "demo-secret"
"""The file that makes a folder a demo's. It keeps the demo's own secret, so sign-ins outlast a restart."""


def takes_data(parser: argparse.ArgumentParser) -> None:
    """Let the command work on demo data."""
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="work on this folder of demo data")


def open_product(arguments: argparse.Namespace) -> Flask:
    """The application a command works on.

    Raises:
        UnsafeSettingsError: the settings are unsafe, or the folder holds no demo data.
    """
    folder: Path | None = getattr(arguments, "data", None)
    return create_app(Settings.from_environment() if folder is None else demo_settings(folder))


def demo_settings(folder: Path) -> Settings:
    """Settings for a folder of demo data: SQLite inside it, this machine only.

    Raises:
        UnsafeSettingsError: it is no such folder.
    """
    mark = folder / DEMO_MARK
    if not mark.is_file():
        raise UnsafeSettingsError(
            f"{folder} holds no demo data; python3 -m incentives demo --data {folder} makes some."
        )
    return Settings(
        secret_key=mark.read_text(encoding="ascii"),
        database_url=f"sqlite:///{folder.resolve() / 'incentives.db'}",
        files=folder.resolve(),
        allowed_hosts=("127.0.0.1", "localhost"),
        demo=True,
        secure_cookies=False,
    )


def mark_as_demo(folder: Path) -> None:
    """Make a folder a demo's, with a secret of its own."""
    mark = folder / DEMO_MARK
    mark.touch(mode=0o600)
    mark.write_text(secrets.token_urlsafe(48), encoding="ascii")


def refuse_demo_data(settings: Settings) -> None:
    """Keep invented people out of production.

    Raises:
        UnsafeSettingsError: the files folder is a demo's.
    """
    if (settings.files / DEMO_MARK).exists():
        raise UnsafeSettingsError(f"{settings.files} holds demo data, which is never served for real.")
