"""``serve``: run it for real."""

from __future__ import annotations

import argparse

from incentives.app import create_app
from incentives.cli.frame import Commands, command
from incentives.cli.migrate import revisions
from incentives.cli.opening import refuse_demo_data
from incentives.cli.server import THREADS, Address, run
from incentives.config import Settings, UnsafeSettingsError


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "serve", "serve the product with the environment's settings", serve)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--threads", type=int, default=THREADS, help=f"requests answered at once (default {THREADS})")


def serve(arguments: argparse.Namespace) -> int:
    """Serve until stopped. Refuses unsafe settings, demo data and a database that is not up to date."""
    settings = Settings.from_environment()
    refuse_demo_data(settings)
    address = Address(arguments.host, arguments.port)
    address.ensure_free()
    current, newest = revisions(create_app(settings))
    if current != newest:
        raise UnsafeSettingsError("the database is not up to date; run python3 -m incentives migrate first.")
    print(f"incentives: serving on {address}", flush=True)
    run(settings, address, arguments.threads)
    return 0
