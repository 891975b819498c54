"""The two ways to serve, started as people start them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.house.source import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ends the server with a signal")
PATIENCE = 240


@pytest.fixture
def port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@contextmanager
def started(*words: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """The command, running; ended as Ctrl-C ends it."""
    process = subprocess.Popen(  # noqa: S603 (our own words)
        [sys.executable, "-c", "import sys; from incentives import cli; sys.exit(cli.main(sys.argv[1:]))", *words],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def fetched(port: int, path: str, process: subprocess.Popen[str]) -> str:
    """The page, as soon as the server answers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with opener.open(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                return str(answer.read().decode("utf-8"))
        except urllib.error.URLError:
            time.sleep(0.1)
    pytest.fail(f"no answer; it said: {process.communicate(timeout=PATIENCE)[0]}")


def test_the_demo_opens_its_sign_in_page_and_ends_quietly(tmp_path: Path, port: int) -> None:
    with started("demo", "--port", str(port), "--data", str(tmp_path / "demo")) as process:
        assert 'type="password"' in fetched(port, "/sign-in", process)
    assert process.returncode == 0


def test_serving_for_real_works_after_migrating_and_not_before(tmp_path: Path, port: int) -> None:
    settings = {
        "INCENTIVES_SECRET_KEY": "for tests only, never anywhere else, 0123456789",
        "INCENTIVES_ALLOWED_HOSTS": "127.0.0.1",
        "INCENTIVES_FILES": str(tmp_path / "files"),
    }
    with started("serve", "--port", str(port), **settings) as process:
        told, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, told.count("\n")) == (1, 1)
    assert "migrate first" in told
    with started("migrate", **settings) as process:
        assert process.wait(timeout=PATIENCE) == 0
    with started("serve", "--port", str(port), **settings) as process:
        assert fetched(port, "/healthz", process)
    assert process.returncode == 0
