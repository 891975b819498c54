"""``demo``: a year of invented people to walk around in, served on this machine only."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import multiprocessing
import shutil
import signal
import sys
from pathlib import Path

from flask import Flask

from incentives.app import create_app
from incentives.cli.frame import Commands, command
from incentives.cli.migrate import bring_up_to_date
from incentives.cli.opening import DEMO_MARK, demo_settings, mark_as_demo
from incentives.cli.server import Address, run
from incentives.config import UnsafeSettingsError
from incentives.db import db

FOLDER = Path("data") / "demo"


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "demo", "serve a year of invented data on this machine", demo)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data", type=Path, default=FOLDER, metavar="FOLDER", help=f"kept here (default {FOLDER})")
    parser.add_argument("--fresh", action="store_true", help="throw the former demo data away and begin anew")


def demo(arguments: argparse.Namespace) -> int:
    """Make the data if there is none yet, then serve it until stopped."""
    address = Address("127.0.0.1", arguments.port)
    address.ensure_free()
    prepare(arguments.data, fresh=arguments.fresh)
    print(f"incentives: the demo is open at {address} (Ctrl-C ends it; data in {arguments.data})", flush=True)
    run(demo_settings(arguments.data), address)
    return 0


def prepare(folder: Path, *, fresh: bool = False) -> None:
    """See to it that a folder holds demo data of this version.

    It is made beside its place and moved there when whole, so an interrupted start leaves nothing half made.

    Raises:
        UnsafeSettingsError: the folder holds something else.
    """
    is_demo = (folder / DEMO_MARK).is_file()
    if folder.exists() and not is_demo and any(folder.iterdir()):
        raise UnsafeSettingsError(f"{folder} holds something other than demo data; choose another with --data.")
    if is_demo and not fresh:
        bring_up_to_date(create_app(demo_settings(folder)))
        return
    making = folder.with_name(f"{folder.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    _fill_apart(making)
    shutil.rmtree(folder, ignore_errors=True)
    making.rename(folder)


def _fill_apart(folder: Path) -> None:
    """Invent the year in a process of its own.

    The year prints notices. What sets PDFs keeps threads, which do not survive the fork of the server: in a process that
    has set one before, every page that sets another would wait for good, with the database locked.
    """
    inventing = multiprocessing.get_context("spawn").Process(target=fill, args=(folder,), daemon=True)
    inventing.start()
    inventing.join()
    if inventing.exitcode:
        sys.exit("incentives: the year could not be invented; what went wrong stands above.")


def fill(folder: Path) -> None:
    """Make a folder's database and fill it with the invented year. Whoever began it ends it, too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    print("incentives: inventing a year of data …", flush=True)
    mark_as_demo(folder)
    app = create_app(demo_settings(folder))
    bring_up_to_date(app)
    with app.app_context():
        seed(app)
        db.session.commit()
        db.engine.dispose()


def seed(app: Flask) -> None:
    """Fill an empty database with the invented year, if this build has one."""
    if importlib.util.find_spec("incentives.demo"):
        importlib.import_module("incentives.demo").seed(app)
