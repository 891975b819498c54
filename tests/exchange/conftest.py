"""The cast's application with the wares' importer."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from incentives.exchange import registry
from tests.conftest import Browser
from tests.exchange.wares import WaresImporter


@pytest.fixture(autouse=True)
def wares(app: Flask) -> WaresImporter:
    importer = WaresImporter()
    registry.register(app, importer)
    return importer


def send(client: Browser, data: bytes, name: str = "销售明细.xlsx", store: str = "A01", **typed: str) -> TestResponse:
    """Send a file of wares and follow to its page."""
    fields = {"file": (io.BytesIO(data), name), "encoding": "auto", **typed}
    return client.post(f"/stores/{store}/imports/wares/new", data=fields, follow_redirects=True)
