"""Serving pages: gunicorn with threads in one process, waitress where there is no gunicorn (Windows).

One process, because SQLite keeps its writers apart best that way and the request limits count per process. Long
work is done in a thread beside the pages.
"""

from __future__ import annotations

import gc
import socket
import sys
from dataclasses import dataclass

from flask import Flask

from incentives.app import create_app
from incentives.config import Settings, UnsafeSettingsError
from incentives.exchange import jobs

THREADS = 16
TOP_PORT = 65_535
SECONDS_WITHOUT_A_SIGN = 120
"""How long the process may show no life before it is started anew."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the pages are served."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"http://{self.host}:{self.port}"

    def ensure_free(self) -> None:
        """Say so in one line, before any work is done, when the address cannot be had.

        Raises:
            UnsafeSettingsError: another program listens there, or it is no address of this machine.
        """
        if not 0 < self.port <= TOP_PORT:
            raise UnsafeSettingsError(f"{self.port} is no port; choose one from 1 to {TOP_PORT}.")
        with socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET) as probe:
            if sys.platform != "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise UnsafeSettingsError(
                    f"port {self.port} of {self.host} cannot be had ({error.strerror}); choose another with --port."
                ) from error


def _open(settings: Settings) -> Flask:
    """The application, with its long work taken up again."""
    app = create_app(settings)
    jobs.serve(app)
    gc.freeze()  # what is there now stays: looking through it for garbage took a fifth of working months out
    return app


if sys.platform == "win32":
    import waitress

    def run(settings: Settings, address: Address, threads: int = THREADS) -> None:
        """Serve until interrupted."""
        waitress.serve(_open(settings), host=address.host, port=address.port, threads=threads, ident=None)

else:
    from gunicorn.app.base import BaseApplication

    class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
        def __init__(self, settings: Settings, options: dict[str, object]) -> None:
            self.settings, self.options = settings, options
            super().__init__()

        def load_config(self) -> None:
            for name, value in self.options.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            """The application, made in the process that serves it: connections do not survive a fork."""
            return _open(self.settings)

    def run(settings: Settings, address: Address, threads: int = THREADS) -> None:
        """Serve until interrupted."""
        host = f"[{address.host}]" if ":" in address.host else address.host
        options: dict[str, object] = {
            "bind": f"{host}:{address.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": threads,
            "timeout": SECONDS_WITHOUT_A_SIGN,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        _Server(settings, options).run()
