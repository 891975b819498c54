"""``routes``: every address, who may open it and what answers."""

from __future__ import annotations

import argparse
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from incentives.app import create_app
from incentives.cli.frame import Commands, answer, command, takes_json
from incentives.config import Settings
from incentives.core.errors import Plain
from incentives.web.guards import Access, access_of


def add(commands: Commands) -> None:
    """Declare the command."""
    takes_json(command(commands, "routes", "list every address and who may open it", routes))


def routes(arguments: argparse.Namespace) -> int:
    """List the addresses. Needs no settings and opens no database."""
    with tempfile.TemporaryDirectory() as folder:
        secret = secrets.token_urlsafe(48)
        app = create_app(Settings(secret, database_url="sqlite://", files=Path(folder), testing=True))
        rows = sorted(_rows(app))
    record: list[Plain] = [
        {"address": address, "methods": methods, "access": access, "endpoint": endpoint}
        for address, methods, access, endpoint in rows
    ]
    answer(arguments, {"routes": record}, (f"{row[1]:<10} {row[0]:<60} {row[2]:<28} {row[3]}" for row in rows))
    return 0


def _rows(app: Flask) -> Iterator[tuple[str, str, str, str]]:
    for rule in app.url_map.iter_rules():
        methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        yield rule.rule, methods, _in_words(access_of(app.view_functions[rule.endpoint])), rule.endpoint


def _in_words(access: Access | None) -> str:
    if access is None:
        return "nobody (undeclared)"
    if access.anybody:
        return "public"
    return " | ".join(access.capabilities) or "signed in"
